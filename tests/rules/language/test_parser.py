"""Formulas that the language accepts and refuses, with the place of each fault."""

import gc
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Final

import pytest

from app.rules.language import types as t
from app.rules.language.names import SUBJECTS
from app.rules.language.parser import MAX_DEPTH, MAX_LENGTH, FormulaError
from app.rules.language.tree import Aggregate, Fact, Literal, Parameter, Pick, Published, RuleReference, Unpublished
from app.rules.language.vocabulary import RESIDENCE
from tests.rules.language.formulas import read, refused

# what is accepted


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("True", t.BOOL),
        ("0", t.ZERO),
        ("0.00", t.ZERO),
        ("1.5", t.NUMBER),
        (".5", t.NUMBER),
        ('"urban"', t.enum("urban")),
        ("residence", RESIDENCE),
        ("yuan(5)", t.MONEY),
        ("yuan_month(0)", t.MONEY_MONTH),
        ("yuan_year(0.01)", t.MONEY_YEAR),
        ("months(12)", t.MONTHS),
        ("spending.medical", t.MONEY),
        ("person.income.wage", t.MONEY_MONTH),
        ("person.absent_since", t.DATE),
        ("standard", t.MONEY_MONTH),
        ("person.counted", t.BOOL),
        ("officer.doubt", t.BOOL),
        ("minimum_wage", t.MONEY_MONTH),
        ("dibao.standard[residence]", t.MONEY_MONTH),
        ('dibao.standard["urban"]', t.MONEY_MONTH),
        ("disability.care[person.disability.level]", t.MONEY_MONTH),
        ("disability.care[1]", t.MONEY_MONTH),
        ("band(disability.care, age(person))", t.MONEY_MONTH),
        ("published(minimum_wage)", t.BOOL),
        ("published(dibao.standard, residence)", t.BOOL),
        ("unpublished(amount_mode)", t.BOOL),
        ("unpublished(minimum_wage, 0)", t.MONEY_MONTH),
        ("unpublished(minimum_wage, 0, standard)", t.MONEY_MONTH),
        ("yuan(1) + yuan(2)", t.MONEY),
        ("0 + yuan(1)", t.MONEY),
        ("yuan(1) - 0", t.MONEY),
        ("standard * 0.20", t.MONEY_MONTH),
        ("2 * standard", t.MONEY_MONTH),
        ("edge.multiple * standard", t.MONEY_MONTH),
        ("standard * months(3)", t.MONEY),
        ("months(3) * standard", t.MONEY),
        ("yuan(1200) / months(12)", t.MONEY_MONTH),
        ("standard / 2", t.MONEY_MONTH),
        ("standard / max(1, household.size)", t.MONEY_MONTH),
        ("min(standard, 0)", t.MONEY_MONTH),
        ("max(0, 1, 2)", t.NUMBER),
        ("round_up(standard, 1)", t.MONEY_MONTH),
        ("round_down(spending.medical, 0.01)", t.MONEY),
        ("round_half_up(yuan_year(1), 10)", t.MONEY_YEAR),
        ("standard < yuan_month(5)", t.BOOL),
        ("standard >= 0", t.BOOL),
        ("person.absent_since == person.absent_since", t.BOOL),
        ('residence == "urban"', t.BOOL),
        ('residence != "rural"', t.BOOL),
        ('residence in ("urban", "rural")', t.BOOL),
        ('residence not in ["urban"]', t.BOOL),
        ('residence in {"urban"}', t.BOOL),
        ("True and not False or person.counted", t.BOOL),
        ("standard if person.counted else 0", t.MONEY_MONTH),
        ('{"urban": standard, "rural": 0}[residence]', t.MONEY_MONTH),
        ("age(person)", t.NUMBER),
        ("age(person) < 18", t.BOOL),
        ("months_between(person.absent_since, today)", t.NUMBER),
        ("sum(m.income.wage for m in members)", t.MONEY_MONTH),
        ("count(m for m in members)", t.NUMBER),
        ("count(m for m in members if m.counted if m.employed)", t.NUMBER),
        ("any(m.counted for m in members)", t.BOOL),
        ("all(o.is_able for o in person.obligors)", t.BOOL),
        ("min(m.age for m in members)", t.NUMBER),
        ("max(d.level for d in person.disabilities)", t.NUMBER),
        ("any(any(o.is_able for o in m.obligors) for m in members)", t.BOOL),
        ("(standard +\n  yuan_month(1))", t.MONEY_MONTH),
        ("  standard  ", t.MONEY_MONTH),
    ],
)
def test_a_formula_of_the_language_has_its_type(text: str, type_: t.Type) -> None:
    assert read(text).type == type_


