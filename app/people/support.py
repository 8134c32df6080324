"""Whether somebody is supported every month, by any decision that stands."""

from __future__ import annotations

from uuid import UUID

from app.db.connection import Connection
from app.decisions import repository as decisions
from app.decisions.granted_elsewhere import supports
from app.decisions.households import States, household_of
from app.decisions.state import Key
from app.decisions.timeline import in_order, speaking
from app.people import repository
from app.security.callers import COUNTRY
from app.security.repository import identified_in


async def is_supported(connection: Connection, ref: str, month: str) -> bool:
    """Tell if a household in which a person is identified is paid anything for that person in a month or later."""
    left = await decisions.states(connection, await repository.decisions_of(connection, ref, (COUNTRY,)))
    while left:
        id_, state = next(iter(left.items()))
        household = await household_of(connection, {id_: state})
        if await _paid(connection, ref, month, household):
            return True
        left = {other: one for other, one in left.items() if other != id_ and other not in household}
    return False


async def _paid(connection: Connection, ref: str, month: str, household: States) -> bool:
    standing = in_order(household)
    months = {month} | {grant.first for one in standing for grant in one.grants.values() if grant.first > month}
    paid: dict[UUID, set[Key]] = {}
    for each in months:
        for key in {key for one in standing for key in one.grants}:
            one = speaking(each, standing, key)
            if one and key in one.grants and one.grants[key].first <= each:
                paid.setdefault(one.id, set()).add(key)
    identified = await identified_in(connection, paid)
    return any(
        supports(household[id_], keys, person)
        for id_, keys in paid.items()
        for person, whose in identified.get(id_, {}).items()
        if whose == ref
    )
