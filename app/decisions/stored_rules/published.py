"""Whether the publications that stand are those that were recorded and signed: asked at the start, and by the audit."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from app.core.canonical_json import digest_of
from app.core.errors import LogBroken
from app.db.connection import Connection
from app.db.trail import row_digest
from app.decisions.keys.signed import public_keys
from app.decisions.log.reader import proven
from app.decisions.log.repository import rows_of
from app.decisions.log.trail import BEFORE, TRAIL, summary
from app.decisions.proofs.merkle import leaf_hash
from app.decisions.repository import Stored
from app.decisions.stored_rules import repository
from app.rules.values.strict_json import Json

log: Final = logging.getLogger("doudi.publications")
SHIPPED: Final = "shipped"


async def must_be_as_signed(connection: Connection, public_key: bytes) -> None:
    """Raise LogBroken unless publications and their outcomes are those of records, and all lie in signed trees."""
    keys = await public_keys(connection, public_key)
    leaves: dict[str, dict[int, bytes]] = {}
    for one in await repository.publishing_records(connection):
        leaves.setdefault(one.origin, {})[one.index] = leaf_hash(digest_of(one.body))
    left = await repository.publishing_trail(connection)
    if left:
        leaves[TRAIL] = {position: leaf_hash(digest) for position, _, digest, _ in left}
    unproven = [origin for origin, wanted in leaves.items() if not await proven(connection, origin, wanted, keys)]
    altered = await not_as_recorded(connection)
    if unproven or altered or not (not left or await _as_left(connection, left)):
        log.error("publications are not what was recorded and signed (%s): see doudi audit check", altered or unproven)
        raise LogBroken("publications are not what was recorded and signed; doudi audit check says which")


async def _as_left(connection: Connection, left: list[tuple[int, str, bytes, Json | None]]) -> bool:
    """Whether every row is as it left its trail, and those from before there was one are as they were then."""
    before = next((said for _, kind, _, said in left if kind == BEFORE and said), {})
    for table in ("publication", "publication_outcome"):
        expected = {digest for _, kind, digest, _ in left if kind == table}
        found = {row_digest(table, row) async for row in rows_of(connection, table)}
        if expected - found or summary(sorted(found - expected)) != before.get(table, summary([])):
            return False
    return True


async def not_as_recorded(connection: Connection) -> list[UUID]:
    """Find the publications that are not as the log records them, or stand in another order.

    What came with the service is in no record: it leaves a trail.
    """
    records = await repository.publishing_records(connection)
    said, found = [_said(one) for one in records], await repository.publishing_rows(connection)
    wrong = [UUID(one["id"]) for one in [*_without(found, said), *_without(said, found)]]
    settled = {one.decision: one for one in records if one.kind != "publication"}
    last: dict[str, int] = {}
    for number, (sequence, id_) in enumerate(await repository.outcomes_in_order(connection), 1):
        record = settled.get(id_)
        if sequence != number or (record and record.index < last.get(record.origin, 0)):
            wrong.append(id_)
        if record:
            last[record.origin] = record.index
    return list(dict.fromkeys(wrong))


def _without(some: list[Json], others: list[Json]) -> list[Json]:
    return [one for one in some if one not in others]


def _said(stored: Stored) -> Json:
    """The columns that a record of publishing leads to."""
    record = stored.content
    common = {"id": record["decision"], "by": record["caller"], "at": record["recorded_at"]}
    if stored.kind == "publication":
        return common | {name: record[name] for name in ("form", "jurisdiction", "packs", "base", "note")}
    approved = stored.kind == "approval"
    return common | {
        "outcome": "approved" if approved else "rejected",
        "known_from": record["known_from"] if approved else None,
        "reason": record["note"] if approved else record["reason"],
    }