def test_numbers_are_read_exactly() -> None:
    assert read("0.1") == Literal(t.NUMBER, Fraction(1, 10))
    assert read("yuan(1503.99)") == Literal(t.MONEY, Fraction("1503.99"))


def test_a_path_under_the_subject_is_a_fact_of_the_subject() -> None:
    assert read("person.income.wage") == Fact(t.MONEY_MONTH, "person", "member", "income.wage", optional=True)


def test_a_bare_path_is_a_fact_of_the_household() -> None:
    assert read("residence") == Fact(RESIDENCE, "", "household", "residence")


def test_a_rule_is_referred_to_by_the_variable_it_is_for() -> None:
    assert read("person.counted") == RuleReference(t.BOOL, "counted", "person")
    assert read("standard") == RuleReference(t.MONEY_MONTH, "standard", "")


def test_an_indexed_parameter_holds_its_index() -> None:
    index = Fact(RESIDENCE, "", "household", "residence")
    assert read("dibao.standard[residence]") == Parameter(t.MONEY_MONTH, "dibao.standard", index)
    assert read("published(dibao.standard, residence)") == Published(t.BOOL, "dibao.standard", index)


def test_a_question_is_an_open_condition_that_names_itself() -> None:
    assert read("officer.doubt") == Unpublished(t.BOOL, "officer.doubt", None, None)


def test_the_conditions_of_an_aggregate_must_all_hold() -> None:
    one, two = "m.counted", "m.employed"
    joined = read(f"count(m for m in members if {one} and {two})")
    assert read(f"count(m for m in members if {one} if {two})") == joined
    assert isinstance(joined, Aggregate)


def test_a_table_keeps_its_entries() -> None:
    found = read('{"urban": 1, "rural": 2}[residence]')
    assert isinstance(found, Pick)
    assert [key for key, _ in found.table] == ["urban", "rural"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_may_read_the_household(subject: str) -> None:
    assert read("standard", subject).type == t.MONEY_MONTH


# what Python can say and the language cannot


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "#",
        "2 ** 3",
        "7 // 2",
        "7 % 2",
        "1 @ 2",
        "1 | 2",
        "1 & 2",
        "1 ^ 2",
        "1 << 2",
        "1 >> 2",
        "~1",
        "-1",
        "+1",
        "lambda: 1",
        "(x := 1)",
        "max(x := 1, 2)",
        'f"{standard}"',
        "max(*[1, 2])",
        "max(1, *members)",
        "max(1, 2, key=age)",
        "max(**{})",
        "sum(m.age for m in members, start=1)",
        "sum((m.age for m in members), 0)",
        "sum([m.age for m in members])",
        "[m.age for m in members]",
        "{m.age for m in members}",
        "{m.age: 1 for m in members}",
        "(m.age for m in members)",
        "min(m.age for m in members for n in members)",
        "sum(m.age async for m in members)",
        "sum(m.age for (m, n) in members)",
        "sum(m.age for m.x in members)",
        "sum(m.age for m in [1])",
        "sum(person.age for person in members)",
        "await standard",
        "yield",
        "(yield 1)",
        "(yield from members)",
        "standard.real()",
        "person.age.bit_length()",
        '"x".join(members)',
        "().__class__",
        "person.__class__",
        "person.__dict__",
        "members.__len__",
        "__import__('os')",
        "__builtins__",
        "print(1)",
        "eval('1')",
        "getattr(person, 'age')",
        "(max)(1, 2)(3)",
        "max[0](1, 2)",
        "()",
        "(1, 2)",
        "[1]",
        "{1}",
        "{}",
        '{"a": 1}',
        "None",
        "...",
        'b"x"',
        "1j",
        "members[0]",
        "members[0:1]",
        "members[...]",
        "1 is 1",
        "1 is not 2",
        "1; 2",
        "x = 1",
        "import os",
        "del standard",
        "1 if True",
        "not",
        "1 +",
        "members",
        "person",
        "today",
        "max",
        "m.age",
    ],
)
def test_python_that_is_not_in_the_language_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "text", ["1e3", "1E3", "1.5e2", "1_000", "0x10", "0o17", "0b1", "1j", "01", "9" * 21, "1.2.3", "1e999"]
)
def test_numbers_that_are_not_plain_decimals_are_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "text", ["standard\0", "\0", "标准", "ｓtandard", "standard\u200b", "1 + ２", '"城"', "\ud800"]
)
def test_text_that_is_not_plain_ascii_is_refused(text: str) -> None:
    assert "ASCII" in refused(text).message


