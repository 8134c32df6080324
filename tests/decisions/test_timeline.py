"""Month by month what a household was entitled to: the decided decision that stood, and what it grants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.decisions.state import DecisionState, Follower
from app.decisions.timeline import timeline
from tests.support.decisions.states import confirmation, decision, id_of, outcome, result, state_of

A, B, C = (id_of(number) for number in (1, 2, 3))


def granted(
    figure: str, first: str, *, date: str = "2026-01-15", followers: tuple[Follower, ...] = (), **more: Any
) -> DecisionState:
    made = decision(result("eligible", figure, from_month=first), date=date, **more)
    return state_of(made, confirmation(outcome("granted", figure)), followers=followers)


def refused(date: str) -> DecisionState:
    return state_of(decision(result("ineligible"), date=date), confirmation(outcome("refused")))


def shown(decisions: dict[UUID, DecisionState], until: str) -> list[tuple[str, UUID, str]]:
    return [(one.month, UUID(one.decision), one.total) for one in timeline(decisions, until)]


def test_nothing_decided_is_no_timeline() -> None:
    made = decision(result("eligible", "100.00"))
    assert timeline({}, "2026-12") == []
    assert timeline({A: state_of(made), B: state_of(made, {"kind": "withdrawal"})}, "2026-12") == []


def test_a_grant_stands_from_its_first_month_to_the_last_asked_for() -> None:
    assert shown({A: granted("100.00", "2026-02")}, "2026-04") == [
        ("2026-02", A, "100.00"),
        ("2026-03", A, "100.00"),
        ("2026-04", A, "100.00"),
    ]


def test_before_the_first_month_nothing_is_shown() -> None:
    assert shown({A: granted("100.00", "2026-05")}, "2026-04") == []


def test_a_succession_takes_over_from_its_own_first_month() -> None:
    first = granted("100.00", "2026-02", followers=(Follower(B, corrects=False, decided=True),))
    found = shown({A: first, B: granted("80.00", "2026-04")}, "2026-05")
    assert found == [
        ("2026-02", A, "100.00"),
        ("2026-03", A, "100.00"),
        ("2026-04", B, "80.00"),
        ("2026-05", B, "80.00"),
    ]


def test_a_decided_correction_takes_the_whole_place_of_what_it_corrects() -> None:
    wrong = granted("100.00", "2026-02", followers=(Follower(B, corrects=True, decided=True),))
    assert shown({A: wrong, B: granted("80.00", "2026-03", corrects=str(A))}, "2026-04") == [
        ("2026-03", B, "80.00"),
        ("2026-04", B, "80.00"),
    ]


def test_a_correction_of_a_correction_that_nobody_decided_takes_the_place_of_the_first() -> None:
    proposed = state_of(decision(result("eligible", "90.00", from_month="2026-02"), corrects=str(A)))
    last = granted("80.00", "2026-03", corrects=str(B))
    assert shown({A: granted("100.00", "2026-02"), B: proposed, C: last}, "2026-03") == [("2026-03", C, "80.00")]


def test_a_decision_on_one_programme_leaves_the_others_as_they_were() -> None:
    both = [result("eligible", "100.00"), result("eligible", "60.00", programme="old_age_allowance", person="p1")]
    said = [outcome("granted", "100.00"), outcome("granted", "60.00", programme="old_age_allowance", person="p1")]
    later = decision(result("ineligible"), date="2026-10-15", facts={"programmes": ["dibao"]})
    decisions = {
        A: state_of(decision(*both), confirmation(*said)),
        B: state_of(later, confirmation(outcome("refused"))),
    }
    assert shown(decisions, "2026-11") == [
        ("2026-09", A, "160.00"),
        ("2026-10", A, "160.00"),
        ("2026-11", B, "60.00"),
    ]


def test_a_correction_that_is_only_proposed_takes_nothing_away() -> None:
    first = granted("100.00", "2026-02", followers=(Follower(B, corrects=True),))
    proposed = state_of(decision(result("eligible", "80.00", from_month="2026-02")))
    assert shown({A: first, B: proposed}, "2026-02") == [("2026-02", A, "100.00")]


def test_a_refusal_ends_what_was_granted_the_month_after_its_day() -> None:
    first = granted("100.00", "2026-02", followers=(Follower(B, corrects=False, decided=True),))
    assert shown({A: first, B: refused("2026-03-10")}, "2026-05") == [
        ("2026-02", A, "100.00"),
        ("2026-03", A, "100.00"),
        ("2026-04", B, "0.00"),
        ("2026-05", B, "0.00"),
    ]


def test_what_a_succession_leaves_undecided_goes_on_as_before() -> None:
    first = granted("100.00", "2026-02", followers=(Follower(B, corrects=False, decided=True),))
    open_ = state_of(decision(result("undetermined"), date="2026-02-10"), confirmation())
    assert shown({A: first, B: open_}, "2026-03") == [("2026-02", A, "100.00"), ("2026-03", B, "100.00")]
    assert shown({A: first, B: open_, C: refused("2026-03-10")}, "2026-04")[-1] == ("2026-04", C, "0.00")


def test_of_two_decisions_from_one_month_the_later_recorded_stands() -> None:
    decisions = {B: granted("80.00", "2026-02"), A: granted("100.00", "2026-02")}
    assert shown(decisions, "2026-02") == [("2026-02", B, "80.00")]


def test_of_two_decisions_confirmed_at_one_instant_the_later_in_the_log_stands() -> None:
    first, second = granted("80.00", "2026-02"), granted("100.00", "2026-02")
    first.confirmation_index, second.confirmation_index = 4, 5
    assert shown({B: first, A: second}, "2026-02") == [("2026-02", A, "100.00")]


def test_a_decision_recorded_later_for_an_earlier_month_stands_until_the_other_begins() -> None:
    decisions = {A: granted("100.00", "2026-04"), B: granted("80.00", "2026-03")}
    assert shown(decisions, "2026-04") == [("2026-03", B, "80.00"), ("2026-04", A, "100.00")]


def test_each_entitlement_is_shown_once_it_begins() -> None:
    made = decision(
        result("eligible", "100.00", from_month="2026-09"),
        result("eligible", "110.00", programme="disability_care_subsidy", person="p1", from_month="2026-08"),
    )
    care = outcome("granted", "110.00", programme="disability_care_subsidy", person="p1")
    first, second = timeline({A: state_of(made, confirmation(outcome("granted", "100.00"), care))}, "2026-09")
    assert [dict(one) for one in first.entitlements] == [
        {"programme": "disability_care_subsidy", "person": "p1", "amount": "110.00"}
    ]
    assert (first.total, second.total) == ("110.00", "210.00")


def test_the_officer_s_amount_is_shown_not_the_recommended_one() -> None:
    made = decision(result("eligible", "100.00", from_month="2026-02"))
    departed = state_of(made, confirmation(outcome("granted", "120.00", "说明"), state="departed"))
    assert shown({C: departed}, "2026-02") == [("2026-02", C, "120.00")]
