"""What is asked of lists of reviews, alerts and screenings; each tells itself from others, for cursors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.decisions.canonical import canonical_plain, digest_of
from app.decisions.filters import Filter


@dataclass(frozen=True)
class Listed:
    """Which decisions, and on which day they are looked at."""

    kind: str
    where: Filter
    day: dt.date
    programme: str | None = None
    undated: bool = False
    closed: bool = False

    @property
    def name(self) -> str:
        plain = [self.kind, self.where.plain(), self.day.isoformat(), self.programme, self.undated, self.closed]
        return digest_of(canonical_plain(plain)).hex()[:16]
