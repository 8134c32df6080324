"""Looks through the decisions that stand, one after the other: decided, and no later one took their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from app.core.paging import Filter
from app.db.database import Database
from app.decisions import repository as decisions
from app.decisions.state import DecisionState
from app.monitoring import repository

T = TypeVar("T")
MOST_LOOKED_AT: Final = 500  # for one answer: a page may be short, and goes on
PART: Final = 25  # read at a time: reading keeps the event loop busy


async def page(
    database: Database, where: Filter, after: UUID | None, size: int, look: Callable[[DecisionState], T | None]
) -> tuple[list[T], UUID | None]:
    """Collects what `look` sees in standing decisions, in the order they were made, as much as a page takes; and after
    which decision the next page begins. Looking computes, so it is done beside the event loop."""
    items: list[T] = []
    for _ in range(MOST_LOOKED_AT // PART):
        async with database.connect() as connection:
            ids = await repository.may_stand(connection, where, after, PART)
            states = await decisions.states(connection, ids)
        standing = [(id_, states[id_]) for id_ in ids if states[id_].stands]
        seen, last = await asyncio.to_thread(partial(_looked, standing, size - len(items), look))
        items += seen
        if last is not None:
            return items, last
        if len(ids) < PART:
            return items, None
        after = ids[-1]
    return items, after


def _looked(
    standing: list[tuple[UUID, DecisionState]], room: int, look: Callable[[DecisionState], T | None]
) -> tuple[list[T], UUID | None]:
    """Looks at decisions until the page is full; returns what is seen, and the decision at which the page was full."""
    items: list[T] = []
    for id_, state in standing:
        item = look(state)
        if item is not None:
            items.append(item)
            if len(items) == room:
                return items, id_
    return items, None


def head(state: DecisionState) -> dict[str, Any]:
    """The fields of `DecidedHousehold`: what tells a decision from others in a list."""
    record = state.decision
    return {
        "decision": record["id"],
        "jurisdiction": record["jurisdiction"],
        "case": record["case"],
        "household_ref": record["household_ref"],
        "date": record["date"],
    }
