"""Limits on nesting and on the length of numbers, and the words of refusals."""

import ast
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.language import types as t
from app.rules.language.parser import MAX_DEPTH, MAX_LENGTH, parse
from app.rules.language.tree import Aggregate, Literal, Logic, OneOf
from app.rules.language.vocabulary import FACTS
from tests.rules.language.formulas import read, refused
from tests.support.rules import rules

NUMBER: Final = "(1 + 2)"
CONDITION: Final = "(not True)"


@pytest.mark.parametrize(
    ("formula", "deepest"),
    [
        ("{number} < 1", 2),
        ("1 < {number}", 2),
        ("({number} * 3) < 9", 3),
        ("(3 * {number}) < 9", 3),
        ("({condition} and True)", 2),
        ("(True or {condition})", 2),
        ("(1 if {condition} else 2) < 9", 3),
        ("({number} if True else 2) < 9", 3),
        ("(2 if True else {number}) < 9", 3),
        ("min(1, {number}) < 9", 3),
        ("disability.care[{number}] > yuan_month(0)", 3),
        ("minimum_wage * {{'urban': {number}, 'rural': 1}}[residence] > 0", 4),
        ("published(disability.care, {number})", 2),
        ("unpublished(edge.multiple, {number}) < 9", 3),
        ("band(disability.care, {number}) > yuan_month(0)", 3),
        ("months_between(person.absent_since if {condition} else person.absent_since, today) < 9", 4),
        ("any({condition} for m in members)", 2),
        ("any(True for m in members if {condition})", 2),
        ("sum({number} for m in members) < 9", 3),
    ],
)
def test_each_part_of_a_construct_is_one_step_deeper(formula: str, deepest: int) -> None:
    text = formula.format(number=NUMBER, condition=CONDITION)
    most = MAX_DEPTH - deepest
    read("not " * most + f"({text})")
    assert "too deeply" in refused("not " * (most + 1) + f"({text})").message


def test_a_number_has_at_most_twenty_characters() -> None:
    assert read("1" * 20).type == t.NUMBER
    assert "plain decimals" in refused("1" * 21).message


@pytest.mark.parametrize("step", ["0", "0.001", "0.005"])
def test_a_step_below_a_fen_or_in_parts_of_one_is_refused(step: str) -> None:
    assert "whole number of fen" in refused(f"round_up(standard, {step})").message


def test_a_step_is_kept_in_fen() -> None:
    assert vars(read("round_up(standard, 0.01)"))["step_fen"] == 1
    assert vars(read("round_up(standard, 10)"))["step_fen"] == 1000


@pytest.mark.parametrize("text", ["residence in (1, 2)", "residence in (urban,)", "residence in ('urban', 1)"])
def test_the_values_after_in_are_texts(text: str) -> None:
    assert refused(text).message == "in takes a list of values"


def test_the_values_after_in_are_kept_in_their_order() -> None:
    node = read("residence in ('rural', 'urban')")
    assert isinstance(node, OneOf)
    assert node.values == ("rural", "urban")


def test_a_sign_before_a_number_is_not_in_the_language() -> None:
    for text in ("-1", "+1", "~1"):
        assert "is not in the formula language" in refused(text).message


def test_one_condition_of_a_loop_stands_alone_and_several_hold_together() -> None:
    alone, without = read("any(True for m in members if True)"), read("any(True for m in members)")
    both = read("any(True for m in members if True if False)")
    assert isinstance(alone, Aggregate)
    assert isinstance(without, Aggregate)
    assert isinstance(both, Aggregate)
    assert alone.condition == Literal(t.BOOL, True)
    assert without.condition is None
    assert both.condition == Logic(t.BOOL, "and", (Literal(t.BOOL, True), Literal(t.BOOL, False)))


