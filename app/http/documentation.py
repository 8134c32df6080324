"""What OpenAPI says of the endpoints that read their body or their address themselves."""

from typing import Any, Final

from app.core.paging import PAGE
from app.http.asking import CODE_PATTERN
from app.http.paging import MOST_ON_A_PAGE
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


# shared by pages that are not declared yet
PATH_ID: Final = parameter(
    "id_",
    {"type": "string", "maxLength": 36, "examples": ["01a1f6ae-9900-780f-8b3c-5369bc707be7"]},
    "认定编号",
    "The decision's id",
    "path",
)
KEY: Final = parameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$", "examples": ["3f0c9a52-1b7e-4c55-9a2e-77c1d0e2b6aa"]},
    "幂等键：同一键和同一请求体只记录一次",
    "Says that two requests are one: the same key and body are recorded once and answered alike",
    "header",
    required=False,
)
SENT: Final = ("not_json", "too_large", "faulty_request", "storage_unavailable")
SIZE: Final = parameter(
    "size",
    {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": PAGE, "examples": [20]},
    "最多返回的项数",
    "At most so many",
)
CURSOR: Final = parameter(
    "cursor", {"type": "string"}, "上一页的 next，查询条件须相同", "The `next` of the page before, of the same query"
)
BELOW: Final = parameter(
    "jurisdiction",
    {"type": "string", "pattern": "^[0-9]{2,12}$", "examples": ["999900"]},
    "区划代码，含下级",
    "This place and all below it",
    required=False,
)
HOUSEHOLD: Final = parameter(
    "household_ref",
    {"type": "string", "minLength": 1, "maxLength": 64, "examples": ["H-0042"]},
    "家庭编号",
    "The caller's reference of the household",
)
