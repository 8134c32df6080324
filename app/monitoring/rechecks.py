"""Re-checks that the service begins by itself: of reviews that are due and of events, where a platform can be asked.

It begins a verification, once for each reason; what is found is for a person. Where nobody consented in advance the
verification waits for consent, and that is what the list of reviews then shows.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final
from uuid import UUID

from app.core.background import Background
from app.core.errors import DatabaseAway, UnknownDecision
from app.core.paging import Filter
from app.db.database import Database
from app.decisions import repository as decisions_repository
from app.monitoring import repository
from app.monitoring.events import kinds
from app.monitoring.filters import DueReviews
from app.monitoring.repository import of_alert
from app.monitoring.reviews import DueReview, Reviews
from app.monitoring.standing_decisions import PART
from app.rules.facts.request import china_day
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.security.callers import COUNTRY, Caller
from app.verification.repository import begun_under
from app.verification.service import Verifications

log: Final = logging.getLogger("doudi.monitoring")

SERVICE: Final = Caller("doudi", frozenset({"system"}), (COUNTRY,))
_FIRST: Final = 60.0  # seconds: what is asked for at the start goes first
_EVERY: Final = 3600.0


class Rechecks:
    """Looks for what is to be checked again, every hour. Several processes may: each verification is begun once."""

    def __init__(
        self,
        database: Database,
        verifications: Verifications,
        reviews: Reviews,
        served: Callable[[str], bool],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`served` says whether a place has a platform."""
        self.database = database
        self.verifications = verifications
        self.reviews = reviews
        self.served = served
        self.now = now
        self._background = Background()

    def start(self) -> None:
        self._background.start(self._work())

    async def close(self) -> None:
        await self._background.close()

    async def _work(self) -> None:
        await asyncio.sleep(_FIRST)
        while True:
            try:
                await self.work_once()
            except Exception as error:  # the next round tries again
                log.error("re-checks were interrupted: %s", type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def work_once(self) -> int:
        """Begins every verification that is wanted, once; returns how many were begun."""
        begun = 0
        async for key, body in self._wanted():
            try:
                await self.verifications.begin(SERVICE, body, None, own_key=key)
                begun += 1
            except (FaultyRequest, UnknownDecision) as error:  # it stays on the list, for a person
                log.warning("a re-check could not be begun: %s", type(error).__name__)
            except DatabaseAway:
                raise
            except Exception as error:  # one that fails keeps no other from being begun
                log.error("a re-check could not be begun: %s", type(error).__name__)
        return begun

    async def _wanted(self) -> AsyncIterator[tuple[str, Json]]:
        """The key and body of each verification that is wanted and not begun yet."""
        async for review in self._due():
            record = review.state.decision
            if self.served(record["jurisdiction"]):
                yield review.key, {"decision": record["id"], "purpose": "review"}
        async for row in self._events():
            registers = kinds()[row.kind].registers
            if registers and self.served(row.jurisdiction):
                asked: Json = {"persons": [row.person], "sources": list(registers)}
                # What a register said before the event says nothing of it.
                asked |= {"refresh": True, "reason": kinds()[row.kind].title["zh"]}
                yield of_alert(row.id), {"decision": str(row.decision), "purpose": "monitoring"} | asked

    async def _due(self) -> AsyncIterator[DueReview]:
        asked = DueReviews(Filter(), china_day(self.now()))
        after: UUID | None = None
        while True:
            reviews, after = await self.reviews.due(asked, after, PART)
            async with self.database.connect() as connection:
                begun = await begun_under(connection, [review.key for review in reviews])
            for review in reviews:
                if review.key not in begun:
                    yield review
            if after is None:
                return

    async def _events(self) -> AsyncIterator[repository.AlertRow]:
        after: UUID | None = None
        while True:
            async with self.database.connect() as connection:
                rows = await repository.open_events(connection, after, PART)
                begun = await begun_under(connection, [of_alert(row.id) for row in rows])
                states = await decisions_repository.states(connection, {row.decision for row in rows})
            for row in rows:
                if of_alert(row.id) not in begun and states[row.decision].superseded_by is None:
                    yield row
            if len(rows) < PART:
                return
            after = rows[-1].id
