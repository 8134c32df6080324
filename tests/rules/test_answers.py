"""The head of an answer, its total, and who is left out and why."""

from fractions import Fraction
from typing import Any

import pytest

from tests.rules.asking import ask, cases

MEMBER = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}


def _ask(jurisdiction: str, *others: dict[str, Any], **facts: Any) -> dict[str, Any]:
    household = {"residence": "urban", "members": [MEMBER, *others]} | facts
    return ask({"jurisdiction": jurisdiction, "date": "2022-08-15", "household": household}, "en")


def test_the_head_names_the_nearest_place_and_the_way_to_it() -> None:
    assert _ask("500154001000")["jurisdiction"] == {
        "code": "500154", "name": "Kaizhou", "fictional": False, "path": ["CN", "500000", "500154"],
    }  # fmt: skip
    assert _ask("999900")["jurisdiction"]["fictional"] is True


def _sum(results: list[dict[str, Any]], end: str) -> Fraction | None:
    amounts = [r["amount"] for r in results if r["status"] == "eligible" and r["amount"]]
    found = [amount[end] for amount in amounts if amount["unit"] == "CNY/month"]
    return None if None in found else sum((Fraction(text) for text in found), Fraction(0))


def test_the_total_is_the_sum_of_what_is_due_each_month_as_far_as_it_is_known() -> None:
    endless = 0
    for case in cases():
        answer = ask(case["request"])
        total, low, high = answer["total_month"], _sum(answer["results"], "min"), _sum(answer["results"], "max")
        endless += high is None
        assert Fraction(total["min"]) == low, case["name"]
        assert (None if total["max"] is None else Fraction(total["max"])) == high, case["name"]
        assert (total["value"] is None) is (low != high), case["name"]
    assert endless


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ({"relation": "child", "birth_date": "2002-01-01", "absence": "prison"}, "prison"),
        ({"relation": "other", "birth_date": "1980-01-01", "maintenance_duty": False}, "not_in_family"),
    ],
)
def test_whoever_is_not_counted_is_named_with_the_reason(member: dict[str, Any], reason: str) -> None:
    household = _ask("999900", {"id": "p2", "income": {}} | member)["household"]
    assert [(entry["person"], entry["reason"]) for entry in household["left_out"]] == [("p2", reason)]
    assert household["counted"] == ["p1"]
