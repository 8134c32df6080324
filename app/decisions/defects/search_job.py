"""The work of a defect notice: of the decisions that may be touched, those that are, and what the defect did to them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import CannotRecompute
from app.decisions import repository
from app.decisions.defects.affected import Touching
from app.decisions.defects.classes import CLASSES
from app.decisions.defects.corrections import Correcting, Found
from app.decisions.defects.intake import Defect
from app.decisions.replay.job_rows import Job
from app.decisions.replay.replay_job import superseder_of
from app.decisions.replay.replayer import Replayer
from app.decisions.replay.work import Worked
from app.decisions.state import DecisionState
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.engine.evaluate import RuleFailure
from app.rules.request_faults import FaultyRequest
from app.rules.values.money import format_fen
from app.rules.values.strict_json import Json


class SearchingDefects:
    """Looks through the decisions of a page."""

    def __init__(self, kept: KeptRules, replayer: Replayer, now: Callable[[], dt.datetime]) -> None:
        self.kept = kept
        self.replayer = replayer
        self.now = now

    async def page(self, connection: AsyncConnection, job: Job, ids: list[UUID]) -> Worked:
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
        rows = [{"job": job.id, "decision": one.id, "class": one.cls, "body": one.answer()} for one in found]
        return Worked(rows, _counted(job.counts, found))

    async def _one(
        self,
        connection: AsyncConnection,
        id_: UUID,
        state: DecisionState,
        touching: Touching,
        correcting: Correcting,
    ) -> Found | None:
        """What the defect did to a decision; None if it is not touched. Whether one that cannot be computed any more is
        touched nobody knows: it stays on the list."""
        try:
            if not await touching.touched(state.decision):
                return None
            superseder = await superseder_of(connection, state)
            return await correcting.found(id_, state, superseder, self.now())
        except (FaultyRequest, LookupError, CannotRecompute, RuleFailure):
            return Found(id_, state.name, state.decision, "unsettled", [], "cannot_recompute")


def _counted(before: Json, found: list[Found]) -> Json:
    """Decisions by class, and money by month in fen: what families got too little and what too much."""
    counts: Json = before | {"months": {month: dict(sums) for month, sums in before.get("months", {}).items()}}
    for one in found:
        counts[one.cls] = counts.get(one.cls, 0) + 1
        for month, fen in one.by_month():
            sums = counts["months"].setdefault(month, {"harmed": 0, "benefited": 0})
            sums["harmed" if fen > 0 else "benefited"] += fen
    return counts


def answer_of(job: Job) -> Json:
    """A search as the API answers it."""
    defect = Defect.of(job.against["defect"])
    counts = {name: job.counts.get(name, 0) for name in CLASSES}
    months = sorted(job.counts.get("months", {}).items())
    right = {"parameters": defect.parameters, "ruleset": defect.ruleset, "known_at": defect.known_at}
    return {
        "id": str(job.id),
        "state": job.state,
        "defect": {
            defect.kind: defect.name,
            "key": defect.key,
            "jurisdiction": defect.jurisdiction,
            "from": defect.start.isoformat(),
            "until": defect.until.isoformat() if defect.until else None,
            "corrected": {name: value for name, value in right.items() if value is not None} or None,
        },
        "progress": {"done": job.done, "total": job.total},
        "touched": sum(counts.values()),
        "counts": counts,
        "months": [
            {"month": month, "harmed": format_fen(sums["harmed"]), "benefited": format_fen(sums["benefited"])}
            for month, sums in months
        ],
        "harmed_total": format_fen(sum(sums["harmed"] for _, sums in months)),
        "benefited_total": format_fen(sum(sums["benefited"] for _, sums in months)),
        "problem": job.problem,
        "created_at": job.created_at.isoformat(),
        "updated_at": job.updated_at.isoformat(),
    }
