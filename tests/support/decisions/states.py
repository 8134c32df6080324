"""Made-up results and decisions in the shape of records, as tests of what becomes of them want them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from app.core.ids import new_id
from app.decisions.state import DecisionState, Follower
from app.rules.values.strict_json import Json

Figure = str | tuple[str, str | None] | None
BEGIN: Final = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


def id_of(number: int) -> UUID:
    """Identifiers in the order of their numbers."""
    return new_id(BEGIN + dt.timedelta(seconds=number))


def amount(figure: Figure, unit: str = "CNY/month", from_month: str | None = "2026-09") -> Json | None:
    if figure is None:
        return None
    shown = figure if isinstance(figure, str) else {"min": figure[0], "max": figure[1]}
    return {"figure": shown, "unit": unit, "from_month": from_month if unit == "CNY/month" else None}


def result(
    status: str,
    figure: Figure = None,
    *,
    programme: str = "dibao",
    person: str | None = None,
    unit: str = "CNY/month",
    from_month: str | None = "2026-09",
    lines: Json | None = None,
    tests: Json | None = None,
) -> Json:
    """A result as a record keeps it."""
    return {
        "programme": programme,
        "person": person,
        "status": status,
        "amount": amount(figure, unit, from_month),
        "lines": [{"rule": rule, "amount": said} for rule, said in (lines or {}).items()],
        "tests": [{"rule": rule, "holds": holds} for rule, holds in (tests or {}).items()],
    }


def decision(*results: Json, date: str = "2026-08-15", **more: Any) -> Json:
    head = {"id": str(id_of(0)), "kind": "decision", "date": date, "decision_kind": "initial"}
    asked = {"corrects": None, "succeeds": None, "facts": {"programmes": None}}
    return head | asked | {"results": {"results": list(results)}} | more


def outcome(said: str, figure: str | None = None, reason: str | None = None, **more: Any) -> Json:
    """What an officer decided on a result, as a record keeps it; with a reason it departs."""
    unit = None if figure is None else "CNY/month"
    decided = {"outcome": said, "amount": figure, "unit": unit, "reason": reason, "departs": reason is not None}
    return {"programme": "dibao", "person": None} | decided | more


def confirmation(*outcomes: Json, state: str = "confirmed", at: str = "2026-08-15T01:00:00Z") -> Json:
    return {"kind": "confirmation", "state": state, "outcomes": list(outcomes), "recorded_at": at}


def state_of(made: Json, *records: Json, followers: tuple[Follower, ...] = ()) -> DecisionState:
    return DecisionState(made, bytes(32), list(records), list(followers))