def test_counting_counts_the_entities_themselves() -> None:
    node = read("count(m for m in members)")
    assert isinstance(node, Aggregate)
    assert node.element == Literal(t.BOOL, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / household.size", "divide by a number above zero, or by max(1, a count)"),
        ("1 / 0", "divide by a number above zero, or by max(1, a count)"),
        ("standard / minimum_wage", "cannot compute CNY/month / CNY/month"),
        ("standard * standard", "cannot compute CNY/month * CNY/month"),
        ("residence < 1", "cannot compare one of (urban, rural) with number"),
        ("standard < household.size", "cannot compare CNY/month with number"),
        ("disability.care", "disability.care is given by a number: write disability.care[…]"),
        ("yuan(residence)", "yuan takes one number"),
        ("yuan(1, 2)", "yuan takes one number"),
        ("yuan(standard)", "yuan takes one number"),
        ("yuan('urban')", "yuan takes one number"),
        ("yuan(True)", "yuan takes one number"),
    ],
)
def test_a_refusal_says_what_is_wanted(text: str, message: str) -> None:
    assert refused(text).message == message


def test_a_parameter_by_stage_names_its_stages() -> None:
    message = refused("education_aid.amount").message
    assert message.startswith("education_aid.amount is given by ")
    assert " or primary or " in message


def test_a_refusal_stands_on_its_line_and_column() -> None:
    error = refused("True and\\\n  (1 < wrong)")
    assert (error.line, error.column) == (2, 8)
    error = refused("  wrong < 1")
    assert (error.line, error.column) == (1, 3)


def test_a_formula_of_nothing_is_at_fault_where_it_would_begin() -> None:
    for text, column in (("", 1), ("  ", 3)):
        error = refused(text)
        assert (error.line, error.column) == (1, column)


def test_the_smallest_of_one_number_is_not_asked_for() -> None:
    for text in ("min(1)", "max(standard)"):
        assert refused(text).message.endswith("is not called like this")


def test_a_loop_may_stand_in_the_condition_of_another_and_no_third_within_it() -> None:
    assert read("any(True for m in members if any(True for c in m.children))").type == t.BOOL
    third = "any(True for m in members if any(True for c in m.children if any(True for d in c.children)))"
    assert "two levels deep" in refused(third).message


def test_what_may_be_unknown_does_not_choose_from_a_table() -> None:
    kinds = FACTS["disability"]["kind"].type.values
    table = ", ".join(f"'{kind}': 1" for kind in kinds)
    text = f"any(any({{{table}}}[d.kind] > 0 for d in m.disabilities) for m in members)"
    assert "may be unknown and cannot choose from a table" in refused(text).message


def test_a_formula_that_python_itself_cannot_read_to_its_end_is_refused() -> None:
    text = "(" * 190 + "-" * 1500 + "1" + ")" * 190
    assert len(text) <= MAX_LENGTH
    refused(text)


@pytest.mark.parametrize(("text", "value"), [("yuan(2)", 2), ("yuan(0)", 0), ("yuan(0.01)", Fraction(1, 100))])
def test_a_unit_takes_one_number_nought_included(text: str, value: Fraction) -> None:
    assert read(text) == Literal(t.MONEY, value)


def test_a_formula_has_at_most_two_thousand_characters_and_forty_steps() -> None:
    assert read("1".ljust(2000)).type == t.NUMBER
    long = refused("1".ljust(2001))
    assert (long.message, long.line, long.column) == ("a formula has at most 2000 characters", 1, 1)
    assert read("not " * 40 + "True").type == t.BOOL
    assert "too deeply" in refused("not " * 41 + "True").message


def test_no_two_threads_parse_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython 3.11 counts the depth of a tree for all threads together, and fails where two build one at once."""
    plain, inside, most = ast.parse, 0, 0

    def watched(*given: Any, **more: Any) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.001)
        tree = plain(*given, **more)
        inside -= 1
        return tree

    monkeypatch.setattr(ast, "parse", watched)
    names = rules().library.names
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: parse("1 + 2 < 4", "household", names), range(32)))
    assert most == 1
