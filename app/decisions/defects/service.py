"""Defect notices: their search is begun, and read while it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.decisions.defects import repository, views
from app.decisions.defects.intake import Defect, read_defect
from app.decisions.defects.schemas import DefectAnswer, DefectResults
from app.decisions.replay.jobs import ReplayJobs
from app.decisions.replay.results import JobResults, NoteReading
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.request_faults import Fault, FaultyRequest
from app.security.areas import within_areas
from app.security.callers import Caller


@dataclass(frozen=True)
class Defects:
    """Begins searches for the effects of defects and reads what they found."""

    database: Database
    kept: KeptRules
    jobs: ReplayJobs
    now: Callable[[], dt.datetime]

    async def begin(self, caller: Caller, raw: Any) -> DefectAnswer:
        """Queues a search among the decisions of the caller's areas, from a notice as it was sent.

        FaultyRequest with every fault; UnknownRuleset for a ruleset no decision used.
        """
        defect = read_defect(raw, self.kept.generations.at(self.now()).rules.library, self.now())
        await self._must_be_on_record(defect)
        if defect.ruleset is not None:
            await self.kept.ruleset(defect.ruleset)
        filter_ = within_areas(caller, defect.filter)
        return views.defect_answer(await self.jobs.create(filter_, {"defect": defect.plain()}, "defect"))

    async def read(self, caller: Caller, id_: UUID) -> DefectAnswer:
        """Returns the progress of a search. UnknownJob if there is none that lies in the caller's areas."""
        return views.defect_answer(await self.jobs.job(caller, id_, "defect"))

    def results(self, caller: Caller, id_: UUID, class_: str | None, note: NoteReading) -> JobResults[DefectResults]:
        """Opens the touched decisions of a search, of one class if `class_` is given."""
        return JobResults(DefectResults, self.jobs, caller, id_, "defect", class_, note)

    async def _must_be_on_record(self, defect: Defect) -> None:
        """FaultyRequest if no decision rests on what is named: a misspelt name would read as if nobody was harmed."""
        async with self.database.connect() as connection:
            if not await repository.rests_on(connection, defect.kind, defect.name):
                raise FaultyRequest([Fault(f"/{defect.kind}", "nothing_rests_on_it")])
