"""Checks a bundle or an export of a doudi log, as docs/audit.md describes them.

    python tools/verify_log.py FILE|DIR [--key BASE64]

A second verifier: it shares no code with the service, and needs Python 3.11 and the package `cryptography` only. It ends
with 0 if nothing is wrong, 1 if something is, 2 if it could not check. Notes are not faults.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_BUNDLE_BYTES = 64 * 1024 * 1024
MOST_LINE_BYTES = 16 * 1024 * 1024
MOST_DEPTH = 201
MOST_FINDINGS = 1000
MOST_LEAVES = 2**53 - 1
MOST_PATH = 64

HASH = re.compile(r"sha256:[0-9a-f]{64}\Z")
KEY_ID = re.compile(r"[a-z0-9]{1,16}:[0-9a-f]{32}\Z")
ORIGIN = re.compile(r"[!-~]{1,200}\Z")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})\Z")


class Malformed(Exception):
    """Something is not of the format; the text says where."""


class Unreadable(Exception):
    """There is nothing to check, or it cannot be read."""


class Findings:
    """What was found: pairs of a code and a sentence."""

    def __init__(self) -> None:
        self.items: list[tuple[str, str]] = []

    def add(self, code: str, sentence: str) -> None:
        if len(self.items) < MOST_FINDINGS:
            self.items.append((code, sentence))
        elif len(self.items) == MOST_FINDINGS:
            self.items.append(("too_many", "too much was found; the rest is not listed"))

    def malformed(self, where: str) -> None:
        self.add("format", f"{where} is missing or not of the format")

    def faults(self) -> int:
        return sum(code != "key_not_pinned" for code, _ in self.items)


# the tree of RFC 9162, section 2.1, from its recursive definitions


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def record_leaf(body: str) -> bytes:
    """The leaf of a record: its data is the digest of the body."""
    return sha256(b"\x00" + sha256(body.encode("utf-8")))


def parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which PATH(index, D[size]) leads from a leaf; None if the path has not the length it must have."""
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    split = 1
    while split * 2 < size:
        split *= 2
    if index < split:
        inner = root_by_path(leaf, index, split, path[:-1])
        return None if inner is None else parent(inner, path[-1])
    inner = root_by_path(leaf, index - split, size - split, path[:-1])
    return None if inner is None else parent(path[-1], inner)


