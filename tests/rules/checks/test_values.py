"""Values of the wrong shape, unit or range, or below those of a higher division, are found where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks.changed_packs import (
    CHONGQING,
    HULUNBUIR,
    KAIZHOU,
    MODEL,
    Case,
    change,
    check,
    found_in,
    line_of,
)

VALUES = {
    "not above": Case(MODEL, "value: 720,", "value: 0,", "value: 0, document: model-city-rules, pub", "not above 0"),
    "below": Case(
        MODEL,
        "dibao.property.dwellings:\n    - {from: 2021-07-01, value: 2,",
        "dibao.property.dwellings:\n    - {from: 2021-07-01, value: 0.5,",
        "value: 0.5,",
        "dibao.property.dwellings is 0.5, below 1",
    ),
    "low above high": Case(
        MODEL,
        "value: 1900, document: model-city-rules, published: 2021-07-01}\n    - {from: 2026",
        "low: 2000, high: 1900, document: model-city-rules, published: 2021-07-01}\n    - {from: 2026",
        "low: 2000",
        "minimum_wage runs from 2000 to 1900",
    ),
    "half a range": Case(
        HULUNBUIR,
        "value: 488,",
        "low: 488,",
        "low: 488",
        "dibao.standard.urban gives one end of a range only",
    ),
    "no figure": Case(HULUNBUIR, "value: 488, ", "", "until: 2016-12-31, doc", "gives no figure"),
    "two shapes": Case(
        HULUNBUIR, "value: 488,", "value: 488, low: 400, high: 500,", "value: 488", "gives value and range"
    ),
    "no bands by age": Case(
        MODEL,
        "bands: {80: 60, 90: 120, 100: 400}",
        "value: 60",
        "value: 60",
        "old_age.allowance is given by bands or formula, not by value",
    ),
    "bands where there is no age": Case(
        HULUNBUIR,
        "value: 488,",
        "bands: {60: 488},",
        "bands: {60",
        "by value or range or formula, not by bands",
    ),
    "a band from high to low": Case(MODEL, "90: 120", "90: [200, 120]", "90: [200", "runs from 200 to 120"),
    "a band not above": Case(MODEL, "80: 60", "80: 0", "80: 0", "old_age.allowance is 0, not above 0"),
    "no table by education": Case(
        MODEL,
        "table: {senior_secondary: 3000, undergraduate: 5000}",
        "value: 3000",
        "value: 3000",
        "education_aid.amount is given by table or formula, not by value",
    ),
    "an unknown stage": Case(
        MODEL,
        "undergraduate: 5000",
        "university: 5000",
        "university",
        "university is not a stage of education",
    ),
    "a table not above": Case(MODEL, "undergraduate: 5000", "undergraduate: 0", "undergraduate: 0", "not above 0"),
    "a period of a number": Case(
        MODEL, "value: 0.50,", "value: 0.50, per: year,", "value: 0.50", "rigid.ratio is number, not per year"
    ),
    "a month of money a year": Case(
        MODEL,
        "undergraduate: 5000},",
        "undergraduate: 5000}, per: month,",
        "per: month",
        "CNY/year, not per month",
    ),
    "a period beside a formula": Case(
        MODEL,
        "formula: minimum_wage * 0.02,",
        "formula: minimum_wage * 0.02, per: month,",
        "0.02",
        "per is not said",
    ),
    "too many decimals": Case(
        MODEL, "value: 1400,", "value: 1400.0001,", "1400.0001", "more decimals than the engine's scale holds"
    ),
    "a figure for a condition": Case(
        MODEL,
        'dibao.amount_mode:\n    - {from: 2021-07-01, value: "true"',
        "dibao.amount_mode:\n    - {from: 2021-07-01, value: 7",
        "value: 7,",
        "dibao.amount_mode is true or false",
    ),
    "below the national figure": Case(
        MODEL, "value: 1.5,", "value: 1.4,", "value: 1.4", "1.4 in 999900 is below 1.5 in CN on 2021-07-01"
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_faulty_value_is_found_where_it_stands(content: Path, name: str) -> None:
    check(content, VALUES[name])


def test_a_condition_where_a_figure_belongs_is_found(content: Path) -> None:
    change(content, MODEL, "value: 0.50,", 'value: "true",')
    (fault,) = found_in(content)
    assert fault.line == line_of(content, MODEL, "rigid.ratio:") + 1
    assert fault.message == "rigid.ratio is a figure"


def test_domain_is_that_of_a_month(content: Path) -> None:
    """6,000 a year is 500 a month."""
    change(
        content,
        "CN/parameters.yaml",
        "    above: 0\n    set_by: prefecture\n",
        "    at_least: 500\n    set_by: prefecture\n",
    )
    below = {(fault.file, fault.line) for fault in found_in(content)}
    assert (HULUNBUIR, line_of(content, HULUNBUIR, "value: 5522")) in below
    assert (HULUNBUIR, line_of(content, HULUNBUIR, "value: 6016")) not in below


def province_gives(content: Path, name: str, entry: str) -> None:
    cited = 'document: 重庆市城乡居民最低生活保障条例, article: "10"'
    change(content, CHONGQING, "values:\n", f"values:\n  {name}:\n    - {{{entry}, {cited}}}\n")


@pytest.mark.parametrize("day", ["2020-01-01", "2020-07-01"])
def test_a_value_below_that_of_the_province_is_found(content: Path, day: str) -> None:
    """Also where the higher figure begins in the middle."""
    province_gives(content, "dibao.standard.urban", f"from: {day}, value: 650")
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (KAIZHOU, line_of(content, KAIZHOU, "value: 620"))
    assert fault.message == f"dibao.standard.urban: 620 in 500154 is below 650 in 500000 on {day}"


def test_province_sets_no_floor_for_what_counties_set(content: Path) -> None:
    province_gives(content, "extreme_poverty.basic.urban", "from: 2020-01-01, value: 900")
    assert found_in(content) == []


def test_a_value_that_only_the_nation_may_set_is_found(content: Path) -> None:
    old = "    unit: number\n    at_least: 0\n    basis: [[刚性支出困难家庭认定办法"
    change(
        content,
        "CN/parameters.yaml",
        f'{old}, "4"], [社会救助法, "22"]]',
        f'    set_by: nation\n{old}, "4"], [社会救助法, "22"]]',
    )
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (MODEL, line_of(content, MODEL, "value: 0.50"))
    assert fault.message == "rigid.ratio is set by the nation, not by 999900"
