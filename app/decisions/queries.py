"""Reads stored decisions: one with its history, lists, samples, a household's months, bundles for auditors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID

from app.core.errors import CannotRecompute, UnknownDecision
from app.core.months import this_month
from app.core.paging import Filter
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import repository, search_repository, views
from app.decisions.answer_schemas import (
    Confirmed,
    DecisionPage,
    DecisionRow,
    Noted,
    Proposed,
    Sample,
    SampleItem,
    Timeline,
    Withdrawn,
)
from app.decisions.audit.export import bundle
from app.decisions.granted_elsewhere import supported_by
from app.decisions.households import add_households, household_of, of_county, seen_by
from app.decisions.log.batch import Written
from app.decisions.proofs.checkpoints import Signer
from app.decisions.proofs.formats import AuditBundle
from app.decisions.stored_rules.recompute import Recomputed
from app.decisions.stored_rules.rule_store import KeptRules
from app.decisions.timeline import timeline
from app.rules.messages import Language
from app.rules.values.strict_json import Json
from app.security.areas import must_see, within_areas
from app.security.callers import Caller
from app.security.repository import identities_of

MOST_OF_A_HOUSEHOLD: Final = 2000


class Queries:
    """Answers from what is stored; changes nothing."""

    def __init__(
        self,
        database: Database,
        kept: KeptRules,
        signer: Signer,
        origin: str,
        now: Callable[[], dt.datetime],
    ) -> None:
        self.database = database
        self.kept = kept
        self.signer = signer
        self.origin = origin
        self.now = now

    async def proposed(self, caller: Caller, outcome: tuple[Written, Recomputed], language: Language) -> Proposed:
        """Build the answer to a proposal. A repeated request gets the first answer, by the rules of that time."""
        written, found = outcome
        if written.repeated:
            found = await self.kept.recompute(written.record, language, found.explain)
        async with self.database.connect() as connection:
            people = await identities_of(connection, written.id)
            warnings = await self._warnings(connection, caller, written, language) if people else {}
        return views.proposed(written, found, people, warnings)

    async def confirmed(self, caller: Caller, written: Written, language: Language) -> Confirmed:
        """Build the answer to a confirmation."""
        async with self.database.connect() as connection:
            people = await identities_of(connection, UUID(written.record["decision"]))
            warnings = await self._warnings(connection, caller, written, language) if people else {}
        return views.recorded(written, Confirmed, warnings)

    def withdrawn(self, written: Written) -> Withdrawn:
        """Build the answer to a withdrawal."""
        return views.recorded(written, Withdrawn)

    def noted(self, written: Written) -> Noted:
        """Build the answer to an event."""
        return views.recorded(written, Noted)

    async def decision(self, caller: Caller, id_: UUID, language: Language) -> DecisionPage:
        """Read a decision with its history. Raises UnknownDecision outside the caller's areas."""
        async with self.database.connect() as connection:
            state = await repository.state(connection, id_)
            must_see(caller, state.decision)
            stored = (await repository.records_about(connection, [id_]))[id_]
            people = await identities_of(connection, id_)
            await add_households(connection, {id_: state}, [id_])
        warnings = views.warnings(caller, state, supported_by(state), self.now(), language)
        return views.page(stored, state, await self._in_words(state.decision, language), people, warnings)

    async def page(self, filter_: Filter, after: UUID | None, size: int) -> tuple[list[DecisionRow], UUID | None]:
        """Read a page of decisions, and the id after which the next page begins; None at the end."""
        async with self.database.connect() as connection:
            rows = await search_repository.page(connection, filter_, after, size)
            states = await repository.states(connection, [id_ for id_, _ in rows])
        items = [views.row(id_, columns, states[id_].name) for id_, columns in rows if id_ in states]
        return items, rows[-1][0] if len(rows) == size else None

    async def sample(self, filter_: Filter, seed: str, size: int) -> Sample:
        """Draw a sample that anyone can draw again from the same seed."""
        async with self.database.connect() as connection:
            drawn = await search_repository.sample(connection, filter_, seed, size)
            states = await repository.states(connection, drawn)
        items = [SampleItem(id=str(id_), state=states[id_].name) for id_ in drawn]
        return Sample(seed=seed, size=size, items=items, next=None)

    async def timeline(self, caller: Caller, ref: str, jurisdiction: str | None = None) -> Timeline:
        """Read what a household was entitled to in each month up to this one.

        Decisions that follow elsewhere on those of the caller's areas belong to it. Raises UnknownDecision if nothing is
        recorded in the caller's areas, and Conflict if several counties have such a household and none is named.
        """
        if "\0" in ref:  # no text of the database has it
            raise UnknownDecision
        wanted = within_areas(caller, Filter(household_ref=ref))
        async with self.database.connect() as connection:
            found = await search_repository.ids(connection, wanted, None, MOST_OF_A_HOUSEHOLD)
            states = of_county(await repository.states(connection, found), jurisdiction)
            states = seen_by(caller, await household_of(connection, states))
        if not states:
            raise UnknownDecision
        months = timeline(states, this_month(self.now()))
        decisions = [views.brief(*one) for one in states.items()]
        return Timeline(household_ref=ref, months=months, decisions=decisions)

    async def bundle(self, caller: Caller, id_: UUID) -> AuditBundle:
        """Read all that is needed to check a decision elsewhere. Raises UnknownDecision outside the caller's areas."""
        async with self.database.connect() as connection:
            must_see(caller, (await repository.state(connection, id_)).decision)
            return await bundle(connection, self.origin, id_, self.signer.public_key)

    async def _warnings(self, connection: Connection, caller: Caller, written: Written, language: Language) -> Json:
        """What a proposal or a confirmation should make known, as of the time it was recorded."""
        id_, record = UUID(written.record["decision"]), written.record
        state = await repository.state(connection, id_)
        await add_households(connection, {id_: state}, [id_])
        at = dt.datetime.fromisoformat(record["recorded_at"])
        return views.warnings(caller, state, supported_by(state, record), at, language)

    async def _in_words(self, record: Json, language: Language) -> Recomputed | None:
        """Put a decision into words; None if its rules cannot be run here, or no longer come to what is recorded."""
        try:
            found = await self.kept.recompute(record, language)
        except CannotRecompute:
            return None
        return found if found.results == record["results"] else None
