"""Effects of changed facts on the results, as the engine computes them: never as anybody estimates them."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from app.decisions.replay.differences import differences
from app.rules.explain.codes import answer_codes
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.verification.findings.patch import changed

Assess = Callable[[Json], Json]


@dataclass(frozen=True)
class Effect:
    """One result that would be another: its status now and then, and by how much the amount differs in its unit.

    `fen` is None where either amount is not settled.
    """

    programme: str
    person: str | None
    status_now: str | None
    status: str | None
    fen: int | None

    @property
    def changes_status(self) -> bool:
        return self.status_now != self.status


def assessing(rules: Rules, body: Json, now: dt.datetime) -> Assess:
    """Assesses households under the place, day, knowledge and options of a body. What it raises, `question` raises."""

    def assess(household: Json) -> Json:
        asked = copy.deepcopy(body) | {"household": household}
        return answer_codes(rules.answer(rules.question(asked, now), "zh"))

    return assess


def effects(assess: Assess, household: Json, now: Json, values: Json) -> list[Effect] | None:
    """Effects of other values on the results; `now` are the results of the household as it is. None if no household can
    have these values, so that nothing can be computed."""
    try:
        then = assess(changed(household, values)) if values else now
    except FaultyRequest:
        return None
    return between(now, then)


def between(now: Json, then: Json) -> list[Effect]:
    """Differences between two results of one household: statuses that change first, then the largest amounts. The same
    amount paid from another month is no difference."""
    each = [
        Effect(one.programme, one.person, _status(one.recorded), _status(one.now), one.fen)
        for one in differences(now, then)
        if _said(one.recorded) != _said(one.now)
    ]
    found = [effect for effect in each if effect.changes_status or effect.fen != 0]
    return sorted(found, key=lambda effect: (not effect.changes_status, -abs(effect.fen or 0)))


def _said(result: Json | None) -> Json | None:
    """A result but for the month from which it is paid."""
    if result is None or result["amount"] is None:
        return result
    return result | {"amount": {name: value for name, value in result["amount"].items() if name != "from_month"}}


def _status(result: Json | None) -> str | None:
    return result["status"] if result else None
