"""The work of a replay: decisions computed again, giving nothing more when run twice.

What a settled replay found due for a month is kept as a finding; whatever is found later counts only beyond what was
found before.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import CannotRecompute
from app.db.tables import Finding
from app.decisions import repository
from app.decisions.replay import job_rows
from app.decisions.replay.arrears import beyond, finding_rows, found_before
from app.decisions.replay.differences import class_of
from app.decisions.replay.job_rows import Job
from app.decisions.replay.replayer import Against, Replayed, Replayer
from app.decisions.replay.work import Worked
from app.decisions.repository import Stored
from app.decisions.state import DecisionState
from app.rules.engine.evaluate import RuleFailure
from app.rules.facts.request import read_instant
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json


class Replaying:
    """Replays the decisions of a page."""

    def __init__(self, replayer: Replayer, now: Callable[[], dt.datetime]) -> None:
        self.replayer = replayer
        self.now = now

    async def page(self, connection: AsyncConnection, job: Job, ids: list[UUID]) -> Worked:
        """What they come to; what is due of it is kept as found."""
        against = against_of(job.against)
        replayed = await self._replayed(connection, ids, against)
        if against.settles:
            await self._settle(connection, job.id, replayed)
        return Worked([_result_row(job.id, one) for one in replayed], _counted(job.counts, replayed))

    async def _replayed(self, connection: AsyncConnection, ids: list[UUID], against: Against) -> list[Replayed]:
        records = await repository.records_about(connection, ids)
        states = await repository.states(connection, ids)
        found = []
        for id_ in ids:
            if id_ not in states:
                continue
            found.append(await self._one(connection, id_, states[id_], records[id_], against))
            await asyncio.sleep(0)
        return found

    async def _one(
        self, connection: AsyncConnection, id_: UUID, state: DecisionState, records: list[Stored], against: Against
    ) -> Replayed:
        if against.record:
            own = next(record for record in records if record.id == id_)
            return await self.replayer.against_record(id_, state, own.body)
        superseder = await superseder_of(connection, state)
        try:
            return await self.replayer.against(id_, state, against, self.now(), superseder)
        except (FaultyRequest, LookupError, CannotRecompute, RuleFailure):  # one decision does not stop the others
            record = state.decision
            return Replayed(id_, state.name, state.digest, None, record, None, "other", problem="cannot_recompute")

    async def _settle(self, connection: AsyncConnection, job: UUID, replayed: list[Replayed]) -> None:
        """Takes away what was found before, and keeps what is left as found."""
        await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": job_rows.LOCK})
        settled = [one for one in replayed if one.settles]
        due = await found_before(connection, {one.id: one.decided_at for one in settled})
        rows: list[Json] = []
        for one in settled:
            one.owed = [beyond(one, owed, due) for owed in one.owed]
            if one.owed:
                one.cls = class_of([owed.fen for owed in one.owed])
            rows += [row for owed in one.owed for row in finding_rows(job, one, owed)]
        if rows:
            await connection.execute(insert(Finding), rows)


def against_of(plain: Json) -> Against:
    """What a job or a request is computed against."""
    return Against(
        record=plain.get("against") == "record",
        known_at=read_instant(plain["known_at"]) if plain.get("known_at") else None,
        date=dt.date.fromisoformat(plain["date"]) if plain.get("date") else None,
        ruleset=plain.get("ruleset"),
        parameters=plain.get("parameters"),
    )


async def superseder_of(connection: AsyncConnection, state: DecisionState) -> Json | None:
    """The record of the decision that took this one's place, if one did; of that which corrected it, if one has."""
    id_, found = state.superseded_by, None
    while id_ is not None:
        found = await repository.state(connection, id_)
        id_ = next((one.id for one in found.followers if one.corrects and one.decided), None)
    return found.decision if found else None


def _result_row(job: UUID, replayed: Replayed) -> Json:
    return {"job": job, "decision": replayed.id, "class": replayed.cls, "body": replayed.answer()}


def _counted(before: Json, replayed: list[Replayed]) -> Json:
    counts = dict(before)
    for one in replayed:
        counts[one.cls] = counts.get(one.cls, 0) + 1
        total = sum(owed.total or 0 for owed in one.owed)
        if one.cls in ("arrears", "overpaid"):
            counts[f"{one.cls}_fen"] = counts.get(f"{one.cls}_fen", 0) + total
    return counts