class GrowingTree:
    """A stack of perfect trees, each as its height and root; two of one height become one, as in binary counting."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        self.stack.append((0, leaf))
        while len(self.stack) > 1 and self.stack[-1][0] == self.stack[-2][0]:
            height, right = self.stack.pop()
            _, left = self.stack.pop()
            self.stack.append((height + 1, parent(left, right)))

    def root(self) -> bytes:
        if not self.stack:
            return sha256(b"")
        roots = [root for _, root in self.stack]
        result = roots.pop()
        while roots:
            result = parent(roots.pop(), result)
        return result


# reading what may be hostile


def parse(text: bytes, where: str) -> Any:
    """The values of a JSON text: UTF-8, no key twice, no lone surrogates, nested no deeper than MOST_DEPTH."""
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=_without_duplicates, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed(where) from None
    _check_texts_and_depth(value, where)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _check_texts_and_depth(value: Any, where: str) -> None:
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, str) and not _is_unicode(item):
                raise Malformed(where)
            if isinstance(item, dict):
                inner += [*item.keys(), *item.values(), None]
            elif isinstance(item, list):
                inner += [*item, None]  # None stands for the level itself, also of what is empty
        if not inner:
            return
        level = inner
    raise Malformed(where)


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def fields(value: Any, where: str, **checks: Callable[[Any], bool]) -> list[Any]:
    """The values of an object that has exactly these keys, each passing its check."""
    if not isinstance(value, dict):
        raise Malformed(where)
    for name, check in checks.items():
        if name not in value or not check(value[name]):
            raise Malformed(f"{where}/{name}")
    if len(value) != len(checks):
        raise Malformed(where)
    return [value[name] for name in checks]


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def is_list(value: Any) -> bool:
    return isinstance(value, list)


def is_object(value: Any) -> bool:
    return isinstance(value, dict)


def is_hash(value: Any) -> bool:
    return isinstance(value, str) and HASH.match(value) is not None


def is_path(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_PATH and all(is_hash(item) for item in value)


def is_hashes(value: Any) -> bool:
    return isinstance(value, list) and all(is_hash(item) for item in value)


def is_index(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST_LEAVES


def is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_LEAVES


def is_key_id(value: Any) -> bool:
    return isinstance(value, str) and KEY_ID.match(value) is not None


def is_base64(value: Any) -> bool:
    return isinstance(value, str) and from_base64(value) is not None


def is_origin(value: Any) -> bool:
    return isinstance(value, str) and ORIGIN.match(value) is not None


def is_instant(value: Any) -> bool:
    return isinstance(value, str) and INSTANT.match(value) is not None


def is_(expected: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value == expected


def from_base64(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found) == text.encode("ascii") else None


def raw_hash(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("sha256:"))


# the parts

PACK = {"digest": is_hash, "body": is_text}
RULESET = {"hash": is_hash, "content": is_text, "packs": is_hashes}
CHECKPOINT = {"body": is_text, "signature": is_base64, "key": is_key_id, "public_key": is_base64}

Stated = tuple[int, bytes, str]  # what a checkpoint states: size, root, origin


class Checker:
    """Checks the parts of a bundle or an export; packs, then rulesets, then records."""

    def __init__(self, pinned: bytes | None) -> None:
        self.findings = Findings()
        self.pinned = pinned
        self.packs: set[str] = set()
        self.rulesets: set[str] = set()
        self.noted: set[str] = set()
        self.records = 0
        self.covered = -1  # the size of the latest checkpoint
        self.latest = ""  # what the latest checkpoint states, for the report

    def pack(self, value: Any, where: str, inner: str) -> None:
        digest, body = fields(value, where, **PACK)
        self.packs.add(digest)
        if sha256(body.encode("utf-8")) != raw_hash(digest):
            self.findings.add("pack", f"the body of pack {digest} was altered")
            return
        _, files = fields(parse(body.encode("utf-8"), inner), inner, division=is_name, files=is_object)
        if not all(is_text(text) for text in files.values()):
            raise Malformed(inner)

    def ruleset(self, value: Any, where: str, inner: str) -> None:
        name, content, packs = fields(value, where, **RULESET)
        self.rulesets.add(name)
        altered = sha256(content.encode("utf-8")) != raw_hash(name)
        if altered:
            self.findings.add("ruleset", f"the content of ruleset {name} was altered")
        for pack in packs:
            if pack not in self.packs:
                self.findings.add("missing_pack", f"a ruleset was made from pack {pack}, which is missing")
        if not altered and not is_object(parse(content.encode("utf-8"), inner)):
            raise Malformed(inner)

    def record(self, index: int, body: str, where: str) -> None:
        self.records += 1
        value = parse(body.encode("utf-8"), where)
        if not is_object(value) or value.get("format") != "doudi/record/1":
            raise Malformed(where)
        if not all(is_name(value.get(name)) for name in ("kind", "id", "decision")):
            raise Malformed(where)
        if value["kind"] != "decision":
            return
        ruleset = value.get("ruleset")
        if not is_hash(ruleset):
            raise Malformed(f"{where}/ruleset")
        if ruleset not in self.rulesets:
            self.findings.add("missing_ruleset", f"record {index} rests on ruleset {ruleset}, which is missing")

    def checkpoint(self, value: Any, where: str, inner: str) -> Stated | None:
        """Size, root and origin as stated; None if the algorithm is unknown."""
        body, signature, key, public_key = fields(value, where, **CHECKPOINT)
        head = parse(body.encode("utf-8"), inner)
        algorithms, _, origin, root, size, time = fields(
            head,
            inner,
            algorithms=is_object,
            format=is_("doudi/checkpoint/1"),
            origin=is_origin,
            root=is_hash,
            size=is_size,
            time=is_instant,
        )
        hashing, signing = fields(algorithms, inner, hash=is_text, signature=is_text)
        if (hashing, signing) != ("sha256", "ed25519"):
            self.findings.add("algorithm", f"{inner} names an algorithm that is not known here")
            return None
        if json.dumps(head, sort_keys=True, separators=(",", ":"), ensure_ascii=False) != body:
            raise Malformed(inner)
        self.latest = f"{origin}, {size} records, {time}, key {key}"
        self._signature(body, from_base64(signature) or b"", key, from_base64(public_key) or b"", size)
        return size, raw_hash(root), origin

    def inconsistent(self, size: int) -> None:
        self.findings.add(
            "checkpoint_consistency",
            f"the checkpoint of {size} records is not the root over the first {size} records found here",
        )

    def _signature(self, body: str, signature: bytes, key: str, embedded: bytes, size: int) -> None:
        expected = embedded if self.pinned is None else self.pinned
        if expected != embedded or key != "ed25519:" + sha256(expected).hex()[:32]:
            self.findings.add(
                "key",
                f"the checkpoint of {size} records: key name, public key and the key expected do not agree ({key})",
            )
        elif not is_signed(body.encode("utf-8"), signature, expected):
            self.findings.add("signature", f"the signature of the checkpoint of {size} records does not hold")
        if self.pinned is None and key not in self.noted:
            self.noted.add(key)
            self.findings.add(
                "key_not_pinned", f"the public key is the file's own ({key}); compare it with one from elsewhere"
            )


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# bundles


def check_bundle(text: bytes, checker: Checker) -> None:
    try:
        _check_bundle(text, checker)
    except Malformed as malformed:
        checker.findings.malformed(str(malformed) or "/")


def _check_bundle(text: bytes, checker: Checker) -> None:
    if len(text) > MOST_BUNDLE_BYTES:
        raise Malformed("/")
    _, checkpoint, records, rulesets, packs = fields(
        parse(text, ""),
        "",
        format=is_("doudi/bundle/1"),
        checkpoint=is_object,
        records=is_list,
        rulesets=is_list,
        packs=is_list,
    )
    fields(checkpoint, "/checkpoint", **CHECKPOINT)
    for place, record in enumerate(records):
        fields(record, f"/records/{place}", body=is_text, index=is_index, path=is_path)
    for place, value in enumerate(rulesets):
        fields(value, f"/rulesets/{place}", **RULESET)
    for place, value in enumerate(packs):
        fields(value, f"/packs/{place}", **PACK)
    for place, value in enumerate(packs):
        with_findings(checker, checker.pack, value, f"/packs/{place}", f"/packs/{place}/body")
    for place, value in enumerate(rulesets):
        with_findings(checker, checker.ruleset, value, f"/rulesets/{place}", f"/rulesets/{place}/content")
    stated = with_findings(checker, checker.checkpoint, checkpoint, "/checkpoint", "/checkpoint/body")
    for place, record in enumerate(records):
        index, body = record["index"], record["body"]
        with_findings(checker, checker.record, index, body, f"/records/{place}/body")
        if stated is None:
            continue
        size, root, _ = stated
        path = [raw_hash(item) for item in record["path"]]
        if index >= size or root_by_path(record_leaf(body), index, size, path) != root:
            checker.findings.add(
                "inclusion",
                f"record {index} is not in the tree of the checkpoint: its body, index or path was altered",
            )


def with_findings(checker: Checker, check: Callable[..., Any], *values: Any) -> Any:
    """What the check gives; what is malformed becomes a finding and gives None."""
    try:
        return check(*values)
    except Malformed as malformed:
        checker.findings.malformed(str(malformed))
        return None


# exports


def check_export(folder: Path, checker: Checker) -> None:
    for where, value in lines(folder / "packs.jsonl", checker):
        with_findings(checker, checker.pack, value, where, where)
    for where, value in lines(folder / "rulesets.jsonl", checker):
        with_findings(checker, checker.ruleset, value, where, where)
    checkpoints = read_checkpoints(folder / "checkpoints.jsonl", checker)
    tree, following, gap = GrowingTree(), 0, False
    waiting = compare(next(checkpoints, None), tree, checkpoints, checker)
    for where, value in lines(folder / "records.jsonl", checker):
        record = with_findings(checker, read_record, value, where)
        if record is None:
            continue
        index, body = record
        with_findings(checker, checker.record, index, body, where)
        if index < following:
            checker.findings.add("record_order", f"record {index} stands out of order or twice ({where})")
            continue
        if index > following:
            checker.findings.add("missing_record", f"record {following} is missing")
            gap = True
        following = index + 1
        if not gap:
            tree.add(record_leaf(body))
            waiting = compare(waiting, tree, checkpoints, checker)
    if waiting is not None and waiting[0] > following:
        checker.findings.add("missing_record", f"record {following} is missing")
    while waiting is not None:
        checker.inconsistent(waiting[0])
        waiting = next(checkpoints, None)
    if following > checker.covered:
        checker.findings.add("uncovered", f"the records from {max(checker.covered, 0)} on are under no checkpoint")


def read_record(value: Any, where: str) -> list[Any]:
    return fields(value, where, index=is_index, body=is_text)


def compare(
    waiting: Stated | None, tree: GrowingTree, checkpoints: Iterator[Stated], checker: Checker
) -> Stated | None:
    """Compares the checkpoints of the tree as it stands; the first of a larger one goes on waiting."""
    while waiting is not None and waiting[0] == tree.size:
        if waiting[1] != tree.root():
            checker.inconsistent(waiting[0])
        waiting = next(checkpoints, None)
    return waiting


def read_checkpoints(path: Path, checker: Checker) -> Iterator[Stated]:
    first = ""
    for where, value in lines(path, checker):
        stated: Stated | None = with_findings(checker, checker.checkpoint, value, where, where)
        if stated is None:
            continue
        size, _, origin = stated
        first = first or origin
        if origin != first:
            checker.findings.add("origin", f"the checkpoint of {size} records is of another log ({origin})")
        if size < checker.covered:
            checker.findings.add("checkpoint_order", f"the checkpoint of {size} records stands after a larger one")
            continue
        checker.covered = size
        yield stated


def lines(path: Path, checker: Checker) -> Iterator[tuple[str, Any]]:
    """The lines of a file as JSON values, each with its place."""
    if not path.is_file():
        checker.findings.malformed(path.name)
        return
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_LINE_BYTES + 1):
            number += 1
            where = f"{path.name}:{number}"
            if len(line) > MOST_LINE_BYTES:
                checker.findings.malformed(where)
                return
            try:
                value = parse(line, where)
            except Malformed:
                checker.findings.malformed(where)
                continue
            yield where, value


# the command


def check(path: Path, pinned: bytes | None) -> Checker:
    """Everything found about a bundle (a file) or an export (a folder)."""
    checker = Checker(pinned)
    try:
        if path.is_dir():
            check_export(path, checker)
        elif path.is_file():
            with path.open("rb") as file:
                text = file.read(MOST_BUNDLE_BYTES + 1)
            check_bundle(text, checker)
        else:
            raise Unreadable("there is no such file or folder")
    except OSError as error:
        raise Unreadable(error.strerror or "it cannot be read") from None
    except MemoryError:
        raise Unreadable("there is not enough memory") from None
    return checker


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_log.py", description="Checks a bundle or an export of a doudi log.")
    parser.add_argument("path", type=Path, metavar="FILE|DIR", help="a bundle, or the folder of an export")
    parser.add_argument("--key", metavar="BASE64", help="the log's public key, 32 bytes, got from elsewhere")
    options = parser.parse_args(arguments)
    pinned = None if options.key is None else from_base64(options.key)
    if options.key is not None and (pinned is None or len(pinned) != 32):
        print("not checked: --key is not the base64 of 32 bytes", file=sys.stderr)
        return 2
    try:
        checker = check(options.path, pinned)
    except Unreadable as error:
        print(f"not checked: {error}", file=sys.stderr)
        return 2
    return report(checker)


def report(checker: Checker) -> int:
    """Prints what was checked and found."""
    print(f"latest checkpoint: {checker.latest or 'none'}")
    print(f"records: {checker.records}, rulesets: {len(checker.rulesets)}, packs: {len(checker.packs)}")
    for code, sentence in checker.findings.items:
        print(f"{'note' if code == 'key_not_pinned' else 'FAULT'} {code}: {sentence}")
    faults = checker.findings.faults()
    print(f"NOT SOUND: {faults} fault{'' if faults == 1 else 's'}" if faults else "sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
