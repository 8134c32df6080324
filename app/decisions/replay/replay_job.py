"""A replay job's work on a page: decisions computed again, with arrears that no month counts twice.

The arrears of a month are stored when they are first found; whatever is found later counts only beyond them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from uuid import UUID

from app.core.errors import CannotRecompute
from app.db.connection import Connection
from app.decisions import repository
from app.decisions.replay import repository as replay_repository
from app.decisions.replay import views
from app.decisions.replay.arrears import arrears_in, beyond, found_before
from app.decisions.replay.differences import class_of
from app.decisions.replay.jobs import PageDone
from app.decisions.replay.replayer import Against, Replayed, Replayer
from app.decisions.replay.repository import Job
from app.decisions.repository import Stored
from app.decisions.state import DecisionState
from app.rules.engine.evaluate import RuleFailure
from app.rules.facts.request import read_instant
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json


class ReplayWork:
    """Computes the decisions of a page again."""

    def __init__(self, replayer: Replayer, now: Callable[[], dt.datetime]) -> None:
        self.replayer = replayer
        self.now = now

    async def page(self, connection: Connection, job: Job, ids: list[UUID]) -> PageDone:
        """Computes decisions again and stores the arrears among the differences."""
        against = against_of(job.against)
        replayed = await self._replayed(connection, ids, against)
        if against.settles:
            await self._settle(connection, job.id, replayed)
        return PageDone([_result_row(job.id, one) for one in replayed], _counted(job.counts, replayed))

    async def _replayed(self, connection: Connection, ids: list[UUID], against: Against) -> list[Replayed]:
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
        self, connection: Connection, id_: UUID, state: DecisionState, records: list[Stored], against: Against
    ) -> Replayed:
        if against.record:
            own = next(record for record in records if record.id == id_)
            return await self.replayer.against_record(id_, state, own.body)
        successors = await successors_of(connection, state)
        try:
            return await self.replayer.against(id_, state, against, self.now(), successors)
        except (FaultyRequest, LookupError, CannotRecompute, RuleFailure):  # one decision does not stop the others
            record = state.decision
            return Replayed(id_, state.name, state.digest, None, record, None, "other", problem="cannot_recompute")

    async def _settle(self, connection: Connection, job: UUID, replayed: list[Replayed]) -> None:
        """Takes away the arrears that were found before, and stores those that are left."""
        await replay_repository.lock_arrears(connection)
        settled = {one.id: one for one in replayed if one.settles}
        earlier = await replay_repository.arrears_of(connection, settled)
        before = found_before(earlier, {id_: one.decided_at for id_, one in settled.items()})
        for one in settled.values():
            one.owed = [beyond(one, owed, before) for owed in one.owed]
            if one.owed:
                one.cls = class_of([owed.fen for owed in one.owed])
        found = [row for one in settled.values() for owed in one.owed for row in arrears_in(job, one, owed)]
        await replay_repository.add_arrears(connection, found)


def against_of(plain: Json) -> Against:
    """Reads the plain values of a request or a job (intake.py)."""
    return Against(
        record=plain.get("against") == "record",
        known_at=read_instant(plain["known_at"]) if plain.get("known_at") else None,
        date=dt.date.fromisoformat(plain["date"]) if plain.get("date") else None,
        ruleset=plain.get("ruleset"),
        parameters=plain.get("parameters"),
    )


async def successors_of(connection: Connection, state: DecisionState) -> tuple[DecisionState, ...]:
    """Returns the decisions that took a decision's place one after the other, without those that were corrected."""
    found, id_ = [], state.superseded_by
    while id_ is not None:
        one = await repository.state(connection, id_)
        if not any(follower.corrects and follower.decided for follower in one.followers):
            found.append(one)
        id_ = one.superseded_by
    return tuple(found)


def _result_row(job: UUID, replayed: Replayed) -> Json:
    body = views.replay_answer(replayed).model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"job": job, "decision": replayed.id, "class": replayed.cls, "body": body}


def _counted(before: Json, replayed: list[Replayed]) -> Json:
    counts = dict(before)
    for one in replayed:
        counts[one.cls] = counts.get(one.cls, 0) + 1
        total = sum(owed.total or 0 for owed in one.owed)
        if one.cls in ("arrears", "overpaid"):
            counts[f"{one.cls}_fen"] = counts.get(f"{one.cls}_fen", 0) + total
    return counts
