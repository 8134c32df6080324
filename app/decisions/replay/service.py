"""Replays: one recorded decision computed again at once, or many in the background."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.errors import UnknownDecision
from app.db.database import Database
from app.decisions import repository
from app.decisions.replay import views
from app.decisions.replay.intake import read_against, read_bulk
from app.decisions.replay.jobs import ReplayJobs
from app.decisions.replay.replay_job import against_of, successors_of
from app.decisions.replay.replayer import Replayer
from app.decisions.replay.results import JobResults, NoteReading
from app.decisions.replay.schemas import ReplayAnswer, ReplayJobAnswer, ReplayResults
from app.decisions.stored_rules.rule_store import KeptRules
from app.security.areas import must_see, within_areas
from app.security.callers import Caller


@dataclass(frozen=True)
class Replays:
    """Computes recorded decisions again; each method takes a request body as it was sent."""

    database: Database
    kept: KeptRules
    replayer: Replayer
    jobs: ReplayJobs
    now: Callable[[], dt.datetime]

    async def replay(self, caller: Caller, id_: UUID, raw: Any) -> ReplayAnswer:
        """Computes one decision again and records nothing.

        FaultyRequest with every fault; UnknownDecision if there is none in the caller's areas; UnknownRuleset, or
        CannotRecompute for a ruleset that no longer comes to its hash.
        """
        now = self.now()
        against = against_of(read_against(raw, self.kept.generations.asked(raw, now).library, now))
        async with self.database.connect() as connection:
            state = await repository.state(connection, id_)
            must_see(caller, state.decision)
            own = await repository.record(connection, id_)
            successors = await successors_of(connection, state)
        if own is None:
            raise UnknownDecision
        if against.record:
            return views.replay_answer(await self.replayer.against_record(id_, state, own.body))
        return views.replay_answer(await self.replayer.against(id_, state, against, self.now(), successors))

    async def begin(self, caller: Caller, raw: Any) -> ReplayJobAnswer:
        """Queues a job over the decisions of a filter, as far as they lie in the caller's areas.

        FaultyRequest with every fault; UnknownRuleset for a ruleset no decision used.
        """
        now = self.now()
        filter_, against = read_bulk(raw, self.kept.generations.asked(raw, now).library, now)
        if "ruleset" in against:
            await self.kept.ruleset(against["ruleset"])
        return views.job_answer(await self.jobs.create(within_areas(caller, filter_), against))

    async def job(self, caller: Caller, id_: UUID) -> ReplayJobAnswer:
        """Returns the progress of a job. UnknownJob if there is none that lies in the caller's areas."""
        return views.job_answer(await self.jobs.job(caller, id_))

    def results(self, caller: Caller, id_: UUID, class_: str | None, note: NoteReading) -> JobResults[ReplayResults]:
        """Opens the results of a job, of one class if `class_` is given."""
        return JobResults(ReplayResults, self.jobs, caller, id_, "replay", class_, note)
