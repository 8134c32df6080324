"""The effects of a defect as CSV, a list to act on: a row for each result that should have come out otherwise."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

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
_FORMULA: Final = re.compile(r"^[=+\-@\t\r]")
_AMOUNT: Final = re.compile(r"^-?\d+(\.\d+)?$", re.ASCII)


async def table(results: AsyncIterator[Json]) -> AsyncIterator[str]:
    """Writes the header and the rows of touched decisions (DefectResult as plain values), line by line."""
    yield _line(COLUMNS)
    async for result in results:
        for line in _rows(result):
            yield line


def _rows(result: Json) -> Iterator[str]:
    """Writes a row for each effect; one without a programme for a decision in which nothing differs."""
    for effect in result["results"] or [{}]:
        yield _line([_cell({**_of_decision(result), **_of_effect(effect)}.get(name)) for name in COLUMNS])


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


def _cell(value: str | None) -> str:
    """A text that a spreadsheet takes for a text: callers' references may begin like a formula."""
    text = value or ""
    return "'" + text if _FORMULA.match(text) and not _AMOUNT.match(text) else text


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
