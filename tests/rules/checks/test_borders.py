"""The last value that passes each check and the first that does not; one fault does not hide the next."""

from fractions import Fraction

import pytest

from app.rules.checks.citations import faults_of_documents
from app.rules.checks.dates import faults_of_dates
from app.rules.checks.packs import faults_of_packs
from app.rules.checks.rules import faults_of_rules
from app.rules.checks.run import faults
from app.rules.checks.values import faults_of_floors, faults_of_values
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.packs.strict_yaml import YamlFile
from tests.rules.packs.texts import city

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
    ("until", "found"),
    [
        ("2026-06-30", []),
        ("2026-06-29", ["standard has no version on 2026-06-30"]),
        ("9999-12-31", []),
    ],
)
def test_a_national_rule_has_a_version_for_the_day_after_each(nation: Pack, until: str, found: list[str]) -> None:
    changed = RULE.replace("2014-05-01,", f"2014-05-01, until: {until},")
    assert [fault for fault in _changed(nation, RULE, changed) if fault.startswith("standard ")] == found


def test_a_national_rule_that_ended_before_the_others_begin_is_missed_on_the_next_day(nation: Pack) -> None:
    changed = RULE.replace("2014-05-01,", "2010-01-01, until: 2014-04-30,")
    found = [fault for fault in _changed(nation, RULE, changed) if fault.startswith("standard ")]
    assert found == ["standard has no version on 2014-05-01"]


# values


def _values(nation: Pack, parameter: str, *entries: str) -> list[str]:
    return [fault.message for fault in faults_of_values(_library(nation, parameter, *entries))]


