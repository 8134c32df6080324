"""Reviews that are due: when the interval that the rules gave ends, and what the same facts come to now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from app.db.database import Database
from app.decisions.state import DecisionState
from app.monitoring.estimate import assessing_on, since_decided
from app.monitoring.filters import DueReviews
from app.monitoring.keys import of_review
from app.monitoring.review_dates import Interval, intervals
from app.monitoring.standing_decisions import head, page
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.verification import repository
from app.verification.findings.effects import shown_all


class Reviews:
    """Lists what is due; what becomes of it a person decides."""

    def __init__(self, database: Database, generations: RulesHistory, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.generations = generations
        self.now = now

    async def page(self, asked: DueReviews, after: UUID | None, size: int) -> tuple[list[Json], UUID | None]:
        """What is due on a day or before, and, if asked for, what nothing published gives an interval; each with what
        the same facts come to today."""
        now = self.now()
        today = china_day(now)

        def estimated(state: DecisionState) -> Json:
            changed = since_decided(state, assessing_on(self.generations, state.decision, today, now))
            return {"estimated_on": today.isoformat(), "effects": shown_all(changed)["effects"]}

        return await self._page(asked, after, size, estimated)

    async def due(self, asked: DueReviews, after: UUID | None, size: int) -> tuple[list[Json], UUID | None]:
        """The same without estimates."""
        return await self._page(asked, after, size, lambda _: {})

    async def _page(
        self, asked: DueReviews, after: UUID | None, size: int, more: Callable[[DecisionState], Json]
    ) -> tuple[list[Json], UUID | None]:
        today = china_day(self.now())

        def look(state: DecisionState) -> Json | None:
            found = intervals(state)
            due = min((one.day for one in found if one.day is not None), default=None)
            if not found or (due is None and not asked.undated) or (due is not None and due > asked.day):
                return None
            return head(state) | _due(found, due, today) | more(state)

        items, last = await page(self.database, asked.where, after, size, look)
        keys = [of_review(item["decision"], item["due"]) for item in items]
        async with self.database.connect() as connection:
            begun = await repository.begun_under(connection, keys)
        for item, key in zip(items, keys, strict=True):
            item["verification"] = str(begun[key]) if key in begun else None
        return items, last


def _due(found: list[Interval], due: dt.date | None, today: dt.date) -> Json:
    return {
        "due": due.isoformat() if due else None,
        "overdue_days": max((today - due).days, 0) if due else None,
        "intervals": [_interval(one) for one in found],
    }


def _interval(one: Interval) -> Json:
    return {
        "programme": one.programme,
        "person": one.person,
        "decided_for": one.decided_for.isoformat(),
        "review_months": one.months,
        "due": one.day.isoformat() if one.day else None,
    }
