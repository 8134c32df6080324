"""Values in force on a day, values carried on, the content of the hash, and how figures are read."""

import datetime as dt
import hashlib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import rfc8785

from app.rules.engine.evaluate import Engines
from app.rules.engine.figures import Figures, with_supplied
from app.rules.language import types as t
from app.rules.language.vocabulary import FACTS
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.rulesets.ruleset import Accepting, Figure, ResolvedParameter, Ruleset, Rulesets
from app.rules.rulesets.scales import scaled
from app.rules.values.open_values import Cases, Range
from app.rules.values.unknown import UNKNOWN
from tests.rules.packs.texts import city

DAY = dt.date(2022, 3, 1)


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _library(nation: Pack, values: str) -> Library:
    return Library({"CN": nation, "999900": city(f"values:\n{values}")})


def _resolved(
    nation: Pack, values: str, date: dt.date = DAY, known: dt.date | None = None, *, carry: bool = False
) -> Ruleset:
    return Rulesets(_library(nation, values)).at("999900", date, known or date, Accepting(carried=carry))


def _parameter(nation: Pack, id_: str, *entries: str, **options: Any) -> ResolvedParameter:
    listed = "".join(f"    - {{{entry}, document: x}}\n" for entry in entries)
    return _resolved(nation, f"  {id_}:\n{listed}", **options).parameters[id_]


def _fen(figure: Figure) -> Fraction:
    return Fraction(figure.low, scaled(Fraction(1), t.MONEY_MONTH))


# in force


def test_a_value_holds_from_its_first_day_to_its_last(nation: Pack) -> None:
    entry = "from: 2022-03-01, until: 2022-03-31, value: 700"
    days = [dt.date(2022, 2, 28), dt.date(2022, 3, 1), dt.date(2022, 3, 31), dt.date(2022, 4, 1)]
    found = [_parameter(nation, "minimum_wage", entry, date=day, known=dt.date(2023, 1, 1)).published for day in days]
    assert found == [False, True, True, False]


def test_a_value_is_known_on_the_day_of_its_publication_and_not_before(nation: Pack) -> None:
    entry = "from: 2022-01-01, published: 2022-03-01, value: 700"
    assert _parameter(nation, "minimum_wage", entry, known=DAY).published
    assert not _parameter(nation, "minimum_wage", entry, known=DAY - dt.timedelta(days=1)).published


def test_a_residence_without_a_figure_does_not_hide_that_of_the_other(nation: Pack) -> None:
    found = _resolved(nation, "  dibao.standard.rural:\n    - {from: 2022-01-01, value: 500, document: x}\n")
    assert list(found.parameters["dibao.standard"].figures) == ["rural"]


def test_a_range_has_both_its_ends(nation: Pack) -> None:
    (figure,) = _parameter(nation, "minimum_wage", "from: 2022-01-01, low: 500, high: 700").figures.values()
    assert (figure.low, figure.high) == (scaled(Fraction(500), t.MONEY_MONTH), scaled(Fraction(700), t.MONEY_MONTH))


@pytest.mark.parametrize("entry", ["low: 500", "high: 700", "precision: day"])
def test_half_a_range_is_no_figure(nation: Pack, entry: str) -> None:
    assert _parameter(nation, "minimum_wage", f"from: 2022-01-01, {entry}").figures == {}


def test_a_figure_in_force_is_not_carried_on(nation: Pack) -> None:
    (figure,) = _parameter(nation, "minimum_wage", "from: 2022-01-01, value: 1", carry=True).figures.values()
    assert (figure.carried, figure.supplied) == (False, False)


def test_what_has_ended_is_carried_on_only_if_asked_and_the_last_of_it(nation: Pack) -> None:
    entries = [f"from: {year}-01-01, until: {year}-12-31, value: {year}" for year in (2019, 2020, 2018)]
    assert not _parameter(nation, "minimum_wage", *entries).published
    (figure,) = _parameter(nation, "minimum_wage", *entries, carry=True).figures.values()
    assert figure.carried
    assert _fen(figure) == 2020


def test_what_is_carried_on_had_begun_and_was_known(nation: Pack) -> None:
    ended = "from: 2019-01-01, until: 2019-12-31, value: 1"
    late = "from: 2020-01-01, until: 2020-12-31, published: 2022-03-02, value: 2"
    later = "from: 2022-03-02, until: 2022-12-31, published: 2018-01-01, value: 3"
    (figure,) = _parameter(nation, "minimum_wage", ended, late, later, carry=True).figures.values()
    assert _fen(figure) == 1


