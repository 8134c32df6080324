"""Checks codes, names and parents of packs before they are linked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.rules.packs.entries import PackFault
from app.rules.packs.library import NATION
from app.rules.packs.pack import Pack

_CODE: Final = re.compile(r"[1-9][0-9]{5}")


def faults_of_packs(packs: dict[str, Pack]) -> Iterator[PackFault]:
    """Finds wrong codes, fictional packs that are not marked, and parents that are missing or form a circle."""
    for pack in packs.values():
        yield from _code(pack)
        yield from _fiction(pack)
        yield from _parents(packs, pack)


def _code(pack: Pack) -> Iterator[PackFault]:
    if pack.code != NATION and not _CODE.fullmatch(pack.code):
        yield _at(pack, "division", f"{pack.code} is not a GB/T 2260 code of six digits")


def _fiction(pack: Pack) -> Iterator[PackFault]:
    name = pack.content.name or {"zh": "", "en": ""}
    if pack.content.fictional and not ("虚构" in name["zh"] and "fictional" in name["en"].lower()):
        yield _at(pack, "name", f"{pack.code} is fictional and its name does not say so in both languages")


def _parents(packs: dict[str, Pack], pack: Pack) -> Iterator[PackFault]:
    """Finds a parent that is missing or stands below its own pack; one missing further up is found there."""
    parent, above = pack.content.parent, {pack.code}
    if pack.code == NATION and parent is not None:
        yield _at(pack, "parent", "the nation has no parent")
    if parent is not None and parent not in packs:
        yield _at(pack, "parent", f"the parent {parent} of {pack.code} is not loaded")
    while parent in packs and parent is not None and parent != NATION:
        if parent in above:
            yield _at(pack, "parent", f"{pack.code} is above itself")
            return
        above.add(parent)
        parent = packs[parent].content.parent


def _at(pack: Pack, key: str, message: str) -> PackFault:
    """Makes a fault at a statement outside the sections of a pack, such as its level or parent."""
    file = next((file for file in pack.files if key in file.data), pack.files[0])
    return PackFault.of(file.fault(message, (key,)))