def test_a_formula_of_the_greatest_length_is_read() -> None:
    text = "1 + 1"
    assert read(text.ljust(MAX_LENGTH)).type == t.NUMBER
    assert "characters" in refused(text.ljust(MAX_LENGTH + 1)).message


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: " + ".join(["1"] * (depth + 1)),
        lambda depth: "not " * depth + "True",
        lambda depth: "round_up(" * depth + "standard" + ", 1)" * depth,
    ],
    ids=["sums", "negations", "calls"],
)
def test_nesting_is_read_up_to_the_greatest_depth(nested: Callable[[int], str]) -> None:
    assert read(nested(MAX_DEPTH))
    assert "too deeply" in refused(nested(MAX_DEPTH + 1)).message


HOSTILE: Final = {
    "parentheses": "(" * 1_000 + "1" + ")" * 999,
    "open parentheses": "(" * MAX_LENGTH,
    "brackets": "[" * MAX_LENGTH,
    "negations": "not " * 490 + "True",
    "signs": "-" * 1_990 + "1",
    "sums": "1" + "+1" * 999,
    "comparisons": "1" + "<1" * 999,
    "attributes": "a" + ".a" * 999,
    "subscripts": "a" + "[0]" * 660,
    "calls": "a" + "()" * 990,
    "choices": "1 if True else " * 130 + "1",
    "lambdas": "lambda: " * 240 + "1",
    "digits": "9" * MAX_LENGTH,
    "text": '"' + "x" * 1_990 + '"',
    "unclosed text": '"' * 1_999,
    "generators": "sum(" * 400 + "x",
    "megabytes": "1 + " * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_at_once(text: str) -> None:
    gc.disable()  # what other tests left behind is not to be collected in this time
    start = time.process_time()
    try:
        read(text)
    except FormulaError:
        pass
    else:
        assert text == HOSTILE["text"]
    finally:
        gc.enable()
    assert time.process_time() - start < 1


# places


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("wrong", 1, 1),
        ("standard + wrong", 1, 12),
        ("(standard +\n   wrong)", 2, 4),
        ("standard * yuan(1)", 1, 1),
        ("0 + (yuan_month(1) + yuan_year(1))", 1, 6),
        ("True and 1", 1, 10),
        ("standard if 1 else 0", 1, 13),
        ('residence in ("urban", "city")', 1, 24),
        ("1 + 1e3", 1, 5),
        ("1 + 2 ** 3", 1, 5),
        ("max(1,\n 2,\n wrong)", 3, 2),
        ("sum(m.age for m in nowhere)", 1, 20),
        ("sum(m.age for m in members if m.age)", 1, 31),
        ("(1", 1, 1),
        ('residence == "city', 1, 14),
        ("1 1", 1, 3),
    ],
)
def test_a_fault_is_placed_at_its_line_and_column(text: str, line: int, column: int) -> None:
    error = refused(text)
    assert (error.line, error.column) == (line, column)


def test_leading_space_counts_towards_the_column() -> None:
    assert refused("   wrong").column == 4


@pytest.mark.parametrize(("text", "column"), [("1 +", 4), ("standard <", 11), ("not", 4)])
def test_a_formula_that_breaks_off_is_at_fault_at_its_end(text: str, column: int) -> None:
    assert refused(text).column == column
