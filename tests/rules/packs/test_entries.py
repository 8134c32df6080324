"""The entries of packs with their places, the days they hold, and their figures."""

import datetime as dt
from typing import Any

import pytest

from app.rules.packs.entries import (
    AnyEntry,
    figures_of,
    in_force,
    programmes_of,
    rules_of,
    timelines,
    value_timelines,
    values_of,
    with_last_days,
)
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.packs.schema import ParameterDeclaration, Value
from tests.rules.packs.texts import city, replacement

TITLE = {"zh": "甲", "en": "A"}


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _library(nation: Pack, text: str) -> Library:
    return Library({"CN": nation, "999900": city(text)})


def _wages(nation: Pack, *entries: str) -> list[AnyEntry]:
    listed = "".join(f"    - {{{entry}, value: 1, document: x}}\n" for entry in entries)
    library = _library(nation, f"values:\n  minimum_wage:\n{listed}")
    return list(values_of(library, library.packs["999900"]))


def test_the_last_day_is_the_end_or_the_day_before_the_next_begins(nation: Pack) -> None:
    line = _wages(nation, "from: 2022-01-01", "from: 2022-03-01, until: 2022-03-31", "from: 2022-05-01")
    assert [last for _, last in with_last_days(line)] == [dt.date(2022, 2, 28), dt.date(2022, 3, 31), None]
    early = _wages(nation, "from: 2022-01-01, until: 2022-12-31", "from: 2022-03-01")
    assert next(with_last_days(early))[1] == dt.date(2022, 2, 28)


def test_a_fault_of_an_entry_stands_where_its_version_does(nation: Pack) -> None:
    library = _library(nation, replacement("dibao.amount", "yuan_month(1)"))
    (own,) = rules_of(library, library.packs["999900"])
    assert (own.section, own.name, own.number) == ("replaces", "dibao.amount", 0)
    assert (own.fault("no", "from").line, own.fault("no", "from").file) == (6, "999900/pack.yaml")
    assert {entry.section for entry in rules_of(library, nation)} == {"rules"}
    assert {entry.section for entry in programmes_of(library, nation)} == {"programmes"}


def test_every_version_of_every_rule_and_programme_stands_in_one_line_in_order(nation: Pack) -> None:
    lines = list(timelines(_library(nation, ""), nation))
    names = {line[0].name for line in lines}
    assert {*nation.content.rules, *nation.content.programmes} <= names
    assert len([line for line in lines if line[0].section in ("rules", "programmes")]) == len(
        {*nation.content.rules, *nation.content.programmes}
    )
    for line in lines:
        assert [entry.start for entry in line] == sorted(entry.start for entry in line)
        if line[0].section == "rules":
            assert len(line) == len(nation.content.rules[line[0].name].versions)


def test_a_value_for_all_keys_stands_with_each_key_that_is_named(nation: Pack) -> None:
    text = (
        "values:\n  dibao.standard.urban:\n    - {from: 2022-01-01, value: 2, document: x}\n"
        "  dibao.standard:\n    - {from: 2021-01-01, value: 1, document: x}\n"
        "  minimum_wage:\n    - {from: 2022-01-01, value: 3, document: x}\n"
    )
    library = _library(nation, text)
    found = {(id_, key): len(line) for id_, key, line in value_timelines(library, library.packs["999900"])}
    assert found == {("dibao.standard", "urban"): 2, ("minimum_wage", None): 1}
    path = library.path("999900")
    day = dt.date(2022, 1, 1)
    urban, rural = (in_force(library, path, "dibao.standard", key, day) for key in ("urban", "rural"))
    assert urban is not None
    assert rural is not None
    assert (urban.value.value, rural.value.value) == (2, 1)
    assert in_force(library, path, "dibao.standard", "urban", dt.date(2020, 12, 31)) is None


def _figures(unit: str, **fields: object) -> dict[Any, Any]:
    declared = ParameterDeclaration.model_validate({"title": TITLE, "unit": unit})
    return figures_of(Value.model_validate({"from": "2022-01-01", "document": "x"} | fields), declared)


def test_a_value_has_its_figure_or_its_range_and_half_a_range_is_none() -> None:
    assert _figures("CNY/month", value="5") == {None: (5, 5)}
    assert _figures("CNY/month", low="5", high="6") == {None: (5, 6)}
    assert _figures("CNY/month", low="5") == _figures("CNY/month", high="5") == {}
    assert _figures("bool", value="true") == {}


def test_money_of_a_year_is_compared_by_the_month_where_the_parameter_is() -> None:
    assert _figures("CNY/month", value="12", per="year") == {None: (1, 1)}
    assert _figures("CNY/year", value="12", per="year") == {None: (12, 12)}
    assert _figures("CNY/month", value="12", per="month") == {None: (12, 12)}


def test_tables_and_bands_have_a_figure_for_each_stage_and_age() -> None:
    assert _figures("CNY/year", table={"primary": "5"}) == {"primary": (5, 5)}
    assert _figures("CNY/month", bands={"80": "5", "90": ["6", "7"]}) == {80: (5, 5), 90: (6, 7)}
