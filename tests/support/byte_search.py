"""A text in every form in which bytes could give it away."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

_ENCODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def forms(text: str) -> set[bytes]:
    """Encoded, and each of that in base64 wherever it begins, in hexadecimal, escaped as in JSON and addresses."""
    plain = {text.encode(encoding) for encoding in _ENCODINGS}
    escaped = {json.dumps(text)[1:-1].encode(), quote(text).encode()}
    return plain | escaped | {form for one in plain for form in _as_text(one)}


def _as_text(raw: bytes) -> Iterator[bytes]:
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):  # what stands before it moves the groups; letters at the rims depend on the neighbours
        first, after = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(shift) + raw)[first:after]


def found_in(content: bytes, texts: Iterable[str]) -> list[bytes]:
    """The forms of some texts that a content has."""
    return [form for text in texts for form in forms(text) if form in content]


def files_with(folder: Path, texts: Iterable[str]) -> list[str]:
    """The files below a folder that give one of some texts away, by name or content."""
    wanted = [form for text in texts for form in forms(text)]
    found = []
    for path in sorted(folder.rglob("*")):
        content = str(path).encode() + (path.read_bytes() if path.is_file() and not path.is_symlink() else b"")
        if any(form in content for form in wanted):
            found.append(str(path.relative_to(folder)))
    return found
