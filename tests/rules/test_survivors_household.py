"""A household as the engine sees it: days, divisions and figures at the edges no other test told apart."""

import datetime as dt
from typing import Any

import pytest

from app.rules.engine.evaluate import _floored
from app.rules.engine.household import EngineHousehold, age_on, months_between
from app.rules.explain.numbers import fen_range, per_capita, range_of
from app.rules.facts.household import Household, Residence
from app.rules.language import types as t
from app.rules.language.vocabulary import OUTGOING_KINDS
from app.rules.packs.divisions import elsewhere, significant
from app.rules.values.money import MONTH_SCALE
from app.rules.values.open_values import Maybe, Range
from app.rules.values.space import Space
from app.rules.values.unknown import UNKNOWN

DAY = dt.date(2026, 8, 15)


def _household(member: dict[str, Any] | None = None, **facts: Any) -> EngineHousehold:
    first = {"id": "a", "relation": "applicant", "birth_date": "1984-03-02"} | (member or {})
    others = [{"id": "b", "relation": "other", "birth_date": "1950-01-01"}]
    household = Household.model_validate({"residence": "urban", "members": [first, *others]} | facts)
    return EngineHousehold(household, DAY, "999900")


# days


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-08-15", "2026-08-14", 17),
        ("2008-08-15", "2026-08-15", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-09-01", "2026-08-31", 17),
        ("2026-08-15", "2026-08-15", 0),
    ],
)
def test_a_year_of_age_is_completed_on_the_birthday(birth: str, day: str, age: int) -> None:
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        ("2026-01-15", "2026-01-15", 0),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2025-11-30", "2026-02-28", 2),
        ("2023-12-01", "2026-01-01", 25),
    ],
)
def test_a_month_is_completed_on_the_same_day_of_a_later_month(since: str, day: str, months: int) -> None:
    assert months_between(dt.date.fromisoformat(since), dt.date.fromisoformat(day)) == months


# divisions


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("500154", "500154"),
        ("150700", "1507"),
        ("500000", "50"),
        ("100000", "10"),
        ("000000", "00"),
        ("500154001000", "500154001"),
        ("500154000000", "500154"),
        ("150700000000", "1507"),
        ("500154001002", "500154001002"),
    ],
)
def test_the_significant_digits_of_a_division_leave_out_whole_levels_of_zeros(code: str, digits: str) -> None:
    assert significant(code) == digits


@pytest.mark.parametrize(
    ("place", "jurisdiction", "away"),
    [
        ("500154", "500000", False),
        ("500000", "500154", False),
        ("500154", "500154", False),
        ("500153", "500154", True),
        ("150700", "500000", True),
    ],
)
def test_a_place_is_elsewhere_if_neither_division_contains_the_other(place: str, jurisdiction: str, away: bool) -> None:
    assert elsewhere(place, jurisdiction) is away


# facts


@pytest.mark.parametrize(("level", "needed"), [(1, True), (2, True), (3, False), (4, False)])
def test_long_term_care_is_presumed_for_the_two_most_severe_levels_alone(level: int, needed: bool) -> None:
    person = _household({"disability": {"kind": "physical", "level": level}}).members[0]
    assert person.needs_long_term_care is needed


def test_long_term_care_as_stated_wins_over_the_level() -> None:
    facts = {"disability": {"kind": "physical", "level": 1}, "needs_long_term_care": False}
    assert _household(facts).members[0].needs_long_term_care is False
    assert _household().members[0].needs_long_term_care is False


def test_income_and_outgoings_are_spread_over_the_months_they_cover() -> None:
    kind = OUTGOING_KINDS[0]
    facts = {"income": {"wage": "24.00"}, "outgoings": {kind: "12.00"}, "income_months": 12}
    person = _household(facts).members[0]
    assert person.income_wage == 200 * MONTH_SCALE
    assert getattr(person, f"outgoings_{kind}") == 100 * MONTH_SCALE


@pytest.mark.parametrize(("level", "lowest"), [(1, 1), (3, 3)])
def test_unnamed_components_are_at_most_as_severe_as_the_card(level: int, lowest: int) -> None:
    opened = _household({"disability": {"kind": "multiple", "level": level}}).opened(Space())
    part = opened.members[0].disabilities[0].level
    assert (part.low, part.high) == (lowest, 4)


def test_unnamed_components_of_the_mildest_card_are_of_the_mildest_level() -> None:
    opened = _household({"disability": {"kind": "multiple", "level": 4}}).opened(Space())
    assert opened.members[0].disabilities[0].level == 4


def test_unknown_self_care_lies_between_none_and_all_six_items() -> None:
    failed = _household().opened(Space()).members[0].self_care_failed
    assert (failed.low, failed.high) == (0, 6)


def test_an_unknown_amount_is_at_least_nothing_and_has_no_end() -> None:
    opened = _household({"income": {"wage": None}}).opened(Space())
    assert (opened.members[0].income_wage.low, opened.members[0].income_wage.high) == (0, None)


