"""The decisions that stand, looked through one after the other: decided, and no later one took their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.paging import Filter
from app.db.database import Database
from app.db.tables import Decision, Record
from app.decisions import repository
from app.decisions.search import conditions
from app.decisions.state import DecisionState
from app.rules.values.strict_json import Json

Look = Callable[[DecisionState], Json | None]
MOST_LOOKED_AT: Final = 500  # for one answer: a page may be short, and goes on
PART: Final = 100


async def page(
    database: Database, where: Filter, after: UUID | None, size: int, look: Look
) -> tuple[list[Json], UUID | None]:
    """What is seen when standing decisions are looked at in the order they were made, as many as a page takes, and after
    which decision the next page begins. Looking computes, so it is done beside the event loop."""
    items: list[Json] = []
    for _ in range(MOST_LOOKED_AT // PART):
        async with database.connect() as connection:
            ids = await _ids(connection, where, after)
            states = await repository.states(connection, ids)
        standing = [(id_, states[id_]) for id_ in ids if states[id_].stands]
        seen, last = await asyncio.to_thread(_looked, standing, size - len(items), look)
        items += seen
        if last is not None:
            return items, last
        if len(ids) < PART:
            return items, None
        after = ids[-1]
    return items, after


def _looked(standing: list[tuple[UUID, DecisionState]], room: int, look: Look) -> tuple[list[Json], UUID | None]:
    """What is seen; with the decision at which the page was full."""
    items: list[Json] = []
    for id_, state in standing:
        item = look(state)
        if item is not None:
            items.append(item)
            if len(items) == room:
                return items, id_
    return items, None


async def _ids(connection: AsyncConnection, where: Filter, after: UUID | None) -> list[UUID]:
    """Those that may stand: exactly whether they do is read off their records."""
    query = select(col(Decision.id)).where(*conditions(where), *_may_stand())
    if after is not None:
        query = query.where(col(Decision.id) > after)
    return list((await connection.execute(query.order_by(col(Decision.id)).limit(PART))).scalars())


def _may_stand() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    decided, follower, later = aliased(Record), aliased(Decision), aliased(Record)
    confirmed = exists().where(col(decided.decision) == col(Decision.id), col(decided.kind) == "confirmation")
    followed = exists().where(
        or_(col(follower.corrects) == col(Decision.id), col(follower.succeeds) == col(Decision.id)),
        col(later.decision) == col(follower.id),
        col(later.kind) == "confirmation",
    )
    return confirmed, ~followed


def head(state: DecisionState) -> Json:
    """What tells a decision from others in a list."""
    record = state.decision
    return {
        "decision": record["id"],
        "jurisdiction": record["jurisdiction"],
        "case": record["case"],
        "household_ref": record["household_ref"],
        "date": record["date"],
    }
