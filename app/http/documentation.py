"""What OpenAPI says of the endpoints that read their body or their address themselves."""

from typing import Any, Final

from app.http.asking import CODE_PATTERN
from app.http.problems import TITLES
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.facts.json_schema import request_schema

__all__ = [
    "CODE",
    "DAY",
    "EXAMPLE",
    "GUARDED",
    "INSTANT",
    "PURPOSE",
    "answered",
    "body",
    "parameter",
    "problems",
    "request_schema",
]

CODE: Final = {"type": "string", "pattern": CODE_PATTERN, "examples": ["999900"]}
DAY: Final = {"type": "string", "format": "date", "examples": ["2026-08-15"]}
INSTANT: Final = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],
    "examples": ["2026-08-01T09:00:00+08:00", "2026-08-01"],
}

EVERYWHERE: Final = ("not_found", "method_not_allowed", "internal")
GUARDED: Final = ("unauthenticated", "forbidden", "keys_unavailable")  # where a token is needed


def parameter(
    name: str, schema: dict[str, Any], zh: str, en: str, place: str = "query", *, required: bool | None = None
) -> dict[str, Any]:
    """A part of an address or a header; those of the path and the place must be given unless said otherwise."""
    return {
        "name": name,
        "in": place,
        "required": place == "path" or name == "jurisdiction" if required is None else required,
        "description": en,
        "x-description-zh": zh,
        "schema": schema,
    }


def body(shape: str, example: Any) -> dict[str, Any]:
    """A body of a shape, with a whole one as the example."""
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def answered(shape: str, description: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """An answer of a shape (app/rules/schema_base.py and those beside it)."""
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {status: {"description": description, "content": {"application/json": {"schema": schema}}}}


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The problems an endpoint can answer with, by status, each named by its code."""
    by_status: dict[int | str, list[str]] = {}
    for code in (*codes, *EVERYWHERE):
        status, titles = TITLES[code]
        by_status.setdefault(status, []).append(f"`{code}`: {titles['en']}")
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": "; ".join(lines),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, lines in sorted(by_status.items(), key=lambda pair: str(pair[0]))
    }


PURPOSE: Final = parameter(
    "Purpose",
    {"type": "string", "maxLength": 64, "examples": ["case_handling"]},
    "查阅目的，缺省为该角色的通常目的",
    "What it is read for (docs/personal-data.md), written down with the reading; the role's ordinary purpose if absent",
    "header",
)
