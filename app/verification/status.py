"""Reads where each register stands on each person off consents, queries and reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.verification.case_file import CaseFile
from app.verification.outbox.queries import WHOLE, QueryRow, QueryState
from app.verification.outbox.repository import ReportRow
from app.verification.registers.validity import months_of, valid_until
from app.verification.repository import AskedRow
from app.verification.schemas import State

_VALID: Final = ("answered", "no_record")
_OF_QUERY: Final[dict[QueryState, State]] = {
    "queued": "queued",
    "sent": "sent",
    "done": "error",  # the platform has nothing more to say, and left this out
    "failed": "error",
    "timed_out": "timed_out",
    "expired": "expired",
}


@dataclass(frozen=True)
class RegisterStatus:
    """One register on one person. `valid_until` is None where nothing is answered or no validity is published."""

    asked: AskedRow
    state: State
    problem: str | None = None
    attempts: int = 0
    valid_until: dt.date | None = None
    reused_from: str | None = None


def statuses(file: CaseFile, today: dt.date) -> Iterator[RegisterStatus]:
    """The status of each register on each person on a day."""
    for asked in file.case.asked:
        yield _status(file, asked, today)


def _status(file: CaseFile, asked: AskedRow, today: dt.date) -> RegisterStatus:
    query = _query_of(file, asked)
    reused = file.reused.get((asked.person, asked.source))
    report = last_said([row for row in file.reports if (row.person, row.source) == (asked.person, asked.source)])
    if report is not None:
        return _answered(file, asked, report, today, str(reused) if reused else None)
    if query is None:
        return RegisterStatus(asked, "waiting_consent")
    return RegisterStatus(asked, _OF_QUERY[query.state], query.problem, query.attempts)


def last_said(reports: list[ReportRow]) -> ReportRow | None:
    """The last whole answer, else the last partial one."""
    return max(reports, key=lambda row: (row.status in WHOLE, row.number), default=None)


def _answered(
    file: CaseFile, asked: AskedRow, report: ReportRow, today: dt.date, reused_from: str | None
) -> RegisterStatus:
    months = months_of(file.case.jurisdiction, today)
    if report.status not in _VALID or months is None:
        return RegisterStatus(asked, report.status, reused_from=reused_from)
    until = valid_until(report.as_of, months)
    state: State = report.status if today <= until else "expired"
    return RegisterStatus(asked, state, valid_until=until, reused_from=reused_from)


def _query_of(file: CaseFile, asked: AskedRow) -> QueryRow | None:
    found = [q for q in file.queries if q.person == asked.person and asked.source in q.sources]
    return found[-1] if found else None
