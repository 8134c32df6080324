"""Identifiers: records have a UUIDv7, which tells the month under which a record is kept; persons have references."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final
from uuid import UUID

from app.core.errors import UnknownDecision
from app.core.months import month_of

_RANDOM_BITS = 74
REF_PATTERN: Final = "^[0-9a-f]{32}$"  # the reference of a person, as decisions show it


def new_id(now: dt.datetime) -> UUID:
    """Make an identifier that sorts by time, to the millisecond (RFC 9562, version 7)."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(_RANDOM_BITS)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def time_of(id_: UUID) -> dt.datetime:
    """Read the instant at which an identifier was made. Raises ValueError for one that is not of version 7."""
    if id_.version != 7:
        raise ValueError("not an identifier of a record")
    return dt.datetime.fromtimestamp((id_.int >> 80) / 1000, dt.UTC)


def month_of_id(id_: UUID) -> dt.date:
    """Read the first day of the month under which a record is kept.

    Raises ValueError for an identifier that is not of version 7, or whose time lies beyond any calendar.
    """
    try:
        return month_of(time_of(id_))
    except OverflowError:
        raise ValueError("not an identifier of a record") from None


def record_id(text: str) -> UUID:
    """Read an identifier from a text. Raises UnknownDecision for a text that no record can have as its identifier."""
    try:
        id_ = UUID(text)
    except ValueError:
        raise UnknownDecision from None
    if not is_record_id(id_):
        raise UnknownDecision
    return id_


def is_record_id(id_: UUID) -> bool:
    """Tell if a record can have this identifier."""
    try:
        month_of_id(id_)
    except ValueError:
        return False
    return True
