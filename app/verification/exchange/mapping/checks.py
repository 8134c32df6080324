"""Checks of a platform's file beyond its shape: codes that are missing or too many, names that stand for two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, get_args

from app.verification.exchange.mapping.schema import UNMAPPED, CodeTables, Content
from app.verification.exchange.protocol import Business, MatchedOn, Purpose, Quality, Status
from app.verification.registers.sources import shipped

Fault = tuple[str, tuple[str | int, ...]]  # the message, and the place in the file

_TOGETHER: Final = (("query", "person"), ("report", "item"))  # those that stand in one row


def faults_of(content: Content) -> Iterator[Fault]:
    yield from _faults_of_tables(content.codes)
    for sections in _TOGETHER:
        names = [(s, n, t) for s in sections for n, t in getattr(content.fields, s).model_dump().items()]
        yield from _said_twice(((("fields", s, n), t) for s, n, t in names))
    if content.formats.yes == content.formats.no:
        yield "yes and no are written the same", ("formats", "no")


def _faults_of_tables(codes: CodeTables) -> Iterator[Fault]:
    known = shipped()
    choices = {choice for fact in known.facts.values() for choice in fact.choices}
    wanted: dict[str, Iterable[str]] = {
        "source": known.sources,
        "fact": known.facts,
        "status": get_args(Status),
        "match": get_args(Quality),
        "matched_on": get_args(MatchedOn),
        "business": get_args(Business),
        "purpose": get_args(Purpose),
        "choice": choices,
    }
    for name, values in wanted.items():
        table = getattr(codes, name)
        for value in table:
            if value not in values:
                yield f"{value} is not one of {', '.join(sorted(values))}", ("codes", name, value)
        for value in values:
            if value not in table:
                yield f"{value} has no code; say {UNMAPPED} if none is known", ("codes", name)
        yield from _said_twice(((("codes", name, value), code) for value, code in table.items()))


def _said_twice(
    named: Iterable[tuple[tuple[str | int, ...], str]],
) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, their in named:
        if their != UNMAPPED and their in seen:
            yield f"{their} stands for two things", place
        seen.add(their)
