"""Reviews that are due: when the interval that the rules gave ends, and what the same facts come to now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.db.database import Database
from app.decisions.state import DecisionState
from app.monitoring.estimate import assessing_on, since_decided
from app.monitoring.filters import DueReviews
from app.monitoring.repository import of_review
from app.monitoring.review_dates import Interval, intervals
from app.monitoring.schemas import Review, ReviewInterval
from app.monitoring.standing_decisions import head, page
from app.monitoring.words import Words
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.verification.findings.effects import Effect
from app.verification.repository import begun_under


@dataclass(frozen=True)
class DueReview:
    """A decided household whose review is due, by the earliest of its intervals; None where none is published."""

    state: DecisionState
    intervals: list[Interval]
    due: dt.date | None

    @property
    def key(self) -> str:
        """The key of the verification that the service begins for it."""
        return of_review(self.state.decision["id"], self.due)


@dataclass(frozen=True)
class Reviews:
    """Lists what is due; what becomes of it a person decides."""

    database: Database
    generations: RulesHistory
    now: Callable[[], dt.datetime]

    async def page(
        self, asked: DueReviews, after: UUID | None, size: int, language: Language
    ) -> tuple[list[Review], UUID | None]:
        """Reviews due on a day or before, and, if asked for, those without a published interval; each with what
        the same facts come to today."""
        now = self.now()
        today = china_day(now)

        def look(state: DecisionState) -> tuple[DueReview, list[Effect] | None] | None:
            review = _due(state, asked)
            if review is None:
                return None
            return review, since_decided(state, assessing_on(self.generations, state.decision, today, now))

        found, last = await page(self.database, asked.where, after, size, look)
        async with self.database.connect() as connection:
            begun = await begun_under(connection, [review.key for review, _ in found])
        words = Words(self.generations, language)
        return [_review(review, today, begun.get(review.key), effects, words) for review, effects in found], last

    async def due(self, asked: DueReviews, after: UUID | None, size: int) -> tuple[list[DueReview], UUID | None]:
        """The same without estimates."""
        return await page(self.database, asked.where, after, size, lambda state: _due(state, asked))


def _due(state: DecisionState, asked: DueReviews) -> DueReview | None:
    found = intervals(state)
    due = min((one.day for one in found if one.day is not None), default=None)
    if not found or (due is None and not asked.undated) or (due is not None and due > asked.day):
        return None
    return DueReview(state, found, due)


def _review(
    one: DueReview, today: dt.date, verification: UUID | None, effects: list[Effect] | None, words: Words
) -> Review:
    return Review(
        **head(one.state),
        due=one.due.isoformat() if one.due else None,
        overdue_days=max((today - one.due).days, 0) if one.due else None,
        intervals=[_interval(interval, words) for interval in one.intervals],
        verification=str(verification) if verification else None,
        estimated_on=today.isoformat(),
        effects=words.effects(effects),
    )


def _interval(one: Interval, words: Words) -> ReviewInterval:
    return ReviewInterval(
        programme=one.programme,
        title=words.programme(one.programme),
        person=one.person,
        decided_for=one.decided_for.isoformat(),
        review_months=one.months,
        due=one.day.isoformat() if one.day else None,
    )
