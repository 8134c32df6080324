"""SQL of records and of where decisions stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Row, func, or_, select, text, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.errors import UnknownDecision
from app.core.ids import is_record_id, month_of_id
from app.db.connection import Connection
from app.db.tables import Decision, Identity, PublicationOutcome, Record
from app.decisions.state import DecisionState, Follower
from app.rules.values.strict_json import Json

COUNTY: Final = 6  # digits of a place's code: references of households are given within a county
_PUBLICATIONS_LOCK: Final = 0x7075626C  # the lock of those who settle publications


@dataclass(frozen=True)
class Stored:
    """A record as it is kept, and its place in the log."""

    id: UUID
    kind: str
    decision: UUID
    jurisdiction: str
    origin: str
    index: int
    body: bytes
    digest: bytes

    @property
    def content(self) -> Json:
        content: Json = orjson.loads(self.body)
        return content


STORED: Final = (
    col(Record.id),
    col(Record.kind),
    col(Record.decision),
    col(Record.jurisdiction),
    col(Record.origin),
    col(Record.log_index),
    col(Record.body),
    col(Record.digest),
)


def stored_of(row: Row[UUID, str, UUID, str, str, int, bytes, bytes]) -> Stored:
    """A row of the STORED columns."""
    id_, kind, decision, jurisdiction, origin, index, body, digest = row
    return Stored(id_, kind, decision, jurisdiction, origin, index, bytes(body), bytes(digest))


async def record(connection: Connection, id_: UUID) -> Stored | None:
    """One record by its id."""
    try:
        month = month_of_id(id_)
    except ValueError:
        return None
    found = await connection.execute(select(*STORED).where(col(Record.id) == id_, col(Record.month) == month))
    row = found.first()
    return stored_of(row) if row else None


async def records_about(connection: Connection, decisions: Iterable[UUID]) -> dict[UUID, list[Stored]]:
    """Each decision's own record and everything recorded about it since, oldest first."""
    ids = [id_ for id_ in decisions if is_record_id(id_)]
    found: dict[UUID, list[Stored]] = {}
    if not ids:
        return found
    earliest = min(month_of_id(id_) for id_ in ids)
    rows = await connection.execute(
        select(*STORED)
        .where(col(Record.decision).in_(ids), col(Record.month) >= earliest)
        .order_by(col(Record.origin), col(Record.log_index))
    )
    for row in rows:
        stored = stored_of(row)
        found.setdefault(stored.decision, []).append(stored)
    return found


async def states(connection: Connection, decisions: Iterable[UUID]) -> dict[UUID, DecisionState]:
    """Where decisions stand, those that there are."""
    found = await _by_themselves(connection, decisions)
    followers = await _followers(connection, list(found))
    for id_, one in found.items():
        one.followers = followers.get(id_, [])
    await _add_predecessors(connection, list(found.values()))
    return found


async def _add_predecessors(connection: Connection, states: list[DecisionState]) -> None:
    """The decisions before some, back to where nothing that was left open goes on from an earlier one."""
    while states:
        before = await _by_themselves(connection, {id_ for one in states if (id_ := preceding(one)) is not None})
        for one in states:
            id_ = preceding(one)
            one.predecessor = before.get(id_) if id_ else None
        states = [one for one in before.values() if one.leaves_something]


async def with_followers(connection: Connection, found: dict[UUID, DecisionState]) -> dict[UUID, DecisionState]:
    """Decisions and all that take their places, which need not name the same household; the oldest first."""
    while more := {f.id for one in found.values() for f in one.followers} - found.keys():
        found = found | await states(connection, more)
    return dict(sorted(found.items()))


async def referring_to(connection: Connection, households: set[tuple[str, str]]) -> set[UUID]:
    """Decisions about households, each named by its county and its reference there."""
    ref = col(Decision.household_ref)
    pair = tuple_(func.left(col(Decision.jurisdiction), COUNTY), ref)
    rows = await connection.execute(
        select(col(Decision.id)).where(ref.in_({named for _, named in households}), pair.in_(households))
    )
    return set(rows.scalars())


