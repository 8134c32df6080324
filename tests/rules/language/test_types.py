"""Types of formulas: operations, names, tables and parameters that do not fit are refused."""

import pytest

from app.rules.language import types as t
from app.rules.language.tree import Unpublished
from app.rules.language.vocabulary import RESIDENCE
from tests.rules.language.formulas import read, refused

# types and names


@pytest.mark.parametrize(
    "text",
    [
        "yuan_month(1) + yuan_year(1)",
        "yuan(1) + yuan_month(1)",
        "yuan(1) - 1",
        "yuan(1) + months(1)",
        "1 + months(1)",
        "yuan(1) * yuan(1)",
        "yuan_year(1) * months(12)",
        "yuan(1) * months(12)",
        "months(2) * months(3)",
        "True + 1",
        "True * yuan(1)",
        'residence + "urban"',
        "person.absent_since - person.absent_since",
        "standard < yuan(1)",
        "standard < yuan_year(1)",
        "standard > 1",
        "spending.medical == household.size",
        "standard == True",
        'standard == "urban"',
        'residence == "city"',
        "residence == crisis.severity",
        'residence < "urban"',
        "person.absent_since < person.absent_since",
        "True < False",
        "1 < 2 < 3",
        "1 == 1 == 1",
        "yuan_month(1) < standard <= yuan_month(2)",
        "yuan(1) and True",
        "1 or 0",
        "not 0",
        "not residence",
        "True if 1 else False",
        "yuan(1) if True else yuan_month(1)",
        "yuan(1) if True else 1",
        '"urban" if True else 0',
        '"urban" if True else "rural"',
        "min(yuan(1), 1)",
        "max(True, False)",
        'max("a", "a")',
        "max(1)",
        "min()",
        "count(1, 2)",
        "count(members)",
        "sum(members)",
        "sum(m for m in members)",
        "sum(m.counted for m in members)",
        "max(m.absent_since for m in members)",
        "any(m.age for m in members)",
        "all(m for m in members)",
        "count(m for m in members if m.age)",
        "yuan()",
        "yuan(1, 2)",
        "yuan(True)",
        'yuan("1")',
        "yuan(yuan(1))",
        "yuan(1 + 1)",
        "months(household.size)",
        "round_up(standard)",
        "round_up(1, 1)",
        "round_up(months(1), 1)",
        "round_up(standard, 0)",
        "round_up(standard, 0.001)",
        "round_up(standard, True)",
        "round_up(standard, household.size)",
        "age(members)",
        "age(person, today)",
        "age()",
        "months_between(person.absent_since)",
        "months_between(today, person.absent_since)",
        "months_between(person.age, today)",
        "months_between(person.absent_since, person.absent_since)",
    ],
)
def test_a_formula_without_a_type_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "divisor",
    [
        "0",
        "0.0",
        "household.size",
        "count(m for m in members)",
        "max(0, household.size)",
        "max(0.5, household.size)",
        "min(1, household.size)",
        "household.size + 1",
        "edge.multiple",
        "standard",
        "yuan_month(1)",
        "yuan_month(0)",
        "months(0)",
        "months(12)",
        "True",
    ],
)
def test_division_by_what_may_be_zero_or_is_no_number_is_refused(divisor: str) -> None:
    refused(f"standard / {divisor}")


def test_only_an_amount_is_divided_by_months() -> None:
    assert read("yuan(1) / months(1)").type == t.MONEY_MONTH
    refused("yuan(1) / months(0)")
    refused("yuan(1) / months_allowed")
    refused("yuan_year(1) / months(12)")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("nonsense", "household"),
        ("person.nonsense", "member"),
        ("person.dwelling", "member"),
        ("income.wage", "member"),
        ("person.age", "household"),
        ("age(person)", "household"),
        ("person.age", "obligor"),
        ("m.age", "member"),
        ("sum(m.income for m in members)", "household"),
        ("sum(m.income.nonsense for m in members)", "household"),
        ("sum(m.age for m in nonsense)", "household"),
        ("sum(m.age for m in obligors)", "household"),
        ("sum(m.age for m in person.members)", "member"),
        ("count(m for m in members) + m.age", "household"),
        ("published(nonsense)", "household"),
        ("published(standard)", "household"),
        ("unpublished(officer.doubt)", "household"),
        ("nonsense[residence]", "household"),
        ("standard[residence]", "household"),
    ],
)
def test_an_unknown_name_is_refused(text: str, subject: str) -> None:
    refused(text, subject)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("counted", "household"),
        ("is_able", "household"),
        ("person.standard", "member"),
        ("person.is_able", "member"),
        ("obligor.counted", "obligor"),
        ("any(m.is_able for m in members)", "household"),
        ("any(o.counted for o in person.obligors)", "member"),
    ],
)
def test_a_rule_of_another_entity_is_refused(text: str, subject: str) -> None:
    assert "the rule" in refused(text, subject).message


