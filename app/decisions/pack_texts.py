"""Packs as one canonical text each, and the rules that such texts make."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from app.decisions.canonical import canonical_plain
from app.rules.library import Library
from app.rules.packs import Pack
from app.rules.service import Rules


def pack_body(pack: Pack) -> str:
    """A pack as one canonical text: its division, and the text of each of its files."""
    return canonical_plain({"division": pack.code, "files": pack.texts}).decode()


def rules_of_packs(bodies: Iterable[str]) -> Rules:
    """The rules that packs make, from their canonical texts. PackError for packs that do not fit together."""
    contents = [orjson.loads(body) for body in bodies]
    return Rules(Library({one["division"]: Pack.of_texts(one["division"], one["files"]) for one in contents}))
