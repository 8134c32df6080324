"""The head of an answer, its total, and the people left out with the reason."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.packs.strict_yaml import YamlFile
from app.rules.service import Rules
from tests.support.rules import NOW, ask, cases

MEMBER = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}


def _ask(jurisdiction: str, *others: dict[str, Any], **facts: Any) -> dict[str, Any]:
    household = {"residence": "urban", "members": [MEMBER, *others]} | facts
    return ask({"jurisdiction": jurisdiction, "date": "2022-08-15", "household": household}, "en")


def test_the_head_names_the_nearest_place_and_the_way_to_it() -> None:
    assert _ask("500154001000")["jurisdiction"] == {
        "code": "500154", "name": "Kaizhou", "fictional": False, "path": ["CN", "500000", "500154"],
    }  # fmt: skip
    assert _ask("999900")["jurisdiction"]["fictional"] is True


def test_a_place_without_a_name_goes_by_its_code() -> None:
    codes = ["CN", "430000", "430500", "430521"]
    packs = {
        code: Pack(code, [YamlFile(f"{code}/pack.yaml", f'division: "{code}"\nparent: "{parent}"\n')])
        for parent, code in pairwise(codes)
    }
    library = Library({"CN": Pack.load(CONTENT / "CN"), **packs})
    household = {"residence": "urban", "members": [MEMBER]}
    request = {"jurisdiction": "430521", "date": "2022-08-15", "household": household}
    head = Rules(library).assess(request, "en", NOW)["jurisdiction"]
    assert (head["name"], head["path"]) == ("430521", codes)


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


@pytest.mark.parametrize(
    ("name", "reason", "rule"),
    [
        ("kaizhou-2020-soldier-left-out", "military_service", "family.away_from_family"),
        ("kaizhou-2021-07-01-detox-left-out", "compulsory_detox", "family.no_result"),
        ("kaizhou-extreme-poverty", "extreme_poverty_support", "counted"),
    ],
)
def test_whoever_is_left_out_is_so_by_the_rule_of_the_reason(name: str, reason: str, rule: str) -> None:
    case = next(case for case in cases() if case["name"] == name)
    answer = ask(case["request"], "en", explain="full")
    basis = next(entry["basis"] for entry in answer["rules"] if entry["rule"] == rule)
    left_out = [entry for entry in answer["household"]["left_out"] if entry["reason"] == reason]
    assert left_out
    assert all(entry["basis"] == basis for entry in left_out)


def test_a_full_answer_shows_conditions_as_they_are_open_ones_as_null_and_numbers_with_their_bounds() -> None:
    household = {"residence": "urban", "members": [MEMBER]}
    answer = ask({"jurisdiction": "999900", "date": "2026-08-15", "household": household}, "en", explain="full")
    shown = {(entry["rule"], entry["person"]): entry["value"] for entry in answer["rules"]}
    assert shown["dibao.income_test", None] is True
    assert shown["income.regular", "p1"] == {"value": "0.00", "min": "0.00", "max": "0.00", "unit": "CNY/month"}
    assert shown["disability.severe", "p1"] is False
    assert shown["dibao.vehicles_test", None] is None
    assert shown["household.size", None] == {"value": "1", "min": "1", "max": "1", "unit": "count"}
    assert shown["dibao.per_head", None]["value"] is None
    assert not [rule for rule, _ in shown if rule.startswith("obligor")]
