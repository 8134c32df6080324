"""Statuses of a person on a day, for those who may ask: yes, no or not known, and nothing else.

Only what an officer decided counts. A person of whom nothing is known here and one who is not here at all are answered
alike, so that asking does not tell who has ever applied.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.core.months import month_text
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import repository as decisions
from app.decisions.grants import start_of, takes_over
from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState
from app.people import repository
from app.people.access_log import Access
from app.people.schemas import Status, Statuses
from app.rules.facts.household import Programme
from app.rules.request_faults import Fault, FaultyRequest
from app.security.callers import Caller
from app.security.repository import identified_in

Chain = Mapping[UUID, DecisionState]
Places = Mapping[UUID, frozenset[str]]  # as whom the person stands in each decision's household


@dataclass(frozen=True)
class PersonStatuses:
    """Answers by purpose, and writes down who asked."""

    database: Database
    access: Access

    async def on(self, caller: Caller, ref: str, day: dt.date, purpose: str) -> Statuses:
        """Each status the purpose may ask about. FaultyRequest for a purpose the caller may not have, or that asks
        about none."""
        where = "/query/purpose"
        programmes = self.access.purposes.purposes[self.access.purpose(caller, purpose, where)].statuses
        if not programmes:
            raise FaultyRequest([Fault(where, "not_allowed")])
        async with self.database.connect() as connection:
            states, places = await about(connection, ref, caller.areas)
        await self.access.read(caller, "statuses.read", decisions=states, persons=[ref], purpose=purpose)
        return Statuses(
            person=ref,
            on=day.isoformat(),
            purpose=purpose,
            statuses=[status(programme, month_text(day), states, places) for programme in programmes],
        )


async def about(connection: Connection, ref: str, areas: tuple[str, ...]) -> tuple[Chain, Places]:
    """The decisions of some areas about a person, with what follows them; none once the person is erased."""
    erased = await repository.erasure_of(connection, ref)
    found = [] if erased else await repository.decisions_of(connection, ref, areas)
    states = await decisions.with_followers(connection, await decisions.states(connection, found))
    return states, _places(ref, states, await identified_in(connection, states))


def _places(ref: str, states: Chain, identified: Mapping[UUID, Mapping[str, str | None]]) -> Places:
    """As whom a person stands: as identified; in a decision that follows, if it identifies nobody else there, as in the
    one before."""
    found: dict[UUID, frozenset[str]] = {}
    for id_ in sorted(states):  # in the order of time
        here = identified.get(id_, {})
        own = {person for person, whose in here.items() if whose == ref}
        decision = states[id_].decision
        before = decision["corrects"] or decision["succeeds"]
        inherited = found.get(UUID(before), frozenset()) if before else frozenset()
        found[id_] = frozenset(own or (inherited - here.keys()))
    return found


@dataclass(frozen=True)
class _Word:
    """That a status holds, or does not, from a month on, as one decision says."""

    month: str
    holds: bool


def status(programme: Programme, month: str, states: Chain, places: Places) -> Status:
    """Reads off the decisions if a programme's status holds in a month: the last word on it counts."""
    words = [word for word in _words(programme, states, places) if word.month <= month]
    holds = words[-1].holds if words else None
    return Status(programme=programme, holds=holds, since=_since(words) if holds else None)


def _since(words: Iterable[_Word]) -> str | None:
    """The first month of the time that has not been broken since."""
    since = None
    for word in words:
        since = (since or word.month) if word.holds else None
    return since


def _words(programme: str, states: Chain, places: Places) -> Iterator[_Word]:
    """The words on a status of all decided decisions that no correction replaced, the last one last."""
    standing = [
        (start_of(state.decision), state.turn, id_, state)
        for id_, state in states.items()
        if state.confirmation is not None and not any(f.corrects and f.decided for f in state.followers)
    ]
    for _, _, id_, state in sorted(standing, key=lambda one: one[:3]):
        for person in sorted(places[id_]):
            yield from _word(programme, state, person)


def _word(programme: str, state: DecisionState, person: str) -> Iterator[_Word]:
    """The words of one decision on a status of somebody of its household; none if it says nothing.

    A result of the whole household is one of those it counts. Where a programme was asked for and has no result, it
    does not apply. What was not asked for, or is left undecided, is not known.
    """
    decision, confirmation = state.decision, state.confirmation
    assert confirmation is not None  # noqa: S101  only decided ones are asked
    household = decision["results"]["household"]
    about = [
        one
        for one in decision["results"]["results"]
        if one["programme"] == programme and one["person"] in (None, person)
    ]
    asked = decision["facts"]["programmes"]
    members = {member["id"] for member in decision["facts"]["household"]["members"]}
    if not about and person in members and (asked is None or programme in asked):
        yield _Word(start_of(decision), holds=False)
    for outcome in confirmation["outcomes"]:
        if outcome["programme"] != programme:
            continue
        counted = outcome["person"] is None and person in household["counted"]
        if counted or outcome["person"] == person:
            key = (programme, outcome["person"])
            yield _Word(takes_over(decision, key), outcome["outcome"] in PAYING)
