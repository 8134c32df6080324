"""An officer's outcomes beside the recommendation: what confirms, what departs, and what may not be."""

from __future__ import annotations

from typing import Final

import pytest

from app.decisions.outcomes import Settled, settle
from app.decisions.schemas import Confirmation
from app.rules.request_faults import Fault
from app.rules.values.strict_json import Json
from tests.support.decisions.states import Figure, result
from tests.support.rules import rules

PAID: Final = ("granted", "increased", "reduced")
UNPAID: Final = ("refused", "suspended", "terminated")
REASON: Final = Fault("/outcomes/0/reason", "reason_needed")


UNITS: Final[dict[str, str | None]] = {id_: declared.unit for id_, declared in rules().library.programmes.items()}


def settled(results: list[Json], *outcomes: Json) -> Settled:
    return settle(results, Confirmation.model_validate({"outcomes": list(outcomes)}), UNITS)


def on_dibao(
    status: str, figure: Figure, outcome: str, amount: str | None = None, reason: str | None = None
) -> Settled:
    said = {"programme": "dibao", "outcome": outcome, "amount": amount, "reason": reason}
    return settled([result(status, figure)], said)


def only(found: Settled) -> Json:
    (decided,) = found.outcomes
    return decided


# what the engine settled


@pytest.mark.parametrize("outcome", PAID)
@pytest.mark.parametrize("amount", [None, "100.00"])
def test_paying_what_was_recommended_confirms_without_a_reason(outcome: str, amount: str | None) -> None:
    found = on_dibao("eligible", "100.00", outcome, amount)
    assert (found.state, found.faults) == ("confirmed", [])
    assert only(found)["amount"] == "100.00"


@pytest.mark.parametrize("outcome", PAID)
@pytest.mark.parametrize("amount", ["99.99", "100.01", "0"])
def test_paying_another_amount_departs_and_needs_a_reason(outcome: str, amount: str) -> None:
    found = on_dibao("eligible", "100.00", outcome, amount)
    assert (found.state, found.faults) == ("departed", [REASON])
    found = on_dibao("eligible", "100.00", outcome, amount, "现场核实")
    assert (found.state, found.faults) == ("departed", [])
    assert only(found)["reason"] == "现场核实"


@pytest.mark.parametrize("outcome", UNPAID)
def test_not_paying_who_is_eligible_departs_and_needs_a_reason(outcome: str) -> None:
    assert on_dibao("eligible", "100.00", outcome).faults == [REASON]
    found = on_dibao("eligible", "100.00", outcome, reason="已死亡")
    assert (found.state, found.faults, only(found)["amount"]) == ("departed", [], None)


@pytest.mark.parametrize("outcome", ["refused", "terminated"])
def test_ending_what_nobody_is_entitled_to_confirms(outcome: str) -> None:
    found = on_dibao("ineligible", None, outcome)
    assert (found.state, found.faults, only(found)["outcome"]) == ("confirmed", [], outcome)


@pytest.mark.parametrize("outcome", [*PAID, "suspended"])
def test_paying_or_suspending_what_nobody_is_entitled_to_departs(outcome: str) -> None:
    amount = None if outcome == "suspended" else "50.00"
    assert on_dibao("ineligible", None, outcome, amount).faults == [REASON]
    found = on_dibao("ineligible", None, outcome, amount, "特殊困难")
    assert (found.state, found.faults, only(found)["amount"]) == ("departed", [], amount)


@pytest.mark.parametrize("outcome", UNPAID)
@pytest.mark.parametrize("status", ["eligible", "ineligible", "refer", "undetermined"])
def test_an_amount_stands_with_no_outcome_that_pays_none(status: str, outcome: str) -> None:
    found = on_dibao(status, "100.00", outcome, "1.00", "说明")
    assert found.faults == [Fault("/outcomes/0/amount", "amount_not_paid")]


# what the engine left open


OPEN: Final[Figure] = ("50.00", "80.00")


@pytest.mark.parametrize(("amount", "state"), [("50.00", "confirmed"), ("65.50", "confirmed"), ("80.00", "confirmed")])
def test_an_amount_within_what_is_open_confirms(amount: str, state: str) -> None:
    found = on_dibao("eligible", OPEN, "granted", amount)
    assert (found.state, found.faults, only(found)["amount"]) == (state, [], amount)


@pytest.mark.parametrize("amount", ["49.99", "80.01"])
def test_an_amount_outside_what_is_open_departs(amount: str) -> None:
    found = on_dibao("eligible", OPEN, "granted", amount)
    assert (found.state, found.faults) == ("departed", [REASON])


def test_an_amount_without_an_upper_bound_is_open_upwards() -> None:
    assert on_dibao("eligible", ("50.00", None), "granted", "999999.00").state == "confirmed"
    assert on_dibao("eligible", ("50.00", None), "granted", "49.99").state == "departed"


@pytest.mark.parametrize("status", ["eligible", "refer", "undetermined"])
def test_an_open_amount_must_be_said_to_be_paid(status: str) -> None:
    found = on_dibao(status, OPEN, "granted", reason="说明")
    assert found.faults == [Fault("/outcomes/0/amount", "amount_needed")]


def test_an_open_amount_need_not_be_said_to_be_refused() -> None:
    assert on_dibao("refer", OPEN, "refused", reason="说明").faults == []


