"""Published figures of a place: values by formula, its own rules, articles and differences."""

import datetime as dt
from typing import Final

import pytest
from pydantic import BaseModel

from app.rules.catalogue.catalogue import Catalogue
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.packs.strict_yaml import YamlFile
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.rules.packs.texts import city
from tests.support.rules import NOW, rules

DAY: Final = dt.date(2026, 8, 15)
KNOWN: Final = NOW.date()


def _catalogue() -> Catalogue:
    return Catalogue(rules().library, rules().engines)


def _shown(answer: BaseModel) -> Json:
    return answer.model_dump(by_alias=True)


def _standards(code: str, day: dt.date = DAY) -> dict[str, Json]:
    return {item["parameter"]: item for item in _shown(_catalogue().standards(code, day, KNOWN, "en"))["items"]}


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("extreme_poverty.basic", [("urban", "1196.00", "1196.00 yuan"), ("rural", "965.00", "965.00 yuan")]),
        ("extreme_poverty.care.able", [(None, "40.00", "40.00 yuan")]),
        ("unattended_child.standard", [(None, "1500.00", "1500.00 yuan")]),
        ("dibao.standard", [("urban", "920.00", "920.00 yuan"), ("rural", "741.66", "8900.00 yuan a year")]),
        ("edge.multiple", [(None, "1.5", "1.5")]),
    ],
)
def test_a_standard_has_its_figure_for_each_residence_or_one(
    parameter: str, values: list[tuple[str | None, str, str]]
) -> None:
    found = _standards("999900")[parameter]
    assert [(value["key"], value["value"], value["words"]) for value in found["values"]] == values
    assert all(value["min"] == value["max"] == value["value"] for value in found["values"])


def test_only_what_a_formula_gives_has_a_formula() -> None:
    found = _standards("999900")
    assert found["extreme_poverty.care.able"]["formula"] == "minimum_wage * 0.02"
    assert found["dibao.standard"]["formula"] is None


def test_a_figure_that_two_decimals_do_not_hold_is_given_exactly_as_well() -> None:
    urban, rural = _standards("999900")["dibao.standard"]["values"]
    assert (urban["exact"], rural["exact"]) == (None, "2225/3")


def test_what_a_place_settles_by_a_rule_of_its_own_is_in_force_and_names_the_rule() -> None:
    found = _standards("442000", dt.date(2020, 6, 15))
    assert (found["temporary.emergency"]["rule"], found["temporary.emergency"]["status"]) == (
        "temporary.emergency_amount",
        "in_force",
    )
    elsewhere = _standards("430500", dt.date(2020, 6, 15))["temporary.emergency"]
    assert (elsewhere["rule"], elsewhere["status"], elsewhere["values"]) == (None, "gap", [])


def test_each_article_of_a_standard_is_named() -> None:
    assert _standards("999900")["dibao.standard"]["basis"] == [
        {"document": "社会救助暂行办法", "article": "10"},
        {"document": "社会救助法", "article": "19"},
    ]


def _of_city(values: str) -> Catalogue:
    """The catalogue of the nation and a city with these values, each parameter on a line."""
    text = "values:\n" + "".join(f"  {line}\n" for line in values.splitlines())
    loaded = Rules(Library({"CN": Pack.load(CONTENT / "CN"), "999900": city(text)}))
    return Catalogue(loaded.library, loaded.engines)


def _standard(values: str, parameter: str, day: dt.date = DAY) -> Json:
    items = _shown(_of_city(values).standards("999900", day, KNOWN, "en"))["items"]
    return next(item for item in items if item["parameter"] == parameter)


def _series(values: str, parameter: str) -> list[Json]:
    items = _shown(_of_city(values).series("999900", dt.date(2022, 1, 1), DAY, KNOWN, "en"))["items"]
    return [item for item in items if item["parameter"] == parameter]


def test_a_figure_that_names_no_residence_holds_for_each_over_the_same_days() -> None:
    standard = _standard("dibao.standard: [{from: 2022-01-01, value: 500, document: x}]", "dibao.standard")
    shown = [(value["key"], value["value"], value["from"]) for value in standard["values"]]
    assert shown == [("urban", "500.00", "2022-01-01"), ("rural", "500.00", "2022-01-01")]


def test_a_figure_with_fen_is_held_by_two_decimals() -> None:
    found = _standard("minimum_wage: [{from: 2022-01-01, value: 2000.50, document: x}]", "minimum_wage")
    assert [(value["value"], value["exact"]) for value in found["values"]] == [("2000.50", None)]


