"""The key by which a caller says that two requests are one."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import Header
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.security.id_numbers import names_a_person

HEADER: Final = "idempotency-key"
_KEY: Final = re.compile(r"[!-~]{1,200}", re.ASCII)


def _valid(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise PydanticCustomError("wrong_form", "a key is 1 to 200 printable ASCII characters")
    if names_a_person(key):  # it is kept
        raise PydanticCustomError("personal_data", "a key must not hold an ID number")
    return key


_DOCUMENTED: Final[dict[str, Any]] = {
    "alias": "Idempotency-Key",
    "description": "Says that two requests are one: the same key and body are recorded once and answered alike",
    "json_schema_extra": {"x-description-zh": "幂等键：同一键和同一请求体只记录一次"},
}
_SCHEMA: Final = WithJsonSchema(
    {"type": "string", "pattern": "^[!-~]{1,200}$", "examples": ["3f0c9a52-1b7e-4c55-9a2e-77c1d0e2b6aa"]}
)
IdempotencyKey = Annotated[str, AfterValidator(_valid), _SCHEMA, Header(**_DOCUMENTED)]
"""The key a caller must send."""
OptionalKey = Annotated[Annotated[str, AfterValidator(_valid), _SCHEMA] | None, Header(**_DOCUMENTED)]
"""The key a caller may send."""
