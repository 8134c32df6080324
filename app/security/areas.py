"""Limits what a caller reads to its areas: what lies outside them does not exist for the caller."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.core.errors import UnknownDecision
from app.core.paging import Filter
from app.security.callers import COUNTRY, Caller, covered


def must_see(caller: Caller, record: dict[str, Any]) -> None:
    """Raise UnknownDecision if a record's place lies outside the caller's areas."""
    if not caller.covers(record["jurisdiction"]):
        raise UnknownDecision


def within_areas(caller: Caller, filter_: Filter) -> Filter:
    """Limit a filter to the caller's areas."""
    return replace(filter_, within=caller.areas)


def scoped(origin: str, caller: Caller, key: str) -> str:
    """Write an idempotency key as it is stored: with the log and the caller's areas.

    Whoever acts for other areas learns nothing of the keys used here and takes none in advance. The caller's own name is
    not in it: a colleague may send a decision's request again. A request that only its sender may repeat has the name in
    its fingerprint.
    """
    return f"{origin}:{','.join(caller.areas)}:{key}"


def sees_all_of(caller: Caller, filter_: Filter) -> bool:
    """Tell if everything that a filter can find lies in the caller's areas."""
    found_in = (COUNTRY,) if filter_.within is None else filter_.within
    return all(covered(area, caller.areas) for area in found_in)
