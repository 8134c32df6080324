"""Packs as one canonical text each, and the rules that such texts make."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from app.core.canonical_json import canonical_plain
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.service import Rules


def pack_body(pack: Pack) -> str:
    """A pack as one canonical text: its division, and the text of each of its files."""
    return canonical_plain({"division": pack.code, "files": pack.texts}).decode()


def pack_of(body: str) -> Pack:
    """The pack of a canonical text. PackError for one that is none."""
    content = orjson.loads(body)
    return Pack.of_texts(content["division"], content["files"])


def rules_of_packs(bodies: Iterable[str]) -> Rules:
    """The rules that packs make, from their canonical texts. PackError for packs that do not fit together."""
    return Rules(Library({pack.code: pack for pack in map(pack_of, bodies)}))
