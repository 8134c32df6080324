"""What registers found beside what was declared."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from dataclasses import replace
from typing import Any, Final

import pytest

from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Item, Match, Period, Report
from app.verification.findings.compare import Finding, findings
from app.verification.findings.patch import changed
from app.verification.findings.settle import settled
from app.verification.findings.times import Times, standing
from app.verification.registers.sources import shipped
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
    assert {name: value for name, value in assets.items() if value is not None} == {"vehicles": 0}
    assert {"financial", "dwellings", "company_interest"} <= assets.keys()


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


# months


def month(number: int) -> Period:
    """A month of 2026."""
    return Period(first=f"2026-{number:02d}", last=f"2026-{number:02d}")


def monthly(fact: str, *fen: int, first: int = 2) -> list[Item]:
    """An entry for each month of 2026 from one on."""
    return [item(fact, value, period=month(first + n)) for n, value in enumerate(fen)]


AUGUST: Final = Times(dt.date(2026, 8, 15), DAY, DAY)
DECLARED_1800: Final = changed(HOUSEHOLD, {"/household/members/0/income/wage": "1800.00"})
VARYING: Final = (20000, 40000, 30000, 30000, 25000, 35000)
WAGE: Final = "/household/members/0/income/wage"


def timed(*reports: Report, household: Json = DECLARED_1800, times: Times = AUGUST, **more: Any) -> list[Finding]:
    return findings(household, [(one, DAY) for one in reports], times=times, **more)


def settled_by(found: list[Finding], household: Json = DECLARED_1800) -> Json:
    """The provenance that findings alone give."""
    return settled(household, {}, found, [])[1]


def test_entries_month_by_month_are_compared_in_total_and_listed() -> None:
    (finding,) = timed(report("tax", "p1", *monthly("wage", *VARYING)))
    assert (finding.kind, finding.found, finding.period) == ("agrees", "1800.00", HALF_YEAR)
    assert [one.value for one in finding.entries] == list(VARYING)
    assert finding.change is not None
    assert finding.change.values == {WAGE: "1800.00", "/household/members/0/income_periods/wage": 6}
    assert settled_by([finding])[WAGE]["source"] == "verified"


def test_entries_that_come_to_something_else_are_taken_over_in_total() -> None:
    (finding,) = timed(report("tax", "p1", *monthly("wage", *VARYING[:-1], 35001)))
    assert finding.kind == "differs"
    assert finding.change is not None
    assert finding.change.values == {WAGE: "1800.01", "/household/members/0/income_periods/wage": 6}


@pytest.mark.parametrize("cuts", [(), (1,), (2, 4), (1, 2, 3, 4, 5)])
def test_however_a_register_cuts_the_same_months_it_says_the_same(cuts: tuple[int, ...]) -> None:
    edges = [0, *cuts, 6]
    items = [
        item("wage", sum(VARYING[a:b]), period=Period(first=f"2026-{2 + a:02d}", last=f"2026-{1 + b:02d}"))
        for a, b in itertools.pairwise(edges)
    ]
    (finding,) = timed(report("tax", "p1", *items))
    assert (finding.kind, finding.equal, finding.found, finding.period) == ("agrees", True, "1800.00", HALF_YEAR)


def test_months_of_which_the_register_says_nothing_may_be_months_without_anything() -> None:
    """The work ended in May: 1800 in four of the six months are the 1800 that were declared, and not 450 a month."""
    (finding,) = timed(report("tax", "p1", *monthly("wage", 45000, 45000, 45000, 45000)))
    assert (finding.kind, finding.equal) == ("agrees", True)
    (finding,) = timed(report("tax", "p1", *monthly("wage", 40000, 45000, 45000, 45000)))
    assert finding.kind == "differs"
    assert finding.change is not None
    assert not finding.change.definite


def test_a_part_of_the_declared_months_agrees_by_the_month_and_confirms_nothing() -> None:
    (finding,) = timed(report("tax", "p1", *monthly("wage", 30000, 30000)))
    assert (finding.kind, finding.equal) == ("agrees", False)


def test_a_total_and_its_months_are_not_counted_twice() -> None:
    year = item("wage", 180000, period=HALF_YEAR)
    found = timed(report("tax", "p1", year, *monthly("wage", *VARYING)))
    assert [(one.n, one.kind, one.found) for one in found] == [(1, "agrees", "1800.00"), (2, "agrees", "1800.00")]


def test_periods_that_cross_leave_the_figure_to_a_person() -> None:
    spring, summer = Period(first="2026-02", last="2026-05"), Period(first="2026-04", last="2026-07")
    (finding,) = timed(report("tax", "p1", item("wage", 90000, period=spring), item("wage", 90000, period=summer)))
    assert (finding.kind, finding.equal, finding.found) == ("agrees", False, "1800.00")
    assert finding.change is not None
    assert not finding.change.definite


def test_an_obligors_months_and_kinds_of_income_are_compared_in_total() -> None:
    household = with_obligor(monthly_income="1000.00")
    uneven = report("tax", "o1", *monthly("wage", 90000, 110000))
    assert [one.kind for one in timed(uneven, household=household)] == ["agrees"]
    pension = report("social_insurance", "o1", item("pension", 60000, period=month(7)))
    wage = report("tax", "o1", item("wage", 60000, period=month(7)))
    assert [one.kind for one in timed(pension, wage, household=household)] == ["differs", "differs"]


def test_parts_of_one_income_in_several_registers_are_compared_together() -> None:
    pointer = "/household/members/0/income/property"
    household = changed(HOUSEHOLD, {pointer: "600.00"})
    banks = report("banks", "p1", item("property_income", 20000, period=HALF_YEAR))
    funds = report("securities", "p1", item("property_income", 40000, period=HALF_YEAR))
    both = timed(banks, funds, household=household)
    assert [(one.kind, one.equal) for one in both] == [("agrees", True)] * 2
    more = timed(banks, funds, household=changed(HOUSEHOLD, {pointer: "0.00"}))
    assert [(one.kind, one.change and one.change.definite) for one in more] == [("undeclared", False)] * 2


def test_numbers_stay_and_what_was_resolved_month_by_month_stays_apart() -> None:
    tax = report("tax", "p1", *monthly("wage", *VARYING), item("tax_paid", 100, period=HALF_YEAR))
    assert [one.n for one in timed(tax)] == [1, 7]
    assert [one.n for one in timed(tax, resolved=frozenset({1, 7}))] == [1, 7]
    assert [one.n for one in timed(tax, resolved=frozenset({3}))] == [1, 2, 3, 4, 5, 6, 7]


# of another time


@pytest.mark.parametrize("first", ["2015-02", "2025-01", "2027-02"])
def test_months_that_do_not_bear_on_the_case_say_nothing_of_it(first: str) -> None:
    period = Period(first=first, last=f"{first[:4]}-{int(first[5:]) + 5:02d}")
    for fen in (180000, 999):
        (finding,) = timed(report("tax", "p1", item("wage", fen, period=period)))
        assert (finding.kind, finding.equal, finding.change) == ("other_time", False, None)
        assert settled_by([finding]) == {}


def test_months_of_other_times_are_not_added_to_those_that_bear() -> None:
    history = [item("wage", 500000, period=Period(first="2015-02", last="2015-02"))]
    then, now = timed(report("tax", "p1", *history, *monthly("wage", *VARYING)))
    assert (then.kind, now.kind, now.found) == ("other_time", "agrees", "1800.00")


def test_what_came_since_bears_on_a_review() -> None:
    (finding,) = timed(report("tax", "p1", *monthly("wage", 200000, 200000, first=9)))
    assert finding.kind == "differs"
    assert finding.change is not None
    assert finding.change.values == {WAGE: "4000.00", "/household/members/0/income_periods/wage": 2}


def test_what_a_register_says_of_now_confirms_nothing_of_long_ago() -> None:
    """A case of 2015, asked about in 2026: what agrees is not verified, and what differs still is shown."""
    long_ago = Times(dt.date(2015, 8, 15), DAY, DAY)
    (finding,) = timed(report("tax", "p1", *monthly("wage", *VARYING)), times=long_ago)
    assert (finding.kind, finding.equal) == ("agrees", False)
    assert settled_by([finding]) == {}
    (finding,) = timed(report("tax", "p1", *monthly("wage", 200000)), times=long_ago)
    assert finding.kind == "differs"
    (vehicle,) = timed(report("vehicles", "p1", item("vehicles", 0)), times=long_ago)
    assert not vehicle.equal


@pytest.mark.parametrize("as_of", [dt.date(2026, 8, 1), dt.date(2015, 1, 1)])
@pytest.mark.parametrize("fact", [name for name, one in shipped().facts.items() if one.over == "day"])
def test_a_report_that_is_expired_or_of_another_time_confirms_nothing(fact: str, as_of: dt.date) -> None:
    """Of every fact that holds on a day, as it was declared."""
    declared: dict[str, Any] = {
        "registered_residence": "urban", "birth_date": dt.date(1984, 3, 2), "employment": True, "dwellings": 1,
        "vehicles": 0, "financial_assets": 800000, "company_interest": False, "trade": False, "married": True,
        "death": DAY,
    }  # fmt: skip
    source = next(id_ for id_, one in shipped().sources.items() if fact in one.facts)
    said = report(source, "p1", item(fact, declared[fact]))
    times = replace(AUGUST, valid_for=3)
    fresh = settled_by(timed(said, household=HOUSEHOLD, times=times), HOUSEHOLD)
    assert bool(fresh) == (fact not in ("trade", "married", "death"))
    found = timed(said.model_copy(update={"as_of": as_of}), household=HOUSEHOLD, times=times)
    assert [one.expired for one in found] == [True] * len(found)
    assert settled_by(found, HOUSEHOLD) == {}
    unpublished = timed(said.model_copy(update={"as_of": as_of}), household=HOUSEHOLD)
    assert bool(settled_by(unpublished, HOUSEHOLD)) == (bool(fresh) and as_of.year == 2026)


def test_of_what_adds_up_each_part_must_stand() -> None:
    old = report("banks", "p1", item("financial_assets", 300000)).model_copy(update={"as_of": dt.date(2026, 6, 1)})
    new = report("banks", "p2", item("financial_assets", 500000))
    found = timed(old, new, household=HOUSEHOLD, times=replace(AUGUST, valid_for=3))
    assert [(one.kind, one.equal) for one in found] == [("agrees", False)] * 2


def test_what_was_verified_long_ago_is_not_verified_any_more() -> None:
    said = {WAGE: {"source": "verified", "on": "2026-08-01"}, "/household/assets": {"source": "settled"}}
    assert standing(said, 3, DAY) == {"/household/assets": {"source": "settled"}}
    assert standing(said, 4, DAY) == standing(said, None, DAY) == said
