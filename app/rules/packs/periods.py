"""Finds the item in force on a day, and the days over which each item really holds."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

EVERYTHING_KNOWN = dt.date.max
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """The period of an item, and the day from which it was known."""

    start: dt.date
    until: dt.date | None
    known: dt.date


class DatedItem(Protocol):
    @property
    def dates(self) -> Known: ...


T = TypeVar("T", bound=DatedItem)


class Line(Generic[T]):
    """Items of one thing in the order in which they begin: a notice may give thousands, and each day finds its own."""

    def __init__(self, items: Iterable[T]) -> None:
        found: dict[tuple[dt.date, dt.date], T] = {}
        for item in items:  # of two that begin and become known together the first counts
            found.setdefault((item.dates.start, item.dates.known), item)
        self._items = [found[days] for days in sorted(found)]
        self._starts = [item.dates.start for item in self._items]

    def latest(self, date: dt.date, known: dt.date = EVERYTHING_KNOWN) -> T | None:
        """Returns the latest known item begun by the day; None if it has ended: an earlier one does not come back."""
        for place in range(bisect_right(self._starts, date) - 1, -1, -1):
            item = self._items[place]
            if item.dates.known <= known:
                return None if item.dates.until is not None and item.dates.until < date else item
        return None

    def starts(self, after: dt.date, last: dt.date) -> list[dt.date]:
        """Returns the days after one day, up to another, on which an item begins."""
        return self._starts[bisect_right(self._starts, after) : bisect_right(self._starts, last)]


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


Lines = dict[str, dict[str, Line[T]]]
"""By division and by the name of what they are versions of."""


def lines(items: dict[str, dict[str, list[T]]]) -> Lines[T]:
    """Makes a line of each list of versions."""
    return {code: {id_: Line(versions) for id_, versions in by_id.items()} for code, by_id in items.items()}


def stretches(levels: Sequence[Sequence[T]], known: dt.date) -> list[Stretch[T]]:
    """Returns the periods of items as known by a day; the lowest level that has an item wins (the nation is first)."""
    heard = [[item for item in items if item.dates.known <= known] for items in levels]
    dates = [item.dates for items in heard for item in items]
    days = sorted({d.start for d in dates} | {d.until + _ONE_DAY for d in dates if d.until is not None})
    nearest_first = [Line(items) for items in reversed(heard)]
    changes: list[tuple[dt.date, T | None]] = []
    for day in days:
        item = next((item for line in nearest_first if (item := line.latest(day)) is not None), None)
        if not changes or changes[-1][1] is not item:
            changes.append((day, item))
    ends = [day - _ONE_DAY for day, _ in changes[1:]]
    return [
        Stretch(item, day, until)
        for (day, item), until in zip(changes, [*ends, None], strict=False)
        if item is not None
    ]
