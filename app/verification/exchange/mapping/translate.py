"""Queries and reports in a platform's words, and back: whole, or with every fault and nothing taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as Table
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from app.verification.exchange.errors import Malformed, OtherQuery, PlatformRefused
from app.verification.exchange.mapping.formats import Form, Text
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.schema import UNMAPPED
from app.verification.exchange.mapping.unpack import Unpacking
from app.verification.exchange.protocol import Item, Match, Period, Person, Query, Report
from app.verification.registers.yaml_file import Section

_TEXT: Final = Text()
_UNTOLD: Final = {"reference": "untold", "purpose": "application", "business": "low_income_family", "area": "00"}
_Model = TypeVar("_Model", Query, Person, Report)


class Translator:
    """Translates by one mapping, which must be whole for it."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping.whole()
        fields, codes = mapping.fields, mapping.codes
        self._query: dict[str, Form] = {
            "id": _TEXT,
            "reference": _TEXT,
            "purpose": codes("purpose"),
            "business": codes("business"),
            "area": _TEXT,
            "callback": _TEXT,
            "sent_at": mapping.instant,
            "sources": mapping.sources,
        }
        self._person: dict[str, Form] = {"ref": _TEXT, "name": _TEXT, "id_number": _TEXT}
        self._report: dict[str, Form] = {
            "id": _TEXT,
            "query": _TEXT,
            "source": codes("source"),
            "person": _TEXT,
            "id_number": _TEXT,
            "status": codes("status"),
            "as_of": mapping.day,
            "reported_at": mapping.instant,
        }
        self._item: dict[str, Form] = {
            "fact": codes("fact"),
            "first": mapping.month,
            "last": mapping.month,
            "match": codes("match"),
            "matched_on": mapping.matched_on,
        }
        self.fields = fields

    # out: what the service sends

    def query_out(self, query: Query) -> dict[str, Any]:
        """A query as the platform takes it. PlatformRefused if it has no code for a register or the benefit."""
        self._can_be_asked(query)
        raw = _write(self.fields.query, self._query, _values(query))
        persons = [_write(self.fields.person, self._person, _values(person)) for person in query.persons]
        return {**raw, self.fields.query.persons: persons}

    def query_rows(self, query: Query) -> list[dict[str, str]]:
        """A query as rows, one for each person and register."""
        self._can_be_asked(query)
        return [
            _write(self.fields.query, self._query, {**_values(query), "sources": (source,)})
            | _write(self.fields.person, self._person, _values(person))
            for person in query.persons
            for source in query.sources
        ]

    def _can_be_asked(self, query: Query) -> None:
        mapping = self.mapping
        tables = mapping.content.codes
        told = [("purpose", tables.purpose, query.purpose), ("business", tables.business, query.business)]
        unknown = any(
            getattr(self.fields.query, name) != UNMAPPED and table[value] == UNMAPPED for name, table, value in told
        )
        if unknown or not all(mapping.can_ask(source) for source in query.sources):
            raise PlatformRefused

    # in: what the platform says

    def report_in(self, raw: Any, query: Query, received_at: dt.datetime) -> Report:
        """A report from the platform's words. OtherQuery if it answers another question, Malformed for anything that
        is not as agreed."""
        reading = Unpacking(self.mapping.content.ignored)
        fields = self.fields.report
        found = reading.section(raw, fields, self._report, "", optional={"items"})
        if found.get("query", query.id) != query.id:
            raise OtherQuery
        said = [
            self._item_in(item, f"/items/{n}", reading)
            for n, item in enumerate(reading.list_of(raw, fields.items, "/items"))
        ]
        person = _person_of(found, query, reading)
        if "source" in found and found["source"] not in query.sources:
            reading.fault("/source", "not_allowed")
        reading.stop()
        values = {name: value for name, value in found.items() if name != "id_number"}
        return _built(
            Report, "", **{**values, "person": person, "items": tuple(i for i in said if i), "received_at": received_at}
        )

    def _item_in(self, raw: Any, where: str, reading: Unpacking) -> Item | None:
        fields = self.fields.item
        found = reading.section(raw, fields, self._item, where, optional={"first", "last"})
        if "fact" not in found or not isinstance(raw, dict):
            return None
        value = reading.value(raw.get(fields.value), self.mapping.value(found["fact"]), f"{where}/value")
        if reading.faults:
            return None
        on = found["matched_on"]
        quality = found.get("match", "exact" if {"name", "id_number"} <= set(on) else "weak" if on else "none")
        try:
            months = [found.get("first"), found.get("last")]
            period = (
                None
                if months == [None, None]
                else Period.model_validate(dict(zip(("first", "last"), months, strict=True)))
            )
            return Item(fact=found["fact"], value=value, period=period, match=Match(quality=quality, on=on))
        except ValidationError as error:
            reading.faults += Malformed.of(error, where).faults
        return None

    # the other side, for platforms that are simulated

    def query_in(self, raw: Any, received_at: dt.datetime) -> Query:
        """The query that `query_out` wrote; what the platform is not told is filled in neutrally. Malformed for anything
        else."""
        reading = Unpacking(self.mapping.content.ignored)
        fields = self.fields.query
        found = reading.section(raw, fields, self._query, "", optional={"callback", "persons"})
        people = [
            reading.section(person, self.fields.person, self._person, f"/persons/{n}")
            for n, person in enumerate(reading.list_of(raw, fields.persons, "/persons"))
        ]
        reading.stop()
        persons = [_built(Person, f"/persons/{n}", **{"ref": f"n{n}", **told}) for n, told in enumerate(people)]
        return _built(Query, "", **{**_UNTOLD, "sent_at": received_at, **found, "persons": tuple(persons)})

    def report_out(self, report: Report, person: Person) -> dict[str, Any]:
        """A report in the platform's words."""
        raw = _write(self.fields.report, self._report, {**_values(report), "id_number": person.id_number})
        return {**raw, self.fields.report.items: [self._item_out(item) for item in report.items]}

    def report_rows(self, report: Report, person: Person) -> list[dict[str, str]]:
        """A report as rows, one for each item, or one without item."""
        raw = _write(self.fields.report, self._report, {**_values(report), "id_number": person.id_number})
        return [raw | self._item_out(item) for item in report.items] or [raw]

    def _item_out(self, item: Item) -> dict[str, Any]:
        values = {
            "fact": item.fact,
            "first": item.period and item.period.first,
            "last": item.period and item.period.last,
            "match": item.match.quality,
            "matched_on": item.match.on,
        }
        raw = _write(self.fields.item, self._item, values)
        return {**raw, self.fields.item.value: self.mapping.value(item.fact).write(item.value)}


def _person_of(found: dict[str, Any], query: Query, reading: Unpacking) -> str | None:
    """The person a report is about: one of the query, by all that the report says of it."""
    said = [(name, found[name]) for name in ("person", "id_number") if name in found]
    for person in query.persons:
        own = {"person": person.ref, "id_number": person.id_number}
        if said and all(value == own[name] for name, value in said):
            return person.ref
    if said:
        reading.fault("/person", "unknown_person")
    return None


def _values(model: Query | Person | Report) -> dict[str, Any]:
    return {name: getattr(model, name) for name in type(model).model_fields}


def _write(fields: Section, forms: Table[str, Form], values: Table[str, Any]) -> dict[str, Any]:
    return {
        their: form.write(values[our])
        for our, form in forms.items()
        if (their := getattr(fields, our)) != UNMAPPED and values.get(our) is not None
    }


def _built(model: type[_Model], where: str, **values: Any) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Malformed.of(error, where) from None
