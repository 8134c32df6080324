"""The checks that bundles and exports have in common, part by part."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from pydantic import RootModel

from app.core.canonical_json import digest_of, digest_text
from app.decisions.proofs.algorithms import UnknownAlgorithm, key_id
from app.decisions.proofs.checkpoints import MalformedCheckpoint, SignedCheckpoint, verify_checkpoint
from app.decisions.proofs.findings import Report
from app.decisions.proofs.formats import (
    CheckpointPart,
    DecisionBody,
    PackBody,
    PackPart,
    RecordBody,
    RulesetPart,
    read_body,
)


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

    def pack(self, part: PackPart, where: str) -> None:
        """A pack: its digest is that of its body, and the body is one of a pack."""
        self.packs.add(part.digest)
        if _hash(part.body) != part.digest:
            self.report.add("pack", subject=part.digest)
        else:
            read_body(part.body, PackBody, where, self.report)

    def ruleset(self, part: RulesetPart, where: str) -> None:
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

    def checkpoint(self, part: CheckpointPart, where: str) -> SignedCheckpoint | None:
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
        expected = embedded if self.pinned is None else self.pinned
        if embedded != expected or part.key != key_id(algorithm, expected):
            self.report.add("key", size=size, subject=part.key)
        elif not verify_checkpoint(signed, expected):
            self.report.add("signature", size=size)
        if self.pinned is None and part.key not in self.keys:
            self.keys.add(part.key)
            self.report.add("key_not_pinned", subject=part.key)
        return signed


def _hash(text: str) -> str:
    return digest_text(digest_of(text.encode()))