def test_opening_a_household_leaves_it_as_it_was_and_links_the_copies() -> None:
    household = _household({"relation": "applicant", "spouse_of": "b"}, obligors=None)
    space = Space()
    opened = household.opened(space)
    assert opened.members[0].spouses == [opened.members[1]]
    assert opened.members[0] is not household.members[0]
    assert household.members[0].obligors is not opened.members[0].obligors
    assert [type(tail) for tail in opened.members[0].obligors_tail] == [Maybe]
    assert "/household/obligors" in space.causes


def test_an_obligor_owes_support_to_exactly_those_named_and_once() -> None:
    obligor = {"id": "x", "relation": "child", "of": ["b", "b"], "birth_date": "1980-01-01"}
    first, second = _household(obligors=[obligor]).members
    assert first.obligors == []
    assert [other.age for other in second.obligors] == [46]


@pytest.mark.parametrize(
    ("person", "programme", "receiving"),
    [
        (None, "dibao", [True, True]),
        ("b", "dibao", [False, True]),
        ("b", "single_person_dibao", [False, True]),
        ("b", "extreme_poverty_support", [False, False]),
    ],
)
def test_dibao_received_is_noted_for_the_person_named_or_for_all(
    person: str | None, programme: str, receiving: list[bool]
) -> None:
    members = _household(receiving=[{"programme": programme, "person": person}]).members
    assert [member.receiving_dibao for member in members] == receiving
    extreme = [programme == "extreme_poverty_support" and person in (None, member.id) for member in members]
    assert [member.receiving_extreme_poverty_support for member in members] == extreme


def test_an_income_said_to_be_unknown_is_unknown_and_not_nothing() -> None:
    person = _household({"income": {"wage": None}}).members[0]
    assert person.income_wage is UNKNOWN
    assert person.income_pension == 0
    assert person.unknown["income_wage"] == "/household/members/0/income/wage"


def test_outgoings_left_empty_are_nothing() -> None:
    kind = OUTGOING_KINDS[0]
    assert getattr(_household({"outgoings": {kind: None}}).members[0], f"outgoings_{kind}") == 0


@pytest.mark.parametrize("residence", ["urban", "rural"])
def test_an_empty_household_has_its_residence_and_one_person(residence: Residence) -> None:
    household = EngineHousehold.empty(residence)
    assert household.residence == residence
    assert [person.relation for person in household.members] == ["applicant"]


# numbers as they are shown


def test_a_number_that_is_no_money_is_shown_exactly() -> None:
    shown = [range_of(value, 2, t.BY_NAME["number"], "count")["value"] for value in (1, 3, 4, 5)]
    assert shown == ["0.5", "1.5", "2", "2.5"]


def test_a_line_of_an_open_amount_is_floored_at_both_ends_and_known_where_they_meet() -> None:
    line = _floored(Range(150, 399, 1), 100)
    assert (line.low, line.high, line.causes) == (1, 3, 1)
    assert _floored(Range(110, 190, 1), 100) == 1
    assert _floored(Range(None, 399, 1), 100).low is None
    assert _floored(Range(150, None, 1), 100).high is None
    assert _floored(199, 100) == 1


def test_a_range_shows_both_ends_floored_and_no_single_value() -> None:
    shown = fen_range(Range(100, 250, 1), "CNY")
    assert shown == {"value": None, "min": "1.00", "max": "2.50", "unit": "CNY"}
    assert fen_range(Range(None, None, 1), "CNY") == {"value": None, "min": None, "max": None, "unit": "CNY"}
    assert range_of(199, 100, t.MONEY, "CNY") == {"value": "0.01", "min": "0.01", "max": "0.01", "unit": "CNY"}


def test_income_per_head_takes_the_smallest_income_by_the_largest_family_and_the_other_way_round() -> None:
    shown = per_capita(Range(1200, 2400, 1), Range(2, 3, 1), 1)
    assert (shown["value"], shown["min"], shown["max"]) == (None, "4.00", "12.00")
    assert per_capita(1200, 3, 1)["value"] == "4.00"
    assert per_capita(Range(1200, 1201, 1), 3, 1)["value"] == "4.00"


def test_income_per_head_has_no_end_where_nobody_may_be_counted() -> None:
    for size in (0, Range(0, 3, 1), Range(None, 3, 1)):
        shown = per_capita(1200, size, 1)
        assert (shown["value"], shown["min"], shown["max"]) == (None, "0.00", None)


def test_income_per_head_leaves_open_the_ends_that_are_open() -> None:
    assert per_capita(Range(None, 1200, 1), 3, 1)["min"] is None
    assert per_capita(Range(1200, None, 1), 3, 1)["max"] is None
    assert per_capita(1200, Range(2, None, 1), 1)["min"] is None


def test_the_income_of_one_person_is_the_whole_income() -> None:
    assert per_capita(1200, 1, 1)["value"] == "12.00"
    assert per_capita(1200, Range(1, 1, 1), 1)["value"] == "12.00"
