"""Finds the decisions of one household, and those of other households that somebody of it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.core.errors import Conflict
from app.db.connection import Connection
from app.decisions import repository
from app.decisions.state import DecisionState, Elsewhere
from app.security.callers import Caller
from app.security.repository import identified_in

_COUNTY = repository.COUNTY

States = dict[UUID, DecisionState]
Members = dict[str, str]  # who is identified in a household: the id there by the person's reference


async def add_households(connection: Connection, known: States, about: Iterable[UUID]) -> None:
    """Give some known decisions the other decisions of their households, which become known, and those of other
    households.

    A decision is one object however many households it is found in: a batch that decides it decides it for all.
    """
    for own in about:
        state = known[own]
        found, perhaps, members = await _one_household(connection, {own: state})
        if not perhaps and len(found) > 1:
            members = await _members(connection, found)
        others = await repository.with_followers(
            connection, {id_: one for id_, one in perhaps.items() if id_ not in found}
        )
        for id_, one in (others | found).items():
            known.setdefault(id_, one)
            known[id_].members |= members.get(id_, {})
        state.household = {id_: known[id_] for id_ in found if id_ != own}
        state.elsewhere = [
            Elsewhere(person, known[id_], members[id_][ref], _superseder(known, id_))
            for ref, person in sorted(members.get(own, {}).items(), key=lambda one: one[1])
            for id_ in sorted(others)
            if ref in members.get(id_, {})
        ]


async def household_of(connection: Connection, of: States) -> States:
    """Find the decisions of the household that some are about."""
    found, _, _ = await _one_household(connection, of)
    return found


def seen_by(caller: Caller, found: States) -> States:
    """Those decisions of a household that lie in the caller's areas, and what follows on them elsewhere; the oldest first."""
    shown = {id_: one for id_, one in found.items() if caller.covers(one.decision["jurisdiction"])}
    while more := {f.id for one in shown.values() for f in one.followers if f.id in found} - shown.keys():
        shown |= {id_: found[id_] for id_ in more}
    return dict(sorted(shown.items()))


def of_county(states: States, place: str | None) -> States:
    """Those of a county among decisions with one reference. Where no place is said, all, if they are of one household:
    Conflict if several counties have one."""
    if place is not None:
        return {id_: one for id_, one in states.items() if _county(one) == place[:_COUNTY]}
    if len({_county(one) for one in states.values() if repository.preceding(one) not in states}) > 1:
        raise Conflict("several_households")
    return states


def _county(state: DecisionState) -> str:
    place: str = state.decision["jurisdiction"]
    return place[:_COUNTY]


def _superseder(known: States, id_: UUID) -> DecisionState | None:
    superseder = known[id_].superseded_by
    return known[superseder] if superseder else None


async def _one_household(connection: Connection, own: States) -> tuple[States, States, dict[UUID, Members]]:
    """Find all decisions of the household that some are about; the other decisions that share a person with those that are
    named or follow on one another; and, if there are any, the members of all of these."""
    found = await _named(connection, own)
    sharing = await repository.sharing_a_person(connection, found)
    perhaps = await repository.states(connection, sharing - found.keys())
    members = await _members(connection, found | perhaps) if perhaps else {}
    alike = {
        id_: one
        for id_, one in perhaps.items()
        if any(_alike(each, one, members[own_id], members[id_]) for own_id, each in found.items())
    }
    if alike:
        found = await _named(connection, found | alike)
        members |= await _members(connection, {id_: one for id_, one in found.items() if id_ not in members})
    return found, perhaps, members


async def _named(connection: Connection, found: States) -> States:
    """Some decisions with all that follow one another, and all with a reference of one of these in its county."""
    asked: set[tuple[str, str]] = set()
    while True:
        found = await _chain(connection, found)
        references = {(_county(one), ref) for one in found.values() if (ref := one.decision["household_ref"])}
        if references <= asked:
            return found
        more = await repository.referring_to(connection, references - asked)
        found |= await repository.states(connection, more - found.keys())
        asked |= references


async def _chain(connection: Connection, found: States) -> States:
    """Some decisions with those before them and all that take the place of any."""
    while before := {id_ for one in found.values() if (id_ := repository.preceding(one))} - found.keys():
        found = found | await repository.states(connection, before)
    return await repository.with_followers(connection, found)


def _alike(one: DecisionState, other: DecisionState, here: Members, there: Members) -> bool:
    """Tell if two decisions, one of which gives no reference of its household, are about one: everybody whom the earlier
    identifies as a member must be a member of the later."""
    if None not in (one.decision["household_ref"], other.decision["household_ref"]):
        return False
    earlier, later = (here, there) if _order(one) < _order(other) else (there, here)
    return bool(earlier) and earlier.keys() <= later.keys()


def _order(state: DecisionState) -> tuple[bool, tuple[object, ...], str]:
    """By when it was decided; what is not decided yet comes last, in the order of proposals."""
    return state.turn is None, state.turn or (), state.decision["id"]


async def _members(connection: Connection, states: States) -> dict[UUID, Members]:
    """The identified members of some decisions' households."""
    identified = await identified_in(connection, states)
    found = {}
    for id_, state in states.items():
        members = {member["id"] for member in state.decision["facts"]["household"]["members"]}
        here = identified.get(id_, {})
        found[id_] = {ref: person for person, ref in here.items() if ref and person in members}
    return found
