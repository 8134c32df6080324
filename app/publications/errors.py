"""Errors of publishing. app/http/problems.py has the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.errors import CodedError


@dataclass(frozen=True)
class RuleFault:
    """A fault of what was submitted: where it stands in the request and in its file (line and column from 1), why, and
    the line itself."""

    pointer: str
    file: str
    line: int
    column: int
    reason: str
    text: str


class FaultyPublication(CodedError, ValueError):
    """A submission cannot be published; every fault is listed."""

    code = "faulty_publication"

    def __init__(self, faults: Sequence[RuleFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


class UnknownPublication(CodedError, LookupError):
    """No publication has this id."""

    code = "unknown_publication"
