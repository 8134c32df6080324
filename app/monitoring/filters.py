"""Filters of the lists of reviews, alerts and screenings; each has a name that tells it from others, for cursors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.core.canonical_json import canonical_plain, digest_of
from app.core.paging import Filter


@dataclass(frozen=True)
class Listed:
    """Which decisions."""

    where: Filter

    @property
    def name(self) -> str:
        rest = {name: None if value is None else str(value) for name, value in vars(self).items() if name != "where"}
        return digest_of(canonical_plain([type(self).__name__, self.where.plain(), rest])).hex()[:16]


@dataclass(frozen=True)
class DueReviews(Listed):
    """Reviews due on a day or before; with `undated` also those for which nothing published gives an interval."""

    day: dt.date
    undated: bool = False


@dataclass(frozen=True)
class Screened(Listed):
    """People likely eligible on a day, for one programme or any."""

    day: dt.date
    programme: str | None = None


@dataclass(frozen=True)
class RaisedAlerts(Listed):
    """Alerts that are open; with `closed` those dealt with, too."""

    closed: bool = False
