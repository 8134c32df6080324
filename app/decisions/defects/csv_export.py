"""The effects of a defect as CSV, a list to act on: a row for each result that should have come out otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

from app.core.sheets import csv_head, csv_line
from app.rules.values.strict_json import Json

COLUMNS: Final = (
    "decision",
    "case",
    "household_ref",
    "jurisdiction",
    "date",
    "state",
    "programme",
    "person",
    "class",
    "recorded_status",
    "recorded_amount",
    "corrected_status",
    "corrected_amount",
    "per_month",
    "first_month",
    "last_month",
    "months",
    "total",
    "problem",
)
FIGURES: Final = ("recorded_amount", "corrected_amount", "per_month", "months", "total")


async def table(results: AsyncIterator[Json]) -> AsyncIterator[str]:
    """Writes the header and the rows of touched decisions (DefectResult as plain values), line by line."""
    yield csv_head(COLUMNS)
    async for result in results:
        for line in _rows(result):
            yield line


def _rows(result: Json) -> Iterator[str]:
    """Writes a row for each effect; one without a programme for a decision in which nothing differs."""
    for effect in result["results"] or [{}]:
        yield csv_line(COLUMNS, {**_of_decision(result), **_of_effect(effect)}, FIGURES)


def _of_decision(result: Json) -> Json:
    names = ("decision", "case", "household_ref", "jurisdiction", "date", "state", "class", "problem")
    return {name: result[name] for name in names}


def _of_effect(effect: Json) -> Json:
    if not effect:
        return {}
    months = effect["months"]
    return {
        **{name: effect[name] for name in ("programme", "person", "class", "per_month", "total")},
        "recorded_status": _status(effect["recorded"]),
        "recorded_amount": _amount(effect["recorded"]),
        "corrected_status": _status(effect["corrected"]),
        "corrected_amount": _amount(effect["corrected"]),
        "first_month": months[0] if months else None,
        "last_month": months[-1] if months else None,
        "months": str(len(months)),
    }


def _status(side: Json | None) -> str | None:
    return side["status"] if side else None


def _amount(side: Json | None) -> str | None:
    """The amount, if it is settled."""
    figure = side["amount"]["figure"] if side and side["amount"] else None
    return figure if isinstance(figure, str) else None
