"""The shipped packs may be published; every kind of fault is found where it stands in a changed copy."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from app.rules.checks.run import PackFault, faults, faults_in
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, load_packs
from app.rules.packs.strict_yaml import PackError

MODEL = "999900/pack.yaml"
SHAOYANG = "430500/pack.yaml"
HULUNBUIR = "150700/pack.yaml"
CHONGQING = "500000/pack.yaml"
KAIZHOU = "500154/pack.yaml"


class Case(NamedTuple):
    """A change of one file, and the one fault it makes: on the first line of the file that holds `at`."""

    file: str
    old: str
    new: str
    at: str
    message: str


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped packs that may be changed."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def change(content: Path, file: str, old: str, new: str) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(content: Path, file: str, at: str) -> int:
    lines = (content / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if at in line)


def found_in(content: Path) -> list[PackFault]:
    return faults_in(load_packs(content))


def check(content: Path, case: Case) -> None:
    change(content, case.file, case.old, case.new)
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (case.file, line_of(content, case.file, case.at))
    assert case.message in fault.message
    assert fault.column >= 1


def test_shipped_packs_have_no_faults() -> None:
    packs = load_packs()
    assert faults_in(packs) == []
    assert faults(Library(packs)) == []


def test_fault_reads_as_file_line_column_message() -> None:
    assert str(PackFault("CN/dibao.yaml", 3, 7, "no")) == "CN/dibao.yaml:3:7: no"


DATES = {
    "a gap between two versions": Case(
        "CN/income.yaml",
        '- {from: 2014-05-01, basis: [[社会救助暂行办法, "10"]]}',
        '- {from: 2014-05-01, until: 2026-05-31, basis: [[社会救助暂行办法, "10"]]}',
        "until: 2026-05-31",
        "standard has no version on 2026-06-01",
    ),
    "a rule that begins after the framework": Case(
        "CN/family.yaml",
        'formula: "True"\n    versions:\n      - {from: 2014-05-01,',
        'formula: "True"\n    versions:\n      - {from: 2015-01-01,',
        "from: 2015-01-01",
        "family.joins_as_spouse begins on 2015-01-01; the framework begins on 2014-05-01",
    ),
    "an ended last version": Case(
        "CN/income.yaml",
        '- {from: 2026-07-01, basis: [[社会救助法, "19"]]}',
        '- {from: 2026-07-01, until: 2030-12-31, basis: [[社会救助法, "19"]]}',
        "until: 2030-12-31",
        "standard has no version on 2031-01-01",
    ),
    "the same first day and publication": Case(
        MODEL,
        "- {from: 2022-07-01, value: 760, document: model-city-rules, published: 2022-07-01}",
        "- {from: 2021-07-01, value: 760, document: model-city-rules, published: 2021-07-01}",
        "value: 760",
        "dibao.standard.urban is said twice from 2021-07-01",
    ),
    "an end before the beginning": Case(
        HULUNBUIR,
        "until: 2020-12-31, value: 660,",
        "until: 2019-12-31, value: 660,",
        "value: 660",
        "dibao.standard.urban ends on 2019-12-31, before it begins on 2020-01-01",
    ),
    "an overlap within one document": Case(
        HULUNBUIR,
        "until: 2019-12-31, value: 620,",
        "until: 2020-06-30, value: 620,",
        "value: 620",
        "dibao.standard.urban is said until 2020-06-30, but again from 2020-01-01",
    ),
    "an overlap of which nothing says when it was published": Case(
        MODEL,
        "- {from: 2021-07-01, value: 1.5, document: model-city-rules}",
        "- {from: 2021-07-01, until: 2023-12-31, value: 1.5, document: model-city-rules}\n"
        "    - {from: 2022-07-01, value: 1.6, document: model-city-rules}",
        "until: 2023-12-31",
        "edge.multiple is said until 2023-12-31, but again from 2022-07-01",
    ),
}


@pytest.mark.parametrize("name", DATES)
def test_periods(content: Path, name: str) -> None:
    check(content, DATES[name])


def test_document_that_ends_before_it_begins(content: Path) -> None:
    """Everything that rests on it is at fault too."""
    change(content, MODEL, "    from: 2021-07-01\n", "    from: 2021-07-01\n    until: 2020-01-01\n")
    first, *others = found_in(content)
    assert first.line == line_of(content, MODEL, "until: 2020-01-01")
    assert first.message == "model-city-rules ends before it begins"
    assert all("model-city-rules was not in force" in fault.message for fault in others)


def test_one_value_for_all_keys_beside_those_of_each_key(content: Path) -> None:
    new = "  dibao.standard:\n    - {from: 2021-07-01, value: 700, document: model-city-rules}\n"
    change(content, MODEL, "  dibao.standard.urban:\n", f"{new}  dibao.standard.urban:\n")
    lines = {line_of(content, MODEL, "value: 720"), line_of(content, MODEL, "value: 6480")}
    assert {fault.line for fault in found_in(content)} == lines


def test_later_publication_may_take_over_before_the_end(content: Path) -> None:
    change(
        content,
        MODEL,
        "- {from: 2022-07-01, value: 760,",
        "- {from: 2022-07-01, until: 2023-12-31, value: 760,",
    )
    assert found_in(content) == []


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
def test_values(content: Path, name: str) -> None:
    check(content, VALUES[name])


def test_condition_for_a_figure(content: Path) -> None:
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
def test_value_below_that_of_the_province(content: Path, day: str) -> None:
    """Also where the higher figure begins in the middle."""
    province_gives(content, "dibao.standard.urban", f"from: {day}, value: 650")
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (KAIZHOU, line_of(content, KAIZHOU, "value: 620"))
    assert fault.message == f"dibao.standard.urban: 620 in 500154 is below 650 in 500000 on {day}"


def test_province_sets_no_floor_for_what_counties_set(content: Path) -> None:
    province_gives(content, "extreme_poverty.basic.urban", "from: 2020-01-01, value: 900")
    assert found_in(content) == []


def test_value_only_the_nation_may_set(content: Path) -> None:
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


DOCUMENTS = {
    "a document of another place": Case(
        SHAOYANG,
        "value: 420, document: shaoyang-plan",
        "value: 420, document: kaizhou-plan",
        "value: 420",
        "no pack along the path holds the document kaizhou-plan",
    ),
    "an article of a value": Case("CN/edge.yaml", 'article: "8"', 'article: "99"', '"99"', "has no article '99'"),
    "an article of a rule": Case(
        "CN/income.yaml",
        '[[社会救助暂行办法, "10"]]',
        '[[社会救助暂行办法, "71"]]',
        '"71"',
        "has no article '71'",
    ),
    "an article of a step": Case(
        "CN/dibao.yaml",
        '[[民发〔2012〕220号, "25"]]',
        '[[民发〔2012〕220号, "40"]]',
        '"40"',
        "has no article '40'",
    ),
    "an article of a parameter": Case(
        "CN/parameters.yaml",
        '[[社会救助法, "44"]]',
        '[[社会救助法, "79"]]',
        '"79"',
        "社会救助法 has no article '79'",
    ),
    "an article of an opening": Case(
        "CN/family.yaml",
        'basis: [[民发〔2021〕57号, "40"], [民发〔2012〕220号, "37"]]',
        'basis: [[民发〔2021〕57号, "43"], [民发〔2012〕220号, "37"]]',
        '"43"',
        "民发〔2021〕57号 has no article '43'",
    ),
    "not yet in force": Case(
        "CN/edge.yaml",
        "- {from: 2021-07-01, value: 1.5",
        "- {from: 2021-06-30, value: 1.5",
        "value: 1.5",
        "民发〔2021〕57号 was not in force on 2021-06-30",
    ),
    "ended and still relied on": Case(
        "CN/family.yaml",
        'formula: "True"\n    versions:\n      - {from: 2014-05-01, basis: [[民发〔2012〕220号, "5"]]}\n'
        '      - {from: 2021-07-01, basis: [[民发〔2021〕57号, "7"]]}\n',
        'formula: "True"\n    versions:\n      - {from: 2014-05-01, basis: [[民发〔2012〕220号, "05"]]}\n',
        '"05"',
        "民发〔2012〕220号 ended on 2021-06-30 and is relied on until further notice",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(content: Path, name: str) -> None:
    check(content, DOCUMENTS[name])


UNUSED_RULE = """rules:
  spare.rule:
    title: {zh: "无用", en: "Spare"}
    formula: "True"
    versions:
      - {from: 2014-05-01}
