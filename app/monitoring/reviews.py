"""Reviews that are due: when the interval that the rules gave ends, and what the same facts come to now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.decisions.state import DecisionState
from app.monitoring.current import head, page
from app.monitoring.due import Interval, intervals
from app.monitoring.estimating import assessing_on, since_decided
from app.monitoring.filters import Listed
from app.monitoring.keys import of_review
from app.rules.generations import Generations
from app.rules.requests import SHANGHAI
from app.verification import stored
from app.verification.effects import shown

Json = dict[str, Any]


class Reviews:
    """Lists what is due; what becomes of it a person decides."""

    def __init__(self, database: Database, generations: Generations, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.generations = generations
        self.now = now

    async def page(self, asked: Listed, after: UUID | None, size: int) -> tuple[list[Json], UUID | None]:
        """What is due on a day or before, and, if asked for, what nothing published gives an interval."""
        now = self.now()

        def look(state: DecisionState) -> Json | None:
            found = intervals(state)
            days = [one.day for one in found if one.day is not None]
            due = min(days, default=None)
            if not found or (due is None and not asked.undated) or (due is not None and due > asked.day):
                return None
            return self._item(state, found, due, now)

        items, last = await page(self.database, asked.where, after, size, look)
        async with self.database.connect() as connection:
            for item in items:
                begun = await stored.by_key(connection, of_review(item["decision"], item["due"]))
                item["verification"] = str(begun[0]) if begun else None
        return items, last

    def _item(self, state: DecisionState, found: list[Interval], due: dt.date | None, now: dt.datetime) -> Json:
        today = now.astimezone(SHANGHAI).date()
        changed = since_decided(state, assessing_on(self.generations, state.decision, today, now))
        return head(state) | {
            "due": due.isoformat() if due else None,
            "overdue_days": max((today - due).days, 0) if due else None,
            "intervals": [_interval(one) for one in found],
            "estimated_on": today.isoformat(),
            "effects": None if changed is None else [shown(effect) for effect in changed],
        }


def _interval(one: Interval) -> Json:
    return {
        "programme": one.programme,
        "person": one.person,
        "decided_for": one.decided_for.isoformat(),
        "review_months": one.months,
        "due": one.day.isoformat() if one.day else None,
    }
