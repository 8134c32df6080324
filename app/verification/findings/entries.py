"""Entries of registers as they are compared: what a report says on one fact, added up over the months that bear on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from app.rules.facts.household import Household
from app.verification.exchange.protocol import Item, Period, Quality, Report, Value
from app.verification.findings.times import Times, months_of_period
from app.verification.registers.sources import pointers_of

EXACT: Final = "exact"


@dataclass(frozen=True)
class Entry:
    """Items of a report on one fact, equally sure, added up. `months` are those it covers, as numbers; none holds on a day.

    `bears` is false for months that say nothing of the case. An entry can confirm a fact only if it `stands`; where items
    `overlap` nobody can say from here what belongs together.
    """

    n: int
    report: Report
    received_on: dt.date
    pointer: str
    fact: str
    value: Value
    quality: Quality
    superseded: bool
    items: tuple[Item, ...]
    months: frozenset[int] = frozenset()
    bears: bool = True
    stands: bool = True
    overlap: bool = False
    expired: bool = False

    @property
    def counts(self) -> bool:
        """True if it adds to what is found elsewhere on the same fact."""
        return self.quality == EXACT and self.bears and not self.superseded

    @property
    def gaps(self) -> bool:
        """True if months between its first and its last are covered by no item."""
        return bool(self.months) and max(self.months) - min(self.months) >= len(self.months)

    @property
    def period(self) -> Period | None:
        """From its first month to its last."""
        periods = [item.period for item in self.items if item.period]
        if not periods:
            return None
        return Period(first=min(one.first for one in periods), last=max(one.last for one in periods))


@dataclass(frozen=True)
class Unmatched:
    """A register that knows no such person."""

    n: int
    report: Report
    received_on: dt.date
    superseded: bool
    expired: bool


def entries_of(
    household: Household,
    places: dict[str, str],
    received: Sequence[tuple[Report, dt.date]],
    times: Times | None,
    resolved: frozenset[int],
) -> Iterator[Entry | Unmatched]:
    """The entries of all reports. Each sum of one fact over one period has a number, in the order of the reports; months of
    one fact are one entry, under the first of their numbers.

    Where a person resolved another of the numbers, before months were added up, they are left apart as they were.
    """
    whole_last = sorted((report for report, _ in received), key=lambda report: report.status != "partial")
    last = {(report.query, report.person, report.source): report.id for report in whole_last}
    n = 0
    for report, received_on in received:
        superseded = last[report.query, report.person, report.source] != report.id
        expired = times is not None and times.expired(report.as_of)
        if report.status == "unmatched":
            n += 1
            yield Unmatched(n, report, received_on, superseded, expired)
        parts: list[Entry] = []
        for (fact, _, quality), items in _by_period(report).items():
            for pointer in pointers_of(fact, places[report.person]):
                n += 1
                one = Entry(n, report, received_on, pointer, fact, _sum(items), quality, superseded, items)
                parts.append(_timed(replace(one, expired=expired), declared_over(household, pointer), times))
        yield from _over_months(parts, resolved)


def declared_over(household: Household, pointer: str) -> int:
    """Over how many months the declared figure at a pointer is."""
    _, _, part, number, *rest = [*pointer.split("/"), "", ""]
    if part != "members" or rest[0] not in ("income", "outgoings"):
        return 1
    member = household.members[int(number)]
    periods = {str(kind): over for kind, over in (member.income_periods or {}).items()} if rest[0] == "income" else {}
    return periods.get(rest[1]) or member.income_months or 1


def added(one: Value, other: Value) -> Value:
    """Money and counts add up, of flags one is enough, and of days and choices the later one is taken."""
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return other


def _by_period(report: Report) -> dict[tuple[str, Period | None, Quality], tuple[Item, ...]]:
    found: dict[tuple[str, Period | None, Quality], tuple[Item, ...]] = {}
    for item in report.items:
        key = item.fact, item.period, item.match.quality
        found[key] = (*found.get(key, ()), item)
    return found


def _sum(items: Sequence[Item]) -> Value:
    value = items[0].value
    for item in items[1:]:
        value = added(value, item.value)
    return value


def _timed(entry: Entry, over: int, times: Times | None) -> Entry:
    """An entry with its months, and whether they bear on the case."""
    months = frozenset(months_of_period(entry.period)) if entry.period else frozenset()
    if times is None:
        return replace(entry, months=months)
    bearing, stands = times.bearing(over), times.stands(entry.report.as_of)
    known = months_of_period(Period(first="0001-01", last=f"{entry.report.as_of:%Y-%m}"))
    bears = not months or (max(months) in bearing and max(months) in known)
    confirms = all(month in times.confirming(over) for month in months)
    return replace(entry, months=months, bears=bears, stands=stands and confirms)


def _over_months(parts: Sequence[Entry], resolved: frozenset[int]) -> Iterator[Entry]:
    """The entries of one report, those over months added up, each group in the place of its first."""
    groups: list[list[Entry]] = []
    for one in parts:
        group = next((group for group in groups if all(_add_up(one, other) for other in group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    for first, *others in groups:
        if any(one.n in resolved for one in others):
            yield from (first, *others)
        else:
            yield reduce(_total, others, first)


def _add_up(one: Entry, other: Entry) -> bool:
    """Tells if two entries add up: months of one fact, equally sure, of which none is a part of the other, as a month is of
    the year whose total stands beside it."""
    alike = (one.pointer, one.fact, one.quality, one.bears) == (other.pointer, other.fact, other.quality, other.bears)
    return alike and bool(one.months) and not (one.months <= other.months or other.months <= one.months)


def _total(one: Entry, other: Entry) -> Entry:
    return replace(
        one,
        value=added(one.value, other.value),
        items=(*one.items, *other.items),
        months=one.months | other.months,
        stands=one.stands and other.stands,
        overlap=one.overlap or bool(one.months & other.months),
    )
