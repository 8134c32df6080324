"""The one way into the log: records are appended in batches, each in one transaction, and answered after its commit.

While one batch is being written the next gathers, so that many callers share the cost of a commit. Within a batch
every submission sees what those before it did. A lock of the database orders the writers of one log; the idempotency
key is looked up and claimed under it, so that a key leads to one record however often and from wherever it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from app.core.errors import Conflict, DatabaseAway, LogBroken, RulesChanged, StorageUnavailable, UnknownDecision
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import repository
from app.decisions.households import add_households
from app.decisions.log import repository as log_repository
from app.decisions.log.batch import Draft, Rows, Submission, Written
from app.decisions.log.reader import head
from app.decisions.proofs.checkpoints import Signer
from app.decisions.proofs.merkle import Frontier
from app.decisions.state import DecisionState, Follower
from app.security.keyring import Keyring

log: Final = logging.getLogger("doudi.log")

MOST_IN_A_BATCH: Final = 256


Outcome = Written | Exception
Waiting = tuple[Submission, "asyncio.Future[Written]"]


class LogWriter:
    """Appends to one log. One a process; several processes take turns."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        keyring: Keyring,
        origin: str,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.database = database
        self.signer = signer
        self.keyring = keyring
        self.origin = origin
        self.now = now
        self._frontier = Frontier.empty()
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def append(self, submission: Submission) -> Written:
        """The record, once it is committed.

        Conflict, FaultyRequest or UnknownDecision if it may not be; StorageUnavailable if it could not be.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        future: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((submission, future))
        return await future

    async def close(self) -> None:
        """What waits is still written, and answered."""
        if self._task is not None and not self._task.done():
            await self._waiting.join()
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_IN_A_BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._answer(batch)
            for _ in batch:
                self._waiting.task_done()

    async def _answer(self, batch: list[Waiting]) -> None:
        try:
            outcomes = await self._written([submission for submission, _ in batch])
        except Exception as error:  # every caller learns of it
            log.error("a batch could not be written: %s", type(error).__name__)
            outcomes = [error] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, Written):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)

    async def _written(self, batch: list[Submission]) -> list[Outcome]:
        """The batch in one transaction; once more if the database went away, which the keys make safe."""
        for last in (False, True):
            try:
                async with self.database.begin() as connection:
                    outcomes, frontier = await self._append(connection, batch)
                self._frontier = frontier
                return outcomes
            except DatabaseAway as error:
                if last or not await self.database.ready():
                    raise StorageUnavailable from error
        raise AssertionError  # the loop returns or raises

    async def _append(self, connection: Connection, batch: list[Submission]) -> tuple[list[Outcome], Frontier]:
        await log_repository.lock_log(connection, self.origin)
        now = self.now()
        rows = Rows(self.origin, now, await head(connection, self.origin, self._frontier))
        claims = await log_repository.claims(connection, [submission.key for submission in batch])
        states = await repository.states(connection, {s.about for s in batch if s.about is not None})
        await add_households(connection, states, {s.about for s in batch if s.weighs_household and s.about in states})
        settled = await self._settled(connection, batch)
        written: dict[UUID, Written] = {}
        outcomes: list[Outcome] = []
        for submission in batch:
            claimed = claims.get(submission.key)
            if claimed is None and submission.rests_on not in (None, settled):
                outcome: Outcome = RulesChanged()
            elif claimed is None:
                outcome = _added(rows, submission, states, now)
                if isinstance(outcome, Written):
                    settled += submission.settles
                    claims[submission.key] = (submission.request.kept, outcome.id)
                    written[outcome.id] = replace(outcome, repeated=True)  # to those behind it in the batch
            elif not submission.request.fits(claimed[0]):
                outcome = Conflict("key_reused")
            else:
                outcome = written.get(claimed[1]) or await _again(connection, claimed[1])
            outcomes.append(outcome)
        if rows.records:
            signed = self.signer.sign(self.origin, rows.frontier.size, rows.frontier.root(), now)
            await log_repository.add_rows(connection, self.keyring, rows, signed)
        return outcomes, rows.frontier

    async def _settled(self, connection: Connection, batch: list[Submission]) -> int:
        """How many publications are settled, if anybody asks; nobody else settles one before this batch is written."""
        if any(submission.settles for submission in batch):
            await repository.lock_publications(connection)
        if all(submission.rests_on is None for submission in batch):
            return 0
        return await repository.settled_publications(connection)


def _added(rows: Rows, submission: Submission, states: dict[UUID, DecisionState], now: dt.datetime) -> Outcome:
    """The new record, or why there is none: that is for whoever sent it, the others of the batch are written."""
    try:
        return rows.add(submission, _draft(submission, states, now, rows.frontier.size))
    except Exception as error:
        return error


def _draft(submission: Submission, states: dict[UUID, DecisionState], now: dt.datetime, index: int) -> Draft:
    """The record that the state allows; the state then knows of it and of its index."""
    about = submission.about
    if about is not None and about not in states:
        raise UnknownDecision
    draft = submission.draft(states[about] if about is not None else None, now)
    if about is not None:
        state, record = states[about], draft.record
        if record["kind"] == "decision":
            state.followers.append(Follower(draft.id, record["corrects"] is not None))
        else:
            state.records.append(record)
            if record["kind"] == "confirmation":
                state.confirmation_index = index
    return draft


async def _again(connection: Connection, id_: UUID) -> Written:
    stored = await repository.record(connection, id_)
    if stored is None:
        raise LogBroken
    return Written(stored.id, stored.content, stored.digest, stored.origin, stored.index, repeated=True)