def test_a_range_has_its_ends_and_no_figure() -> None:
    found = _standard("minimum_wage: [{from: 2022-01-01, low: 2000, high: 2100, document: x}]", "minimum_wage")
    shown = [(value["value"], value["min"], value["max"], value["exact"]) for value in found["values"]]
    assert shown == [(None, "2000.00", "2100.00", None)]


def test_a_number_that_a_formula_gives_is_not_money() -> None:
    found = _standard("edge.multiple: [{from: 2022-01-01, formula: '2', document: x}]", "edge.multiple")
    assert [(value["key"], value["value"], value["words"]) for value in found["values"]] == [(None, "2", None)]


def test_bands_are_listed_by_their_ages_as_figures_or_ranges_with_their_source() -> None:
    text = "old_age.allowance: [{from: 2022-01-01, bands: {80: 50, 90: [100, 200]}, document: x}]"
    shown = [
        (value["key"], value["value"], value["min"], value["max"], value["from"])
        for value in _standard(text, "old_age.allowance")["values"]
    ]
    assert shown == [
        ("80", "50.00", "50.00", "50.00", "2022-01-01"),
        ("90", None, "100.00", "200.00", "2022-01-01"),
    ]


def test_bands_are_one_entry_of_a_series() -> None:
    text = "old_age.allowance: [{from: 2022-01-01, bands: {80: 50, 90: [100, 200]}, document: x}]"
    shown = [(item["value"], item["table"], item["bands"]) for item in _series(text, "old_age.allowance")]
    assert shown == [(None, None, {"80": "50.00", "90": ["100.00", "200.00"]})]


def test_a_table_is_one_entry_of_a_series() -> None:
    text = "education_aid.amount: [{from: 2022-01-01, table: {primary: 500}, document: x}]"
    shown = [(item["value"], item["table"], item["bands"]) for item in _series(text, "education_aid.amount")]
    assert shown == [(None, {"primary": "500.00"}, None)]


def test_a_value_that_another_division_interrupts_is_shown_with_the_days_around_the_one_asked_for() -> None:
    text = "edge.multiple: [{from: 2022-01-01, until: 2022-12-31, value: 1.6, document: x}]"
    days = (dt.date(2021, 8, 15), dt.date(2022, 8, 15), DAY)
    found = [value for day in days for value in _standard(text, "edge.multiple", day)["values"]]
    assert [(value["value"], value["division"], value["from"], value["until"]) for value in found] == [
        ("1.5", "CN", "2021-07-01", "2021-12-31"),
        ("1.6", "999900", "2022-01-01", "2022-12-31"),
        ("1.5", "CN", "2023-01-01", None),
    ]


def _days_by_key(values: str) -> list[tuple[str | None, str, str | None]]:
    found = _series(values, "dibao.standard")
    return [(item["key"], item["from"], item["until"]) for item in found]


def test_a_figure_that_is_the_same_for_town_and_country_is_listed_once_over_the_years() -> None:
    text = "dibao.standard: [{from: 2022-01-01, value: 500, document: x}, {from: 2023-01-01, value: 510, document: x}]"
    assert _days_by_key(text) == [(None, "2022-01-01", "2022-12-31"), (None, "2023-01-01", None)]


def test_a_figure_for_town_or_country_is_listed_by_itself() -> None:
    text = (
        "dibao.standard.urban: [{from: 2022-01-01, value: 500, document: x}]\n"
        "dibao.standard.rural: [{from: 2022-01-01, value: 500, document: x}]"
    )
    assert _days_by_key(text) == [("urban", "2022-01-01", None), ("rural", "2022-01-01", None)]


def test_a_figure_for_both_that_ends_earlier_in_town_is_listed_by_residence() -> None:
    text = (
        "dibao.standard: [{from: 2022-01-01, value: 500, document: x}]\n"
        "dibao.standard.urban: [{from: 2023-01-01, value: 510, document: x}]"
    )
    assert _days_by_key(text) == [
        ("urban", "2022-01-01", "2022-12-31"),
        ("urban", "2023-01-01", None),
        ("rural", "2022-01-01", None),
    ]


def test_before_any_law_there_is_none() -> None:
    assert _catalogue().has_law("999900", dt.date(2000, 1, 1), KNOWN) is False
    assert _catalogue().has_law("999900", DAY, KNOWN) is True


