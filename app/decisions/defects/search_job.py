"""The work of a defect notice: of the decisions that may be touched, those that are, and what the defect did to them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from uuid import UUID

from app.core.errors import CannotRecompute
from app.db.connection import Connection
from app.decisions import repository
from app.decisions.defects import views
from app.decisions.defects.affected import Touching
from app.decisions.defects.corrections import Correcting, DefectEffects
from app.decisions.defects.intake import Defect
from app.decisions.replay.jobs import PageDone
from app.decisions.replay.replay_job import successors_of
from app.decisions.replay.replayer import Replayer
from app.decisions.replay.repository import Job
from app.decisions.state import DecisionState
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.engine.evaluate import RuleFailure
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json


class DefectSearchWork:
    """Looks through the decisions of a page."""

    def __init__(self, kept: KeptRules, replayer: Replayer, now: Callable[[], dt.datetime]) -> None:
        self.kept = kept
        self.replayer = replayer
        self.now = now

    async def page(self, connection: Connection, job: Job, ids: list[UUID]) -> PageDone:
        """A result for each decision that is touched, and the counts with them; the others leave nothing."""
        defect = Defect.of(job.against["defect"])
        touching, correcting = Touching(self.kept, defect), Correcting(self.kept, self.replayer, defect)
        states = await repository.states(connection, ids)
        found = []
        for id_ in ids:
            if id_ in states:
                one = await self._one(connection, id_, states[id_], touching, correcting)
                found += [one] if one else []
                await asyncio.sleep(0)  # others are served meanwhile
        rows = [_result_row(job.id, one) for one in found]
        return PageDone(rows, _counted(job.counts, found))

    async def _one(
        self,
        connection: Connection,
        id_: UUID,
        state: DecisionState,
        touching: Touching,
        correcting: Correcting,
    ) -> DefectEffects | None:
        """What the defect did to a decision; None if it is not touched. Whether one that cannot be computed any more is
        touched nobody knows: it stays on the list."""
        try:
            if not await touching.touched(state.decision):
                return None
            successors = await successors_of(connection, state)
            return await correcting.found(id_, state, successors, self.now())
        except (FaultyRequest, LookupError, CannotRecompute, RuleFailure):
            return DefectEffects(id_, state.name, state.decision, "unsettled", [], "cannot_recompute")


def _result_row(job: UUID, found: DefectEffects) -> Json:
    body = views.result_answer(found).model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"job": job, "decision": found.id, "class": found.cls, "body": body}


def _counted(before: Json, found: list[DefectEffects]) -> Json:
    """Decisions by class, and money by month in fen: what families got too little and what too much."""
    counts: Json = before | {"months": {month: dict(sums) for month, sums in before.get("months", {}).items()}}
    for one in found:
        counts[one.cls] = counts.get(one.cls, 0) + 1
        for month, fen in one.by_month():
            sums = counts["months"].setdefault(month, {"harmed": 0, "benefited": 0})
            sums["harmed" if fen > 0 else "benefited"] += fen
    return counts
