"""What a decided decision pays each month: what the officer decided, nothing else."""

from __future__ import annotations

import pytest

from app.decisions.grants import Grant, grants, start_of
from tests.support.decisions.states import confirmation, decision, outcome, result

DIBAO = decision(result("eligible", "100.00"))


@pytest.mark.parametrize("said", ["granted", "increased", "reduced"])
def test_what_the_officer_grants_is_paid_from_the_month_of_the_result(said: str) -> None:
    assert grants(DIBAO, confirmation(outcome(said, "90.00"))) == [Grant("dibao", None, 9000, "2026-09")]


@pytest.mark.parametrize("said", ["refused", "suspended", "terminated"])
def test_what_the_officer_refuses_is_not_paid(said: str) -> None:
    assert grants(DIBAO, confirmation(outcome(said))) == []


def test_what_the_officer_left_undecided_is_not_paid() -> None:
    assert grants(DIBAO, confirmation()) == []


@pytest.mark.parametrize("departs", [True, False])
def test_a_departure_is_said_by_the_record_and_not_by_a_reason(departs: bool) -> None:
    (grant,) = grants(DIBAO, confirmation(outcome("granted", "120.00", "特殊困难", departs=departs)))
    assert (grant.fen, grant.departed) == (12000, departs)


@pytest.mark.parametrize("unit", ["CNY/once", "CNY/year"])
def test_what_is_paid_once_or_by_the_year_is_no_monthly_grant(unit: str) -> None:
    made = decision(result("eligible", "3000.00", unit=unit))
    assert grants(made, confirmation(outcome("granted", "3000.00", unit=unit))) == []


def test_a_status_without_cash_is_no_grant() -> None:
    made = decision(result("eligible", programme="edge_family"))
    assert grants(made, confirmation(outcome("granted", programme="edge_family"))) == []


def test_a_grant_against_the_recommendation_begins_with_the_decision() -> None:
    made = decision(result("ineligible"), date="2026-12-31")
    (grant,) = grants(made, confirmation(outcome("granted", "50.00", "说明")))
    assert grant.first == "2027-01"


def test_each_person_has_a_grant_of_his_own() -> None:
    made = decision(
        *(result("eligible", "60.00", programme="old_age_allowance", person=person) for person in ("p1", "p2"))
    )
    said = [outcome("granted", "60.00", programme="old_age_allowance", person=person) for person in ("p2", "p1")]
    assert [grant.person for grant in grants(made, confirmation(*said))] == ["p2", "p1"]


def test_a_decision_speaks_from_its_first_payment() -> None:
    made = decision(
        result("eligible", "100.00"),
        result("eligible", "110.00", programme="disability_care_subsidy", person="p1", from_month="2026-08"),
    )
    assert start_of(made) == "2026-08"


@pytest.mark.parametrize(("date", "month"), [("2026-08-01", "2026-09"), ("2026-12-31", "2027-01")])
def test_a_decision_that_pays_nothing_speaks_from_the_month_after_its_day(date: str, month: str) -> None:
    assert start_of(decision(result("ineligible"), date=date)) == month
    assert start_of(decision(result("eligible", "1.00", unit="CNY/once"), date=date)) == month
