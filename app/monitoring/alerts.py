"""Alerts: what happened to somebody of a decided household, by report or by a register, and what it would change."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.errors import Conflict
from app.core.ids import REF_PATTERN, new_id, record_id
from app.db.database import Database
from app.decisions import repository as decisions_repository
from app.decisions.intake import read_body
from app.decisions.state import DecisionState
from app.monitoring import alert_views, repository
from app.monitoring.estimate import assessing_on, if_so
from app.monitoring.events import Happened, found_as, household_after, kinds
from app.monitoring.failures import UnknownAlert
from app.monitoring.filters import RaisedAlerts
from app.monitoring.keys import of_alert
from app.monitoring.repository import AlertRow, ResolutionRow
from app.monitoring.schemas import AlertResolved, EventReported
from app.monitoring.standing_decisions import MOST_LOOKED_AT, PART
from app.people.statuses import about
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.money import format_fen
from app.rules.values.strict_json import Json
from app.security.areas import must_see
from app.security.callers import Caller
from app.security.identities import opened_of
from app.security.keyring import Keyring
from app.security.name_guard import must_name_nobody
from app.security.permissions import may
from app.verification import repository as verifications
from app.verification.case_file import Opened, opened
from app.verification.findings.effects import Assess, Effect, assessing
from app.verification.findings.patch import places_of
from app.verification.ranking import Weighed, settled_household, weighed_in

Target = tuple[DecisionState, str]  # a decided household, and who of it
_REF: Final = re.compile(REF_PATTERN, re.ASCII)


class Alerts:
    """Takes reports of events, and lists what is to be looked into. Nothing here changes what anybody receives."""

    def __init__(
        self, database: Database, generations: RulesHistory, keyring: Keyring, now: Callable[[], dt.datetime]
    ) -> None:
        self.database = database
        self.generations = generations
        self.keyring = keyring
        self.now = now

    async def report(self, caller: Caller, raw: Any) -> Json:
        """Something happened to somebody. The same again is the same alert. Who may not read alerts learns only that it
        was taken: not whether the person is on record.

        FaultyRequest with every fault; UnknownDecision; Conflict for a decision that does not stand.
        """
        body, now, reads = read_body(raw, EventReported), self.now(), may(caller, "alerts.read")
        faults = [Fault("/on", "in_the_future")] if body.on > china_day(now) else []
        if body.value is not None and kinds()[body.kind].value is None:
            faults.append(Fault("/value", "not_allowed"))
        if not reads:  # a decision that is not found, or a name that is refused, would tell what is on record
            sent = {"decision": body.decision, "evidence": body.evidence}
            faults += [Fault(f"/{name}", "not_allowed") for name, value in sent.items() if value is not None]
            if faults:
                raise FaultyRequest(faults)
        async with self.database.begin() as connection:
            if body.decision is not None:
                targets = [await self._named(connection, caller, body, faults)]
            elif not _REF.fullmatch(body.person):
                raise FaultyRequest([*faults, Fault("/person", "wrong_form")])
            else:
                targets = await _of_person(connection, caller, body.person)
            if faults:
                raise FaultyRequest(faults)
            rows = []
            for state, person in targets:
                if _can_happen(body.kind, state, person):
                    await self._must_name_nobody(connection, state, {"evidence": body.evidence})
                    rows.append(_row(body, state, person, caller, now))
            ids = await repository.add(connection, rows)
        return {"taken": True, "alerts": [str(id_) for id_ in ids] if reads else None}

    async def page(self, asked: RaisedAlerts, after: UUID | None, size: int) -> tuple[list[Json], UUID | None]:
        """Alerts in the order of their time, with what each would change; those dealt with only if asked for."""
        items: list[Json] = []
        for _ in range(MOST_LOOKED_AT // PART):
            async with self.database.connect() as connection:
                raised = await repository.raised(connection, asked.where, after, PART)
                events = await repository.alerts(connection, [one.id for one in raised if one.source == "event"])
                for one in raised:
                    row = events.get(one.id)
                    if row is not None:
                        item = await self._reported(connection, row, closed=asked.closed)
                    else:
                        item = await self._verified(connection, one.id, closed=asked.closed)
                    if item is not None:
                        items.append(item)
                    if len(items) == size:
                        return items, one.id
            if len(raised) < PART:
                return items, None
            after = raised[-1].id
        return items, after

    async def resolve(self, caller: Caller, id_: UUID, raw: Any) -> Json:
        """A person dealt with an alert, and no new decision follows. UnknownAlert; FaultyRequest; Conflict if somebody
        did before."""
        body = read_body(raw, AlertResolved)
        async with self.database.begin() as connection:
            row = (await repository.alerts(connection, [id_])).get(id_)
            if row is None or not caller.covers(row.jurisdiction):
                raise UnknownAlert
            await verifications.lock(connection, id_)
            state = await decisions_repository.state(connection, row.decision)
            await self._must_name_nobody(connection, state, body.model_dump())
            resolution = ResolutionRow(caller.subject, self.now(), body.reason)
            if not await repository.resolve(connection, id_, resolution):
                raise Conflict("already_resolved")
            return await self._event(connection, row, state, resolution)

    # parts

    async def _named(
        self, connection: AsyncConnection, caller: Caller, body: EventReported, faults: list[Fault]
    ) -> Target:
        state = await decisions_repository.state(connection, record_id(body.decision or ""))
        must_see(caller, state.decision)
        if state.superseded_by is not None:
            raise Conflict("already_succeeded")
        if state.confirmation is None:
            raise Conflict("not_decided")
        place = places_of(state.decision["facts"]["household"]).get(body.person)
        if place is None:
            faults.append(Fault("/person", "unknown_person"))
        elif not kinds()[body.kind].can_happen_to(place):
            faults.append(Fault("/kind", "not_allowed"))
        return state, body.person

    async def _must_name_nobody(self, connection: AsyncConnection, state: DecisionState, said: Json) -> None:
        people = await opened_of(connection, self.keyring, UUID(state.decision["id"]))
        names = [text for one in people if one.said for text in (one.said.name, one.said.id_number)]
        must_name_nobody(names, said, None)

    async def _reported(self, connection: AsyncConnection, row: AlertRow, *, closed: bool) -> Json | None:
        """The alert of an event; None for one that is dealt with, unless those are asked for."""
        state = await decisions_repository.state(connection, row.decision)
        resolution = await repository.resolution(connection, row.id)
        if (resolution or state.superseded_by) and not closed:
            return None
        return await self._event(connection, row, state, resolution)

    async def _event(
        self, connection: AsyncConnection, row: AlertRow, state: DecisionState, resolution: ResolutionRow | None
    ) -> Json:
        key = of_alert(str(row.id))
        begun = await verifications.begun_under(connection, [key])
        effects = await asyncio.to_thread(self._effects, row, state)
        return alert_views.event(row, state, begun.get(key), effects, resolution)

    def _effects(self, row: AlertRow, state: DecisionState) -> list[Effect] | None:
        now = self.now()
        household = state.decision["facts"]["household"]
        then = household_after(household, Happened(row.kind, row.person, row.day, row.value))
        return if_so(household, then, assessing_on(self.generations, state.decision, china_day(now), now))

    async def _verified(self, connection: AsyncConnection, id_: UUID, *, closed: bool) -> Json | None:
        """What registers found that matters and nobody resolved yet; None if that is nothing."""
        found = await opened(connection, self.keyring, id_)
        assert found.case.decision is not None  # noqa: S101  only those were asked for
        state = await decisions_repository.state(connection, found.case.decision)
        if state.superseded_by and not closed:
            return None
        weighed = await asyncio.to_thread(self._weighed, found)
        own = [one for one in weighed if (one.finding.person, one.finding.source) not in found.reused]
        matter = [one for one in own if one.matters]  # what was taken over is resolved where it came
        if not matter:
            return None
        return alert_views.verified(found, state, matter)

    def _weighed(self, found: Opened) -> list[Weighed]:
        """As of today; a finding that is an event, with what the event would change."""
        now = self.now()
        asked = {name: value for name, value in found.case.body.items() if name != "provenance"}
        asked |= {"date": china_day(now).isoformat()}
        assess = assessing(self.generations.asked(asked, now), asked, now)
        household = settled_household(found)
        return [_as_event(one, household, assess) for one in weighed_in(found, assess)]


def _as_event(one: Weighed, household: Json, assess: Assess) -> Weighed:
    finding = one.finding
    kind = found_as(finding.fact)
    if kind is None:
        return one
    then = household_after(household, Happened(kind, finding.person, finding.as_of))
    return replace(one, effects=if_so(household, then, assess))


def _row(body: EventReported, state: DecisionState, person: str, caller: Caller, now: dt.datetime) -> Json:
    return {
        "id": new_id(now),
        "jurisdiction": state.decision["jurisdiction"],
        "decision": UUID(state.decision["id"]),
        "person": person,
        "kind": body.kind,
        "day": body.on,
        "value": None if body.value is None else format_fen(body.value),
        "evidence": body.evidence,
        "reported_at": now,
        "reported_by": caller.subject,
    }


def _can_happen(kind: str, state: DecisionState, person: str) -> bool:
    return kinds()[kind].can_happen_to(places_of(state.decision["facts"]["household"])[person])


async def _of_person(connection: AsyncConnection, caller: Caller, ref: str) -> list[Target]:
    """The decided households of the caller's areas in which a person stands."""
    states, places = await about(connection, ref, caller.areas)
    return [
        (state, person)
        for id_, state in states.items()
        if state.stands and caller.covers(state.decision["jurisdiction"])
        for person in sorted(places[id_] & places_of(state.decision["facts"]["household"]).keys())
    ]
