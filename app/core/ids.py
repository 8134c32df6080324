"""Identifiers: of records UUIDv7, so that one tells the month under which its record is kept; of persons references."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final
from uuid import UUID

from app.core.errors import UnknownDecision
from app.core.months import (
    month_of,
)

_RANDOM_BITS = 74
REF_PATTERN: Final = "^[0-9a-f]{32}$"  # a reference of a person, as decisions show it


def new_id(now: dt.datetime) -> UUID:
    """A new identifier, sorted by time to the millisecond (RFC 9562, version 7)."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(_RANDOM_BITS)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def time_of(id_: UUID) -> dt.datetime:
    """When an identifier was made. ValueError for one that is not of version 7."""
    if id_.version != 7:
        raise ValueError("not an identifier of a record")
    return dt.datetime.fromtimestamp((id_.int >> 80) / 1000, dt.UTC)


def month_of_id(id_: UUID) -> dt.date:
    """The month under which the record is kept. ValueError for an identifier that is not of version 7, or of a time
    beyond any calendar."""
    try:
        return month_of(time_of(id_))
    except OverflowError:
        raise ValueError("not an identifier of a record") from None


def record_id(text: str) -> UUID:
    """The identifier that a text is. UnknownDecision for one that is none, so that no decision can have it."""
    try:
        id_ = UUID(text)
    except ValueError:
        raise UnknownDecision from None
    if not is_record_id(id_):
        raise UnknownDecision
    return id_


def is_record_id(id_: UUID) -> bool:
    """Whether a record may have this identifier."""
    try:
        month_of_id(id_)
    except ValueError:
        return False
    return True
