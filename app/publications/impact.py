"""The impact of a publication: standing decisions computed by the packs in force and by those that would be.

Both sides are computed for one day, on everything that will be known once it counts: the decision's own day, or the
first later one on which they come to different things. What the decision recorded does not matter here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, get_args
from uuid import UUID

from app.core.paging import Filter
from app.db.connection import Connection
from app.decisions import repository as decisions
from app.decisions import search_repository
from app.decisions.replay.differences import differences, money
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import compute, question_of
from app.publications import repository
from app.publications.schemas import Effect, EffectCounts, ImpactAnswer, Touched
from app.rules.engine.evaluate import RuleFailure
from app.rules.packs.library import UnknownDivision
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json

MOST: Final = 2000  # decisions that are looked at for one answer
MOST_DAYS: Final = 6
MOST_LISTED: Final = 100
_PAGE: Final = 200
EFFECTS: Final[tuple[Effect, ...]] = get_args(Effect)


@dataclass
class Impact:
    """The impact found so far. `before` is the decision at which the search stopped before the last; None at the end."""

    counts: Counter[Effect] = field(default_factory=Counter)
    gained: int = 0  # fen a month
    lost: int = 0
    touched: list[Touched] = field(default_factory=list)
    seen: int = 0
    total: int = 0
    before: UUID | None = None

    def answer(self) -> ImpactAnswer:
        """Shows the impact, with at most MOST_LISTED of the decisions it touches."""
        return ImpactAnswer(
            decisions=self.total,
            seen=self.seen,
            complete=self.before is None,
            next=str(self.before) if self.before else None,
            counts=EffectCounts(**{effect: self.counts[effect] for effect in EFFECTS}),
            gained_month=_signed(self.gained),
            lost_month=_signed(-self.lost),
            net_month=_signed(self.gained + self.lost),
            touched=self.touched[:MOST_LISTED],
            touched_in_all=len(self.touched),
        )


@dataclass(frozen=True)
class Sides:
    """The packs in force and those that would be, as far as will be known, and the days on which they differ."""

    standing: Rules
    candidate: Rules
    days: list[dt.date]
    known_at: dt.datetime


async def impact(
    connection: Connection, sides: Sides, filter_: Filter, before: UUID | None = None, most: int = MOST
) -> Impact:
    """Computes the impact on the latest standing decision of each household, the newest first, up to `most` decisions."""
    found = Impact(total=await search_repository.count(connection, filter_))
    households: set[str] = set()
    while found.seen < most:
        rows = await repository.decisions_before(connection, filter_, before, min(_PAGE, most - found.seen))
        states = await decisions.states(connection, [id_ for id_, _ in rows])
        standing: dict[UUID, DecisionState] = {}
        for id_, household in rows:
            before, found.seen = id_, found.seen + 1
            state = states.get(id_)
            if state is not None and state.stands and household not in households:
                standing[id_] = state
                households |= {household} if household is not None else set()
        await asyncio.to_thread(_count_all, found, standing, sides)
        if len(rows) < _PAGE and found.seen < most:
            return found
    found.before = before if await repository.decisions_before(connection, filter_, before, 1) else None
    return found


def _count_all(found: Impact, states: dict[UUID, DecisionState], sides: Sides) -> None:
    for id_, state in states.items():
        _count(found, id_, state, sides)


def _count(found: Impact, id_: UUID, state: DecisionState, sides: Sides) -> None:
    try:
        day, amounts, effect = _effect(state.decision, sides)
    except (FaultyRequest, UnknownDivision, RuleFailure):  # the facts no longer fit; one decision stops no others
        day, amounts, effect = None, [], "undetermined"
    found.counts[effect] += 1
    if effect == "unchanged":
        return
    found.gained += sum(fen for fen in amounts if fen > 0)
    found.lost += sum(fen for fen in amounts if fen < 0)
    month = _signed(sum(amounts)) if effect != "undetermined" else None
    found.touched.append(Touched(decision=str(id_), effect=effect, day=day.isoformat() if day else None, month=month))


def _effect(record: Json, sides: Sides) -> tuple[dt.date | None, list[int], Effect]:
    """Finds from which day a decision comes to something else, by how much a month, and to whose good."""
    date = dt.date.fromisoformat(record["date"])
    for day in [date, *(day for day in sides.days if day > date)][:MOST_DAYS]:
        before, after = (_results(rules, record, day, sides.known_at) for rules in (sides.standing, sides.candidate))
        changes = [one for one in differences(before, after) if _outcome(one.recorded) != _outcome(one.now)]
        if not changes:
            continue
        if any(one.fen is None for one in changes):
            return day, [one.fen for one in changes if one.fen and one.monthly], "undetermined"
        signs = {_sign(one.fen or 0) or _sign(_eligible(one.now) - _eligible(one.recorded)) for one in changes} - {0}
        monthly = [one.fen for one in changes if one.fen and one.monthly]
        effect: Effect = "mixed" if len(signs) > 1 else "gain" if 1 in signs else "loss" if signs else "unchanged"
        return day, monthly, effect
    return None, [], "unchanged"


def _results(rules: Rules, record: Json, day: dt.date, known_at: dt.datetime) -> Json:
    asked = record | {"date": day.isoformat(), "known_at": known_at.isoformat(), "recorded_at": known_at.isoformat()}
    return compute(rules, question_of(rules, asked)).results


def _outcome(side: Json | None) -> Any:
    """Reduces a result to its status and amount; from which month it is paid does not matter here."""
    if side is None or side["status"] == "not_applicable":
        return "not_applicable", None
    return side["status"], side["amount"]["figure"] if side["amount"] else None


def _eligible(side: Json | None) -> int:
    return int(side is not None and side["status"] == "eligible")


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _signed(fen: int) -> str:
    text = money(abs(fen)) or ""
    return f"-{text}" if fen < 0 else text
