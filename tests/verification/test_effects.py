"""What findings would change, and that none changes anything by itself."""

from __future__ import annotations

from typing import Any, Final

from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Item, Period, Report
from app.verification.findings.compare import findings
from app.verification.findings.settle import Resolution, settled
from app.verification.planning import chosen, to_ask
from app.verification.ranking import RankedFinding, ranked
from tests.support.verification.reports import DAY, HALF_YEAR, NOW, WEAK, assess, item, report

HOUSEHOLD: Final[Json] = EXAMPLE["household"]
CAR: Final = "/household/assets/vehicles"


def weigh(*reports: Report, household: Json = HOUSEHOLD, resolved: frozenset[int] = frozenset()) -> list[RankedFinding]:
    return ranked(findings(household, [(one, DAY) for one in reports]), resolved, household, assess())


def car(match: Any = WEAK) -> Item:
    return item("vehicles", 1, match)


def test_a_car_would_change_the_status() -> None:
    (one,) = weigh(report("vehicles", "p2", car()))
    assert one.effects is not None
    first = one.effects[0]
    assert (first.programme, first.status_now) == ("dibao", "eligible")
    assert first.status != "eligible"


def test_a_weak_name_match_with_a_car_never_changes_a_status_by_itself() -> None:
    found = findings(HOUSEHOLD, [(report("vehicles", "p2", car()), DAY)])
    household, provenance = settled(HOUSEHOLD, {}, found, [])
    assert (household, provenance) == (HOUSEHOLD, {})
    assert assess()(household) == assess()(HOUSEHOLD)


def test_an_exact_match_with_a_car_changes_nothing_by_itself_either() -> None:
    found = findings(HOUSEHOLD, [(report("vehicles", "p2", item("vehicles", 1)), DAY)])
    assert settled(HOUSEHOLD, {}, found, []) == (HOUSEHOLD, {})


def test_a_resolution_changes_it() -> None:
    found = findings(HOUSEHOLD, [(report("vehicles", "p2", car()), DAY)])
    accepted = Resolution(1, "accept_found", {CAR: 1}, "已核实", "行驶证", "staff-17", NOW)
    household, provenance = settled(HOUSEHOLD, {}, found, [accepted])
    assert household["assets"]["vehicles"] == 1
    assert provenance == {CAR: {"source": "settled", "on": "2026-11-20", "by": "staff-17", "evidence": "行驶证"}}
    assert assess()(household) != assess()(HOUSEHOLD)


def test_the_last_resolution_counts() -> None:
    found = findings(HOUSEHOLD, [(report("vehicles", "p2", car()), DAY)])
    accepted = Resolution(1, "accept_found", {CAR: 1}, "已核实", None, "staff-17", NOW)
    dismissed = Resolution(1, "dismiss", {}, "同名", None, "staff-18", NOW)
    assert settled(HOUSEHOLD, {}, found, [accepted, dismissed]) == (HOUSEHOLD, {})


def test_what_a_register_confirms_is_verified() -> None:
    found = findings(HOUSEHOLD, [(report("tax", "p1", item("wage", 960000, period=HALF_YEAR)), DAY)])
    household, provenance = settled(HOUSEHOLD, {}, found, [])
    assert household == HOUSEHOLD
    assert provenance == {"/household/members/0/income/wage": {"source": "verified", "by": "tax", "on": "2026-11-18"}}


def test_what_one_register_confirms_and_another_contests_is_not_verified() -> None:
    yes = report("social_insurance", "p1", item("employment", True))
    no = report("provident_fund", "p1", item("employment", False))
    _, provenance = settled(HOUSEHOLD, {}, findings(HOUSEHOLD, [(yes, DAY), (no, DAY)]), [])
    assert provenance == {}


def test_a_wage_changes_the_amount_to_the_fen() -> None:
    """1,600 a month becomes 1,700; of the 100 more, 80 count after the cost of working."""
    (one,) = weigh(report("tax", "p1", item("wage", 1020000, period=HALF_YEAR)))
    assert one.effects is not None
    assert [(e.programme, e.status, e.fen) for e in one.effects] == [("dibao", "eligible", -8000)]


