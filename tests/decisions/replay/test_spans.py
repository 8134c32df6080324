"""For which months a difference counts, with the standard that Model City printed late: in force from July 2024,
printed on 10 September 2024."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pytest

from app.decisions.replay.affected_months import AffectedMonths, PeriodInForce, period_in_force
from app.decisions.replay.differences import Difference, differences
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import compute, question_of
from app.rules.values.strict_json import Json
from tests.support.decisions.recorded import FAMILY, recorded_decision
from tests.support.decisions.states import confirmation, decision, outcome, result, state_of
from tests.support.rules import rules

KNOWN_LATER: Final = "2026-11-21T18:00:00+08:00"
ALWAYS: Final = PeriodInForce("2026-11", "this_month")


def spans_of(
    record: Json, stood: PeriodInForce, known_at: str = KNOWN_LATER
) -> tuple[AffectedMonths, list[Difference]]:
    """The recorded decision with what was known at another time."""
    question = question_of(rules(), record | {"known_at": known_at})
    found = compute(rules(), question)
    return AffectedMonths(rules(), question, found.results, stood), differences(record["results"], found.results)


def dibao(found: list[Difference]) -> Difference:
    return next(difference for difference in found if difference.programme == "dibao")


def months_of(stood: PeriodInForce, request: Json = FAMILY, first: str = "2024-08") -> tuple[list[str], str]:
    spans, found = spans_of(recorded_decision(request).record, stood)
    return spans.of(dibao(found), first)


def test_the_standard_known_later_pays_eighty_more() -> None:
    """Two people: 840 in place of 800 for each."""
    _, found = spans_of(recorded_decision(FAMILY).record, ALWAYS)
    assert dibao(found).fen == 2 * 4000
    assert dibao(found).monthly


@pytest.mark.parametrize(("known_at", "differs"), [("2024-09-09T23:59:59+08:00", False), ("2024-09-10", True)])
def test_what_was_printed_late_counts_from_the_day_it_was_printed(known_at: str, differs: bool) -> None:
    if len(known_at) == 10:
        known_at += "T00:00:00+08:00"
    _, found = spans_of(recorded_decision(FAMILY).record, ALWAYS, known_at)
    assert ("dibao" in [difference.programme for difference in found]) is differs


def succeeding(first: str) -> DecisionState:
    """A decided decision that grants dibao from a month on."""
    return state_of(decision(result("eligible", "1.00", from_month=first)), confirmation(outcome("granted", "1.00")))


def followed_by(*successors: DecisionState) -> PeriodInForce:
    return period_in_force(successors, corrected=False, withdrawn=False, this_month="2026-11")


def test_the_difference_counts_until_the_next_standard() -> None:
    """From July 2025 the standard is 880: what is due then is another redetermination's business."""
    months, ending = months_of(ALWAYS)
    assert (months[0], months[-1], len(months)) == ("2024-08", "2025-06", 11)
    assert ending == "rules_changed"


def test_the_difference_counts_up_to_this_month() -> None:
    assert months_of(PeriodInForce("2024-10", "this_month")) == (["2024-08", "2024-09", "2024-10"], "this_month")


def test_the_difference_counts_up_to_the_month_before_a_successor() -> None:
    stood = followed_by(succeeding("2024-11"))
    assert months_of(stood) == (["2024-08", "2024-09", "2024-10"], "succeeded")


def test_a_successor_at_once_leaves_no_month() -> None:
    assert months_of(followed_by(succeeding("2024-08"))) == ([], "succeeded")


@pytest.mark.parametrize(
    "silent",
    [
        state_of(decision(result("refer"), date="2024-08-15"), confirmation()),  # it left dibao undecided
        state_of(decision(date="2024-08-15", facts={"programmes": ["edge_family"]}), confirmation()),
    ],
)
def test_a_successor_that_leaves_the_result_as_it_was_ends_nothing_of_it(silent: DecisionState) -> None:
    assert months_of(followed_by(silent, succeeding("2024-11"))) == (["2024-08", "2024-09", "2024-10"], "succeeded")
    assert months_of(followed_by(silent)) == months_of(ALWAYS)


@pytest.mark.parametrize(("corrected", "withdrawn"), [(True, False), (False, True), (True, True)])
def test_what_was_corrected_or_withdrawn_never_stood(corrected: bool, withdrawn: bool) -> None:
    stood = period_in_force((succeeding("2024-11"),), corrected=corrected, withdrawn=withdrawn, this_month="2026-11")
    assert stood == PeriodInForce(None, "never_stood")
    assert months_of(stood) == ([], "never_stood")


def test_what_nothing_followed_stands_up_to_this_month() -> None:
    assert period_in_force((), corrected=False, withdrawn=False, this_month="2026-11") == ALWAYS


def test_a_standard_that_begins_before_the_first_month_leaves_no_month() -> None:
    """Decided in June 2024, with a figure supplied that turns out to be wrong: from July another standard holds."""
    june = FAMILY | {"date": "2024-06-15", "known_at": "2024-06-15T09:00:00+08:00"}
    record = recorded_decision(june).record
    question = question_of(rules(), record | {"known_at": KNOWN_LATER})
    found = compute(rules(), question)
    spans = AffectedMonths(rules(), question, found.results, ALWAYS)
    made_up = differences({"results": [result("eligible", "1.00")]}, found.results)
    assert spans.of(dibao(made_up), "2024-07") == ([], "rules_changed")


def test_a_difference_that_no_change_of_rules_touches_runs_through_it() -> None:
    """The care subsidy is the same before and after July 2025."""
    members = FAMILY["household"]["members"]
    disabled = members[1] | {"disability": {"kind": "physical", "level": 1}, "needs_long_term_care": True}
    request = FAMILY | {"household": FAMILY["household"] | {"members": [members[0], disabled]}}
    record = recorded_decision(request).record
    question = question_of(rules(), record)
    found = compute(rules(), question)
    spans = AffectedMonths(rules(), question, found.results, PeriodInForce("2025-08", "this_month"))
    less = result("eligible", "100.00", programme="disability_care_subsidy", person="p2")
    care = next(d for d in differences({"results": [less]}, found.results) if d.programme == "disability_care_subsidy")
    assert care.fen == 3000
    months, ending = spans.of(care, "2024-07")
    assert (len(months), ending) == (14, "this_month")


def test_the_day_of_the_decision_itself_counts_for_its_own_month() -> None:
    """A decision of 15 July is never looked at with the law of 1 July."""
    late = dt.date(2022, 10, 25)
    request = FAMILY | {"date": late.isoformat(), "known_at": "2022-10-25T09:00:00+08:00"}
    spans, _ = spans_of(recorded_decision(request).record, ALWAYS)
    assert spans._in_force("2022-10") is spans._in_force(None)
