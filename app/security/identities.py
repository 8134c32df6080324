"""Who the people of a decision are: sealed beside the record, never in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from app.security.sealing import Said, Sealed


@dataclass(frozen=True)
class NewIdentity:
    """An identity to be written with its decision."""

    decision: UUID
    sealed: Sealed
    sensitive: bool


@dataclass(frozen=True)
class Identified:
    """Somebody of a decision. `said` is None once erased, or where it is not asked for."""

    person: str
    ref: str | None  # none for decisions from before there were any
    sensitive: bool
    erased_at: dt.datetime | None
    said: Said | None = field(default=None, repr=False)
