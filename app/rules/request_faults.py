"""What is wrong with a request: places as JSON Pointers and codes, never the value itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

SAFE_NAME: Final = re.compile(r"^[a-z][a-z_]{0,39}(\.[a-z_]{1,40}){0,4}$")
_PYDANTIC_CODES: Final = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_allowed",
    "too_long": "too_many",
    "too_short": "too_few",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_pattern_mismatch": "wrong_form",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "money_type": "wrong_type",
    "personal_data": "personal_data",
    "not_an_id_number": "not_an_id_number",
}


@dataclass(frozen=True)
class Fault:
    """One fault: a JSON Pointer into the body and a code (messages.py has the words)."""

    pointer: str
    code: str


class FaultyRequest(ValueError):
    """The request cannot be assessed; every fault is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class TooManyMembers(ValueError):
    """More members than a household may have."""


def form_faults(error: ValidationError) -> Iterator[Fault]:
    """What is wrong with the form of a body, by place and code."""
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        kind = item["type"]
        code = _PYDANTIC_CODES.get(kind, kind if kind.endswith(("_format", "_allowed")) else "wrong_type")
        yield Fault(pointer(item["loc"]), code)


def pointer(parts: Iterable[str | int]) -> str:
    """A JSON Pointer; a field name that is not of our own making is left out, since it might be anything."""
    text = ""
    for part in parts:
        if part == "[key]":
            continue
        if isinstance(part, str) and not SAFE_NAME.fullmatch(part):
            break
        text += f"/{part}"
    return text
