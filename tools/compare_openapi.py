"""Lists what a change does to the service's OpenAPI document, so that no caller is surprised.

    uv run python -m tools.compare_openapi save FILE      before the change: writes the document
    uv run python -m tools.compare_openapi against FILE   after it: lists what differs from that document

A line begins with `+` for what is new, `-` for what is gone and `~` for what is different. The command ends with 1 if
there is such a line. Titles of schemas and the order of lists without an order do not count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from app.main import create_app
from app.rules.values.strict_json import Json

_LONGEST: Final = 160  # characters of a value that a line shows


def differences(before: Json, after: Json) -> list[str]:
    """List what differs between two OpenAPI documents, endpoint by endpoint and schema by schema."""
    return list(_between(_comparable(before), _comparable(after), ""))


def _comparable(document: Json) -> Json:
    """Keep what callers rely on: endpoints with their parameters by name, and schemas."""
    endpoints = {
        f"{method} {path}": _endpoint(endpoint)
        for path, methods in document["paths"].items()
        for method, endpoint in methods.items()
    }
    schemas = {f"schema {name}": _plain(schema) for name, schema in document["components"]["schemas"].items()}
    return endpoints | schemas


def _endpoint(endpoint: Json) -> Json:
    plain: Json = _plain(endpoint)
    plain["parameters"] = {f"{one['in']}:{one['name'].lower()}": one for one in plain.get("parameters", [])}
    for answer in plain["responses"].values():
        codes = re.findall(r"`(\w+)`", answer.get("description", ""))
        if codes:  # the problems an endpoint ends with, in any order
            answer["description"] = sorted(codes)
    return plain


def _plain(node: Any) -> Any:
    """Leave out titles of schemas, and sort the names of required fields."""
    if isinstance(node, dict):
        kept = {name: _plain(value) for name, value in node.items() if not (name == "title" and isinstance(value, str))}
        if isinstance(kept.get("required"), list):
            kept["required"] = sorted(kept["required"])
        return kept
    return [_plain(item) for item in node] if isinstance(node, list) else node


def _between(before: Any, after: Any, where: str) -> Iterator[str]:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if before != after:
            yield f"~ {where}: {_shown(before)} -> {_shown(after)}"
        return
    for name in sorted(before.keys() | after.keys()):
        inner = f"{where}/{name}" if where else name
        if name not in before:
            yield f"+ {inner}: {_shown(after[name])}"
        elif name not in after:
            yield f"- {inner}: {_shown(before[name])}"
        else:
            yield from _between(before[name], after[name], inner)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def main(arguments: list[str]) -> int:
    """Save the present document, or print what differs from a saved one. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="compare_openapi")
    parser.add_argument("what", choices=("save", "against"))
    parser.add_argument("file", type=Path)
    said = parser.parse_args(arguments)
    present: Json = create_app().openapi()
    if said.what == "save":
        said.file.write_text(json.dumps(present, ensure_ascii=False, indent=1), encoding="utf-8")
        return 0
    found = differences(json.loads(said.file.read_text(encoding="utf-8")), present)
    print("\n".join(found) or "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