def test_a_difference_names_the_programmes_that_only_one_side_has() -> None:
    early, late = ("999900", dt.date(2016, 8, 15), KNOWN), ("999900", DAY, KNOWN)
    found = {entry["programme"]: entry for entry in _shown(_catalogue().difference(early, late, "en"))["programmes"]}
    assert (found["edge_family"]["left"], found["edge_family"]["right"]) == (False, True)
    assert "dibao" not in found
    back = {entry["programme"]: entry for entry in _shown(_catalogue().difference(late, early, "en"))["programmes"]}
    assert (back["edge_family"]["left"], back["edge_family"]["right"]) == (True, False)


def test_a_difference_shows_formulas_and_articles_of_both_sides() -> None:
    early, late = ("999900", dt.date(2016, 8, 15), KNOWN), ("999900", DAY, KNOWN)
    found = {entry["rule"]: entry for entry in _shown(_catalogue().difference(early, late, "en"))["rules"]}
    assert found["elder_care.of_age"]["left"] == {
        "formula": "published(elder_care.amount) and age(person) >= 60",
        "basis": [],
    }
    assert found["elder_care.of_age"]["right"] == {
        "formula": "age(person) >= 60",
        "basis": [{"document": "model-city-rules", "article": None}],
    }
    assert found["on_dibao"]["right"]["basis"] == [{"document": "社会救助法", "article": "18"}]


def test_a_rule_has_all_its_versions_with_articles_and_one_without_a_formula_has_none() -> None:
    page = _shown(_catalogue().rule("dibao.income_test", "999900", DAY, KNOWN, "en"))
    assert [version["from"] for version in page["versions"]] == ["2014-05-01", "2021-07-01", "2026-07-01"]
    assert page["versions"][0]["basis"][0] == {"document": "社会救助暂行办法", "article": "9"}
    own = _shown(_catalogue().rule("elder_care.of_age", "999900", DAY, KNOWN, "en"))
    assert own["basis"] == [{"document": "model-city-rules", "article": None}]
    assert own["versions"][-1]["basis"] == own["basis"]
    closure = _shown(_catalogue().rule("family.counted", "999900", DAY, KNOWN, "en"))
    assert (closure["formula"], closure["words"]) == (None, None)
    assert closure["versions"][0]["formula"] is None


def test_a_ruleset_is_of_the_place_it_was_made_for() -> None:
    ruleset = rules().engines.at("500154", dt.date(2020, 6, 15), KNOWN).ruleset
    found = _catalogue().ruleset(ruleset.hash, "en")
    assert found is not None
    assert found.path == ["CN", "500000", "500154"]
    assert found.jurisdiction.code == "500154"


def test_a_ruleset_that_no_place_ever_had_is_not_found() -> None:
    assert _catalogue().ruleset("0" * 64, "en") is None


MORE: Final = """
parameters:
  more.standard: {title: {zh: 甲, en: More}, unit: CNY}
rules:
  more.amount:
    title: {zh: 乙, en: More of it}
    unit: CNY
    formula: more.standard
    versions: [{from: 2021-07-01, basis: [[社会救助法, "18"]]}]
values:
  more.standard: [{from: 2021-07-01, value: 5, document: 社会救助法, article: "18"}]
"""


def test_a_difference_has_nothing_on_the_side_that_does_not_declare_it() -> None:
    nation = Pack.load(CONTENT / "CN")
    wider = Rules(Library({"CN": Pack("CN", [*nation.files, YamlFile("CN/more.yaml", MORE)]), "999900": city("")}))
    narrow = Rules(Library({"CN": nation, "999900": city("")}))
    more, less = (Catalogue(one.library, one.engines) for one in (wider, narrow))
    here = ("999900", DAY, KNOWN)
    found = _shown(less.difference(here, here, "en", more))
    assert [(rule["rule"], rule["title"]) for rule in found["rules"]] == [("more.amount", "More of it")]
    assert [(value["parameter"], value["title"]) for value in found["values"]] == [("more.standard", "More")]
    rule, value = found["rules"][0], found["values"][0]
    assert rule["left"] == {"formula": None, "basis": []}
    assert rule["right"] == {"formula": "more.standard", "basis": [{"document": "社会救助法", "article": "18"}]}
    assert (value["left"], value["right"]) == ({}, {"": "5.00 yuan"})
    back = _shown(more.difference(here, here, "en", less))
    assert (back["rules"][0]["left"], back["rules"][0]["right"]) == (rule["right"], rule["left"])
    assert (back["values"][0]["left"], back["values"][0]["right"]) == (value["right"], value["left"])
