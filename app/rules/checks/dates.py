"""Checks periods: gaps in national rules, and versions or values that contradict one another on a day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator

from app.rules.packs.entries import AnyEntry, Entry, PackFault, rules_of, timelines
from app.rules.packs.library import NATION, Library, LinkedRule, LinkedValue
from app.rules.packs.pack import Pack
from app.rules.packs.periods import Line


def faults_of_dates(library: Library) -> Iterator[PackFault]:
    """Finds periods that end before they begin, overlap or are given twice, and days a national rule does not cover."""
    for pack in library.packs.values():
        yield from _documents(pack)
        for timeline in timelines(library, pack):
            yield from _ends(timeline)
            yield from _twice(timeline)
            yield from _overlaps(library, timeline)
    yield from _gaps(library)


def _documents(pack: Pack) -> Iterator[PackFault]:
    for name, document in pack.content.documents.items():
        if document.start and document.until and document.until < document.start:
            yield PackFault.of(pack.fault(f"{name} ends before it begins", "documents", name, "until"))


def _ends(timeline: list[AnyEntry]) -> Iterator[PackFault]:
    for entry in timeline:
        if entry.until is not None and entry.until < entry.start:
            yield entry.fault(f"{entry.name} ends on {entry.until}, before it begins on {entry.start}", "until")


def _twice(timeline: list[AnyEntry]) -> Iterator[PackFault]:
    """Finds entries with the same first day, known from the same day: nothing decides which of them holds."""
    seen: dict[tuple[dt.date, dt.date], AnyEntry] = {}
    for entry in timeline:
        other = seen.setdefault((entry.start, entry.item.dates.known), entry)
        if other is not entry:
            yield entry.fault(f"{entry.name} is said twice from {entry.start}, published on the same day", "from")


def _overlaps(library: Library, timeline: list[AnyEntry]) -> Iterator[PackFault]:
    published = [_published(library, entry) for entry in timeline]
    starts: dict[dt.date | None, list[dt.date]] = {}
    for entry, day in zip(timeline, published, strict=True):
        starts.setdefault(day, []).append(entry.start)
    for entry, day in zip(timeline, published, strict=True):
        # Those that became known on one day, or do not say when: the later one corrects nothing.
        later = bisect_right(starts[day], entry.start)
        if entry.until is not None and later < len(starts[day]) and starts[day][later] <= entry.until:
            message = f"{entry.name} is said until {entry.until}, but again from {starts[day][later]}"
            yield entry.fault(message, "until")


def _published(library: Library, entry: AnyEntry) -> dt.date | None:
    """Returns the day of publication, if the entry or one of its documents gives it."""
    item = entry.item
    if isinstance(item, LinkedValue):
        said, documents = item.value.published, [item.value.document]
    else:
        said, documents = item.version.published, [document for document, _ in item.version.basis]
    dated = said is not None or any(_is_published(library, entry.pack, document) for document in documents)
    return item.dates.known if dated else None


def _is_published(library: Library, pack: Pack, name: str) -> bool:
    division = library.document_division(name, pack.code)
    return division is not None and library.packs[division].content.documents[name].published is not None


def _gaps(library: Library) -> Iterator[PackFault]:
    """Finds days, from the first day of the law on, for which a national rule has no version."""
    versions: dict[str, list[Entry[LinkedRule]]] = {}
    for entry in rules_of(library, library.packs[NATION]):
        versions.setdefault(entry.name, []).append(entry)
    first_day = library.first_day
    for id_, entries in versions.items():
        line = Line(entry.item for entry in entries)
        if line.latest(first_day) is None:
            first = min(entries, key=lambda entry: entry.start)
            yield first.fault(f"{id_} begins on {first.start}; the framework begins on {first_day}", "from")
        for entry in entries:
            after = entry.until + dt.timedelta(days=1) if entry.until and entry.until < dt.date.max else None
            if after is not None and after > first_day and line.latest(after) is None:
                yield entry.fault(f"{id_} has no version on {after}", "until")
