"""Checking the database itself: that every record, leaf, node, checkpoint, ruleset and pack is what was signed, and that
every other row follows from them or left a trail.

Nothing that is stored is trusted. The texts of the records come first; everything else must follow from them, up to
the roots that were signed, and every decision must come to itself again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from app.core.canonical_json import digest_of
from app.core.months import month_of
from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.audit.identities import check_identities
from app.decisions.audit.rules import check_publications, check_rulesets, check_scopes
from app.decisions.audit.trail import check_trail
from app.decisions.audit.tree import Tree
from app.decisions.keys.signed import public_keys
from app.decisions.log.trail import TRAIL
from app.decisions.proofs.check import Parts
from app.decisions.proofs.findings import Report
from app.decisions.proofs.merkle import Place
from app.decisions.proofs.recheck import Recheck
from app.decisions.proofs.verify import Checked
from app.decisions.records import instant_of
from app.decisions.repository import Stored
from app.rules.values.strict_json import Json
from app.security.keyring import Keyring

Progress = Callable[[int], None]


async def check_database(
    connection: Connection,
    origin: str,
    public_key: bytes,
    *,
    recompute: bool = True,
    keyring: Keyring | None = None,
    progress: Progress = lambda _: None,
) -> Checked:
    """All that is wrong with one log, what it rests on, and what lies beside it. With a keyring also who people are."""
    report = Report()
    keys = await public_keys(connection, public_key)
    parts = Parts(report, public_key, earlier=keys)
    packs = await _check_packs(connection, parts)
    await check_rulesets(connection, parts, packs, recompute=recompute)
    recheck = Recheck(report, packs) if recompute else None
    await _Log(Tree(connection, origin, parts), recheck).run(progress)
    if recheck is not None:
        await check_scopes(connection, recheck)
    await check_publications(connection, report)
    await check_trail(connection, parts)
    for other in await repository.origins(connection) - {origin, TRAIL}:
        await Tree(connection, other, parts).read_checkpoints()
    if keyring is not None:
        await check_identities(connection, keyring, report)
    return Checked(report.findings, recheck.done if recheck else 0)


async def _check_packs(connection: Connection, parts: Parts) -> dict[str, str]:
    """Checks every stored pack; their bodies by digest."""
    packs = {}
    async for part in repository.packs(connection):
        parts.pack(part, part.digest)
        packs[part.digest] = part.body
    return packs


@dataclass
class _Log:
    """The records in their order, and what is filed, found and claimed under them."""

    tree: Tree
    recheck: Recheck | None

    async def run(self, progress: Progress) -> None:
        await self.tree.read_checkpoints()
        async for chunk in repository.records(self.tree.connection, self.tree.origin):
            await self.tree.check_nodes(self._grow(chunk))
            await self._check_filed(chunk)
            await self._check_search(chunk)
            await self._check_claims(chunk)
            progress(self.tree.frontier.size)
        self.tree.finish()

    def _grow(self, chunk: list[Stored]) -> dict[Place, bytes]:
        """The tree with some more records; the nodes that must be stored for them."""
        expected: dict[Place, bytes] = {}
        for row in chunk:
            if row.index != self.tree.frontier.size:
                self._add("missing_record", self.tree.frontier.size)
                return expected
            self._check_row(row)
            expected |= self.tree.grow(digest_of(row.body))
        return expected

    def _add(self, code: str, index: int, subject: object = None) -> None:
        self.tree.parts.report.add(code, index=index, subject=None if subject is None else str(subject))

    def _check_row(self, row: Stored) -> None:
        """A record by itself: its digest, its form, where it is filed, and what its rules come to."""
        if digest_of(row.body) != row.digest:
            self._add("record_digest", row.index, row.id)
        body = row.body.decode(errors="replace")
        self.tree.parts.record(row.index, body, str(row.id))
        content = _read(row)
        if content is None:
            return  # said above
        names = ("id", "kind", "decision", "jurisdiction", "origin")
        said = tuple(content.get(name) for name in names)
        if said != (str(row.id), row.kind, str(row.decision), row.jurisdiction, self.tree.origin):
            self._add("record_columns", row.index, row.id)
        if self.recheck is not None:
            self.recheck.check(row.index, body)

    async def _check_filed(self, chunk: list[Stored]) -> None:
        """Records are filed under the instant and the month that they say."""
        filed = await repository.filed(self.tree.connection, [row.id for row in chunk])
        for row in chunk:
            at = instant_of(_read(row) or {})
            if at is not None and filed[row.id] != (at, month_of(at)):
                self._add("record_columns", row.index, row.id)

    async def _check_search(self, chunk: list[Stored]) -> None:
        """Decisions are found under what their records say."""
        decisions = [row for row in chunk if row.kind == "decision"]
        found = await repository.searched_by(self.tree.connection, [row.id for row in decisions])
        scopes = self.recheck.scope_of if self.recheck else {}
        for row in decisions:
            *said, scope = found.get(row.id, (None,))
            if said != _searched(_read(row)) or scope != scopes.get(str(row.id), scope):
                self._add("search", row.index, row.id)

    async def _check_claims(self, chunk: list[Stored]) -> None:
        """An idempotency key leads to each record, from its own instant."""
        claimed = await repository.claimed(self.tree.connection, [row.id for row in chunk])
        for row in chunk:
            at = instant_of(_read(row) or {})
            if row.id not in claimed or (at is not None and claimed[row.id] != (at, month_of(at))):
                self._add("claim", row.index, row.id)


def _read(row: Stored) -> Json | None:
    """What a record says; None for a text that says nothing."""
    try:
        content = row.content
    except orjson.JSONDecodeError:
        return None
    return content if isinstance(content, dict) else None


def _searched(record: Json | None) -> list[str | None] | None:
    """What a decision's record says of the columns it is found by; None for a text that says nothing."""
    names = ("jurisdiction", "household_ref", "case", "ruleset", "date", "corrects", "succeeds")
    more = ("division", "decision_kind", "accepted_on", "engine")
    if record is None:
        return None
    try:
        outcomes = sorted({f"{one['programme']}:{one['status']}" for one in record["results"]["results"]})
        month = month_of(dt.datetime.fromisoformat(record["recorded_at"]))
        return [*(record[name] for name in (*names, *more)), " ".join(outcomes), month.isoformat()]
    except (ValueError, LookupError, TypeError):
        return None
