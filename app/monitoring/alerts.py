"""Alerts: what happened to somebody of a decided household, by report or by a register, and what it would change."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import Conflict, UnknownAlert
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import repository as decisions
from app.decisions.state import DecisionState
from app.monitoring import alert_views, repository
from app.monitoring.estimate import effects_of_event, findings_that_matter, found_event, happened
from app.monitoring.event_reports import must_name_nobody_of
from app.monitoring.filters import RaisedAlerts
from app.monitoring.repository import AlertRow, Raised, ResolutionRow, of_alert
from app.monitoring.schemas import Alert, AlertResolved
from app.monitoring.since import changed_since
from app.monitoring.standing_decisions import MOST_LOOKED_AT, PART
from app.monitoring.words import Words
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.security.callers import Caller, covered
from app.security.keyring import Keyring
from app.verification import repository as verifications
from app.verification.case_file import read_case_file


@dataclass(frozen=True)
class Alerts:
    """Lists what is to be looked into, and writes down what a person made of it. It changes nobody's benefits."""

    database: Database
    generations: RulesHistory
    keyring: Keyring
    now: Callable[[], dt.datetime]

    async def page(
        self, asked: RaisedAlerts, after: UUID | None, size: int, language: Language
    ) -> tuple[list[Alert], UUID | None]:
        """Alerts in the order of their time, with what each would change; those dealt with only if asked for."""
        items: list[Alert] = []
        words = Words(self.generations, language)
        for _ in range(MOST_LOOKED_AT // PART):
            async with self.database.connect() as connection:
                raised = await repository.raised(connection, asked.where, after, PART)
                events = await repository.alerts(connection, [one.id for one in raised if one.source == "event"])
                for one in raised:
                    item = await self._alert(connection, one, events.get(one.id), words, asked)
                    if item is not None:
                        items.append(item)
                    if len(items) == size:
                        return items, one.id
            if len(raised) < PART:
                return items, None
            after = raised[-1].id
        return items, after

    async def resolve(self, caller: Caller, id_: UUID, body: AlertResolved, language: Language) -> Alert:
        """Records that a person dealt with an alert, and that no new decision follows. UnknownAlert; FaultyRequest for a
        reason that names somebody; Conflict if somebody dealt with it before."""
        async with self.database.begin() as connection:
            row = (await repository.alerts(connection, [id_])).get(id_)
            if row is None or not caller.covers(row.jurisdiction):
                raise UnknownAlert
            await verifications.lock(connection, id_)
            state = await decisions.state(connection, row.decision)
            await must_name_nobody_of(connection, self.keyring, state, {"reason": body.reason})
            resolution = ResolutionRow(caller.subject, self.now(), body.reason)
            if not await repository.resolve(connection, id_, resolution):
                raise Conflict("already_resolved")
            words = Words(self.generations, language)
            return await self._event(connection, row, state, resolution, words, caller.areas)

    async def _alert(
        self, connection: Connection, raised: Raised, event: AlertRow | None, words: Words, asked: RaisedAlerts
    ) -> Alert | None:
        if event is None:
            return await self._verification(connection, raised.id, words, closed=asked.closed)
        state = await decisions.state(connection, event.decision)
        resolution = await repository.resolution(connection, event.id)
        if (resolution or state.superseded_by) and not asked.closed:
            return None
        return await self._event(connection, event, state, resolution, words, asked.where.within)

    async def _event(
        self,
        connection: Connection,
        row: AlertRow,
        state: DecisionState,
        resolution: ResolutionRow | None,
        words: Words,
        areas: tuple[str, ...] | None,
    ) -> Alert:
        if row.other is not None:
            other = (await decisions.state(connection, row.other)).decision
            seen = other["id"] if areas is None or covered(other["jurisdiction"], areas) else None
            return alert_views.of_grant_elsewhere(row, state, seen, resolution, words)
        key = of_alert(row.id)
        begun = await verifications.begun_under(connection, [key])
        effects = await asyncio.to_thread(effects_of_event, self.generations, row, state, self.now())
        since = await asyncio.to_thread(changed_since, self.generations, happened(row), state, self.now())
        return alert_views.of_event(row, state, begun.get(key), effects, since, resolution, words)

    async def _verification(self, connection: Connection, id_: UUID, words: Words, *, closed: bool) -> Alert | None:
        """The alert of what registers found that matters and nobody resolved yet; None if there is nothing of the kind."""
        found = await read_case_file(connection, self.keyring, id_)
        assert found.case.decision is not None  # noqa: S101  only those were asked for
        state = await decisions.state(connection, found.case.decision)
        if state.superseded_by and not closed:
            return None
        matter = await asyncio.to_thread(findings_that_matter, self.generations, found, self.now())
        if not matter:
            return None
        event = found_event(matter[0].finding)
        since = await asyncio.to_thread(changed_since, self.generations, event, state, self.now())
        return alert_views.of_verification(found, state, matter, since, words)
