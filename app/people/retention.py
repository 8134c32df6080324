"""Retention: who is due to be erased, because nothing about them goes on and the chosen time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, get_args

from pydantic import BaseModel, ConfigDict

from app.core.months import month_text
from app.db.connection import Connection
from app.db.database import Database
from app.decisions.state import DecisionState
from app.people import repository
from app.people.statuses import about, status
from app.people.support import is_supported
from app.rules.engine.days import months_between
from app.rules.facts.household import Programme
from app.rules.facts.request import china_day
from app.rules.packs.forms import Citation, Text
from app.rules.packs.strict_yaml import YamlFile
from app.security.callers import COUNTRY

_FILE: Final = Path(__file__).with_name("retention.yaml")
_PAGE: Final = 500


class Rule(BaseModel):
    """The time for which something is kept: at least so many months by law, or as a setting says that a deployment chooses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    basis: tuple[Citation, ...]
    at_least_months: int | None = None
    chosen_by: str | None = None


@cache
def shipped() -> dict[str, Rule]:
    """The rules that come with the service."""
    return {id_: Rule.model_validate(rule) for id_, rule in YamlFile.load(_FILE, _FILE.name).data.items()}


@dataclass(frozen=True)
class Due:
    """A person who is due, and the day on which something was last recorded about it."""

    ref: str
    last: dt.date


async def due(database: Database, months: int, now: dt.datetime) -> AsyncIterator[Due]:
    """Everybody of whom nothing was recorded for so many completed months, no case is open, and nothing granted
    stands: whoever is still on support is kept, however long ago it was decided."""
    today = china_day(now)
    after = ""
    while True:
        async with database.connect() as connection:
            refs = await _candidates(connection, after, months, today)
            for ref in refs:
                last = await _last(connection, ref, today)
                if last is not None and months_between(last, today) >= months:
                    yield Due(ref, last)
        if len(refs) < _PAGE:
            return
        after = refs[-1]


async def _candidates(connection: Connection, after: str, months: int, today: dt.date) -> list[str]:
    """References in their order, without those about whom something was recorded lately."""
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return await repository.not_recorded_since(connection, _after(first), after, _PAGE)


def _after(first: dt.date) -> dt.date:
    """The first day of the next month."""
    return (first + dt.timedelta(days=31)).replace(day=1)


async def _last(connection: Connection, ref: str, today: dt.date) -> dt.date | None:
    """The day of the last record about a person; None while something goes on."""
    states, places = await about(connection, ref, (COUNTRY,))
    if any(state.name == "proposed" for state in states.values()):
        return None
    if any(status(programme, month_text(today), states, places).holds for programme in get_args(Programme)):
        return None
    if await is_supported(connection, ref, month_text(today)):
        return None
    verified = await repository.last_verified(connection, ref)
    days = [_day_of(state) for state in states.values()]
    return max([*days, china_day(verified)] if verified else days)


def _day_of(state: DecisionState) -> dt.date:
    instants = [record["recorded_at"] for record in (state.decision, *state.records)]
    return china_day(max(dt.datetime.fromisoformat(text) for text in instants))
