"""Works through the outbox: sends queries and fetches answers, in any number of processes, until every query has ended.

A query stands in the database before it leaves. The process that claims it has it alone for a while; if that process
dies, another goes on. A query sent twice is one query (by its id), a report applied twice has one effect (by its id):
a call that was cut off can simply be made again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from app.core.background import Background, work_for_ever
from app.core.errors import Conflict, DatabaseAway
from app.db.connection import Connection
from app.db.database import Database
from app.rules.facts.request import china_day
from app.rules.values.strict_json import Json
from app.security.identities import Identified
from app.security.keyring import Keyring
from app.security.names import unified
from app.security.repository import open_identities
from app.security.request_fingerprints import RequestMarks
from app.verification import repository
from app.verification.exchange.errors import Malformed, NoPlatform, OtherQuery, PlatformRefused, PlatformUnavailable
from app.verification.exchange.protocol import Answers, Backend, Business, Person, Query, Receipt
from app.verification.outbox import repository as exchange
from app.verification.outbox.apply_report import apply
from app.verification.outbox.queries import (
    USUAL,
    Change,
    Ended,
    Gathering,
    HandedOver,
    Patience,
    Problem,
    QueryRow,
)
from app.verification.repository import Case

log: Final = logging.getLogger("doudi.verification")

Platforms = Callable[[str], Backend]  # by the code of a place
AT_ONCE: Final = 4  # queries that one process works on at a time: a platform is waited for most of it
_IDLE_SECONDS: Final = 2.0
_NOT_DONE: Final = (NoPlatform, PlatformRefused, PlatformUnavailable, Malformed)

_BUSINESS: Final[dict[str, dict[str, Business]]] = {
    "dibao": {"urban": "dibao_urban", "rural": "dibao_rural"},
    "single_person_dibao": {"urban": "dibao_urban", "rural": "dibao_rural"},
    "extreme_poverty_support": {"urban": "extreme_poverty_urban", "rural": "extreme_poverty_rural"},
    "temporary_assistance": {"urban": "temporary_assistance", "rural": "temporary_assistance"},
    "edge_family": {"urban": "edge_family", "rural": "edge_family"},
    "rigid_expenditure_family": {"urban": "rigid_expenditure_family", "rural": "rigid_expenditure_family"},
    "low_income_family": {"urban": "low_income_family", "rural": "low_income_family"},
}


class Outbox:
    """Works on queries, a few at a time in this process; several processes share the work."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        marks: RequestMarks,
        platforms: Platforms,
        now: Callable[[], dt.datetime],
        patience: Patience = USUAL,
        callbacks: str | None = None,
    ) -> None:
        """`callbacks` is where platforms reach this service; without one their answers are fetched."""
        self.database = database
        self.keyring = keyring
        self.marks = marks
        self.platforms = platforms
        self.now = now
        self.patience = patience
        self.callbacks = callbacks
        self._wake = asyncio.Event()
        self._background = Background()

    def start(self) -> None:
        """Begins to work in the background, also on what an earlier process left."""
        self._background.start(*(work_for_ever(log, self.work_once, self._wake, _IDLE_SECONDS) for _ in range(AT_ONCE)))

    def wake(self) -> None:
        """Wakes the work: there is something new to send."""
        self._wake.set()

    async def close(self) -> None:
        await self._background.close()

    async def work_once(self) -> bool:
        """Sends one query that is due, or fetches its answers; False if none is due."""
        now = self.now()
        async with self.database.begin() as connection:
            row = await exchange.claim(connection, now, self.patience.lease)
        if row is None:
            return False
        try:
            await self._further(row, now)
        except DatabaseAway:
            raise
        except Exception as error:  # it is tried again as if the platform had failed, and given up in the end
            log.error("a query could not be worked on: %s", type(error).__name__)
            await self._change(row, self.patience.again(row, "internal", now))
        return True

    async def case(self, connection: Connection, id_: UUID) -> tuple[Case, list[Identified]]:
        """Reads a verification and the identities of its persons. UnknownVerification if there is none."""
        case = await repository.case(connection, id_)
        return case, await open_identities(connection, self.keyring, case.identified_by)

    def query_of(self, case: Case, people: Sequence[Identified], row: QueryRow) -> Query | None:
        """The query as it goes out; None once its person is erased. PlatformRefused for a name that none would take: one of
        an old record."""
        said = next((one.said for one in people if one.person == row.person), None)
        if said is None:
            return None
        try:
            person = Person(ref=row.person, name=unified(said.name), id_number=said.id_number)
        except ValidationError:
            raise PlatformRefused from None
        return Query(
            id=str(row.id),
            reference=row.id.hex,
            purpose=case.purpose,
            business=business_of(case.body),
            area=case.jurisdiction,
            persons=(person,),
            sources=row.sources,
            callback=self.callbacks and f"{self.callbacks.rstrip('/')}/v1/verifications/{case.id}/reports",
            sent_at=row.created_at,
        )

    async def _further(self, row: QueryRow, now: dt.datetime) -> None:
        if row.state == "queued" and china_day(now) > row.until:
            return await self._change(row, Ended("expired", "consent_ended"))
        if row.sent_at is not None and now - row.sent_at > self.patience.answers_within:
            return await self._change(row, Ended("timed_out", "no_answer"))
        async with self.database.connect() as connection:
            case, people = await self.case(connection, row.verification)
        try:
            query = self.query_of(case, people, row)
        except PlatformRefused as error:
            return await self._change(row, self._not_done(row, error, now))
        if query is None:
            return await self._change(row, Ended("failed", "person_erased"))
        backend = self.platforms(case.jurisdiction)
        if row.state == "queued":
            return await self._hand_over_in_time(backend, row, query, now)
        assert row.receipt is not None  # noqa: S101  a query that was sent has one
        try:
            answers = await backend.poll(query, Receipt.model_validate(row.receipt))
        except _NOT_DONE as error:
            return await self._change(row, self._not_done(row, error, now))
        return await self._fetched(case, row, answers, now)

    async def _hand_over_in_time(self, backend: Backend, row: QueryRow, query: Query, now: dt.datetime) -> None:
        """Hands a query over once others had time to gather, with all that did."""
        gathered = row.created_at + backend.handing_over.gathered_for
        if now < gathered:
            return await self._change(row, Gathering(gathered, row.attempts))
        return await self._hand_over(backend, [(row, query), *await self._gathered(backend, now)], now)

    async def _gathered(self, backend: Backend, now: dt.datetime) -> list[tuple[QueryRow, Query]]:
        """Claims other queries that wait for the same platform, as many as it takes at once."""
        room = backend.handing_over.most - 1
        if not room:
            return []
        today = china_day(now)
        found = []
        async with self.database.begin() as connection:
            rows = await exchange.claim_queued(
                connection, lambda code: self.platforms(code) is backend, now, today, self.patience.lease, room
            )
            for row in rows:
                with suppress(
                    PlatformRefused
                ):  # what is said of it, and of an erased person, is said when its turn comes
                    if (query := self.query_of(*await self.case(connection, row.verification), row)) is not None:
                        found.append((row, query))
        return found

    async def _hand_over(self, backend: Backend, batch: Sequence[tuple[QueryRow, Query]], now: dt.datetime) -> None:
        """Hands queries over as one batch. If the platform refuses the batch, each goes alone: a query that the platform will
        not take keeps back no other.

        Answers may come before the receipt does: a query that is done by then stays so.
        """
        try:
            receipts = await backend.submit_all([query for _, query in batch])
        except _NOT_DONE as error:
            alone = isinstance(error, PlatformRefused) and len(batch) > 1
            for row, query in batch:
                if alone:
                    await self._hand_over(backend, [(row, query)], now)
                else:
                    await self._change(row, self._not_done(row, error, now))
            return
        for (row, _), receipt in zip(batch, receipts, strict=True):
            await self._change(row, HandedOver(now, receipt.model_dump(), now + self.patience.first_wait))

    def _not_done(self, row: QueryRow, error: Exception, now: dt.datetime) -> Change:
        """The end of a query that no platform takes; another is tried again."""
        match error:
            case NoPlatform():
                return Ended("failed", "no_platform")
            case PlatformRefused():
                return Ended("failed", "platform_refused")
            case Malformed():
                return self.patience.again(row, "malformed", now)
            case _:
                return self.patience.again(row, "platform_unavailable", now)

    async def _fetched(self, case: Case, row: QueryRow, answers: Answers, now: dt.datetime) -> None:
        """Applies what was fetched. A report that cannot be taken stops none of the others: nothing of it is written.

        That a platform leaves something out is believed when it says so twice: a report may still be on its way.
        """
        problem: Problem | None = "malformed" if answers.malformed else None
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            for report in answers.reports:
                try:
                    await apply(connection, self.keyring, self.marks, case, row, report)
                except Conflict:
                    problem = "report_contradicts"
                except (OtherQuery, Malformed):
                    problem = "malformed"
            if answers.complete and problem is None:
                problem = "left_out"
            left_out_twice = problem == row.problem == "left_out"
            change = Ended("done", problem) if left_out_twice else self.patience.again(row, problem, now)
            await _change_unless_moved_on(connection, row, change)

    async def _change(self, row: QueryRow, change: Change) -> None:
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            await _change_unless_moved_on(connection, row, change)


async def _change_unless_moved_on(connection: Connection, row: QueryRow, change: Change) -> None:
    """Writes a change, under the lock of the verification, of a query that is still in the state it was claimed in."""
    if await exchange.state_of(connection, row.id) == row.state:
        await exchange.change(connection, row.id, change)


def business_of(body: Json) -> Business:
    """The kind of assistance in the words platforms share: of the first programme asked for that has a word, else
    minimum living allowance, whose families are checked in the same way."""
    wanted = [programme for programme in body.get("programmes") or () if programme in _BUSINESS]
    return _BUSINESS[wanted[0] if wanted else "dibao"][body["household"]["residence"]]
