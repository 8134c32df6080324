"""Arrears that earlier replays found, so that no month counts twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from app.core.ids import time_of
from app.core.months import first_day, month_text
from app.decisions.replay.replayer import Owed, Replayed
from app.decisions.replay.repository import FoundArrears

FoundBefore = dict[tuple[UUID, str, str, str], int]
"""Fen by decision, programme, person ("" for the household) and month."""


def found_before(arrears: Iterable[FoundArrears], decided_at: dict[UUID, dt.datetime | None]) -> FoundBefore:
    """Adds up arrears by month. Those that were found of a mere proposal count no more once it is decided."""
    found: FoundBefore = {}
    for one in arrears:
        decided = decided_at[one.decision]
        if decided is None or time_of(one.job) >= _to_the_millisecond(decided):
            key = (one.decision, one.programme, one.person, month_text(one.month))
            found[key] = found.get(key, 0) + one.fen
    return found


def _to_the_millisecond(at: dt.datetime) -> dt.datetime:
    """Cuts an instant to the precision of the time in a job's id."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def beyond(replayed: Replayed, owed: Owed, before: FoundBefore) -> Owed:
    """Takes away the months whose arrears were found before.

    A month found with another amount makes the whole unsettled, for a person to decide, rather than counted twice.
    """
    if not owed.fen:
        return owed
    key = (replayed.id, owed.difference.programme, owed.difference.person or "")
    earlier = [before.get((*key, month), 0) for month in _counted_in(replayed, owed)]
    if any(fen not in (0, owed.fen) for fen in earlier):
        return replace(owed, fen=None)
    if not owed.difference.monthly:
        return replace(owed, fen=0) if earlier[0] else owed
    left = [month for month, fen in zip(owed.months, earlier, strict=True) if fen == 0]
    return replace(owed, months=left, fen=owed.fen if left or not owed.months else 0)


def _counted_in(replayed: Replayed, owed: Owed) -> list[str]:
    """Lists the months a difference is stored for; one paid once or by the year is stored for the decision's month."""
    return owed.months if owed.difference.monthly else [replayed.recorded["date"][:7]]


def arrears_in(job: UUID, replayed: Replayed, owed: Owed) -> list[FoundArrears]:
    """Lists the arrears that a job found, one for each month."""
    difference = owed.difference
    return [
        FoundArrears(replayed.id, difference.programme, difference.person or "", first_day(month), job, owed.fen)
        for month in (_counted_in(replayed, owed) if owed.fen else ())
        if owed.fen
    ]
