"""Where the checks begin to find fault, in the nation and one place, and that one fault does not hide the next."""

import pytest

from app.rules.checks_of_dates import faults_of_dates
from app.rules.checks_of_values import faults_of_floors, faults_of_values
from app.rules.library import Library
from app.rules.packs import CONTENT, Pack
from app.rules.yaml_text import YamlFile
from tests.rules.test_packs import city

DOCUMENT = 'documents:\n  x: {title: {zh: "甲", en: "A"}, number: "1"'


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _library(nation: Pack, parameter: str, *entries: str) -> Library:
    text = f"values:\n  {parameter}:\n" + "".join(f"    - {{{entry}, document: x}}\n" for entry in entries)
    return Library({"CN": nation, "999900": city(text)})


def _dates(nation: Pack, *entries: str) -> list[str]:
    return [fault.message for fault in faults_of_dates(_library(nation, "minimum_wage", *entries))]


def _changed(nation: Pack, old: str, new: str) -> list[str]:
    """The faults of dates of a nation with one change in its rules."""
    texts = nation.texts
    (name,) = [name for name in texts if name.endswith("income.yaml")]
    assert texts[name].count(old) == 1
    changed = Pack.of_texts("CN", texts | {name: texts[name].replace(old, new, 1)})
    return [fault.message for fault in faults_of_dates(Library({"CN": changed}))]


# days


def test_a_value_may_hold_for_one_day_and_not_for_less(nation: Pack) -> None:
    assert _dates(nation, "from: 2022-01-01, until: 2022-01-01, value: 1") == []
    assert len(_dates(nation, "from: 2022-01-01, until: 2021-12-31, value: 1")) == 1


def test_a_document_may_be_in_force_for_one_day_and_not_for_less(nation: Pack) -> None:
    def found(until: str) -> list[str]:
        pack = city(f"{DOCUMENT}, from: 2022-01-01, until: {until}}}\n")
        return [fault.message for fault in faults_of_dates(Library({"CN": nation, "999900": pack}))]

    assert found("2022-01-01") == []
    assert found("2021-12-31") == ["x ends before it begins"]


def test_values_overlap_from_the_last_day_of_the_first(nation: Pack) -> None:
    first = "from: 2022-01-01, until: 2022-06-30, value: 1"
    assert _dates(nation, first, "from: 2022-07-01, value: 2") == []
    assert _dates(nation, first, "from: 2022-06-30, value: 2") == [
        "minimum_wage is said until 2022-06-30, but again from 2022-06-30"
    ]


def test_an_overlap_is_said_once_and_looked_for_after_a_value_without_an_end(nation: Pack) -> None:
    found = _dates(
        nation,
        "from: 2020-01-01, value: 1",
        "from: 2022-01-01, until: 2022-12-31, value: 2",
        "from: 2022-05-01, value: 3",
        "from: 2022-06-01, value: 4",
    )
    assert found == ["minimum_wage is said until 2022-12-31, but again from 2022-05-01"]


def test_a_later_publication_overlaps_nothing_and_the_next_may(nation: Pack) -> None:
    found = _dates(
        nation,
        "from: 2022-01-01, until: 2022-12-31, published: 2022-01-01, value: 2",
        "from: 2022-05-01, published: 2022-05-01, value: 3",
        "from: 2022-06-01, published: 2022-01-01, value: 4",
    )
    assert found == ["minimum_wage is said until 2022-12-31, but again from 2022-06-01"]


RULE = '- {from: 2014-05-01, basis: [[社会救助暂行办法, "10"]]}'


@pytest.mark.parametrize(
    ("until", "faults"),
    [
        ("2026-06-30", []),
        ("2026-06-29", ["standard has no version on 2026-06-30"]),
        ("9999-12-31", []),
    ],
)
def test_a_national_rule_has_a_version_for_the_day_after_each(nation: Pack, until: str, faults: list[str]) -> None:
    changed = RULE.replace("2014-05-01,", f"2014-05-01, until: {until},")
    assert [fault for fault in _changed(nation, RULE, changed) if fault.startswith("standard ")] == faults


def test_a_national_rule_that_ended_before_the_others_begin_is_missed_on_the_next_day(nation: Pack) -> None:
    changed = RULE.replace("2014-05-01,", "2010-01-01, until: 2014-04-30,")
    found = [fault for fault in _changed(nation, RULE, changed) if fault.startswith("standard ")]
    assert found == ["standard has no version on 2014-05-01"]