@pytest.mark.parametrize(
    ("parameter", "entry", "found"),
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
def test_the_border_of_each_domain_and_shape(nation: Pack, parameter: str, entry: str, found: list[str]) -> None:
    assert _values(nation, parameter, f"from: 2022-01-01, {entry}") == found


def test_a_fault_of_shape_does_not_hide_that_of_the_next_value(nation: Pack) -> None:
    entries = ("from: 2022-01-01, low: 5", "from: 2023-01-01, value: 0")
    assert _values(nation, "minimum_wage", *entries) == [
        "minimum_wage gives one end of a range only",
        "minimum_wage is 0, not above 0",
    ]


def test_a_fault_of_a_band_stands_at_the_end_that_has_it(nation: Pack) -> None:
    entry = "from: 2022-01-01, bands: {80: [0, 0]}"
    found = list(faults_of_values(_library(nation, "old_age.allowance", entry)))
    line = f"    - {{{entry}, document: x}}"
    assert [fault.column for fault in found] == [line.index("[0") + 2, line.index(", 0]") + 3]


def test_a_figure_finer_than_the_engine_counts_is_at_fault(nation: Pack) -> None:
    found = _values(nation, "minimum_wage", "from: 2022-01-01, value: 1.0001")
    assert found == ["minimum_wage is 1.0001: more decimals than the engine's scale holds"]


@pytest.mark.parametrize(
    ("parameter", "entry", "found"),
    [
        ("minimum_wage", "value: 60, per: year", ["minimum_wage is 60, not above 5"]),
        ("minimum_wage", "value: 60.12, per: year", []),
        ("minimum_wage", "value: 6, per: month", []),
        ("minimum_wage", "value: 6", []),
    ],
)
def test_the_border_of_a_month_is_twelve_times_as_high_for_a_year(
    nation: Pack, parameter: str, entry: str, found: list[str]
) -> None:
    library = _library(nation, parameter, f"from: 2022-01-01, {entry}")
    declared = library.parameters[parameter].model_copy(update={"above": Fraction(5)})
    library.parameters = library.parameters | {parameter: declared}
    assert [fault.message for fault in faults_of_values(library)] == found


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
    ranged = ["from: 2020-01-01, low: 900, high: 1100"]
    assert _floors(nation, ranged, ["from: 2021-01-01, value: 1000"]) == []
    assert _floors(nation, ranged, ["from: 2021-01-01, value: 850"]) == [
        "orphan.dispersed: 850 in 430521 is below 900 in 430000 on 2021-01-01"
    ]
    assert _floors(nation, province[1:], ["from: 2019-06-01, value: 950", "from: 2022-12-01, value: 1200"]) == [
        "orphan.dispersed: 950 in 430521 is below 1000 in 430000 on 2021-01-01"
    ]


# documents


CITED = "values:\n  minimum_wage:\n    - {{from: {day}, value: 1, document: {document}{more}}}\n"
PAPER = DOCUMENT + ', from: 2022-01-01, until: 2022-12-31, articles: ["1"]}\n'


@pytest.mark.parametrize(
    ("entry", "fault", "at"),
    [
        ({"day": "2022-01-01, until: 2022-12-31", "document": "x", "more": ""}, None, ""),
        ({"day": "2022-01-01, until: 2022-12-31", "document": "x", "more": ', article: "1"'}, None, ""),
        ({"day": "2022-01-01, until: 2022-12-31", "document": "x", "more": ', article: "2"'},
         "x has no article '2'", '"2"'),
        ({"day": "2021-12-31, until: 2022-12-31", "document": "x", "more": ""},
         "x was not in force on 2021-12-31", "x}"),
        ({"day": "2022-01-01, until: 2023-01-01", "document": "x", "more": ""},
         "x ended on 2022-12-31 and is relied on until 2023-01-01", "x}"),
        ({"day": "2022-01-01", "document": "x", "more": ""},
         "x ended on 2022-12-31 and is relied on until further notice", "x}"),
        ({"day": "2022-01-01", "document": "y", "more": ""},
         "no pack along the path holds the document y", "y}"),
    ],
)  # fmt: skip
def test_a_cited_document_is_there_and_in_force(
    nation: Pack, entry: dict[str, str], fault: str | None, at: str
) -> None:
    text = PAPER + CITED.format(**entry)
    found = list(faults_of_documents(Library({"CN": nation, "999900": city(text)})))
    assert [one.message for one in found] == ([fault] if fault else [])
    line = CITED.format(**entry).splitlines()[-1]
    assert [one.column for one in found] == ([line.rindex(at) + 1] if fault else [])


# packs


def _pack(code: str, *files: str) -> Pack:
    first, *others = files
    texts = [f'division: "{code}"\n{first}', *others]
    return Pack(code, [YamlFile(f"{code}/{number}.yaml", text) for number, text in enumerate(texts)])


def test_a_pack_above_itself_is_said_once_of_each_and_not_of_those_below(nation: Pack) -> None:
    one, other = _pack("430000", 'parent: "430500"\n'), _pack("430500", 'parent: "430000"\n')
    below = _pack("430521", 'parent: "430500"\n')
    found = list(faults_of_packs({"CN": nation, "430000": one, "430500": other, "430521": below}))
    said = [fault.message for fault in found]
    assert said == ["430000 is above itself", "430500 is above itself", "430521 is above itself"]


def test_a_fault_of_a_pack_stands_in_the_file_that_says_it(nation: Pack) -> None:
    pack = _pack("430500", "level: prefecture\n", 'parent: "430000"\n')
    (found,) = faults_of_packs({"CN": nation, "430500": pack})
    assert (found.file, found.line, found.column) == ("430500/1.yaml", 1, 9)


def test_faults_of_packs_that_are_linked_are_found_alone(nation: Pack) -> None:
    pack = _pack("999900", "fictional: true\nvalues: {minimum_wage: [{from: 2022-01-01, value: 0, document: x}]}\n")
    (found,) = faults(Library({"CN": nation, "999900": pack}))
    assert found.message == "999900 is fictional and its name does not say so in both languages"


# circles


ABLE, PARTIAL = "low_income.upper", "unattended_child.standard"


def _circles(nation: Pack, until: str, again: str) -> set[str]:
    """Of two values by formula the county gives one of its own for some days, the other from the province's."""
    province = f"values: {{{ABLE}: [{{from: 2020-01-01, formula: {PARTIAL}, document: x, published: 2020-01-01}}]}}\n"
    own = f"{{from: 2021-01-01, until: {until}, formula: yuan_month(5), document: x, published: 2020-01-01}}"
    county = (
        f"values:\n  {ABLE}: [{own}, {{from: {again}, formula: yuan_month(6), document: x, published: 2020-01-01}}]\n"
    )
    county += f"  {PARTIAL}: [{{from: 2021-06-01, formula: {ABLE}, document: x, published: 2020-01-01}}]\n"
    packs = {"430000": _pack("430000", province), "430521": _pack("430521", f'parent: "430000"\n{county}')}
    library = Library({"CN": nation} | packs)
    return {fault.message for fault in faults_of_rules(library) if " needs " in fault.message}


def test_a_circle_is_found_on_the_one_day_after_a_version_ends(nation: Pack) -> None:
    assert _circles(nation, "2021-12-31", "2022-01-01") == set()
    assert _circles(nation, "9999-12-31", "2022-01-02") == set()
    assert _circles(nation, "2021-12-31", "2022-01-02") == {f"value.{ABLE} needs value.{PARTIAL} needs value.{ABLE}"}


def test_a_circle_through_a_rule_and_a_value_is_told_from_the_rule(nation: Pack) -> None:
    text = "values: {extreme_poverty.basic: [{from: 2022-01-01, formula: extreme_poverty.basic_living, document: x}]}\n"
    library = Library({"CN": nation, "999900": city(text)})
    found = [fault for fault in faults_of_rules(library) if " needs " in fault.message]
    assert {fault.file.partition("/")[0] for fault in found} == {"CN"}
    told = "extreme_poverty.basic_living needs value.extreme_poverty.basic needs extreme_poverty.basic_living"
    assert {fault.message for fault in found} == {told}
