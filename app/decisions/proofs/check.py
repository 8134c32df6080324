"""Checking what an auditor was given: a bundle of records, or the export of a whole log (docs/audit.md)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import RootModel

from app.core.canonical_json import digest_bytes, digest_of, digest_text
from app.decisions.proofs.algorithms import UnknownAlgorithm, key_id
from app.decisions.proofs.checkpoints import MalformedCheckpoint, SignedCheckpoint, verify_checkpoint
from app.decisions.proofs.findings import Finding, Report
from app.decisions.proofs.formats import (
    AuditBundle,
    BundlePack,
    BundleRecord,
    BundleRuleset,
    DecisionBody,
    PackBody,
    RecordBody,
    RecordLine,
    SignedPart,
    read_body,
    read_bundle,
    read_lines,
)
from app.decisions.proofs.merkle import Frontier, leaf_hash, verify_inclusion

Progress = Callable[[int], None]  # told how many records are done
STEP: Final = 1000


class _AnyObject(RootModel[dict[str, Any]]):
    """Any JSON object."""


@dataclass
class Parts:
    """Checks parts against each other. Packs come first, then rulesets, then records; checkpoints at any time."""

    report: Report
    pinned: bytes | None  # the public key that is expected; without one, each checkpoint's own is used
    packs: set[str] = field(default_factory=set)
    rulesets: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    earlier: dict[str, bytes] = field(default_factory=dict)  # public keys that signed before a new beginning, by name

    def pack(self, part: BundlePack, where: str) -> None:
        """A pack: its digest is that of its body, and the body is one of a pack."""
        self.packs.add(part.digest)
        if _hash(part.body) != part.digest:
            self.report.add("pack", subject=part.digest)
        else:
            read_body(part.body, PackBody, where, self.report)

    def ruleset(self, part: BundleRuleset, where: str) -> None:
        """A ruleset: its hash is that of its content, and its packs are there."""
        self.rulesets.add(part.hash)
        if _hash(part.content) != part.hash:
            self.report.add("ruleset", subject=part.hash)
        else:
            read_body(part.content, _AnyObject, where, self.report)
        for pack in part.packs:
            if pack not in self.packs:
                self.report.add("missing_pack", subject=pack)

    def record(self, index: int, body: str, where: str) -> None:
        """A record: it is of the form, and the ruleset of a decision is there."""
        record = read_body(body, RecordBody, where, self.report)
        if record is None or record.kind != "decision":
            return
        decision = read_body(body, DecisionBody, where, self.report)
        if decision is not None and decision.ruleset not in self.rulesets:
            self.report.add("missing_ruleset", index=index, subject=decision.ruleset)

    def signed(self, checkpoint: SignedCheckpoint) -> SignedPart:
        """A checkpoint of the database with the public key that goes by its key's name."""
        assert self.pinned is not None  # noqa: S101  whoever has the database has the key
        return SignedPart.of(checkpoint, self.earlier.get(checkpoint.key, self.pinned))

    def checkpoint(self, part: SignedPart, where: str) -> SignedCheckpoint | None:
        """A checkpoint: signed by the expected key. None if nothing can be said against what it states."""
        signed = part.signed()
        try:
            algorithm, size = signed.head.algorithms.signature, signed.size
        except UnknownAlgorithm:
            self.report.add("algorithm", subject=where)
            return None
        except MalformedCheckpoint:
            self.report.add("format", subject=where)
            return None
        embedded = base64.b64decode(part.public_key)
        expected = embedded if self.pinned is None else self.earlier.get(part.key, self.pinned)
        if embedded != expected or part.key != key_id(algorithm, expected):
            self.report.add("key", size=size, subject=part.key)
        elif not verify_checkpoint(signed, expected):
            self.report.add("signature", size=size)
        if expected != self.pinned and part.key not in self.keys:
            self.keys.add(part.key)
            self.report.add("key_not_pinned" if self.pinned is None else "key_earlier", subject=part.key)
        return signed


def _hash(text: str) -> str:
    return digest_text(digest_of(text.encode()))


def check_bundle(bundle: AuditBundle | bytes, public_key: bytes | None) -> list[Finding]:
    """All that is wrong with a bundle, or with the text of one. Without a public key its own is used, and noted."""
    report = Report()
    read = read_bundle(bundle, report) if isinstance(bundle, bytes) else bundle
    if read is not None:
        _check_parts(read, Parts(report, public_key))
    return report.findings


