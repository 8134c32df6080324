"""Assessments: on which path they ran, their tests and steps, and amounts and lines in fen."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from app.rules.engine.evaluate import Assessment, RuleFailure, _decided, _fen, _floored, _rounding_line
from app.rules.engine.household import EngineHousehold
from app.rules.engine.outcomes import Outcome
from app.rules.facts.household import Household
from app.rules.values.open_values import Cases, Maybe, Range
from tests.support.rules import NOW, rules

DAY = dt.date(2026, 8, 15)


def _assessed(*, bounded: bool, **facts: Any) -> Assessment:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}, "self_care_failed": 0}
    household = {"residence": "urban", "members": [member], "assets": {}, "spending": {}, "obligors": []} | facts
    engine = rules().engines.at("999900", DAY, NOW.date())
    read = EngineHousehold(Household.model_validate(household), DAY, "999900")
    return engine.assess(read, DAY, always_bounded=bounded)


def _ends(amount: Any) -> tuple[int | None, int | None, int]:
    return amount.low, amount.high, amount.causes


def test_an_assessment_through_the_algebra_says_that_it_is_bounded() -> None:
    assert _assessed(bounded=True).bounded is True


def test_a_persons_result_and_whether_it_holds_can_be_asked_for() -> None:
    assessment = _assessed(bounded=True)
    assert assessment.value_of("counted", 0) is True
    assert assessment.holds("counted", 0) is True
    assert assessment.counts() == [True]


def test_a_step_without_a_condition_is_the_next_step() -> None:
    step: Any = SimpleNamespace(when=None)
    assert _assessed(bounded=True).step([step]) is step


def test_the_tests_of_an_open_outcome_begin_with_those_that_are_open() -> None:
    outcomes = _assessed(bounded=True, assets=None).outcomes
    held = [[test.holds is True for test in outcome.tests] for outcome in outcomes if outcome.status == "undetermined"]
    assert any(True in row and False in row for row in held)
    assert all(row == sorted(row) for row in held)


def test_a_failure_names_its_rule() -> None:
    failure = RuleFailure("dibao.amount")
    assert failure.rule == "dibao.amount"
    assert str(failure) == "the rule dibao.amount failed"


def test_a_condition_is_decided_only_where_it_is_known() -> None:
    assert _decided(True) is True
    assert _decided(False) is False
    assert _decided(Maybe(1)) is None


@pytest.mark.parametrize(("value", "fen"), [(199, (2, False)), (200, (2, True)), (201, (3, False)), (0, (0, True))])
def test_an_amount_is_rounded_up_to_the_fen_and_says_whether_it_was_whole(value: int, fen: tuple[int, bool]) -> None:
    assert _fen(value, 100) == fen


def test_an_open_amount_is_rounded_up_at_both_ends_and_known_where_they_meet() -> None:
    amount, exact = _fen(Range(101, 301, 1), 100)
    assert (amount.low, amount.high, amount.causes, exact) == (2, 4, 1, True)
    assert _fen(Range(101, 199, 1), 100) == (2, False)


def test_an_open_amount_stays_open_where_a_bound_is_not_known() -> None:
    assert _ends(_fen(Range(101, None, 1), 100)[0]) == (2, None, 1)
    assert _ends(_fen(Range(None, None, 1), 100)[0]) == (None, None, 1)


@pytest.mark.parametrize(("value", "fen"), [(199, 1), (200, 2), (0, 0)])
def test_a_line_is_rounded_down_to_the_fen(value: int, fen: int) -> None:
    assert _floored(value, 100) == fen


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        (Range(199, 301, 1), (1, 3, 1)),
        (Range(199, None, 1), (1, None, 1)),
        (Range(None, 301, 1), (None, 3, 1)),
        (Range(None, None, 1), (None, None, 1)),
    ],
)
def test_an_open_line_is_rounded_down_at_both_ends_as_far_as_they_are_known(
    line: Range, ends: tuple[int | None, int | None, int]
) -> None:
    assert _ends(_floored(line, 100)) == ends


def test_an_open_line_whose_ends_meet_when_rounded_is_known() -> None:
    assert _floored(Range(101, 199, 1), 100) == 1


def test_the_rounding_line_is_what_the_lines_leave_of_the_amount() -> None:
    assert _rounding_line("dibao", 10, (("a", 4), ("b", 3))) == (("dibao.rounding", 3),)
    assert _rounding_line("dibao", 7, (("a", 4), ("b", 3))) == ()
    assert _rounding_line("dibao", Range(0, 7, 1), (("a", 4),)) == ()
    assert _rounding_line("dibao", 7, (("a", Range(0, 4, 1)),)) == ()


def test_a_person_who_is_outside_the_group_in_every_case_has_no_outcome() -> None:
    assessment = _assessed(bounded=True)
    space = assessment.space
    assert space is not None
    plan = next(plan for plan in assessment.engine.plans if plan.id == "old_age_allowance")
    assert plan.group is not None
    setattr(assessment.household.members[0], plan.group.name, Cases(space.axis(1).axes, [False, False]))
    assert list(plan.outcomes(assessment.household, space)) == []


@pytest.mark.parametrize("bounded", [False, True], ids=["fast", "bounded"])
def test_what_has_no_amount_is_not_rounded(bounded: bool) -> None:
    outcomes = [outcome for outcome in _assessed(bounded=bounded).outcomes if outcome.amount is None]
    assert outcomes
    assert not any(outcome.rounded for outcome in outcomes)
    assert Outcome("edge_family", None, "eligible").rounded is False


def test_a_household_of_which_all_is_known_is_not_worked_out_in_bounds_unless_it_is_asked_for() -> None:
    known = _assessed(bounded=False)
    assert known.engine.assess(known.household, DAY).bounded is False
