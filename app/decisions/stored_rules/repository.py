"""SQL of stored rules: rulesets, packs and scopes that decisions rest on, and the publications that stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlmodel import col

from app.core.canonical_json import digest_of, digest_text
from app.core.errors import CannotRecompute, UnknownRuleset
from app.db import trail
from app.db.connection import Connection
from app.db.tables import Pack as PackRow
from app.db.tables import Publication, PublicationOutcome, Record, Scope, Trail
from app.db.tables import Ruleset as RulesetRow
from app.decisions.records import instant_text
from app.decisions.repository import STORED, Stored, stored_of
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class KeptRuleset:
    """A stored ruleset: its content, the packs it is made of, and for which question they come to it."""

    hash: str
    engine: str
    content: str
    packs: list[str]
    resolved: Json


@dataclass(frozen=True)
class Approved:
    """Packs that were approved, and from when they count."""

    id: UUID
    form: str
    packs: tuple[str, ...]
    known_from: dt.datetime | None


async def add_packs(connection: Connection, packs: Sequence[Json]) -> None:
    """Writes packs that are not there yet."""
    await connection.execute(insert_new(PackRow).on_conflict_do_nothing(), packs)


async def add_ruleset(connection: Connection, ruleset: Json) -> None:
    """Writes a ruleset unless it is there."""
    await connection.execute(insert_new(RulesetRow).on_conflict_do_nothing(), [ruleset])


async def add_scope(connection: Connection, scope: Json) -> None:
    """Writes a scope unless it is there."""
    await connection.execute(insert_new(Scope).on_conflict_do_nothing(), [scope])


async def read_ruleset(connection: Connection, hash_: str) -> KeptRuleset:
    rows = await connection.execute(
        select(
            col(RulesetRow.hash),
            col(RulesetRow.engine),
            col(RulesetRow.content),
            col(RulesetRow.packs),
            col(RulesetRow.resolved),
        ).where(col(RulesetRow.hash) == hash_)
    )
    row = rows.first()
    if row is None:
        raise UnknownRuleset
    return KeptRuleset(row[0], row[1], row[2], list(row[3]), row[4])


async def read_packs(connection: Connection, digests: tuple[str, ...]) -> dict[str, str]:
    """Stored packs by their digests. CannotRecompute if one is gone or is not what its digest says."""
    rows = await connection.execute(
        select(col(PackRow.digest), col(PackRow.body)).where(col(PackRow.digest).in_(digests))
    )
    bodies = {row[0]: row[1] for row in rows}
    for digest in digests:
        if digest not in bodies or digest_text(digest_of(bodies[digest].encode())) != digest:
            raise CannotRecompute
    return {digest: bodies[digest] for digest in digests}


async def approved(connection: Connection) -> list[Approved]:
    """What was approved, in the order it was."""
    outcome = col(PublicationOutcome.outcome)
    rows = await connection.execute(
        select(col(Publication.id), col(Publication.form), col(Publication.packs), col(PublicationOutcome.known_from))
        .join(PublicationOutcome, col(PublicationOutcome.publication) == col(Publication.id))
        .where(outcome == "approved")
        .order_by(col(PublicationOutcome.sequence))
    )
    return [Approved(id_, form, tuple(packs), known_from) for id_, form, packs, known_from in rows]


async def publishing_records(connection: Connection) -> list[Stored]:
    """The records of publishing of every log, in their order."""
    rows = await connection.execute(
        select(*STORED)
        .where(text("record.kind IN ('publication', 'approval', 'rejection')"))  # as the index says it
        .order_by(col(Record.origin), col(Record.log_index))
    )
    return [stored_of(row) for row in rows]


async def publishing_trail(connection: Connection) -> list[tuple[int, str, bytes, Json | None]]:
    """The leaves of the trail about publishing, and the first: position, kind, digest, what it says."""
    rows = await connection.execute(
        select(col(Trail.position), col(Trail.kind), col(Trail.digest), col(Trail.said))
        .where(text("(kind LIKE 'publication%' OR kind = 'before')"))  # as the index says it
        .order_by(col(Trail.position))
    )
    return [(position, kind, bytes(digest), said) for position, kind, digest, said in rows]


async def publishing_rows(connection: Connection) -> list[Json]:
    """Publications and outcomes of what did not come with the service, as their records would say them."""
    shipped = col(Publication.form) == "shipped"
    submitted = await connection.execute(select(*Publication.__table__.columns).where(~shipped))  # type: ignore[attr-defined]
    settled = await connection.execute(
        select(*PublicationOutcome.__table__.columns)  # type: ignore[attr-defined]
        .outerjoin(Publication, col(Publication.id) == col(PublicationOutcome.publication))
        .where(~func.coalesce(shipped, False))
    )
    names = ("form", "jurisdiction", "packs", "base", "note")
    return [
        {"id": str(row["id"]), "by": row["submitted_by"], "at": instant_text(row["submitted_at"])}
        | {name: row[name] for name in names}
        for row in submitted.mappings()
    ] + [
        {"id": str(row["publication"]), "by": row["decided_by"], "at": instant_text(row["decided_at"])}
        | {"outcome": row["outcome"], "reason": row["reason"]}
        | {"known_from": instant_text(row["known_from"]) if row["known_from"] else None}
        for row in settled.mappings()
    ]


async def outcomes_in_order(connection: Connection) -> list[tuple[int, UUID]]:
    """The outcomes by their numbers: number and publication."""
    sequence = col(PublicationOutcome.sequence)
    rows = await connection.execute(select(sequence, col(PublicationOutcome.publication)).order_by(sequence))
    return [(number, id_) for number, id_ in rows]


async def divisions(connection: Connection, publications: Iterable[Approved]) -> dict[str, str]:
    """The digest of the pack that stands for each division after some approvals."""
    digests = [digest for one in publications for digest in one.packs]
    rows = await connection.execute(
        select(col(PackRow.digest), col(PackRow.division)).where(col(PackRow.digest).in_(digests))
    )
    division = {row[0]: row[1] for row in rows}
    return {division[digest]: digest for digest in digests}


async def add_publication(connection: Connection, publication: Json, outcome: Json) -> None:
    """Writes a publication that is settled at once."""
    await trail.add(connection, Publication, [publication])
    await trail.add(connection, PublicationOutcome, [outcome])
