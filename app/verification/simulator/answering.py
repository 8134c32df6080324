"""Makes the simulated platform's answers to a query, and when each is given."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Item, Match, Person, Query, Report
from app.verification.simulator.behaviour import Behaviour, Fate, fate
from app.verification.simulator.registers import Found, Registers

_WAYS: Final = ("no_status", "unknown_field", "strange_status", "items_as_text", "number_as_status")


@dataclass
class Telling:
    """One report to tell: when it is due, whether twice, and whether it is broken the first time."""

    report: Report
    person: Person
    due: dt.datetime
    twice: bool = False
    broken: bool = False


def tellings(query: Query, registers: Registers, behaviour: Behaviour, seed: int, now: dt.datetime) -> list[Telling]:
    """All that will be said to a query, a report a person and register and a partial one before some."""
    return [
        telling
        for person in query.persons
        for source in query.sources
        for telling in _of(query, person, source, registers, behaviour, seed, now)
    ]


def broken(raw: dict[str, Any], translator: Translator, id_: str) -> dict[str, Any]:
    """A report in the platform's words with something wrong with it, always the same for the same report."""
    fields = translator.fields.report
    way = _WAYS[int(id_[:8], 16) % len(_WAYS)]
    match way:
        case "no_status":
            return {name: value for name, value in raw.items() if name != fields.status}
        case "unknown_field":
            return {**raw, "remark": "1"}
        case "strange_status":
            return {**raw, fields.status: "perhaps"}
        case "items_as_text":
            return {**raw, fields.items: "none"}
        case _:
            return {**raw, fields.status: 1}


def _of(
    query: Query, person: Person, source: str, registers: Registers, behaviour: Behaviour, seed: int, now: dt.datetime
) -> Iterator[Telling]:
    drawn = fate(behaviour, seed, query.id, person.ref, source)
    due = now + dt.timedelta(seconds=behaviour.latency + (behaviour.lateness if drawn.late else 0))
    status, items = _said(person, source, registers, drawn)
    if drawn.partial and len(items) > 1:
        part = _report(query, person, source, registers, "partial", items[:1], due)
        yield Telling(part, person, due)
        due += dt.timedelta(seconds=max(behaviour.latency, 0.1))
    report = _report(query, person, source, registers, status, items, due)
    yield Telling(report, person, due, drawn.duplicate, drawn.malformed)


def _said(person: Person, source: str, registers: Registers, drawn: Fate) -> tuple[str, tuple[Item, ...]]:
    if drawn.error:
        return "error", ()
    found = registers.find(person.name, person.id_number)
    if drawn.wrong_match:
        found = registers.namesake(person.name, person.id_number) or found
    if found is None:
        return "unmatched", ()
    items = _as_found(found, source)
    return ("answered" if items else "no_record"), items


def _as_found(found: Found, source: str) -> tuple[Item, ...]:
    match = Match(quality="exact" if len(found.on) > 1 else "weak", on=found.on)
    return tuple(item.model_copy(update={"match": match}) for item in found.resident.entries.get(source, ()))


def _report(
    query: Query,
    person: Person,
    source: str,
    registers: Registers,
    status: str,
    items: tuple[Item, ...],
    due: dt.datetime,
) -> Report:
    said = f"{query.id}\n{person.ref}\n{source}\n{status == 'partial'}"
    at = due.replace(microsecond=0)
    return Report.model_validate(
        {
            "id": hashlib.sha256(said.encode()).hexdigest()[:32],
            "query": query.id,
            "source": source,
            "person": person.ref,
            "status": status,
            "items": items,
            "as_of": registers.day,
            "reported_at": at,
            "received_at": at,
        }
    )