def test_what_became_known_on_the_very_day_is_carried_on(nation: Pack) -> None:
    entry = "from: 2020-01-01, until: 2020-12-31, published: 2022-03-01, value: 2"
    assert _parameter(nation, "minimum_wage", entry, carry=True).published


# the hash


def test_the_content_has_every_rule_value_and_programme_in_force(nation: Pack) -> None:
    found = _resolved(
        nation,
        "  minimum_wage:\n    - {from: 2022-01-01, until: 2022-12-31, value: 700.5, document: x, article: '3'}\n"
        "  dibao.standard.rural:\n    - {from: 2022-01-01, low: 500, high: 600, document: x}\n"
        "  dibao.amount_mode:\n    - {from: 2022-01-01, value: true, document: x}\n"
        "  extreme_poverty.basic:\n    - {from: 2022-01-01, formula: minimum_wage, document: x}\n",
    )
    source = {
        "document": "x", "article": None, "from": "2022-01-01", "until": None, "published": "2022-01-01",
        "precision": "day", "status": "published",
    }  # fmt: skip
    assert {id_: found.content["values"][id_] for id_ in ("dibao.amount_mode", "extreme_poverty.basic")} == {
        "dibao.amount_mode": [{"key": "", "low": "true", "high": "true", "source": source}],
        "extreme_poverty.basic": {"formula": "minimum_wage", "source": source},
    }
    wage, standard = found.content["values"]["minimum_wage"][0], found.content["values"]["dibao.standard"][0]
    assert wage["source"] == source | {"article": "3", "until": "2022-12-31"}
    assert wage["low"] == str(scaled(Fraction("700.5"), t.MONEY_MONTH))
    assert (standard["key"], standard["low"], standard["high"]) == (
        "rural", str(scaled(Fraction(500), t.MONEY_MONTH)), str(scaled(Fraction(600), t.MONEY_MONTH)),
    )  # fmt: skip
    assert "dibao.uplift.minor" not in found.content["values"]  # a gap
    rule = found.rules["dibao.amount"]
    assert found.content["rules"]["dibao.amount"] == {
        "formula": rule.formula,
        "basis": [list(pair) for pair in rule.version.basis],
    }
    assert found.content["programmes"]["dibao"]["from"] == found.programmes["dibao"].version.start.isoformat()


def test_the_hash_is_that_of_the_content(nation: Pack) -> None:
    found = _resolved(nation, "  minimum_wage:\n    - {from: 2022-01-01, value: 700, document: x}\n")
    assert found.hash == "sha256:" + hashlib.sha256(rfc8785.dumps(found.content)).hexdigest()


def test_a_ruleset_is_found_by_its_hash_though_it_was_never_asked_for(nation: Pack) -> None:
    library = _library(nation, "  minimum_wage:\n    - {from: 2022-01-01, value: 700, document: x}\n")
    wanted = Rulesets(library).at("999900", DAY, DAY)
    found = Rulesets(library).by_hash(wanted.hash)
    assert found is not None
    assert found.content == wanted.content


def test_a_ruleset_that_was_asked_for_is_found_again(nation: Pack) -> None:
    rulesets = Rulesets(_library(nation, "  minimum_wage:\n    - {from: 2022-01-01, value: 700, document: x}\n"))
    found = rulesets.at("999900", DAY, DAY)
    assert rulesets.by_hash(found.hash) is found


# figures as formulas read them


def _read(nation: Pack, id_: str, values: str) -> tuple[Any, Any, Any]:
    """What is known, what is published and what is open of one parameter."""
    library = _library(nation, values)
    figures = Figures.of(library, Rulesets(library).at("999900", DAY, DAY))
    place = sorted(library.parameters).index(id_)
    return figures.known[place], figures.published[place], figures.open[place]


def test_a_settled_figure_is_known_and_a_range_is_open_between_its_ends(nation: Pack) -> None:
    text = "  dibao.standard:\n    - {from: 2022-01-01, low: 500, high: 600, document: x}\n"
    known, published, opened = _read(nation, "dibao.standard", text)
    assert [value is UNKNOWN for value in known.values()] == [True, True]
    assert published == ("urban", "rural")
    low, high = scaled(Fraction(500), t.MONEY_MONTH), scaled(Fraction(600), t.MONEY_MONTH)
    assert [(opened[key].low, opened[key].high) for key in ("urban", "rural")] == [(low, high), (low, high)]


def test_bands_are_known_where_they_are_settled_and_open_where_they_are_ranges(nation: Pack) -> None:
    text = "  old_age.allowance:\n    - {from: 2022-01-01, bands: {80: 50, 90: [100, 200]}, document: x}\n"
    known, published, opened = _read(nation, "old_age.allowance", text)
    fifty = scaled(Fraction(50), t.MONEY_MONTH)
    assert [age for age, _ in known] == [80, 90]
    assert known[0] == (80, fifty)
    assert known[1][1] is UNKNOWN
    assert published == (80, 90)
    assert opened[0] == (80, fifty)
    assert (opened[1][1].low, opened[1][1].high) == (2 * fifty, 4 * fifty)


