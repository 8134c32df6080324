"""The identities of the people of a decision: sealed beside the record, never in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
    """A person of a decision. `said` is None once the person is erased, or where it was not read."""

    person: str
    ref: str | None  # none for decisions from before there were any
    sensitive: bool
    erased_at: dt.datetime | None
    said: Said | None = field(default=None, repr=False)


def names_of(people: Iterable[Identified]) -> list[str]:
    """List the names and ID numbers of those people who are not erased."""
    return [text for one in people if one.said for text in (one.said.name, one.said.id_number)]