"""

RULES = {
    "a rule no result uses": Case(
        "CN/edge.yaml", "rules:\n", UNUSED_RULE, 'en: "Spare"', "no result uses the rule spare.rule"
    ),
    "a parameter nobody reads": Case(
        "CN/parameters.yaml",
        "questions:\n",
        '  spare.figure:\n    title: {zh: "无用", en: "Spare"}\n    unit: number\nquestions:\n',
        'en: "Spare"',
        "nothing reads the parameter spare.figure",
    ),
    "a question nobody asks": Case(
        "CN/parameters.yaml",
        "questions:\n",
        'questions:\n  spare.question: {zh: "无用", en: "Spare"}\n',
        'en: "Spare"',
        "no rule asks the question spare.question",
    ),
    "an opening for an unknown parameter": Case(
        "CN/edge.yaml",
        "parameter: rigid.kinds",
        "parameter: rigid.sorts",
        "rigid.sorts",
        "rigid.sorts is not a parameter",
    ),
    "a circle of values by formula": Case(
        MODEL,
        "- {from: 2021-07-01, value: 1400, document: model-city-rules, published: 2021-07-01}",
        "- {from: 2021-07-01, until: 2021-12-31, formula: unattended_child.standard,"
        " document: model-city-rules}\n"
        "    - {from: 2022-01-01, value: 1400, document: model-city-rules}",
        "formula: unattended_child.standard",
        "value.orphan.dispersed needs value.unattended_child.standard needs value.orphan.dispersed",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_rules(content: Path, name: str) -> None:
    check(content, RULES[name])


def test_circle_in_one_place_is_found_in_its_version(content: Path) -> None:
    change(content, MODEL, "dibao.difference + dibao.uplift, 1)", "dibao.difference + dibao.per_head, 1)")
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (MODEL, line_of(content, MODEL, "dibao.per_head") + 1)
    assert fault.message == "dibao.amount needs dibao.per_head needs dibao.amount"


def test_circle_of_national_rules_is_found_in_every_version(content: Path) -> None:
    change(
        content,
        "CN/dibao.yaml",
        "formula: count(m for m in members if m.dibao.counted)",
        "formula: 1 if dibao.somebody_counted else 0",
    )
    first = line_of(content, "CN/dibao.yaml", "formula: 1 if") + 2
    found = found_in(content)
    assert {(fault.file, fault.line) for fault in found} == {
        ("CN/dibao.yaml", first),
        ("CN/dibao.yaml", first + 1),
    }
    assert {fault.message for fault in found} == {"dibao.size needs dibao.somebody_counted needs dibao.size"}


PACKS = {
    "a parent that is not loaded": Case(
        KAIZHOU,
        'parent: "500000"',
        'parent: "510000"',
        "parent:",
        "the parent 510000 of 500154 is not loaded",
    ),
    "a fictional pack that does not say so in Chinese": Case(
        MODEL,
        '{zh: "示例市（虚构）", en: "Model',
        '{zh: "示例市", en: "Model',
        "name:",
        "999900 is fictional",
    ),
    "a fictional pack that does not say so in English": Case(
        MODEL, "Model City (fictional)", "Model City", "name:", "999900 is fictional"
    ),
}


@pytest.mark.parametrize("name", PACKS)
def test_packs(content: Path, name: str) -> None:
    check(content, PACKS[name])


@pytest.mark.parametrize("code", ["50015", "5001540", "050154", "kaizhou"])
def test_code_of_no_division(content: Path, code: str) -> None:
    (content / "500154").rename(content / code)
    check(
        content,
        Case(f"{code}/pack.yaml", '"500154"', f'"{code}"', "division:", f"{code} is not a GB/T 2260 code"),
    )


def test_packs_above_one_another(content: Path) -> None:
    change(content, CHONGQING, "level: province", 'level: province\nparent: "500154"')
    found = found_in(content)
    assert [fault.file for fault in found] == [CHONGQING, KAIZHOU]
    assert {fault.message for fault in found} == {"500000 is above itself", "500154 is above itself"}


def test_formula_that_cannot_be_linked_is_the_only_fault(content: Path) -> None:
    case = Case(
        MODEL,
        "formula: age(person) >= 60",
        "formula: age(person) >= size",
        "age(person) >= size",
        "unknown name",
    )
    check(content, case)


FIRST_TESTS = "tests: [unattended_child.not_orphan, unattended_child.parents_cannot_care]"

PROGRAMMES = {
    "an unknown test": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, unattended_child.alone]",
        "unattended_child.alone",
        "unattended_child.alone is not a rule",
    ),
    "a programme's eligibility as a test": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, orphan_subsidy.eligible]",
        "orphan_subsidy.eligible]",
        "orphan_subsidy.eligible is not a rule",
    ),
    "a test that is an amount": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, orphan.amount]",
        "not_orphan, orphan.amount]",
        "orphan.amount is CNY/month, a condition is wanted",
    ),
    "a rule for an obligor": Case(
        "CN/children.yaml",
        FIRST_TESTS,
        "tests: [unattended_child.not_orphan, support.unable_outside]",
        "support.unable_outside]",
        "support.unable_outside is for obligors; a rule for households or members is wanted",
    ),
    "a member's rule for a household": Case(
        "CN/edge.yaml",
        "group: low_income.band_published",
        "group: old_age.of_age",
        "group: old_age.of_age",
        "old_age.of_age is for members; a rule for households is wanted",
    ),
    "an amount that is a condition": Case(
        "CN/allowances.yaml",
        "amount: elder_care.subsidy",
        "amount: elder_care.of_age",
        "amount: elder_care.of_age",
        "elder_care.of_age is bool, CNY/month is wanted",
    ),
    "a line in other money": Case(
        "CN/allowances.yaml",
        "lines: [elder_care.subsidy]",
        "lines: [education.amount]",
        "lines: [education.amount]",
        "education.amount is CNY/year, CNY/month is wanted",
    ),
    "an amount of a mere status": Case(
        "CN/edge.yaml",
        "group: low_income.band_published",
        "group: low_income.band_published\n        amount: dibao.amount",
        "amount: dibao.amount",
        "the nation declares no unit",
    ),
    "an assumption under an unknown condition": Case(
        "CN/dibao.yaml",
        "when: assumed.any_parent",
        "when: assumed.nothing",
        "assumed.nothing",
        "is not a rule",
    ),
    "a caution under an amount": Case(
        "CN/temporary.yaml",
        "when: temporary.happened_elsewhere",
        "when: temporary.persons",
        "when: temporary.persons",
        "temporary.persons is number, a condition is wanted",
    ),
    "a step under a member's condition": Case(
        "CN/temporary.yaml",
        "pay_first: [{value: must, when: temporary.pay_first,",
        "pay_first: [{value: must, when: old_age.of_age,",
        "old_age.of_age",
        "old_age.of_age is for members",
    ),
    "a decisive rule that is no test": Case(
        "CN/temporary.yaml",
        "decisive: temporary.income_test",
        "decisive: temporary.amount",
        "decisive: temporary.amount",
        "temporary.amount is not among the tests of temporary_assistance",
    ),
    "a test of a replaced programme": Case(
        "442000/pack.yaml",
        "tests: [unattended_child.not_orphan, unattended_child.own_scheme_test]",
        "tests: [unattended_child.not_orphan, unattended_child.alone]",
        "unattended_child.alone",
        "unattended_child.alone is not a rule",
    ),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_programmes(content: Path, name: str) -> None:
    check(content, PROGRAMMES[name])


def test_every_fault_is_found_at_once_in_the_order_of_the_files(content: Path) -> None:
    change(content, MODEL, "value: 1.5,", "value: 1.4,")
    change(content, HULUNBUIR, "until: 2020-12-31, value: 660,", "until: 2019-12-31, value: 660,")
    change(content, "CN/edge.yaml", 'article: "8"', 'article: "99"')
    assert [fault.file for fault in found_in(content)] == [HULUNBUIR, MODEL, "CN/edge.yaml"]


# safeguards

HEARING = '    outcomes: [reduced, terminated]\n    basis: [[社会救助法, "48"]]'
SAFEGUARDS = {
    "a safeguard citing a document nobody holds": (
        '[[无此法, "48"]]',
        "no pack along the path holds the document 无此法",
    ),
    "a safeguard citing an article the law has not": ('[[社会救助法, "999"]]', "社会救助法 has no article '999'"),
}


@pytest.mark.parametrize(("basis", "message"), SAFEGUARDS.values(), ids=SAFEGUARDS)
def test_a_safeguard_is_checked_like_what_it_rests_on(content: Path, basis: str, message: str) -> None:
    new = HEARING.replace('[[社会救助法, "48"]]', basis)
    check(content, Case("CN/pack.yaml", HEARING, new, f"basis: {basis}", message))


REMEDY = """    law: 行政诉讼法
    versions:
      - {from: 2014-05-01, until: 2026-06-30, basis: [[社会救助暂行办法, "65"]]}"""
REFUSAL = '    outcomes: [refused]\n    basis: [[社会救助法, "45"]]'
NOTICES = {
    "a remedy citing an article the document has not": (
        REMEDY,
        REMEDY.replace('"65"', '"99"'),
        "社会救助暂行办法 has no article '99'",
    ),
    "a remedy citing a law that had not begun": (
        REMEDY,
        REMEDY.replace("社会救助暂行办法", "社会救助法"),
        "社会救助法 was not in force on 2014-05-01",
    ),
    "a written notice citing a document nobody holds": (
        REFUSAL,
        REFUSAL.replace("社会救助法", "无此法"),
        "no pack along the path holds the document 无此法",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), NOTICES.values(), ids=NOTICES)
def test_what_notices_cite_is_checked_like_what_results_rest_on(
    content: Path, old: str, new: str, message: str
) -> None:
    change(content, "CN/remedies.yaml", old, new)
    assert message in {fault.message for fault in found_in(content)}


def test_a_remedy_that_leaves_the_rest_to_a_document_nobody_holds_is_found(content: Path) -> None:
    change(content, "CN/remedies.yaml", "law: 行政复议法", "law: 无此法")
    assert "no pack along the path holds the document 无此法" in {fault.message for fault in found_in(content)}


def test_a_safeguard_of_an_unknown_event_cannot_be_read(content: Path) -> None:
    change(content, "CN/pack.yaml", "event: hearing", "event: party")
    with pytest.raises(PackError, match="event in hearing") as caught:
        load_packs(content)
    assert caught.value.line == line_of(content, "CN/pack.yaml", "event: party")


@pytest.mark.parametrize(("day", "heard"), [("2026-06-30", False), ("2026-07-01", True), ("2030-01-01", True)])
def test_the_hearing_is_demanded_from_the_day_the_law_begins(day: str, heard: bool) -> None:
    library = Library(load_packs())
    for division in ("999900", "430500", "500154"):
        found = library.safeguards(library.path(division), dt.date.fromisoformat(day))
        assert [(one.event, set(one.outcomes)) for one in found] == ([("hearing", {"reduced", "terminated"})] * heard)
