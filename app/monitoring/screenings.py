"""Finds people likely eligible for what they do not get: every programme, on the facts on record, by the rules of now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from app.db.database import Database
from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState, Key
from app.monitoring.estimate import assessed, assessing_on
from app.monitoring.filters import Screened
from app.monitoring.schemas import LikelyEligible, Screening
from app.monitoring.standing_decisions import head, page
from app.monitoring.words import Words
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Screenings:
    """Finds people for a policy (政策找人). A finding is a reason to call on a family, not an application."""

    database: Database
    generations: RulesHistory
    now: Callable[[], dt.datetime]

    async def page(
        self, asked: Screened, after: UUID | None, size: int, language: Language
    ) -> tuple[list[Screening], UUID | None]:
        """Decided households in which somebody would be eligible on the day asked for, and was not granted it."""
        now, words = self.now(), Words(self.generations, language)

        def look(state: DecisionState) -> Screening | None:
            assess = assessing_on(self.generations, state.decision, asked.day, now, programmes=None)
            results = assessed(state.decision["facts"]["household"], assess)
            found = [
                one
                for one in _likely(state, results["results"] if results else (), words)
                if asked.programme in (None, one.programme)
            ]
            return Screening(**head(state), on=asked.day.isoformat(), likely=found) if found else None

        return await page(self.database, asked.where, after, size, look)


def _likely(state: DecisionState, results: Iterable[Json], words: Words) -> Iterator[LikelyEligible]:
    """Results that are eligible and not granted. One that an officer refused against the rules stays refused."""
    was = _standing(state)
    for result in results:
        key = result["programme"], result["person"]
        before = was.get(key, "not_asked")
        if result["status"] == "eligible" and before not in ("granted", "refused_by_officer"):
            amount = result["amount"]
            yield LikelyEligible(
                programme=key[0],
                title=words.programme(key[0]),
                person=key[1],
                before=before,
                before_title=words.before(before),
                amount=amount["figure"] if amount else None,
                unit=amount["unit"] if amount else None,
                gaps=result["gaps"],
            )


def _standing(state: DecisionState) -> dict[Key, str]:
    """Tells what became of each result so far: granted, refused, refused by an officer against the rules, or undecided."""
    found = _standing(state.predecessor) if state.predecessor else {}
    recommended = {(one["programme"], one["person"]): one["status"] for one in state.decision["results"]["results"]}
    if state.confirmation is not None:
        found = {key: word for key, word in found.items() if state.leaves(key)}
        for outcome in state.confirmation["outcomes"]:
            key = outcome["programme"], outcome["person"]
            if outcome["outcome"] in PAYING:
                found[key] = "granted"
            else:
                found[key] = "refused_by_officer" if recommended[key] == "eligible" else "refused"
    return dict.fromkeys(state.undecided, "undecided") | found
