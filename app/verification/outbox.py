"""The outbox worked on: questions sent and answers fetched, again until they are there, by however many processes.

A question stands in the database before it leaves. Whoever takes one has it alone for a while; if that process dies,
another goes on. Sending twice is one question (its id), applying twice one effect (the report's id): so nothing has to
be known of what became of a call that was cut off.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.background import Background, work_for_ever
from app.core.errors import Conflict, DatabaseAway
from app.db.database import Database
from app.rules.facts.request import china_day
from app.security.identities import Identified
from app.security.keyring import Keyring
from app.security.repository import open_identities
from app.security.request_fingerprints import RequestMarks
from app.verification import repository
from app.verification.apply_report import apply
from app.verification.businesses import business_of
from app.verification.exchange.errors import Malformed, NoPlatform, OtherQuery, PlatformRefused, PlatformUnavailable
from app.verification.exchange.protocol import Answers, Backend, Person, Query, Receipt
from app.verification.repository import Case, QueryRow

log: Final = logging.getLogger("doudi.verification")

Platforms = Callable[[str], Backend]  # by the code of a place
AT_ONCE: Final = 4  # questions that one process works on at a time: a platform is waited for most of it
_IDLE_SECONDS: Final = 2.0
_NOT_DONE: Final = (NoPlatform, PlatformRefused, PlatformUnavailable, Malformed)
_LEFT_OUT: Final = "left_out"  # the platform says that it has nothing more to say, and did not say everything


@dataclass(frozen=True)
class Patience:
    """How long and how often a platform is asked."""

    lease: dt.timedelta = dt.timedelta(minutes=2)  # for which a process has a question alone
    first_wait: dt.timedelta = dt.timedelta(seconds=5)
    longest_wait: dt.timedelta = dt.timedelta(hours=1)
    attempts: int = 100  # to hand a question over, which with these waits is four days
    answers_within: dt.timedelta = dt.timedelta(days=30)

    def wait(self, attempts: int) -> dt.timedelta:
        """Twice as long each time, up to the longest."""
        doubled: dt.timedelta = self.first_wait * 2 ** min(attempts, 20)
        return min(doubled, self.longest_wait)


USUAL: Final = Patience()


class Outbox:
    """Works on questions, a few at a time in this process; several processes share the work."""

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
        """Begins to work in the background, on what an earlier process left too."""
        self._background.start(*(work_for_ever(log, self.work_once, self._wake, _IDLE_SECONDS) for _ in range(AT_ONCE)))

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    async def close(self) -> None:
        await self._background.close()

    async def work_once(self) -> bool:
        """One question that is due sent, or its answers fetched; False if none is due."""
        now = self.now()
        async with self.database.begin() as connection:
            row = await repository.claim(connection, now, self.patience.lease)
        if row is None:
            return False
        try:
            await self._further(row, now)
        except DatabaseAway:
            raise
        except Exception as error:  # it is tried again as if the platform had failed, and given up in the end
            log.error("a question could not be worked on: %s", type(error).__name__)
            await self._failed(row, "internal", now)
        return True

    async def case(self, connection: AsyncConnection, id_: UUID) -> tuple[Case, list[Identified]]:
        """A verification, and who its persons are. UnknownVerification if there is none."""
        case = await repository.case(connection, id_)
        return case, await open_identities(connection, self.keyring, case.identified_by)

    def query_of(self, case: Case, people: Sequence[Identified], row: QueryRow) -> Query | None:
        """The question as it goes out; None once its person is erased."""
        said = next((one.said for one in people if one.person == row.person), None)
        if said is None:
            return None
        return Query(
            id=str(row.id),
            reference=row.id.hex,
            purpose=case.purpose,  # type: ignore[arg-type]  # one of them, as it was checked when it came
            business=business_of(case.body),
            area=case.jurisdiction,
            persons=(Person(ref=row.person, name=" ".join(said.name.split()), id_number=said.id_number),),
            sources=row.sources,
            callback=self.callbacks and f"{self.callbacks.rstrip('/')}/v1/verifications/{case.id}/reports",
            sent_at=row.created_at,
        )

    async def _further(self, row: QueryRow, now: dt.datetime) -> None:
        if row.state == "queued" and china_day(now) > row.until:
            return await self._change(row, state="expired", problem="consent_ended")
        if row.sent_at is not None and now - row.sent_at > self.patience.answers_within:
            return await self._change(row, state="timed_out", problem="no_answer")
        async with self.database.connect() as connection:
            case, people = await self.case(connection, row.verification)
        query = self.query_of(case, people, row)
        if query is None:
            return await self._change(row, state="failed", problem="person_erased")
        backend = self.platforms(case.jurisdiction)
        if row.state == "queued":
            return await self._hand_over_in_time(backend, row, query, now)
        assert row.receipt is not None  # noqa: S101  a question that was sent has one
        try:
            answers = await backend.poll(query, Receipt.model_validate(row.receipt))
        except _NOT_DONE as error:
            return await self._not_done(row, error, now)
        return await self._fetched(case, row, answers, now)

    async def _hand_over_in_time(self, backend: Backend, row: QueryRow, query: Query, now: dt.datetime) -> None:
        """Once others had time to gather, with all that did."""
        gathered = row.created_at + backend.handing_over.gathered_for
        if now < gathered:
            return await self._change(row, next_at=gathered, attempts=row.attempts)
        return await self._hand_over(backend, [(row, query), *await self._gathered(backend, now)], now)

    async def _gathered(self, backend: Backend, now: dt.datetime) -> list[tuple[QueryRow, Query]]:
        """What else waits for the same platform, as far as it takes more than one at once."""
        room = backend.handing_over.most - 1
        if not room:
            return []
        today = china_day(now)
        found = []
        async with self.database.begin() as connection:
            rows = await repository.claim_queued(
                connection, lambda code: self.platforms(code) is backend, now, today, self.patience.lease, room
            )
            for row in rows:
                query = self.query_of(*await self.case(connection, row.verification), row)
                if query is not None:  # what is said of an erased person is said when its turn comes
                    found.append((row, query))
        return found

    async def _hand_over(self, backend: Backend, batch: Sequence[tuple[QueryRow, Query]], now: dt.datetime) -> None:
        """As one batch; where the platform refuses that, each alone: one that it will not take keeps back no other."""
        try:
            receipts = await backend.submit_all([query for _, query in batch])
        except PlatformRefused as error:
            if len(batch) == 1:
                return await self._not_done(batch[0][0], error, now)
            for one in batch:
                await self._hand_over(backend, [one], now)
            return None
        except _NOT_DONE as error:
            for row, _ in batch:
                await self._not_done(row, error, now)
            return None
        for (row, _), receipt in zip(batch, receipts, strict=True):
            await self._sent(row, receipt, now)
        return None

    async def _not_done(self, row: QueryRow, error: Exception, now: dt.datetime) -> None:
        match error:
            case NoPlatform():
                await self._change(row, state="failed", problem="no_platform")
            case PlatformRefused():
                await self._change(row, state="failed", problem="platform_refused")
            case _:
                await self._failed(row, "malformed" if isinstance(error, Malformed) else "platform_unavailable", now)

    async def _sent(self, row: QueryRow, receipt: Receipt, now: dt.datetime) -> None:
        """Its answers may have come before the receipt did: a question that is done stays so."""
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            if await _state(connection, row) != "queued":
                return
            await repository.change(
                connection,
                row.id,
                state="sent",
                attempts=0,
                sent_at=now,
                receipt=receipt.model_dump(),
                problem=None,
                next_at=now + self.patience.first_wait,
            )

    async def _fetched(self, case: Case, row: QueryRow, answers: Answers, now: dt.datetime) -> None:
        """A report that cannot be taken stops none of the others: it is refused before anything of it is written.

        That a platform leaves something out is believed when it says so twice: a report may still be on its way.
        """
        problem = "malformed" if answers.malformed else None
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            for report in answers.reports:
                try:
                    await apply(connection, self.keyring, self.marks, case, row, report)
                except Conflict:
                    problem = "report_contradicts"
                except OtherQuery:
                    problem = "malformed"
            if await _state(connection, row) != "sent":
                return
            left_out = answers.complete and problem is None
            if left_out and row.problem == _LEFT_OUT:
                await repository.change(connection, row.id, state="done")
            else:
                await self._again(connection, row, _LEFT_OUT if left_out else problem, now)

    async def _failed(self, row: QueryRow, problem: str, now: dt.datetime) -> None:
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            if await _state(connection, row) == row.state:
                await self._again(connection, row, problem, now)

    async def _again(self, connection: AsyncConnection, row: QueryRow, problem: str | None, now: dt.datetime) -> None:
        """Later, and later each time; what was handed over is waited for as long as answers may take."""
        attempts = row.attempts + 1
        if row.state == "queued" and attempts >= self.patience.attempts:
            await repository.change(connection, row.id, state="failed", problem=problem)
        else:
            next_at = now + self.patience.wait(attempts)
            await repository.change(connection, row.id, next_at=next_at, problem=problem)

    async def _change(self, row: QueryRow, **values: Any) -> None:
        async with self.database.begin() as connection:
            await repository.lock(connection, row.verification)
            if await _state(connection, row) == row.state:
                await repository.change(connection, row.id, **values)


async def _state(connection: AsyncConnection, row: QueryRow) -> str:
    return next(one.state for one in await repository.queries(connection, row.verification) if one.id == row.id)
