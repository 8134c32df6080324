"""Which entries of the access log are asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from app.core.canonical_json import canonical_plain, digest_of


@dataclass(frozen=True)
class AccessFilter:
    """Which entries; those that fit everything that is said. `within`: the areas of whoever asks."""

    within: tuple[str, ...]
    start: dt.date | None = None
    until: dt.date | None = None
    subject: str | None = None
    decision: UUID | None = None
    person: str | None = None
    purpose: str | None = None

    @property
    def name(self) -> str:
        """Tells one filter from another."""
        plain = [None if value is None else str(value) for value in vars(self).values()]
        return digest_of(canonical_plain(plain)).hex()[:16]