def test_what_is_open_has_no_amount() -> None:
    (one,) = weigh(report("business", "p1", item("trade", True)))
    assert one.effects is not None
    assert one.effects[0].status == "undetermined"
    assert one.effects[0].fen is None


def test_what_cannot_be_computed_says_so() -> None:
    dead, unborn = weigh(report("deaths", "p2", item("death", DAY)), report("household", "p3", item("birth_date", DAY)))
    assert (dead.effects, unborn.effects) == (None, None)


def test_those_that_matter_come_first() -> None:
    found = weigh(
        report("property", "p1", item("dwellings", 1)),
        report("household", "p2", status="unmatched"),
        report("tax", "p1", item("wage", 1020000, period=HALF_YEAR)),
        report("deaths", "p2", item("death", DAY)),
        report("vehicles", "p2", car()),
    )
    assert [one.finding.source for one in found] == ["vehicles", "deaths", "tax", "household", "property"]


def test_what_is_resolved_comes_last() -> None:
    found = weigh(
        report("vehicles", "p2", car()),
        report("tax", "p1", item("wage", 1020000, period=HALF_YEAR)),
        resolved=frozenset({1}),
    )
    assert [one.finding.source for one in found] == ["tax", "vehicles"]


# whom to ask what


def test_only_registers_that_can_change_the_answer_are_asked() -> None:
    asked = to_ask(HOUSEHOLD, {}, assess())
    assert ("p1", "tax") in asked
    assert ("p1", "vehicles") in asked


def test_nothing_is_asked_of_money_where_no_money_could_help() -> None:
    rich = HOUSEHOLD | {"assets": {"vehicles": 2, "financial": "9000000.00", "dwellings": 5}}
    limited = assess(programmes=["dibao"])
    sources = {source for _, source in to_ask(rich, {}, limited)}
    assert "provident_fund" not in sources
    assert sources.isdisjoint({"banks", "securities", "vehicles"})


def test_what_was_verified_is_not_asked_again() -> None:
    provenance = {CAR: {"source": "verified"}, "/household/members/0/income": {"source": "settled"}}
    asked = to_ask(HOUSEHOLD, provenance, assess())
    assert all(source != "vehicles" for _, source in asked)
    assert all(not p.startswith("/household/members/0/income") for pointers in asked.values() for p in pointers)


def test_what_is_missing_is_asked() -> None:
    untold = {name: value for name, value in HOUSEHOLD.items() if name != "assets"}
    asked = to_ask(untold, {}, assess())
    assert asked["p1", "vehicles"] == (CAR,)


def test_a_person_may_choose_other_registers() -> None:
    assert chosen(HOUSEHOLD, ["p1"], ["property", "vehicles"]) == {
        ("p1", "property"): ("/household/assets/dwellings",),
        ("p1", "vehicles"): (CAR,),
    }


def test_what_a_register_confirms_over_other_months_stays_as_it_was_declared() -> None:
    """1600 a month, declared over six months and found over twelve."""
    year = report("tax", "p1", item("wage", 1920000, period=Period(first="2025-09", last="2026-08")))
    found = findings(HOUSEHOLD, [(year, DAY)])
    household, provenance = settled(HOUSEHOLD, {}, found, [])
    assert household == HOUSEHOLD
    assert provenance["/household/members/0/income/wage"]["source"] == "verified"


def test_what_several_members_have_together_is_confirmed_as_declared() -> None:
    """5000 and 3000 in two accounts are the 8000 that the household declared."""
    reports = [
        report("banks", "p1", item("financial_assets", 500000)),
        report("banks", "p2", item("financial_assets", 300000)),
    ]
    household, provenance = settled(HOUSEHOLD, {}, findings(HOUSEHOLD, [(one, DAY) for one in reports]), [])
    assert household["assets"]["financial"] == "8000.00"
    assert provenance["/household/assets/financial"]["source"] == "verified"


def test_where_the_rules_do_not_take_the_household_findings_stand_without_effects() -> None:
    def refuse(_: Json) -> Json:
        raise FaultyRequest([Fault("/options/parameters", "parameter_not_supplied_here")])

    found = findings(HOUSEHOLD, [(report("vehicles", "p2", car()), DAY)])
    (one,) = ranked(found, frozenset(), HOUSEHOLD, refuse)
    assert (one.effects, one.matters) == (None, True)