# values


def _values(nation: Pack, parameter: str, *entries: str) -> list[str]:
    return [fault.message for fault in faults_of_values(_library(nation, parameter, *entries))]


@pytest.mark.parametrize(
    ("parameter", "entry", "faults"),
    [
        ("edge.multiple", "value: 1", []),
        ("edge.multiple", "value: 0.9999", ["edge.multiple is 0.9999, below 1"]),
        ("minimum_wage", "value: 0.01", []),
        ("minimum_wage", "value: 0", ["minimum_wage is 0, not above 0"]),
        ("minimum_wage", "value: 12, per: year", []),
        ("minimum_wage", "low: 5, high: 5", []),
        ("minimum_wage", "low: 5.01, high: 5", ["minimum_wage runs from 5.01 to 5"]),
        ("minimum_wage", "low: 5", ["minimum_wage gives one end of a range only"]),
        ("minimum_wage", "high: 5", ["minimum_wage gives one end of a range only"]),
        ("minimum_wage", "value: true", ["minimum_wage is a figure"]),
        ("decision_authority", "value: true", []),
        ("decision_authority", "value: 1", ["decision_authority is true or false"]),
        ("old_age.allowance", "bands: {80: [10, 10], 90: 20}", []),
        ("old_age.allowance", "bands: {80: [10, 9], 90: 20}", ["old_age.allowance runs from 10 to 9"]),
        ("old_age.allowance", "bands: {80: [0, 9]}", ["old_age.allowance is 0, not above 0"]),
        ("education_aid.amount", "table: {primary: 0, undergraduate: 0}",
         ["education_aid.amount is 0, not above 0", "education_aid.amount is 0, not above 0"]),
    ],
)  # fmt: skip
def test_the_border_of_each_domain_and_shape(nation: Pack, parameter: str, entry: str, faults: list[str]) -> None:
    assert _values(nation, parameter, f"from: 2022-01-01, {entry}") == faults


def test_a_fault_of_shape_does_not_hide_that_of_the_next_value(nation: Pack) -> None:
    entries = ("from: 2022-01-01, low: 5", "from: 2023-01-01, value: 0")
    assert _values(nation, "minimum_wage", *entries) == [
        "minimum_wage gives one end of a range only",
        "minimum_wage is 0, not above 0",
    ]


# floors


def _floors(nation: Pack, province: list[str], county: list[str]) -> list[str]:
    def pack(code: str, level: str, entries: list[str], above: str = "") -> Pack:
        text = f'division: "{code}"\nlevel: {level}\n{above}values:\n  orphan.dispersed:\n'
        text += "".join(f"    - {{{entry}, document: x}}\n" for entry in entries)
        return Pack(code, [YamlFile(f"{code}/pack.yaml", text)])

    packs = {
        "430000": pack("430000", "province", province),
        "430521": pack("430521", "county", county, 'parent: "430000"\n'),
    }
    return [fault.message for fault in faults_of_floors(Library({"CN": nation} | packs))]


def test_a_value_at_that_of_the_province_is_enough_and_each_below_is_found_once(nation: Pack) -> None:
    province = ["from: 2020-01-01, value: 900", "from: 2021-01-01, value: 1000", "from: 2022-01-01, value: 1100"]
    assert _floors(nation, province[:2], ["from: 2021-01-01, value: 1000"]) == []
    assert _floors(nation, province, ["from: 2020-06-01, value: 1000"]) == [
        "orphan.dispersed: 1000 in 430521 is below 1100 in 430000 on 2022-01-01"
    ]
    assert _floors(nation, province, ["from: 2020-06-01, value: 950"]) == [
        "orphan.dispersed: 950 in 430521 is below 1000 in 430000 on 2021-01-01"
    ]
    assert _floors(nation, province, ["from: 2020-06-01, value: 950", "from: 2020-12-01, value: 1200"]) == []
    assert _floors(nation, province[1:], ["from: 2019-06-01, value: 950", "from: 2022-12-01, value: 1200"]) == [
        "orphan.dispersed: 950 in 430521 is below 1000 in 430000 on 2021-01-01"
    ]
