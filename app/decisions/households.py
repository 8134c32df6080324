"""Finds the other decisions of a decision's household, and those of other households that somebody of it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.core.errors import Conflict
from app.db.connection import Connection
from app.decisions import repository
from app.decisions.state import DecisionState, Elsewhere
from app.security.repository import identified_in

_COUNTY = 6  # digits of a place's code: references of households are given within a county

Members = dict[str, str]  # who is identified in a household: the id there by the person's reference


async def add_households(connection: Connection, known: dict[UUID, DecisionState], about: Iterable[UUID]) -> None:
    """Give some known decisions the other decisions of their households, which become known, and those of other
    households.

    A decision is one object however many households it is found in: a batch that decides it decides it for all.
    """
    for own in about:
        state = known[own]
        perhaps = await repository.states(connection, await repository.perhaps_of_household(connection, own))
        perhaps.pop(own, None)
        members = await _members(connection, {own: state} | perhaps) if perhaps else {own: {}}
        alike = {id_: one for id_, one in perhaps.items() if _alike(state, one, members[own], members[id_])}
        found = await _chain(connection, {own: state} | alike)
        others = await repository.with_followers(
            connection, {id_: one for id_, one in perhaps.items() if id_ not in found}
        )
        for id_, one in (others | found).items():
            known.setdefault(id_, one)
            known[id_].members |= members.get(id_, {})
        state.household = {id_: known[id_] for id_ in found if id_ != own}
        state.elsewhere = [
            Elsewhere(person, known[id_], members[id_][ref], _superseder(known, id_))
            for ref, person in sorted(members[own].items(), key=lambda one: one[1])
            for id_ in sorted(others)
            if ref in members.get(id_, {})
        ]


def of_county(states: dict[UUID, DecisionState], place: str | None) -> dict[UUID, DecisionState]:
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


def _superseder(known: dict[UUID, DecisionState], id_: UUID) -> DecisionState | None:
    superseder = known[id_].superseded_by
    return known[superseder] if superseder else None


async def _chain(connection: Connection, found: dict[UUID, DecisionState]) -> dict[UUID, DecisionState]:
    """Some decisions with those before them and all that take the place of any."""
    while before := {id_ for one in found.values() if (id_ := repository.preceding(one))} - found.keys():
        found = found | await repository.states(connection, before)
    return await repository.with_followers(connection, found)


def _alike(state: DecisionState, one: DecisionState, own: Members, other: Members) -> bool:
    """Tell if two decisions are about one household: by its reference in a county. Where one of them gives no reference,
    everybody whom the other identifies as a member must be a member of this one."""
    refs: list[str | None] = [each.decision["household_ref"] for each in (state, one)]
    if None not in refs:
        return refs[0] == refs[1] and _county(state) == _county(one)
    return bool(other) and other.keys() <= own.keys()


async def _members(connection: Connection, states: dict[UUID, DecisionState]) -> dict[UUID, Members]:
    """The identified members of some decisions' households."""
    identified = await identified_in(connection, states)
    found = {}
    for id_, state in states.items():
        members = {member["id"] for member in state.decision["facts"]["household"]["members"]}
        here = identified.get(id_, {})
        found[id_] = {ref: person for person, ref in here.items() if ref and person in members}
    return found
