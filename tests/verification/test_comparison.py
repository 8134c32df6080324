"""What registers found beside what was declared."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest

from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Match, Period, Report
from app.verification.findings.compare import Finding, findings
from app.verification.findings.patch import changed
from tests.support.verification.reports import DAY, HALF_YEAR, WEAK, item, report

HOUSEHOLD: Final[Json] = EXAMPLE["household"]
OBLIGOR: Final[Json] = {"id": "o1", "of": ["p1"], "relation": "father", "birth_date": "1955-03-02"}


def found(*reports: Report, household: Json = HOUSEHOLD, left_out: frozenset[int] = frozenset()) -> list[Finding]:
    return findings(household, [(one, DAY) for one in reports], left_out)


def one(*reports: Report, household: Json = HOUSEHOLD) -> Finding:
    (finding,) = found(*reports, household=household)
    return finding


def with_obligor(**facts: Any) -> Json:
    return HOUSEHOLD | {"obligors": [OBLIGOR | facts]}


def test_a_wage_over_the_same_months_agrees() -> None:
    finding = one(report("tax", "p1", item("wage", 960000, period=HALF_YEAR)))
    assert (finding.kind, finding.equal, finding.declared, finding.found) == ("agrees", True, "9600.00", "9600.00")
    assert finding.pointer == "/household/members/0/income/wage"


def test_figures_over_other_months_are_compared_by_the_month() -> None:
    year = Period(first="2025-08", last="2026-07")
    assert one(report("tax", "p1", item("wage", 1920000, period=year))).kind == "agrees"
    finding = one(report("tax", "p1", item("wage", 1920001, period=year)))
    assert finding.kind == "differs"
    assert finding.change is not None
    assert finding.change.values == {
        "/household/members/0/income/wage": "19200.01",
        "/household/members/0/income_periods/wage": 12,
    }


def test_a_wage_nobody_declared_is_undeclared() -> None:
    finding = one(report("tax", "p2", item("wage", 100, period=HALF_YEAR)))
    assert (finding.kind, finding.declared) == ("undeclared", "0.00")


def test_months_that_a_household_cannot_say_leave_the_figure_open() -> None:
    thirteen = Period(first="2025-07", last="2026-07")
    finding = one(report("tax", "p1", item("wage", 5, period=thirteen)))
    assert finding.change is not None
    assert not finding.change.definite


def test_taxes_are_taken_over_where_they_come_out_to_the_fen() -> None:
    exact = one(report("tax", "p1", item("tax_paid", 1200, period=Period(first="2025-08", last="2026-07"))))
    inexact = one(report("tax", "p1", item("tax_paid", 1201, period=Period(first="2025-08", last="2026-07"))))
    assert exact.change is not None
    assert inexact.change is not None
    assert exact.change.values == {"/household/members/0/outgoings/taxes": "6.00"}
    assert not inexact.change.definite
    assert exact.kind == "undeclared"


def test_what_all_members_own_adds_up() -> None:
    first, second = found(
        report("banks", "p1", item("financial_assets", 300000)),
        report("insurance", "p2", item("financial_assets", 500000)),
    )
    assert (first.kind, second.kind) == ("agrees", "agrees")
    assert second.found == "5000.00"


def test_deposits_of_one_report_add_up() -> None:
    finding = one(report("banks", "p1", item("financial_assets", 300000), item("financial_assets", 500001)))
    assert (finding.found, finding.kind) == ("8000.01", "differs")


def test_what_was_dismissed_adds_up_to_nothing() -> None:
    reports = [report("vehicles", "p1", item("vehicles", 1)), report("vehicles", "p2", item("vehicles", 1))]
    _, second = found(*reports, left_out=frozenset({1}))
    assert second.change is not None
    assert second.change.values == {"/household/assets/vehicles": 1}


def test_a_weak_entry_is_not_counted_with_others() -> None:
    _, second = found(
        report("vehicles", "p1", item("vehicles", 1, WEAK)), report("vehicles", "p2", item("vehicles", 1))
    )
    assert second.change is not None
    assert second.change.values == {"/household/assets/vehicles": 1}


def test_an_entry_equal_in_figures_confirms_nothing_while_it_is_weak() -> None:
    finding = one(report("property", "p1", item("dwellings", 1, WEAK)))
    assert (finding.kind, finding.match, finding.equal) == ("agrees", "weak", False)


def test_an_entry_that_matches_in_nothing_is_unmatched() -> None:
    nothing = Match(quality="none", on=())
    assert one(report("vehicles", "p1", item("vehicles", 1, nothing))).kind == "unmatched"


def test_a_register_that_knows_no_such_person_is_a_finding() -> None:
    finding = one(report("household", "p2", status="unmatched"))
    assert (finding.kind, finding.pointer, finding.change) == ("unmatched", "/household/members/1", None)


@pytest.mark.parametrize("status", ["no_record", "error"])
def test_no_record_and_no_answer_are_no_findings(status: str) -> None:
    assert found(report("banks", "p1", status=status)) == []


def test_the_whole_answer_supersedes_the_partial_one_and_numbers_stay() -> None:
    partial = report("banks", "p1", item("financial_assets", 300000), status="partial")
    whole = report("banks", "p1", item("financial_assets", 300000), item("financial_assets", 500000))
    assert [(f.n, f.superseded) for f in found(partial)] == [(1, False)]
    assert [(f.n, f.superseded, f.kind) for f in found(partial, whole)] == [(1, True, "differs"), (2, False, "agrees")]
    assert [(f.n, f.superseded) for f in found(whole, partial)] == [(1, False), (2, True)]


def test_nothing_said_of_assets_is_not_the_same_as_none() -> None:
    untold = {name: value for name, value in HOUSEHOLD.items() if name != "assets"}
    finding = one(report("vehicles", "p1", item("vehicles", 0)), household=untold)
    assert (finding.kind, finding.declared) == ("undeclared", None)
    assert finding.change is not None
    assets = changed(untold, finding.change.values)["assets"]
    assert assets == {"financial": None, "vehicles": 0, "dwellings": None, "company_interest": None}


def test_a_trader_without_declared_business_leaves_its_income_open() -> None:
    finding = one(report("business", "p1", item("trade", True)))
    assert finding.kind == "undeclared"
    assert finding.change is not None
    assert finding.change.values == {"/household/members/0/income/business": None}


def test_a_marriage_is_compared_with_the_family_that_is_declared() -> None:
    assert one(report("marriage", "p1", item("married", True))).kind == "agrees"
    assert one(report("marriage", "p3", item("married", True))).kind == "undeclared"
    assert one(report("marriage", "p2", item("married", False))).kind == "differs"


def test_a_death_is_a_finding_that_no_fact_can_express() -> None:
    finding = one(report("deaths", "p2", item("death", DAY)))
    assert (finding.kind, finding.change, finding.found) == ("differs", None, "2026-11-20")


def test_a_part_of_an_obligors_income_contradicts_only_more_than_all_of_it() -> None:
    wage = report("tax", "o1", item("wage", 600000, period=HALF_YEAR))
    assert one(wage, household=with_obligor(monthly_income="1000.00")).kind == "agrees"
    assert one(wage, household=with_obligor(monthly_income="999.99")).kind == "differs"
    assert one(wage, household=with_obligor()).kind == "undeclared"


def test_what_an_obligor_owns_is_not_the_households() -> None:
    finding = one(report("vehicles", "o1", item("vehicles", 1)), household=with_obligor(assets_within_limit=True))
    assert (finding.pointer, finding.kind) == ("/household/obligors/0/assets_within_limit", "undeclared")


def test_residence_and_birth_are_compared_as_they_are() -> None:
    residence, birth = found(
        report("household", "p1", item("registered_residence", "rural"), item("birth_date", DAY), query="q2")
    )
    assert (residence.kind, residence.declared, residence.found) == ("differs", "urban", "rural")
    assert (birth.kind, birth.declared, birth.found) == ("differs", "1984-03-02", "2026-11-20")


def test_a_household_is_never_changed_in_place() -> None:
    before = copy.deepcopy(HOUSEHOLD)
    changed(HOUSEHOLD, {"/household/members/0/income/wage": "1.00", "/household/assets/vehicles": 3})
    assert before == HOUSEHOLD