async def sharing_a_person(connection: Connection, decisions: Iterable[UUID]) -> set[UUID]:
    """Decisions that identify somebody whom some decisions identify."""
    here, there = aliased(Identity), aliased(Identity)
    rows = await connection.execute(
        select(col(there.decision))
        .join(here, col(here.ref) == col(there.ref))
        .where(col(here.decision).in_(list(decisions)))
    )
    return set(rows.scalars())


async def _by_themselves(connection: Connection, decisions: Iterable[UUID]) -> dict[UUID, DecisionState]:
    """Decisions with what was recorded about them, without the decisions before and after."""
    about = await records_about(connection, decisions)
    found = {}
    for id_, records in about.items():
        own = next((stored for stored in records if stored.id == id_ and stored.kind == "decision"), None)
        if own is not None:
            later = [stored.content for stored in records if stored is not own]
            index = next((stored.index for stored in records if stored.kind == "confirmation"), 0)
            found[id_] = DecisionState(own.content, own.digest, later, confirmation_index=index)
    return found


def preceding(state: DecisionState) -> UUID | None:
    """The decision that one corrects or succeeds."""
    text = state.decision["corrects"] or state.decision["succeeds"]
    return UUID(text) if text else None


async def state(connection: Connection, id_: UUID) -> DecisionState:
    """Where one decision stands. UnknownDecision if there is none."""
    found = (await states(connection, [id_])).get(id_)
    if found is None:
        raise UnknownDecision
    return found


async def _followers(connection: Connection, decisions: Sequence[UUID]) -> dict[UUID, list[Follower]]:
    if not decisions:
        return {}
    corrects, succeeds = col(Decision.corrects), col(Decision.succeeds)
    rows = (
        await connection.execute(
            select(col(Decision.id), corrects, succeeds)
            .where(or_(corrects.in_(decisions), succeeds.in_(decisions)))
            .order_by(col(Decision.id))
        )
    ).all()
    kinds = await _kinds_about(connection, [row[0] for row in rows])
    found: dict[UUID, list[Follower]] = {}
    for id_, corrected, succeeded in rows:
        said = kinds.get(id_, set())
        follower = Follower(id_, corrected is not None, "confirmation" in said, "withdrawal" in said)
        followed = corrected or succeeded
        if followed is not None:
            found.setdefault(followed, []).append(follower)
    return await _seen_through(connection, found)


async def _seen_through(connection: Connection, followers: dict[UUID, list[Follower]]) -> dict[UUID, list[Follower]]:
    """A proposal that was itself followed stands for the decision that took its place, once there is one."""
    proposed = [one.id for each in followers.values() for one in each if not (one.decided or one.withdrawn)]
    beyond = await _followers(connection, proposed)
    return {
        id_: [
            next((replace(one, id=f.id, decided=True) for f in beyond.get(one.id, []) if f.decided), one)
            for one in each
        ]
        for id_, each in followers.items()
    }


async def _kinds_about(connection: Connection, decisions: Sequence[UUID]) -> dict[UUID, set[str]]:
    if not decisions:
        return {}
    rows = await connection.execute(
        select(col(Record.decision), col(Record.kind)).where(col(Record.decision).in_(decisions))
    )
    found: dict[UUID, set[str]] = {}
    for decision, kind in rows:
        found.setdefault(decision, set()).add(kind)
    return found


async def lock_publications(connection: Connection) -> None:
    """Until the end of the transaction nobody else settles a publication, whatever the log."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": _PUBLICATIONS_LOCK})


async def settled_publications(connection: Connection) -> int:
    """How many publications were approved or rejected so far."""
    found = await connection.execute(select(func.max(col(PublicationOutcome.sequence))))
    return found.scalar_one() or 0
