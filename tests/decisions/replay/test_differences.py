"""Two computations side by side: what differs, what that makes in money, and what it is called."""

from __future__ import annotations

import pytest

from app.decisions.replay.differences import Difference, class_of, differences, money, paid
from app.rules.values.strict_json import Json
from tests.support.decisions.states import result


def between(recorded: list[Json], now: list[Json]) -> list[Difference]:
    return differences({"results": recorded}, {"results": now})


def one(recorded: Json | None, now: Json | None) -> Difference:
    (found,) = between([recorded] if recorded else [], [now] if now else [])
    return found


def named(found: list[Difference]) -> str:
    return class_of([difference.fen for difference in found])


def test_the_same_differs_nowhere() -> None:
    results = [result("eligible", "100.00"), result("undetermined", programme="edge_family")]
    assert between(results, results) == []
    assert named([]) == "same"


CHANGES = {
    "more": (result("eligible", "100.00"), result("eligible", "140.00"), 4000, "arrears"),
    "less": (result("eligible", "100.00"), result("eligible", "60.00"), -4000, "overpaid"),
    "refused, now eligible": (result("ineligible"), result("eligible", "60.00"), 6000, "arrears"),
    "eligible, now refused": (result("eligible", "60.00"), result("ineligible"), -6000, "overpaid"),
    "eligible, now no such programme": (result("eligible", "60.00"), result("not_applicable"), -6000, "overpaid"),
    "eligible, now not there": (result("eligible", "60.00"), None, -6000, "overpaid"),
    "not there, now eligible": (None, result("eligible", "60.00"), 6000, "arrears"),
    "an amount now open": (result("eligible", "60.00"), result("eligible", ("60.00", "70.00")), None, "other"),
    "an amount that was open": (result("eligible", ("60.00", None)), result("eligible", "60.00"), None, "other"),
    "now undetermined": (result("eligible", "60.00"), result("undetermined"), None, "other"),
    "was undetermined": (result("undetermined"), result("ineligible"), None, "other"),
    "now for an officer": (result("ineligible"), result("refer", "60.00"), None, "other"),
    "another month only": (
        result("eligible", "60.00"),
        result("eligible", "60.00", from_month="2026-10"),
        0,
        "same",
    ),
    "a status lost": (result("eligible"), result("ineligible"), 0, "same"),
}


@pytest.mark.parametrize(("recorded", "now", "fen", "name"), CHANGES.values(), ids=CHANGES)
def test_a_change_has_its_money_and_its_class(
    recorded: Json | None, now: Json | None, fen: int | None, name: str
) -> None:
    found = one(recorded, now)
    assert (found.fen, named([found])) == (fen, name)
    assert (found.recorded, found.now) == tuple(
        {"status": side["status"], "amount": side["amount"]} if side else None for side in (recorded, now)
    )


@pytest.mark.parametrize(
    ("amounts", "name"),
    [
        ([], "same"),
        ([0], "same"),
        ([100, 0], "arrears"),
        ([100, 1], "arrears"),
        ([0, -1], "overpaid"),
        ([100, -100], "other"),
        ([100, -1], "other"),
        ([None], "other"),
        ([100, None], "other"),
        ([0, None], "other"),
    ],
)
def test_differences_together_are_for_the_family_against_it_or_neither(amounts: list[int | None], name: str) -> None:
    assert class_of(amounts) == name


@pytest.mark.parametrize(("unit", "monthly"), [("CNY/month", True), ("CNY/once", False), ("CNY/year", False)])
@pytest.mark.parametrize("refused", ["before", "now", "neither"])
def test_only_what_is_paid_by_the_month_counts_by_the_month(unit: str, monthly: bool, refused: str) -> None:
    recorded = result("ineligible") if refused == "before" else result("eligible", "3000.00", unit=unit)
    now = result("ineligible") if refused == "now" else result("eligible", "5000.00", unit=unit)
    assert one(recorded, now).monthly is monthly


def test_results_are_matched_by_programme_and_person_in_the_order_they_decide() -> None:
    age: Json = {"programme": "old_age_allowance"}
    recorded = [result("eligible", "1.00"), result("eligible", "60.00", person="a", **age)]
    now = [result("eligible", "60.00", person="b", **age), result("eligible", "2.00")]
    found = between(recorded, now)
    assert [(d.key, d.fen) for d in found] == [
        (("dibao", None), 100),
        (("old_age_allowance", "a"), -6000),
        (("old_age_allowance", "b"), 6000),
    ]


def test_the_rule_named_is_the_first_line_that_differs_then_the_first_test() -> None:
    recorded = result("eligible", "100.00", lines={"a": "50.00", "b": "50.00"}, tests={"t": True, "u": True})
    now = result("eligible", "110.00", lines={"a": "50.00", "b": "60.00"}, tests={"t": True, "u": False, "v": True})
    found = one(recorded, now)
    assert found.rule == "b"
    assert found.rules == [
        {"rule": "b", "recorded": {"amount": "50.00"}, "now": {"amount": "60.00"}},
        {"rule": "u", "recorded": {"holds": True}, "now": {"holds": False}},
        {"rule": "v", "recorded": None, "now": {"holds": True}},
    ]


def test_where_no_line_or_test_differs_the_result_itself_is_named() -> None:
    found = one(result("refer"), result("ineligible"))
    assert (found.rule, found.rules) == ("dibao.eligible", [])


@pytest.mark.parametrize(
    ("paying", "fen"),
    [
        (None, 0),
        (result("ineligible"), 0),
        (result("not_applicable"), 0),
        (result("eligible"), 0),
        (result("eligible", "12.34"), 1234),
        (result("eligible", ("12.34", "20.00")), None),
        (result("undetermined"), None),
        (result("refer", "12.34"), None),
    ],
)
def test_a_result_pays_what_is_settled(paying: Json | None, fen: int | None) -> None:
    assert paid(paying) == fen


def test_money_is_written_to_the_fen_and_open_money_not_at_all() -> None:
    assert (money(-1234), money(0), money(None)) == ("-12.34", "0.00", None)
