"""Faults of a request: a JSON Pointer and a code each, never the value itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from app.rules.errors import CodedError
from app.rules.messages import FAULTS

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
}


@dataclass(frozen=True)
class Fault:
    """One fault: a JSON Pointer into the body and a code (messages.py has the words)."""

    pointer: str
    code: str


class FaultyRequest(CodedError, ValueError):
    """The request cannot be assessed; every fault is listed."""

    code = "faulty_request"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class TooManyMembers(CodedError, ValueError):
    """More members than a household may have."""

    code = "too_many_members"


def form_faults(error: ValidationError) -> Iterator[Fault]:
    """Returns faults of form that Pydantic found in a body, each with its JSON Pointer and code."""
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        yield Fault(pointer(item["loc"]), fault_code(item["type"]))


def fault_code(kind: str) -> str:
    """Returns the code of a fault of Pydantic; validators of this service raise their codes as its kind."""
    return _PYDANTIC_CODES.get(kind, kind if kind in FAULTS else "wrong_type")


def pointer(parts: Iterable[str | int]) -> str:
    """Returns a JSON Pointer; a field name that the service does not know is left out, since it might hold anything."""
    text = ""
    for part in parts:
        if part == "[key]":
            continue
        if isinstance(part, str) and not SAFE_NAME.fullmatch(part):
            break
        text += f"/{part}"
    return text
