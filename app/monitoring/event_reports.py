"""Reports that something happened to somebody of a decided household: each becomes an alert."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.core.errors import Conflict
from app.core.ids import REF_PATTERN, new_id, record_id
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import repository as decisions
from app.decisions.state import DecisionState
from app.monitoring import repository
from app.monitoring.events import kinds
from app.monitoring.repository import AlertRow
from app.monitoring.schemas import EventReported, EventTaken
from app.people.statuses import about
from app.rules.facts.request import china_day
from app.rules.plausibility import IMPOSSIBLE, earliest
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.money import format_fen
from app.security.areas import must_see
from app.security.callers import Caller
from app.security.identities import names_of
from app.security.keyring import Keyring
from app.security.name_guard import must_name_nobody
from app.security.permissions import may
from app.security.repository import open_identities
from app.verification.findings.patch import places_of

Target = tuple[DecisionState, str]  # a decided household, and who of it
_REF: Final = re.compile(REF_PATTERN, re.ASCII)


@dataclass(frozen=True)
class EventReports:
    """Takes reports of events. Nothing here changes what anybody receives."""

    database: Database
    keyring: Keyring
    now: Callable[[], dt.datetime]

    async def take(self, caller: Caller, body: EventReported) -> EventTaken:
        """Adds an alert for each decided household that is meant; the same event again is the same alert. A caller that
        may not read alerts learns only that the report was taken: not whether the person is on record.

        FaultyRequest with every fault; UnknownDecision; Conflict for a decision that does not stand.
        """
        now, reads = self.now(), may(caller, "alerts.read")
        faults = _faults(body, now)
        if not reads:  # a decision that is not found, or a name that is refused, would tell what is on record
            faults += [Fault(f"/{name}", "not_allowed") for name in _sent(body, "decision", "evidence", "joins")]
            _settle(faults)
        async with self.database.begin() as connection:
            targets = await _targets(connection, caller, body, faults)
            _settle(faults)
            rows = []
            for state, person in targets:
                if _can_happen(body.kind, state, person):
                    texts = {"evidence": body.evidence, "joins": body.joins}
                    await must_name_nobody_of(connection, self.keyring, state, texts)
                    rows.append(_row(body, state, person, caller, now))
            ids = await repository.add(connection, rows)
        return EventTaken(taken=True, alerts=[str(id_) for id_ in ids] if reads else None)


async def must_name_nobody_of(
    connection: Connection, keyring: Keyring, state: DecisionState, texts: dict[str, Any]
) -> None:
    """FaultyRequest for texts that name somebody who is identified in a decision."""
    people = await open_identities(connection, keyring, UUID(state.decision["id"]))
    must_name_nobody(names_of(people), texts, None)


def _faults(body: EventReported, now: dt.datetime) -> list[Fault]:
    """The faults of a report that can be told without the record."""
    today = china_day(now)
    faults = [Fault("/on", "in_the_future")] if body.on > today else []
    if body.on < earliest(today, IMPOSSIBLE.event_years_ago):
        faults.append(Fault("/on", "too_long_ago"))
    if body.joins is not None:
        born = dt.date.fromisoformat(body.joins["birth_date"])
        faults += [Fault("/on", "before_birth")] if body.on < born else []
        faults += [Fault("/joins/birth_date", "too_long_ago")] if born < earliest(today) else []
    event = kinds()[body.kind]
    allowed = {
        "value": event.value is not None,
        "joins": event.joins is not None,
        "facility": event.facility is not None,
    }
    return faults + [Fault(f"/{name}", "not_allowed") for name in _sent(body, *allowed) if not allowed[name]]


def _sent(body: EventReported, *names: str) -> list[str]:
    """The names of those fields that were sent."""
    return [name for name in names if getattr(body, name) is not None]


def _settle(faults: list[Fault]) -> None:
    if faults:
        raise FaultyRequest(faults)


async def _targets(connection: Connection, caller: Caller, body: EventReported, faults: list[Fault]) -> list[Target]:
    """The decided households that are meant. Adds what is wrong with them to `faults`."""
    if body.decision is not None:
        return [await _named(connection, caller, body, faults)]
    if _REF.fullmatch(body.person):
        return await _of_person(connection, caller, body.person)
    faults.append(Fault("/person", "wrong_form"))
    return []


async def _named(connection: Connection, caller: Caller, body: EventReported, faults: list[Fault]) -> Target:
    """UnknownDecision; Conflict for a decision that does not stand."""
    state = await decisions.state(connection, record_id(body.decision or ""))
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
    elif body.on < _born(state, place):
        faults.append(Fault("/on", "before_birth"))
    if body.joins is not None and places_of(state.decision["facts"]["household"]).get(body.joins["id"], "").startswith(
        "m"
    ):
        faults.append(Fault("/joins/id", "duplicate_id"))
    return state, body.person


def _born(state: DecisionState, place: str) -> dt.date:
    """The day of birth of a member (`members/0`) or an obligor (`obligors/2`); the first day there is if none is on record."""
    part, _, number = place.partition("/")
    born = state.decision["facts"]["household"][part][int(number)].get("birth_date")
    return dt.date.fromisoformat(born) if born else dt.date.min


async def _of_person(connection: Connection, caller: Caller, ref: str) -> list[Target]:
    """The decided households of the caller's areas in which a person stands."""
    states, places = await about(connection, ref, caller.areas)
    return [
        (state, person)
        for id_, state in states.items()
        if state.stands and caller.covers(state.decision["jurisdiction"])
        for person in sorted(places[id_] & places_of(state.decision["facts"]["household"]).keys())
    ]


def _can_happen(kind: str, state: DecisionState, person: str) -> bool:
    return kinds()[kind].can_happen_to(places_of(state.decision["facts"]["household"])[person])


def _row(body: EventReported, state: DecisionState, person: str, caller: Caller, now: dt.datetime) -> AlertRow:
    return AlertRow(
        id=new_id(now),
        jurisdiction=state.decision["jurisdiction"],
        decision=UUID(state.decision["id"]),
        person=person,
        kind=body.kind,
        day=body.on,
        value=None if body.value is None else format_fen(body.value),
        evidence=body.evidence,
        details={name: getattr(body, name) for name in _sent(body, "joins", "facility")} or None,
        reported_at=now,
        reported_by=caller.subject,
    )
