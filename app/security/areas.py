"""What lies outside a caller's areas is not there for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.core.errors import UnknownDecision
from app.core.paging import Filter
from app.security.callers import COUNTRY, Caller, covered


def must_see(caller: Caller, record: dict[str, Any]) -> None:
    """UnknownDecision for a record of a place outside the caller's areas."""
    if not caller.covers(record["jurisdiction"]):
        raise UnknownDecision


def within_areas(caller: Caller, filter_: Filter) -> Filter:
    """The same decisions, as far as they lie in the caller's areas."""
    return replace(filter_, within=caller.areas)


def scoped(origin: str, caller: Caller, key: str) -> str:
    """An idempotency key as it is kept: of a log and of the caller's areas, so that nobody learns which keys are used
    elsewhere, or takes them in advance. Not of the person: a colleague may send the same again."""
    return f"{origin}:{','.join(caller.areas)}:{key}"


def sees_all_of(caller: Caller, filter_: Filter) -> bool:
    """Whether whatever a filter may find lies in the caller's areas."""
    found_in = (COUNTRY,) if filter_.within is None else filter_.within
    return all(covered(area, caller.areas) for area in found_in)
