"""Rows of files put together again: the rows of one report, and of each query."""

from __future__ import annotations

from typing import Any

from app.rules.request_faults import Fault
from app.verification.exchange.errors import Malformed
from app.verification.exchange.mapping.schema import UNMAPPED
from app.verification.exchange.mapping.translate import Translator


def report_of_rows(translator: Translator, rows: list[dict[str, str]]) -> dict[str, Any]:
    """The rows of one report as `report_in` reads it: what is said of the report must be the same in each.

    Malformed if it is not. An empty cell says nothing; a row without any cell of an item has none.
    """
    fields = translator.fields
    of_item = {name for name in fields.item.model_dump().values() if name != UNMAPPED}
    heads = [{name: cell for name, cell in row.items() if cell and name not in of_item} for row in rows]
    if any(head != heads[0] for head in heads):
        raise Malformed([Fault("", "duplicate_id")])
    matched_on = {fields.item.matched_on: ""}  # nothing matched is an empty cell
    items = [{name: cell for name, cell in row.items() if cell and name in of_item} for row in rows]
    return {**heads[0], fields.report.items: [matched_on | item for item in items if item]}


def queries_of_rows(translator: Translator, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The rows of queries as `query_in` reads each, for platforms that are simulated."""
    fields, separator = translator.fields, translator.mapping.content.formats.separator
    of_person = {name for name in fields.person.model_dump().values() if name != UNMAPPED}
    queries: dict[str, dict[str, Any]] = {}
    for row in rows:
        told = {name: cell for name, cell in row.items() if cell and name not in of_person}
        person = {name: cell for name, cell in row.items() if cell and name in of_person}
        query = queries.setdefault(row[fields.query.id], {**told, fields.query.persons: []})
        if person not in query[fields.query.persons]:
            query[fields.query.persons].append(person)
        sources = query[fields.query.sources].split(separator)
        if row[fields.query.sources] not in sources:
            query[fields.query.sources] = separator.join([*sources, row[fields.query.sources]])
    return list(queries.values())
