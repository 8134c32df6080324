"""Defect notices: begun, and read while they are looked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.db.database import Database
from app.db.tables import Decision, Scope
from app.decisions.defects.intake import Defect, read_defect
from app.decisions.defects.search_job import answer_of
from app.decisions.replay.jobs import ReplayJobs
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.security.areas import within_areas
from app.security.callers import Caller

_SCOPES: Final = {"rule": col(Scope.rules), "parameter": col(Scope.parameters), "document": col(Scope.documents)}


class Defects:
    """Begins searches and says what they found."""

    def __init__(self, database: Database, kept: KeptRules, jobs: ReplayJobs, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.kept = kept
        self.jobs = jobs
        self.now = now

    async def begin(self, caller: Caller, raw: Any) -> Json:
        """A search among the decisions of the caller's areas, that waits for its turn. FaultyRequest with every fault; UnknownRuleset for a ruleset no decision
        used."""
        defect = read_defect(raw, self.kept.generations.at(self.now()).rules.library, self.now())
        await self._must_be_on_record(defect)
        if defect.ruleset is not None:
            await self.kept.ruleset(defect.ruleset)
        filter_ = within_areas(caller, defect.filter)
        return answer_of(await self.jobs.create(filter_, {"defect": defect.plain()}, "defect"))

    async def read(self, caller: Caller, id_: UUID) -> Json:
        """How far a search has come. UnknownJob if there is none that lies in the caller's areas."""
        return answer_of(await self.jobs.job(caller, id_, "defect"))

    async def _must_be_on_record(self, defect: Defect) -> None:
        """A misspelt name would find nothing, and read as if nobody had been harmed."""
        if defect.kind == "engine":
            known = exists().where(col(Decision.engine) == defect.name)
        else:
            known = exists().where(_SCOPES[defect.kind].contains([defect.name]))
        async with self.database.connect() as connection:
            if not (await connection.execute(select(known))).scalar_one():
                raise FaultyRequest([Fault(f"/{defect.kind}", "nothing_rests_on_it")])
