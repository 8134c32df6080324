"""What an auditor takes away: one decision with all that proves it, or the whole log as a folder (docs/audit.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

from app.core.canonical_json import digest_text
from app.core.errors import UnknownDecision
from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.audit.repository import CHUNK
from app.decisions.keys.signed import public_keys
from app.decisions.log.reader import LogReader
from app.decisions.proofs.formats import (
    AuditBundle,
    BundlePack,
    BundleRecord,
    BundleRuleset,
    Part,
    RecordLine,
    SignedPart,
)
from app.decisions.repository import Stored, records_about
from app.decisions.stored_rules.repository import read_packs, read_ruleset

Progress = Callable[[int], None]


async def bundle(connection: Connection, origin: str, id_: UUID, public_key: bytes) -> AuditBundle:
    """A decision, everything recorded about it, its rules and their packs, and the proof of each record."""
    records = (await records_about(connection, [id_] if id_.version == 7 else [])).get(id_)
    if not records:
        raise UnknownDecision
    reader = LogReader(connection, origin)
    checkpoint, keys = await reader.checkpoint(), await public_keys(connection, public_key)
    decisions = [one.content for one in records if one.kind == "decision"]
    kept = [await read_ruleset(connection, hash_) for hash_ in sorted({str(one["ruleset"]) for one in decisions})]
    named = [one.packs for one in kept] + [one["packs"] for one in decisions]
    packs = await read_packs(connection, tuple(sorted({digest for digests in named for digest in digests})))
    return AuditBundle(
        format="doudi/bundle/1",
        checkpoint=SignedPart.of(checkpoint, keys.get(checkpoint.key, public_key)),
        records=[await _record_part(reader, one, checkpoint.size) for one in records],
        rulesets=[BundleRuleset(hash=one.hash, content=one.content, packs=one.packs) for one in kept],
        packs=[BundlePack(digest=digest, body=body) for digest, body in packs.items()],
    )


async def _record_part(reader: LogReader, stored: Stored, size: int) -> BundleRecord:
    path = await reader.inclusion(stored.index, size)
    return BundleRecord(index=stored.index, body=stored.body.decode(), path=[digest_text(one) for one in path])


async def export(
    connection: Connection, origin: str, public_key: bytes, folder: Path, progress: Progress = lambda _: None
) -> int:
    """The whole log in a folder; how many records it holds. Whatever is stored is written, checked or not."""
    folder.mkdir(parents=True, exist_ok=True)
    await _write(folder / "checkpoints.jsonl", _checkpoints(connection, origin, public_key))
    await _write(folder / "rulesets.jsonl", repository.rulesets(connection))
    await _write(folder / "packs.jsonl", repository.packs(connection))
    return await _write(folder / "records.jsonl", records(connection, origin), progress)


async def _write(path: Path, parts: AsyncIterator[Part], progress: Progress = lambda _: None) -> int:
    written = 0
    with path.open("w", encoding="utf-8") as file:
        async for part in parts:
            file.write(part.model_dump_json() + "\n")
            written += 1
            if written % CHUNK == 0:
                progress(written)
    progress(written)
    return written


async def _checkpoints(connection: Connection, origin: str, public_key: bytes) -> AsyncIterator[Part]:
    keys = await public_keys(connection, public_key)
    async for _, checkpoint in repository.checkpoints(connection, origin):
        yield SignedPart.of(checkpoint, keys.get(checkpoint.key, public_key))


async def records(connection: Connection, origin: str) -> AsyncIterator[Part]:
    """Every record in the order of the log."""
    async for chunk in repository.records(connection, origin):
        for stored in chunk:
            yield RecordLine(index=stored.index, body=stored.body.decode())
