"""Finds the other decisions of a decision's household."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.db.connection import Connection
from app.decisions import repository
from app.decisions.state import DecisionState
from app.security.repository import identified_in

_COUNTY = 6  # digits of a place's code: references of households are given within a county


async def add_households(connection: Connection, known: dict[UUID, DecisionState], about: Iterable[UUID]) -> None:
    """Give some known decisions the other decisions of their households, which become known.

    A decision is one object however many households it is found in: a batch that decides it decides it for all.
    """
    for own in about:
        found = await _household(connection, own, known[own])
        for id_, state in found.items():
            known.setdefault(id_, state)
        known[own].household = {id_: known[id_] for id_ in found if id_ != own}


async def _household(connection: Connection, own: UUID, state: DecisionState) -> dict[UUID, DecisionState]:
    """The decisions of one household: those alike, those before, and all that take the place of any of them."""
    perhaps = await repository.states(connection, await repository.perhaps_of_household(connection, own))
    members = await _members(connection, {own: state} | perhaps)
    found = {own: state} | {id_: one for id_, one in perhaps.items() if _alike(own, id_, state, one, members)}
    while before := {id_ for one in found.values() if (id_ := repository.preceding(one))} - found.keys():
        found |= await repository.states(connection, before)
    return await repository.with_followers(connection, found)


def _alike(
    own: UUID, other: UUID, state: DecisionState, one: DecisionState, members: dict[UUID, frozenset[str]]
) -> bool:
    """Tell if two decisions are about one household: by its reference in a county. Where one of them gives no reference,
    everybody whom the other identifies as a member must be a member of this one."""
    refs: list[str | None] = [each.decision["household_ref"] for each in (state, one)]
    if None not in refs:
        places: list[str] = [each.decision["jurisdiction"][:_COUNTY] for each in (state, one)]
        return refs[0] == refs[1] and places[0] == places[1]
    return bool(members[other]) and members[other] <= members[own]


async def _members(connection: Connection, states: dict[UUID, DecisionState]) -> dict[UUID, frozenset[str]]:
    """The references of the identified members of some decisions' households."""
    identified = await identified_in(connection, states)
    found = {}
    for id_, state in states.items():
        members = {member["id"] for member in state.decision["facts"]["household"]["members"]}
        found[id_] = frozenset(ref for person, ref in identified.get(id_, {}).items() if ref and person in members)
    return found