@pytest.mark.parametrize(
    "text",
    [
        'residence in ("urban", "city")',
        'residence not in ("city",)',
        "residence in (1,)",
        "residence in (residence,)",
        'residence in "urban"',
        'residence in "urban", "rural"',
        "residence in members",
        "standard in (1, 2)",
        'standard in ("urban",)',
        'True in ("urban",)',
    ],
)
def test_in_takes_only_values_of_the_enumeration(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"urban": 1}[residence]',
        '{"urban": 1, "rural": 2, "city": 3}[residence]',
        '{"urban": 1, "city": 2}[residence]',
        "{}[residence]",
        '{"urban": 1, "rural": yuan(1)}[residence]',
        '{"urban": 1, 2: 2}[residence]',
        '{"urban": 1, residence: 2}[residence]',
        '{"urban": 1, **{"rural": 2}}[residence]',
        '{"urban": 1, "rural": 2}[standard]',
        '{"urban": 1, "rural": 2}[True]',
        '{"urban": 1, "rural": 2}["city"]',
        '{"urban": 1, "rural": 2}[residence, residence]',
    ],
)
def test_a_table_that_does_not_fit_its_key_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "dibao.standard",
        "dibao.standard[1]",
        "dibao.standard[crisis.severity]",
        'dibao.standard["city"]',
        "dibao.standard[True]",
        "disability.care[residence]",
        "minimum_wage[residence]",
        "band(minimum_wage, 1)",
        "band(dibao.standard, residence)",
        "band(disability.care)",
        "band(disability.care, standard)",
        "band(disability.care, 1, 2)",
        "published()",
        "published(minimum_wage, residence, residence)",
        "unpublished()",
        "unpublished(minimum_wage, yuan(1), 1)",
        "unpublished(minimum_wage, 1, 2, 3)",
        "unpublished(minimum_wage, True)",
        "published(1)",
        'published("minimum_wage")',
    ],
)
def test_a_parameter_that_is_not_given_like_this_is_refused(text: str) -> None:
    refused(text)


def test_aggregates_are_two_levels_deep_at_most() -> None:
    two = "sum(sum(c.age for c in m.children) for m in members)"
    three = "sum(sum(sum(g.age for g in c.children) for c in m.children) for m in members)"
    assert read(two).type == t.NUMBER
    assert "two levels" in refused(three).message


def test_a_third_level_in_a_condition_is_refused() -> None:
    refused("count(m for m in members if any(any(g.counted for g in c.children) for c in m.children))")


# known gaps: formulas that are read although they cannot be computed as they are typed


@pytest.mark.parametrize("name", ["household", "p", "published", "sum", "banded", "__debug__"])
def test_a_loop_variable_that_hides_a_name_of_the_compiled_functions_is_refused(name: str) -> None:
    refused(f"any(dibao.standard[residence] > 0 for {name} in members)")


def test_a_choice_between_enumerations_may_be_any_value_of_both() -> None:
    assert set(read('"urban" if True else residence').type.values) == set(RESIDENCE.values)


def test_an_index_with_values_the_parameter_is_not_given_by_is_refused() -> None:
    refused("education_aid.amount[person.absence]")


@pytest.mark.parametrize(
    "text",
    [
        "published(dibao.standard, True)",
        "published(dibao.standard, crisis.severity)",
        "published(minimum_wage, residence)",
    ],
)
def test_an_index_of_published_that_the_parameter_is_not_given_by_is_refused(text: str) -> None:
    refused(text)


def test_bounds_of_an_unpublished_condition_are_refused() -> None:
    refused("unpublished(amount_mode, 0)")


def test_a_table_with_the_same_key_twice_is_refused() -> None:
    refused('{"urban": 1, "urban": 2, "rural": 3}[residence]')


@pytest.mark.parametrize("step", ["months(1)", "yuan_year(1)"])
def test_a_step_that_is_not_in_yuan_is_refused(step: str) -> None:
    refused(f"round_up(standard, {step})")


@pytest.mark.parametrize("divisor", ["max(1, 2.5)", "max(1, edge.multiple)", "max(1, household.size * 0.5)"])
def test_division_by_at_least_one_of_what_is_no_count_is_refused(divisor: str) -> None:
    refused(f"standard / {divisor}")


def test_an_unpublished_figure_lies_between_its_two_bounds_in_their_order() -> None:
    node = read("unpublished(minimum_wage, 0, standard)")
    assert isinstance(node, Unpublished)
    assert (node.low, node.high) == (read("0"), read("standard"))
    assert isinstance(open_above := read("unpublished(minimum_wage, 0)"), Unpublished)
    assert (open_above.low, open_above.high) == (read("0"), None)
