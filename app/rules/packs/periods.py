"""Finds the item in force on a day, and the days over which each item really holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from app.rules.packs.library import Known

_ONE_DAY = dt.timedelta(days=1)


class DatedItem(Protocol):
    @property
    def dates(self) -> Known: ...


T = TypeVar("T", bound=DatedItem)


def latest(items: list[Any], date: dt.date, known: dt.date) -> Any | None:
    """Returns the latest known item begun by the day; None if it has ended: an earlier one does not come back."""
    begun = [item for item in items if item.dates.start <= date and item.dates.known <= known]
    if not begun:
        return None
    item = max(begun, key=lambda item: (item.dates.start, item.dates.known))
    return None if item.dates.until is not None and item.dates.until < date else item


@dataclass(frozen=True)
class Stretch(Generic[T]):
    """An item and the days over which it holds; without `until` it holds on."""

    item: T
    start: dt.date
    until: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)

    def meets(self, first: dt.date, last: dt.date) -> bool:
        return self.start <= last and (self.until is None or first <= self.until)


def stretches(levels: Sequence[Sequence[T]], known: dt.date) -> list[Stretch[T]]:
    """Returns the periods of items as known by a day; the lowest level that has an item wins (the nation is first)."""
    dates = [item.dates for items in levels for item in items if item.dates.known <= known]
    days = sorted({d.start for d in dates} | {d.until + _ONE_DAY for d in dates if d.until is not None})
    changes: list[tuple[dt.date, T | None]] = []
    for day in days:
        item = _held(levels, day, known)
        if not changes or changes[-1][1] is not item:
            changes.append((day, item))
    ends = [day - _ONE_DAY for day, _ in changes[1:]]
    return [
        Stretch(item, day, until)
        for (day, item), until in zip(changes, [*ends, None], strict=False)
        if item is not None
    ]


def _held(levels: Sequence[Sequence[T]], day: dt.date, known: dt.date) -> T | None:
    for items in reversed(levels):
        item: T | None = latest(list(items), day, known)
        if item is not None:
            return item
    return None
