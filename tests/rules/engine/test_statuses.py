"""From open conditions to one status, which tests carry a refusal, and which step of a procedure holds."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from app.rules.engine.evaluate import Assessment, _carrying, _cell, _failed_rule, _status
from app.rules.engine.household import EngineHousehold
from app.rules.engine.outcomes import Test as Condition
from app.rules.facts.household import Household
from app.rules.values.open_values import Cases, Maybe, Range
from app.rules.values.space import Space
from tests.support.rules import NOW, rules

DAY = dt.date(2026, 8, 15)


def _assessed(**facts: Any) -> Assessment:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}, "self_care_failed": 0}
    household = {"residence": "urban", "members": [member], "assets": {}, "spending": {}, "obligors": []} | facts
    engine = rules().engines.at("999900", DAY, NOW.date())
    return engine.assess(EngineHousehold(Household.model_validate(household), DAY, "999900"), DAY, always_bounded=True)


@pytest.mark.parametrize(
    ("group", "passed", "cell"),
    [
        (False, True, "not_applicable"),
        (False, Maybe(1), "not_applicable"),
        (True, False, "ineligible"),
        (Maybe(1), False, "ineligible"),
        (True, True, "eligible"),
    ],
)
def test_a_case_is_settled_by_its_group_and_its_tests(group: Any, passed: Any, cell: str) -> None:
    assert _cell(group, passed) == cell


def test_an_open_case_has_the_causes_of_both() -> None:
    found = _cell(Maybe(1), Maybe(4))
    assert isinstance(found, Maybe)
    assert found.causes == 5
    assert isinstance(_cell(True, Maybe(4)), Maybe)
    assert isinstance(_cell(Maybe(1), True), Maybe)


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        (["eligible", "eligible"], ("eligible", 0)),
        (["ineligible", "not_applicable"], ("ineligible", 0)),
        (["not_applicable", "not_applicable"], ("not_applicable", 0)),
        (["eligible", "ineligible"], ("open", 2)),
        (["eligible", Maybe(4)], ("open", 6)),
    ],
)
def test_cases_have_one_status_or_are_open_for_what_divides_them(cells: list[Any], status: tuple[str, int]) -> None:
    space = Space(["/a", "/b"], [2])
    assert _status(Cases((0,), cells), space) == status


def test_an_open_status_without_cases_has_its_own_causes_alone() -> None:
    assert _status(Maybe(2), Space(["/a", "/b"])) == ("open", 2)


def test_a_refusal_is_carried_by_what_fails_or_by_what_is_open_where_nothing_fails() -> None:
    held, failed, opened = Condition("a", True), Condition("b", False), Condition("c", None)
    assert _carrying((held, failed, opened)) == (failed,)
    assert _carrying((held, opened)) == (opened,)


def test_the_first_step_that_holds_is_taken_and_none_past_an_open_one() -> None:
    never: Any = SimpleNamespace(when="temporary.crisis_reported", open=False)
    always: Any = SimpleNamespace(when=None, open=False)
    settled, doubtful = _assessed(), _assessed(assets=None)
    assert settled.step([never, always]) == always
    assert settled.step([never]) is None
    open_condition = next(
        name for name in ("dibao.eligible", "edge_family.eligible") if type(doubtful.value_of(name, None)) is Maybe
    )
    last: Any = SimpleNamespace(when=None, open=False)
    opened: Any = SimpleNamespace(when=open_condition, open=False)
    assert doubtful.step([opened, last]) is None
    assert doubtful.step([never, opened, last]) is None


def test_a_figure_by_formula_that_no_result_reads_is_open() -> None:
    value, scale = rules().engines.at("999900", DAY, NOW.date()).derived("value.no.such.figure", "urban")
    assert type(value) is Range
    assert (value.low, value.high, value.causes, scale) == (None, None, 0, 1)


def test_a_failure_outside_every_rule_names_none() -> None:
    program = rules().engines.at("999900", DAY, NOW.date()).program
    assert _failed_rule(program, program.fast, ValueError()) == "unknown"