@pytest.mark.parametrize("outcome", [*PAID, *UNPAID])
@pytest.mark.parametrize(("status", "state"), [("refer", "confirmed"), ("undetermined", "departed")])
def test_deciding_what_was_open_needs_a_reason_and_departs_only_where_facts_were_missing(
    status: str, state: str, outcome: str
) -> None:
    amount = "60.00" if outcome in PAID else None
    assert on_dibao(status, OPEN, outcome, amount).faults == [REASON]
    found = on_dibao(status, OPEN, outcome, amount, "经研究")
    assert (found.state, found.faults) == (state, [])


# a status that pays nothing


def on_edge(amount: str | None) -> Settled:
    said = {"programme": "edge_family", "outcome": "granted", "amount": amount}
    return settled([result("eligible", programme="edge_family")], said)


def test_a_status_is_granted_without_an_amount() -> None:
    found = on_edge(None)
    assert (found.state, found.faults, only(found)["amount"]) == ("confirmed", [], None)


def test_an_amount_for_a_status_that_pays_none_departs() -> None:
    assert on_edge("5.00").faults == [Fault("/outcomes/0/amount", "amount_not_paid"), REASON]


@pytest.mark.parametrize("status", ["ineligible", "undetermined", "refer"])
def test_a_grant_that_nothing_recommends_needs_its_amount(status: str) -> None:
    found = on_dibao(status, None, "granted", reason="特殊困难")
    assert found.faults == [Fault("/outcomes/0/amount", "amount_needed")]


@pytest.mark.parametrize(("status", "departs"), [("ineligible", True), ("undetermined", True), ("refer", False)])
def test_a_grant_the_rules_do_not_recommend_departs_unless_they_refer_it(status: str, departs: bool) -> None:
    found = on_dibao(status, None, "granted", "90.00", "特殊困难")
    assert (only(found)["departs"], only(found)["unit"]) == (departs, "CNY/month")


def test_a_reason_alone_is_no_departure() -> None:
    found = on_dibao("eligible", "100.00", "granted", reason="入户核查属实")
    assert (found.state, only(found)["departs"]) == ("confirmed", False)


# results that are not named, or not there


@pytest.mark.parametrize(
    ("status", "figure", "decided"),
    [
        ("eligible", "100.00", ("granted", "100.00")),
        ("eligible", None, ("granted", None)),
        ("ineligible", None, ("refused", None)),
        ("eligible", OPEN, None),
        ("refer", "100.00", None),
        ("refer", OPEN, None),
        ("undetermined", None, None),
        ("not_applicable", None, None),
    ],
)
def test_a_result_not_named_is_decided_as_recommended_if_it_is_settled(
    status: str, figure: Figure, decided: tuple[str, str | None] | None
) -> None:
    found = settled([result(status, figure)])
    assert (found.state, found.faults) == ("confirmed", [])
    assert [(o["outcome"], o["amount"]) for o in found.outcomes] == ([decided] if decided else [])
    assert all(o["reason"] is None for o in found.outcomes)


def test_outcomes_stand_in_the_order_of_the_results() -> None:
    results = [
        result("eligible", "1.00"),
        result("ineligible", programme="edge_family"),
        result("eligible", "2.00", programme="old_age_allowance", person="p2"),
        result("eligible", "3.00", programme="old_age_allowance", person="p1"),
    ]
    found = settled(results, {"programme": "old_age_allowance", "person": "p1", "outcome": "granted"})
    assert [(o["programme"], o["person"], o["amount"]) for o in found.outcomes] == [
        ("dibao", None, "1.00"),
        ("edge_family", None, None),
        ("old_age_allowance", "p2", "2.00"),
        ("old_age_allowance", "p1", "3.00"),
    ]


@pytest.mark.parametrize(("programme", "person"), [("dibao", "p1"), ("edge_family", None)])
def test_a_result_that_is_not_there_cannot_be_decided(programme: str, person: str | None) -> None:
    found = settled(
        [result("eligible", "1.00")], {"programme": programme, "person": person, "outcome": "refused", "reason": "x"}
    )
    assert found.faults == [Fault("/outcomes/0", "unknown_result")]


def test_a_result_cannot_be_decided_twice_even_alike() -> None:
    said = {"programme": "dibao", "outcome": "granted"}
    found = settled([result("eligible", "1.00")], said, said, said)
    assert found.faults == [Fault("/outcomes/1", "decided_twice"), Fault("/outcomes/2", "decided_twice")]


def test_every_fault_is_found_at_once() -> None:
    results = [result("eligible", "1.00"), result("refer", OPEN, programme="temporary_assistance", unit="CNY/once")]
    found = settled(
        results,
        {"programme": "dibao", "outcome": "refused", "amount": "1.00"},
        {"programme": "temporary_assistance", "outcome": "granted"},
        {"programme": "low_income_family", "outcome": "granted"},
        {"programme": "dibao", "outcome": "granted"},
    )
    assert found.faults == [
        Fault("/outcomes/0/amount", "amount_not_paid"),
        Fault("/outcomes/0/reason", "reason_needed"),
        Fault("/outcomes/1/amount", "amount_needed"),
        Fault("/outcomes/1/reason", "reason_needed"),
        Fault("/outcomes/2", "unknown_result"),
        Fault("/outcomes/3", "decided_twice"),
    ]
