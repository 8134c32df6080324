"""Every way to tamper with a bundle or an export, and the codes of what must then be found."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from tests.support.decisions.bundles import PRIVATE, STRANGER, Export, checkpoint, leaves_of, record, resigned

Bundle = dict[str, Any]
OTHER_HASH: Final = "sha256:" + "0" * 64


def _set(target: Any, key: Any, value: Any) -> None:
    target[key] = value


def _flip(target: Any, key: Any, place: int = 20) -> None:
    """Another letter at one place of a text."""
    text = target[key]
    target[key] = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def _flip_base64(part: Any, key: str) -> None:
    raw = bytearray(base64.b64decode(part[key]))
    raw[5] ^= 1
    part[key] = base64.b64encode(raw).decode()


def _with(body: str, **changes: Any) -> str:
    return json.dumps({**json.loads(body), **changes})


def _resign(part: Any, **changes: Any) -> None:
    resigned(part, PRIVATE, **changes)


def _by_stranger(part: Any) -> None:
    """Signed again by somebody else, who gives his own key."""
    part["public_key"], part["key"] = base64.b64encode(STRANGER.public_key).decode(), STRANGER.key_id
    resigned(part, STRANGER._private)


def _swap_records(bundle: Bundle) -> None:
    one, other = bundle["records"][0], bundle["records"][1]
    one["body"], other["body"] = other["body"], one["body"]


CHECKPOINT: Final[dict[str, tuple[Callable[[Any], None], set[str]]]] = {
    "signature altered": (lambda c: _flip_base64(c, "signature"), {"signature"}),
    "signature short": (lambda c: _set(c, "signature", "AAAA"), {"signature"}),
    "signature not base64": (lambda c: _set(c, "signature", "*"), {"format"}),
    "signature in another base64": (
        lambda c: _set(c, "signature", c["signature"][:-3] + "B=="),
        {"format", "signature"},
    ),
    "time altered": (lambda c: _set(c, "body", c["body"].replace("2026", "2025")), {"signature"}),
    "public key altered": (lambda c: _flip_base64(c, "public_key"), {"key"}),
    "public key short": (lambda c: _set(c, "public_key", "AAAA"), {"key"}),
    "key name altered": (lambda c: _flip(c, "key"), {"key"}),
    "key of another algorithm": (lambda c: _set(c, "key", "sm2" + c["key"][7:]), {"key"}),
    "key name of another form": (lambda c: _set(c, "key", "key"), {"format"}),
    "signed by a stranger": (_by_stranger, {"key"}),
    "unknown hash": (lambda c: _resign(c, algorithms={"hash": "md5", "signature": "ed25519"}), {"algorithm"}),
    "unknown signature": (lambda c: _resign(c, algorithms={"hash": "sha256", "signature": "none"}), {"algorithm"}),
    "no algorithms": (lambda c: _resign(c, algorithms={}), {"format"}),
    "another format": (lambda c: _resign(c, format="doudi/checkpoint/2"), {"format"}),
    "a size that is none": (lambda c: _resign(c, size=1.5), {"format"}),
    "a time that is none": (lambda c: _resign(c, time="now"), {"format"}),
    "an origin that is none": (lambda c: _resign(c, origin="a b"), {"format"}),
    "body not canonical": (lambda c: _set(c, "body", c["body"].replace(",", ", ")), {"format"}),
    "body no JSON": (lambda c: _set(c, "body", "{"), {"format"}),
    "one field more": (lambda c: _set(c, "more", 1), {"format"}),
    "one field less": (lambda c: c.pop("key"), {"format"}),
}

PARTS: Final[dict[str, tuple[Callable[[Any, Any], None], set[str]]]] = {
    "ruleset content altered": (lambda r, p: _flip(r[0], "content"), {"ruleset"}),
    "ruleset content of one more space": (lambda r, p: _set(r[0], "content", r[0]["content"] + " "), {"ruleset"}),
    "ruleset hash altered": (lambda r, p: _flip(r[0], "hash"), {"ruleset", "missing_ruleset"}),
    "ruleset dropped": (lambda r, p: r.pop(), {"missing_ruleset"}),
    "ruleset of another form": (lambda r, p: _set(r[0], "hash", "sha256:"), {"format", "missing_ruleset"}),
    "ruleset names another pack": (lambda r, p: r[0]["packs"].append(OTHER_HASH), {"missing_pack"}),
    "pack body altered": (lambda r, p: _flip(p[0], "body"), {"pack"}),
    "pack digest altered": (lambda r, p: _flip(p[0], "digest"), {"pack", "missing_pack"}),
    "pack dropped": (lambda r, p: p.pop(), {"missing_pack"}),
}

BUNDLE: Final[dict[str, tuple[Callable[[Bundle], None], set[str]]]] = {
    "record altered": (lambda b: _flip(b["records"][1], "body", 13), {"inclusion"}),
    "record of one more space": (lambda b: _set(b["records"][1], "body", b["records"][1]["body"] + " "), {"inclusion"}),
    "record of no JSON": (lambda b: _set(b["records"][1], "body", "{"), {"inclusion", "format"}),
    "record with a key twice": (
        lambda b: _set(b["records"][1], "body", '{"id":"r9",' + b["records"][1]["body"][1:]),
        {"inclusion", "format"},
    ),
    "record of another format": (
        lambda b: _set(b["records"][0], "body", _with(b["records"][0]["body"], format="doudi/record/2")),
        {"inclusion", "format"},
    ),
    "decision without a ruleset": (
        lambda b: _set(b["records"][0], "body", _with(b["records"][0]["body"], ruleset=None)),
        {"inclusion", "format"},
    ),
    "decision of another ruleset": (
        lambda b: _set(b["records"][0], "body", _with(b["records"][0]["body"], ruleset=OTHER_HASH)),
        {"inclusion", "missing_ruleset"},
    ),
    "index altered": (lambda b: _set(b["records"][1], "index", 5), {"inclusion"}),
    "index beyond the tree": (lambda b: _set(b["records"][3], "index", 13), {"inclusion"}),
    "index negative": (lambda b: _set(b["records"][3], "index", -1), {"format"}),
    "index too large": (lambda b: _set(b["records"][3], "index", 10**400), {"format"}),
    "index a fraction": (lambda b: _set(b["records"][1], "index", 4.0), {"format"}),
    "index true": (lambda b: _set(b["records"][1], "index", True), {"format"}),
    "path altered": (lambda b: _flip(b["records"][1]["path"], 2), {"inclusion"}),
    "path shortened": (lambda b: b["records"][1]["path"].pop(), {"inclusion"}),
    "path lengthened": (lambda b: b["records"][1]["path"].append(OTHER_HASH), {"inclusion"}),
    "path swapped": (lambda b: b["records"][1]["path"].reverse(), {"inclusion"}),
    "path of something else": (lambda b: _set(b["records"][1]["path"], 0, "sha256:zz"), {"format"}),
    "path without end": (lambda b: _set(b["records"][1], "path", [OTHER_HASH] * 65), {"format"}),
    "records swapped": (
        _swap_records,
        {"inclusion"},
    ),
    "size altered": (
        lambda b: _set(b["checkpoint"], "body", b["checkpoint"]["body"].replace(":13,", ":14,")),
        {"signature", "inclusion"},
    ),
    "root altered": (
        lambda b: _flip(b["checkpoint"], "body", b["checkpoint"]["body"].index("root") + 20),
        {"signature", "inclusion"},
    ),
    "checkpoint of another log": (lambda b: _set(b, "checkpoint", checkpoint(leaves_of(["{}"]))), {"inclusion"}),
    "another bundle format": (lambda b: _set(b, "format", "doudi/bundle/2"), {"format"}),
    "one field more": (lambda b: _set(b, "more", 1), {"format"}),
    "one field less": (lambda b: b.pop("packs"), {"format"}),
    "a list that is none": (lambda b: _set(b, "records", {}), {"format"}),
    "a lone surrogate": (lambda b: _set(b["records"][1], "body", "\ud800"), {"format"}),
    "pack of another form": (lambda b: _set(b["packs"][0], "digest", 1), {"format"}),
}


def _swap(lines: list[Any], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _drop_and_renumber(export: Export) -> None:
    del export.records[6]
    for place, line in enumerate(export.records):
        line["index"] = place


def _swap_bodies(export: Export) -> None:
    one, other = export.records[5], export.records[6]
    one["body"], other["body"] = other["body"], one["body"]


def _longer(export: Export) -> None:
    """One more record than the last checkpoint covers."""
    export.records.append({"index": 13, "body": record(13)})


EXPORT: Final[dict[str, tuple[Callable[[Export], None], set[str]]]] = {
    "record altered": (lambda e: _flip(e.records[6], "body", 13), {"checkpoint_consistency"}),
    "record of no JSON": (lambda e: _set(e.records[6], "body", "{"), {"checkpoint_consistency", "format"}),
    "record dropped": (lambda e: e.records.pop(6), {"missing_record", "checkpoint_consistency"}),
    "first record dropped": (lambda e: e.records.pop(0), {"missing_record", "checkpoint_consistency"}),
    "last record dropped": (lambda e: e.records.pop(), {"missing_record", "checkpoint_consistency"}),
    "record dropped and renumbered": (
        _drop_and_renumber,
        {"missing_record", "checkpoint_consistency"},
    ),
    "record duplicated": (lambda e: e.records.insert(6, e.records[5]), {"record_order"}),
    "record replaced by its neighbour": (
        lambda e: _set(e.records, 6, e.records[5]),
        {"record_order", "missing_record", "checkpoint_consistency"},
    ),
    "record lines swapped": (
        lambda e: _swap(e.records, 5, 6),
        {"missing_record", "record_order", "checkpoint_consistency"},
    ),
    "record bodies swapped": (
        _swap_bodies,
        {"checkpoint_consistency"},
    ),
    "index altered": (
        lambda e: _set(e.records[6], "index", 7),
        {"missing_record", "record_order", "checkpoint_consistency"},
    ),
    "record line of no JSON": (
        lambda e: _set(e.records, 6, "{"),
        {"format", "missing_record", "checkpoint_consistency"},
    ),
    "last record line of no JSON": (
        lambda e: _set(e.records, 12, "{"),
        {"format", "missing_record", "checkpoint_consistency"},
    ),
    "an empty line": (lambda e: e.records.insert(6, ""), {"format"}),
    "a record more": (_longer, {"uncovered"}),
    "no records": (lambda e: e.records.clear(), {"missing_record", "checkpoint_consistency"}),
    "last checkpoint dropped": (lambda e: e.checkpoints.pop(), {"uncovered"}),
    "no checkpoints": (lambda e: e.checkpoints.clear(), {"uncovered"}),
    "checkpoints swapped": (lambda e: _swap(e.checkpoints, 1, 2), {"checkpoint_order"}),
    "checkpoint of another tree": (
        lambda e: _set(e.checkpoints, 2, checkpoint(leaves_of(["{}"] * 5))),
        {"checkpoint_consistency"},
    ),
    "checkpoint of another size": (lambda e: _resign(e.checkpoints[2], size=6), {"checkpoint_consistency"}),
    "checkpoint of a longer log": (
        lambda e: e.checkpoints.append(checkpoint(leaves_of([record(n) for n in range(20)]))),
        {"missing_record", "checkpoint_consistency"},
    ),
    "checkpoint of the empty tree altered": (
        lambda e: _resign(e.checkpoints[0], root=OTHER_HASH),
        {"checkpoint_consistency"},
    ),
    "checkpoint of another log": (lambda e: _resign(e.checkpoints[2], origin="other.example"), {"origin"}),
    "checkpoint root altered": (
        lambda e: _flip(e.checkpoints[2], "body", e.checkpoints[2]["body"].index("root") + 20),
        {"signature", "checkpoint_consistency"},
    ),
    "a decision rests on another ruleset": (
        lambda e: _set(e.records[6], "body", _with(e.records[6]["body"], ruleset=OTHER_HASH)),
        {"missing_ruleset", "checkpoint_consistency"},
    ),
}
