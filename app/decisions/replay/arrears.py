"""What settled replays found due, by month: each month counts once, however often it is looked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.ids import time_of
from app.core.months import first_day, month_text
from app.db.tables import Finding
from app.decisions.replay.replayer import Owed, Replayed
from app.rules.values.strict_json import Json

Due = dict[tuple[UUID, str, str, str], int]  # decision, programme, person, month -> fen found before


async def found_before(connection: AsyncConnection, decisions: dict[UUID, dt.datetime | None]) -> Due:
    """What was found for each month. What was found of a mere proposal counts no more once it is decided."""
    rows = await connection.execute(
        select(
            col(Finding.decision),
            col(Finding.programme),
            col(Finding.person),
            col(Finding.month),
            col(Finding.job),
            col(Finding.fen),
        ).where(col(Finding.decision).in_(decisions))
    )
    due: Due = {}
    for decision, programme, person, month, job, fen in rows:
        decided_at = decisions[decision]
        if decided_at is None or time_of(job) >= _to_the_millisecond(decided_at):
            key = (decision, programme, person, month_text(month))
            due[key] = due.get(key, 0) + fen
    return due


def _to_the_millisecond(at: dt.datetime) -> dt.datetime:
    """As exactly as the identifier of a job tells its time."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def beyond(replayed: Replayed, owed: Owed, due: Due) -> Owed:
    """What is owed for the months in which it was not found before. A month found with another amount stays open to a
    person: it is shown as not settled rather than counted twice."""
    if not owed.fen:
        return owed
    key = (replayed.id, owed.difference.programme, owed.difference.person or "")
    before = [due.get((*key, month), 0) for month in _counted_in(replayed, owed)]
    if any(fen not in (0, owed.fen) for fen in before):
        return replace(owed, fen=None)
    if not owed.difference.monthly:
        return replace(owed, fen=0) if before[0] else owed
    left = [month for month, fen in zip(owed.months, before, strict=True) if fen == 0]
    return replace(owed, months=left, fen=owed.fen if left or not owed.months else 0)


def _counted_in(replayed: Replayed, owed: Owed) -> list[str]:
    """The months a difference is found for; what is paid once or by the year is found for that of the decision."""
    return owed.months if owed.difference.monthly else [replayed.recorded["date"][:7]]


def finding_rows(job: UUID, replayed: Replayed, owed: Owed) -> list[Json]:
    if not owed.fen:
        return []
    return [
        {
            "decision": replayed.id,
            "programme": owed.difference.programme,
            "person": owed.difference.person or "",
            "month": first_day(month),
            "job": job,
            "fen": owed.fen,
        }
        for month in _counted_in(replayed, owed)
    ]
