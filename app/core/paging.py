"""Filters of decisions, and cursors: where a list goes on. A cursor belongs to one filter."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import orjson

from app.core.canonical_json import canonical_plain, digest_of
from app.core.errors import ForeignCursor
from app.rules.values.strict_json import Json

PAGE: Final = 100


@dataclass(frozen=True)
class Filter:
    """Conditions on decisions: a decision has to fit each that is given."""

    jurisdiction: str | None = None
    case: str | None = None
    household_ref: str | None = None
    person: str | None = None
    start: dt.date | None = None
    until: dt.date | None = None
    programme: str | None = None
    status: str | None = None
    ruleset: str | None = None
    rule: str | None = None
    parameter: str | None = None
    document: str | None = None
    engine: str | None = None
    within: tuple[str, ...] | None = None  # the caller's areas (app/security/callers.py); everywhere if None

    def plain(self) -> Json:
        """Give the conditions as JSON values; those not given are left out."""
        shown = {name: value for name, value in vars(self).items() if value is not None}
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in shown.items()}

    @classmethod
    def of(cls, plain: Json) -> Filter:
        """Read a filter that `plain` wrote."""
        days: Json = {name: dt.date.fromisoformat(plain[name]) for name in ("start", "until") if name in plain}
        areas: Json = {"within": tuple(plain["within"])} if "within" in plain else {}
        return cls(**(plain | days | areas))

    @property
    def name(self) -> str:
        """Give a short text that tells this filter from others."""
        return digest_of(canonical_plain(self.plain())).hex()[:16]


class NamedFilter(Protocol):
    """Any filter with a name that tells it from others."""

    @property
    def name(self) -> str: ...


def cursor_after(filter_: NamedFilter, last: UUID) -> str:
    """Make the cursor that goes on after an item of a filter's list."""
    return base64.urlsafe_b64encode(orjson.dumps([filter_.name, str(last)])).decode().rstrip("=")


def read_cursor(filter_: NamedFilter, cursor: str) -> UUID:
    """Read the item after which a list goes on. Raises ForeignCursor for a cursor of another filter."""
    try:
        name, last = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        id_ = UUID(last)
    except (ValueError, TypeError, AttributeError):
        raise ForeignCursor from None
    if name != filter_.name:
        raise ForeignCursor
    return id_
