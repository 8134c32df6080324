"""Walks through dated values and versions of packs, each with its place in its file."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from app.rules.packs.library import Library, LinkedProgramme, LinkedRule, LinkedValue
from app.rules.packs.pack import Pack
from app.rules.packs.referrals import LinkedReferral
from app.rules.packs.schema import ParameterDeclaration, Value
from app.rules.packs.strict_yaml import PackError

Item = TypeVar("Item", LinkedRule, LinkedValue, LinkedProgramme, LinkedReferral)
AnyItem = LinkedRule | LinkedValue | LinkedProgramme | LinkedReferral
Key = str | int | None


@dataclass(frozen=True, order=True)
class PackFault:
    """A fault that must stop a publication, with its file, line and column (from 1)."""

    file: str
    line: int
    column: int
    message: str

    @classmethod
    def of(cls, error: PackError) -> PackFault:
        return cls(error.file, error.line, error.column, error.message)

    @classmethod
    def all_of(cls, error: PackError) -> list[PackFault]:
        """Returns every fault of an error, each once, in the order of files and lines."""
        return sorted({cls.of(one) for one in error.all})

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True)
class Entry(Generic[Item]):
    """A value (`section` is values) or a version of a rule, a programme or a referral, and its place in its pack."""

    pack: Pack
    section: str
    name: str
    number: int
    item: Item

    @property
    def start(self) -> dt.date:
        return self.item.dates.start

    @property
    def until(self) -> dt.date | None:
        return self.item.dates.until

    def error(self, message: str, *rest: str | int) -> PackError:
        place = (self.number,) if self.section == "values" else ("versions", self.number)
        return self.pack.fault(message, self.section, self.name, *place, *rest)

    def fault(self, message: str, *rest: str | int) -> PackFault:
        return PackFault.of(self.error(message, *rest))


AnyEntry = Entry[LinkedRule] | Entry[LinkedValue] | Entry[LinkedProgramme] | Entry[LinkedReferral]
SomeEntry = TypeVar("SomeEntry", bound=AnyEntry)


def values_of(library: Library, pack: Pack) -> Iterator[Entry[LinkedValue]]:
    """Yields the values a pack gives, those that count first, then those that are only reported."""
    for given in (library.values, library.reported):
        for id_, items in given[pack.code].items():
            for item in items:
                name = id_ if item.key is None else f"{id_}.{item.key}"
                yield Entry(pack, "values", name, item.number, item)


def rules_of(library: Library, pack: Pack) -> Iterator[Entry[LinkedRule]]:
    """Yields the versions of rules a pack declares or replaces."""
    for id_, items in library.rule_versions[pack.code].items():
        section = "rules" if id_ in pack.content.rules else "replaces"
        for item in items:
            yield Entry(pack, section, id_, item.number, item)


def programmes_of(library: Library, pack: Pack) -> Iterator[Entry[LinkedProgramme]]:
    """Yields the versions of programmes a pack declares or replaces."""
    for id_, items in library.programme_versions[pack.code].items():
        section = "programmes" if id_ in pack.content.programmes else "replaces_programmes"
        for number, item in enumerate(items):
            yield Entry(pack, section, id_, number, item)


def referrals_of(library: Library, pack: Pack) -> Iterator[Entry[LinkedReferral]]:
    """Yields the versions of referrals a pack declares, once for each programme they name."""
    for items in library.referral_versions[pack.code].values():
        for item in items:
            yield Entry(pack, "referrals", item.id, item.number, item)


def timelines(library: Library, pack: Pack) -> Iterator[list[AnyEntry]]:
    """Yields a pack's entries for each rule, programme, referral of a programme, and parameter and key, by first days."""
    for entries in (rules_of(library, pack), programmes_of(library, pack)):
        yield from _in_order(_grouped(entries).values())
    by_programme: dict[tuple[str, str], list[AnyEntry]] = {}
    for entry in referrals_of(library, pack):
        by_programme.setdefault((entry.name, entry.item.programme), []).append(entry)
    yield from _in_order(by_programme.values())
    for _, _, values in value_timelines(library, pack):
        yield list(values)


def value_timelines(library: Library, pack: Pack) -> Iterator[tuple[str, Key, list[Entry[LinkedValue]]]]:
    """Yields the values that count of each parameter and key of a pack; a value for all keys stands with each key."""
    by_parameter: dict[str, list[Entry[LinkedValue]]] = {}
    for entry in values_of(library, pack):
        if entry.item.value.status != "reported":
            by_parameter.setdefault(entry.item.parameter, []).append(entry)
    for id_, entries in by_parameter.items():
        keys = dict.fromkeys(entry.item.key for entry in entries)
        named: list[Key] = [key for key in keys if key is not None]
        for key in named or list(keys):
            line = [entry for entry in entries if entry.item.key in (key, None)]
            yield id_, key, sorted(line, key=lambda entry: (entry.start, entry.item.dates.known))


def _grouped(entries: Iterable[AnyEntry]) -> dict[str, list[AnyEntry]]:
    groups: dict[str, list[AnyEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.name, []).append(entry)
    return groups


def _in_order(groups: Iterable[list[AnyEntry]]) -> Iterator[list[AnyEntry]]:
    for group in groups:
        yield sorted(group, key=lambda entry: (entry.start, entry.item.dates.known))


def with_last_days(timeline: Sequence[SomeEntry]) -> Iterator[tuple[SomeEntry, dt.date | None]]:
    """Yields each entry of a timeline in order with the last day it holds: its end, or the day before a later one
    begins; None if it stands."""
    starts = [entry.start for entry in timeline]
    for entry in timeline:
        after = bisect_right(starts, entry.start)
        ends = [] if after == len(starts) else [starts[after] - dt.timedelta(days=1)]
        yield entry, min(ends if entry.until is None else [*ends, entry.until], default=None)


def in_force(library: Library, path: Iterable[str], parameter: str, key: Key, date: dt.date) -> LinkedValue | None:
    """Returns the value the nearest division of a path gives on a day, everything known."""
    for code in reversed(list(path)):
        value = library.line(code, parameter, key).latest(date)
        if value is not None:
            return value
    return None


def figures_of(value: Value, declared: ParameterDeclaration) -> dict[Key, tuple[Fraction, Fraction]]:
    """Returns the lowest and highest figures of a value, by stage or age if it has such; money a month is per month.

    Empty for conditions and formulas.
    """
    share = 12 if value.per == "year" and declared.unit == "CNY/month" else 1
    return {key: (low / share, high / share) for key, low, high in _figures(value)}


def _figures(value: Value) -> Iterator[tuple[Key, Fraction, Fraction]]:
    if isinstance(value.value, Fraction):
        yield None, value.value, value.value
    if value.low is not None and value.high is not None:
        yield None, value.low, value.high
    for stage, number in (value.table or {}).items():
        yield stage, number, number
    for age, band in (value.bands or {}).items():
        low, high = band if isinstance(band, tuple) else (band, band)
        yield age, low, high