def _check_parts(bundle: AuditBundle, parts: Parts) -> None:
    for place, pack in enumerate(bundle.packs):
        parts.pack(pack, f"/packs/{place}/body")
    for place, ruleset in enumerate(bundle.rulesets):
        parts.ruleset(ruleset, f"/rulesets/{place}/content")
    checkpoint = parts.checkpoint(bundle.checkpoint, "/checkpoint/body")
    for place, record in enumerate(bundle.records):
        parts.record(record.index, record.body, f"/records/{place}/body")
        if checkpoint is not None and not _is_included(record, checkpoint):
            parts.report.add("inclusion", index=record.index)


def _is_included(record: BundleRecord, checkpoint: SignedCheckpoint) -> bool:
    path = [digest_bytes(text) for text in record.path]
    return verify_inclusion(_leaf(record), record.index, checkpoint.size, path, checkpoint.root)


def _leaf(record: RecordLine) -> bytes:
    return leaf_hash(digest_of(record.body.encode()))


def check_export(folder: Path, public_key: bytes | None, progress: Progress | None = None) -> list[Finding]:
    """All that is wrong with an export, read line by line; whatever its size, little is held at once."""
    parts = Parts(Report(), public_key)
    for where, pack in read_lines(folder / "packs.jsonl", BundlePack, parts.report):
        parts.pack(pack, where)
    for where, ruleset in read_lines(folder / "rulesets.jsonl", BundleRuleset, parts.report):
        parts.ruleset(ruleset, where)
    _Log(folder, parts, progress or (lambda _: None)).check()
    return parts.report.findings


@dataclass
class _Log:
    """The records of an export beside its checkpoints, both read once."""

    folder: Path
    parts: Parts
    progress: Progress
    frontier: Frontier = field(default_factory=Frontier.empty)
    expected: int = 0  # the index of the next record
    covered: int = -1  # the size of the latest checkpoint

    def check(self) -> None:
        checkpoints = self._checkpoints()
        pending = self._settle(next(checkpoints, None), checkpoints)
        for done, (where, record) in enumerate(
            read_lines(self.folder / "records.jsonl", RecordLine, self.parts.report), 1
        ):
            self._take(record, where)
            pending = self._settle(pending, checkpoints)
            if done % STEP == 0:
                self.progress(done)
        self._finish(pending, checkpoints)
        self.progress(self.expected)

    def _take(self, record: RecordLine, where: str) -> None:
        """One record. After a missing one the tree cannot grow on; one that was there already is left out of it."""
        self.parts.record(record.index, record.body, where)
        if record.index < self.expected:
            self.parts.report.add("record_order", index=record.index, subject=where)
            return
        if record.index > self.expected:
            self.parts.report.add("missing_record", index=self.expected)
        self.expected = record.index + 1
        if record.index == self.frontier.size:
            self.frontier, _ = self.frontier.append(_leaf(record))

    def _settle(
        self, pending: SignedCheckpoint | None, checkpoints: Iterator[SignedCheckpoint]
    ) -> SignedCheckpoint | None:
        """The first checkpoint that needs more records than there are yet; those before it are compared."""
        while pending is not None and pending.size == self.frontier.size:
            if pending.root != self.frontier.root():
                self.parts.report.add("checkpoint_consistency", size=pending.size)
            pending = next(checkpoints, None)
        return pending

    def _finish(self, pending: SignedCheckpoint | None, checkpoints: Iterator[SignedCheckpoint]) -> None:
        """What was promised and did not come: records under a checkpoint, or a checkpoint over the last records."""
        if pending is not None and pending.size > self.expected:
            self.parts.report.add("missing_record", index=self.expected)
        while pending is not None:
            self.parts.report.add("checkpoint_consistency", size=pending.size)
            pending = next(checkpoints, None)
        if self.expected > self.covered:
            self.parts.report.add("uncovered", index=max(self.covered, 0))

    def _checkpoints(self) -> Iterator[SignedCheckpoint]:
        """The checkpoints in their order, each checked by itself."""
        origin = None
        for where, part in read_lines(self.folder / "checkpoints.jsonl", SignedPart, self.parts.report):
            checkpoint = self.parts.checkpoint(part, where)
            if checkpoint is None:
                continue
            origin = origin or checkpoint.origin
            if checkpoint.origin != origin:
                self.parts.report.add("origin", size=checkpoint.size, subject=checkpoint.origin)
            if checkpoint.size < self.covered:
                self.parts.report.add("checkpoint_order", size=checkpoint.size)
                continue
            self.covered = checkpoint.size
            yield checkpoint
