"""Reduces an answer to codes and values for a record: without words, so that no later wording changes a digest."""

from __future__ import annotations

from typing import Final

from app.rules.values.strict_json import Json

_PROCEDURE: Final = ("authority", "pay_first", "deadline", "public_notice_days", "review_months")


def answer_codes(answer: Json) -> Json:
    """Returns the household, results and total of an answer (`explain: reasons`), without any text for people.

    A figure is its text where it is settled, else `{min, max}`; its unit follows from the rule. Articles follow from
    the ruleset.
    """
    household = answer["household"]
    return {
        "household": {
            "counted": household["counted"],
            "left_out": [{"person": out["person"], "reason": out["reason"]} for out in household["left_out"]],
            "open": household["open"],
            "income_month": _figure(household["income_month"]),
            "income_per_capita": _figure(household["income_per_capita"]),
        },
        "results": [_result(result) for result in answer["results"]],
        "total_month": _figure(answer["total_month"]),
    }


def _result(result: Json) -> Json:
    referrals = [referral["id"] for referral in result["referrals"]]
    codes = {
        "programme": result["programme"],
        "person": result["person"],
        "status": result["status"],
        "amount": _amount(result["amount"]),
        "lines": [{"rule": line["rule"], "amount": _figure(line["amount"])} for line in result["lines"]],
        "tests": [_test(test) for test in result["tests"]],
        "margin": _figure(result["margin"]),
        "missing": list(result["missing"]),
        "gaps": list(result["gaps"]),
        "assumptions": [{"kind": note["kind"], "id": note["id"]} for note in result["assumptions"]],
        "warnings": [warning["id"] for warning in result["warnings"]],
        "procedure": _procedure(result["procedure"]),
    }
    return codes | {"referrals": referrals} if referrals else codes  # records from before there were any have none


def _amount(amount: Json | None) -> Json | None:
    if amount is None:
        return None
    return {"figure": _figure(amount), "unit": amount["unit"], "from_month": amount["from_month"]}


def _test(test: Json) -> Json:
    shown: Json = {"rule": test["rule"], "holds": test["holds"]}
    if test["left"] is not None:
        shown |= {"left": _figure(test["left"]), "relation": test["relation"], "right": _figure(test["right"])}
    return shown


def _procedure(procedure: Json | None) -> Json | None:
    return None if procedure is None else {name: procedure[name] for name in _PROCEDURE}


def _figure(shown: Json | None) -> str | Json | None:
    if shown is None:
        return None
    value: str | None = shown["value"]
    return value if value is not None else {"min": shown["min"], "max": shown["max"]}