def test_a_table_is_known_by_its_stages(nation: Pack) -> None:
    text = "  education_aid.amount:\n    - {from: 2022-01-01, table: {primary: 500}, document: x}\n"
    known, published, _ = _read(nation, "education_aid.amount", text)
    assert list(known) == list(published) == ["primary"]


def test_a_gap_is_open_above_or_from_what_the_parameter_allows(nation: Pack) -> None:
    _, published, standard = _read(nation, "dibao.standard", "  minimum_wage: []\n")
    assert published == ()
    assert [(v.low, v.high, v.above) for v in standard.values()] == [(0, None, True), (0, None, True)]
    _, _, uplift = _read(nation, "dibao.uplift.minor", "  minimum_wage: []\n")
    assert type(uplift) is Range
    assert (uplift.low, uplift.high, uplift.above) == (0, None, False)
    _, _, mode = _read(nation, "dibao.amount_mode", "  minimum_wage: []\n")
    assert type(mode) is Cases


def test_a_gap_of_which_the_law_says_nothing_begins_at_nothing(nation: Pack) -> None:
    declared = nation.content.parameters
    free = [
        id_ for id_, p in declared.items() if p.above is None and p.at_least is None and p.unit != "bool" and not p.by
    ]
    _, _, opened = _read(nation, free[0], "  minimum_wage: []\n")
    assert (opened.low, opened.high, opened.above) == (0, None, False)


def test_a_supplied_figure_has_no_source_in_the_content(nation: Pack) -> None:
    library = _library(nation, "  minimum_wage: []\n")
    found = with_supplied(Rulesets(library).at("999900", DAY, DAY), library, {"minimum_wage": {None: Fraction(700)}})
    assert [entry["source"] for entry in found.content["values"]["minimum_wage"]] == [{}]


@pytest.mark.parametrize("carry", [False, True])
def test_a_ruleset_is_found_by_its_hash_carried_forward_or_not(nation: Pack, carry: bool) -> None:
    """The wage has ended when the standard begins: only carried forward do both hold on one day."""
    library = _library(
        nation,
        "  minimum_wage:\n    - {from: 2022-01-01, until: 2022-03-31, value: 700, document: x}\n"
        "  dibao.standard:\n    - {from: 2022-05-01, value: 500, document: x}\n",
    )
    after = dt.date(2022, 6, 1)
    asked = Rulesets(library).at("999900", after, after, Accepting(carried=carry))
    assert asked.parameters["minimum_wage"].published is carry
    found = Rulesets(library).by_hash(asked.hash)
    assert found is not None
    assert found.content == asked.content


def test_nothing_is_carried_forward_unless_it_is_asked_for(nation: Pack) -> None:
    library = _library(
        nation, "  minimum_wage:\n    - {from: 2022-01-01, until: 2022-03-31, value: 700, document: x}\n"
    )
    after = dt.date(2022, 6, 1)
    assert not Rulesets(library).at("999900", after, after).parameters["minimum_wage"].published
    assert not Engines(library).at("999900", after, after).ruleset.parameters["minimum_wage"].published


def test_a_supplied_figure_is_not_one_that_was_carried_forward(nation: Pack) -> None:
    library = _library(nation, "  minimum_wage: []\n")
    found = with_supplied(Rulesets(library).at("999900", DAY, DAY), library, {"minimum_wage": {None: Fraction(700)}})
    (figure,) = found.parameters["minimum_wage"].figures.values()
    assert (figure.supplied, figure.carried) == (True, False)


def test_the_vocabulary_of_stored_rulesets_stays_what_it_is(nation: Pack) -> None:
    """A fact that comes later is declared as `added`: else no stored ruleset would come to its hash again."""
    content = _resolved(nation, "  minimum_wage: []\n").content
    assert content["vocabulary"] == "3b1c3217724dea12077a61bc18e761184f08902bfa1bb1943f8018f9052be065"


def test_an_added_fact_is_in_the_hash_of_rulesets_that_read_it(nation: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _resolved(nation, "  minimum_wage: []\n").content.get("added_facts", {})
    residence = FACTS["household"]["residence"]
    monkeypatch.setitem(FACTS["household"], "residence", replace(residence, added=True))
    after = _resolved(nation, "  minimum_wage: []\n").content["added_facts"]
    assert after == before | {"household.residence": ["enum", ["urban", "rural"]]}
