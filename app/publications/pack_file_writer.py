"""Writes a change of documents and values as the YAML file that a pack keeps, a document or a value a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.rules.values.strict_json import Json


def notice_text(documents: Json | None, values: Json | None) -> str:
    """Writes the text of a file. Its paths are those of the JSON it was made of."""
    lines: list[str] = []
    if documents:
        lines.append("documents:")
        lines += [f"  {_text(name)}: {_flow(said)}" for name, said in documents.items()]
    if values:
        lines.append("values:")
        for name, entries in values.items():
            lines += _entries(name, entries)
    return "\n".join(lines) + "\n"


def _entries(name: str, entries: Any) -> Iterator[str]:
    if not isinstance(entries, list) or not entries:
        yield f"  {_text(name)}: {_flow(entries)}"
        return
    yield f"  {_text(name)}:"
    for entry in entries:
        yield f"    - {_flow(entry)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """Writes a text as YAML and JSON both do; a plain word stands by itself."""
    plain = text.isascii() and text.replace(".", "").replace("_", "").isalnum() and text[0].isalpha()
    return text if plain and text not in ("null", "true", "false") else json.dumps(text, ensure_ascii=False)
