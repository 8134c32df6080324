"""A made-up log, and what an auditor gets of it, as plain values that a test can tamper with."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.canonical_json import canonical, digest_of, digest_text
from app.decisions.proofs.checkpoints import Signer
from app.decisions.proofs.formats import SignedPart
from app.decisions.proofs.merkle import leaf_hash, root_of
from tests.support.decisions import rfc9162

ORIGIN: Final = "log.example/999900"
PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER: Final = Signer(PRIVATE)
STRANGER: Final = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
TIME: Final = dt.datetime(2026, 11, 3, 8, 15, 30, tzinfo=dt.UTC)
COUNT: Final = 13
SIZES: Final = (0, 1, 5, 8, 8, 13)  # of the checkpoints; a log may sign the same tree again
OTHER_SIZES: Final = (0, 1, 5, 8)  # of logs that end with one of these checkpoints


def text_and_digest(value: Any) -> tuple[str, str]:
    body = canonical(value)
    return body.decode(), digest_text(digest_of(body))


PACK_BODY, PACK = text_and_digest({"division": "999900", "files": {"pack.yaml": 'division: "999900"\nname: 示范市\n'}})
CONTENT, RULESET = text_and_digest({"rules": {"dibao.income_test": "income < 920 * counted"}, "figures": ["920.00"]})


def record(number: int) -> str:
    """A record's canonical text; every third corrects, the others decide."""
    kind = {"kind": "correction"} if number % 3 == 2 else {"kind": "decision", "ruleset": RULESET}
    value = {"format": "doudi/record/1", "id": f"r{number}", "decision": f"d{number}", "note": "低保", **kind}
    return canonical(value).decode()


def checkpoint(leaves: list[bytes], signer: Signer = SIGNER, origin: str = ORIGIN) -> dict[str, Any]:
    signed = signer.sign(origin, len(leaves), root_of(leaves), TIME)
    return SignedPart.of(signed, signer.public_key).model_dump()


def resigned(part: dict[str, Any], signer: Ed25519PrivateKey = PRIVATE, **changes: Any) -> None:
    """Changes the body of a checkpoint and signs it again, as only the log itself could."""
    body = canonical({**json.loads(part["body"]), **changes})
    part["body"], part["signature"] = body.decode(), base64.b64encode(signer.sign(body)).decode()


def leaves_of(bodies: list[str]) -> list[bytes]:
    return [leaf_hash(digest_of(body.encode())) for body in bodies]


def make_bundle(indexes: tuple[int, ...] = (0, 4, 8, 12)) -> dict[str, Any]:
    """A sound bundle of some records."""
    bodies = [record(number) for number in range(COUNT)]
    leaves = leaves_of(bodies)
    return {
        "format": "doudi/bundle/1",
        "checkpoint": checkpoint(leaves),
        "records": [
            {"body": bodies[i], "index": i, "path": [digest_text(node) for node in rfc9162.path(i, leaves)]}
            for i in indexes
        ],
        "rulesets": [{"hash": RULESET, "content": CONTENT, "packs": [PACK]}],
        "packs": [{"digest": PACK, "body": PACK_BODY}],
    }


@dataclass
class Export:
    """The lines of a sound export; a text stands for itself."""

    bodies: list[str] = field(default_factory=lambda: [record(number) for number in range(COUNT)])
    checkpoints: list[Any] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    rulesets: list[Any] = field(default_factory=lambda: make_bundle()["rulesets"])
    packs: list[Any] = field(default_factory=lambda: make_bundle()["packs"])

    def __post_init__(self) -> None:
        leaves = leaves_of(self.bodies)
        self.records = [{"index": index, "body": body} for index, body in enumerate(self.bodies)]
        self.checkpoints = [checkpoint(leaves[:size]) for size in SIZES if size <= len(leaves)]

    def write(self, folder: Path) -> Path:
        for name in ("checkpoints", "records", "rulesets", "packs"):
            lines = [line if isinstance(line, str) else json.dumps(line) for line in getattr(self, name)]
            (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return folder
