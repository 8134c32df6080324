"""Outcomes and tests: the form in which both paths return the result of a programme."""

from __future__ import annotations

from typing import Literal, NamedTuple

from app.rules.values.open_values import Value

Status = Literal["eligible", "ineligible", "undetermined", "refer", "not_applicable"]


class Test(NamedTuple):
    """One comparison or condition. `holds` is None while it is open; the sides are at the scale of the rule."""

    rule: str
    holds: bool | None
    left: Value | None = None
    right: Value | None = None


class Outcome(NamedTuple):
    """The result of a programme for the household (`person` None) or one person, by index.

    `amount` and `lines` are in fen; `missing` are JSON Pointers, `gaps` parameters and officer's questions. `rounded`
    says that the amount was rounded up to the fen at the very end.
    """

    programme: str
    person: int | None
    status: Status
    amount: Value | None = None
    lines: tuple[tuple[str, Value], ...] = ()
    tests: tuple[Test, ...] = ()
    missing: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    rounded: bool = False
