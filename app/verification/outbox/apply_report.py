"""Applies a report once, however often it comes; refuses one that contradicts what the same report said before."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from app.core.canonical_json import canonical_plain
from app.core.errors import Conflict
from app.db.connection import Connection
from app.rules.facts.request import china_day
from app.rules.request_faults import Fault
from app.security.keyring import Keyring
from app.security.request_fingerprints import RequestMarks
from app.verification import repository
from app.verification.exchange.errors import Malformed, OtherQuery
from app.verification.exchange.protocol import Report
from app.verification.outbox import repository as exchange
from app.verification.outbox.queries import WHOLE, Ended, QueryRow
from app.verification.repository import Case
from app.verification.schemas import Applied
from app.verification.sealed_reports import keys_of, sealed


async def apply(
    connection: Connection, keyring: Keyring, marks: RequestMarks, case: Case, query: QueryRow, report: Report
) -> Applied:
    """Stores a report, and ends its query when every register has answered. Conflict if a report of this id said something
    else; Malformed for one that speaks of what is yet to come; OtherQuery if the person is not the query's or is erased:
    what cannot be sealed is not kept."""
    await repository.lock(connection, case.id)
    mark = mark_of(marks, report)
    before = await exchange.reports(connection, case.id)
    same = next((row for row in before if row.report == report.id), None)
    if same is not None:
        if same.mark != mark:
            raise Conflict("report_contradicts")
        return "repeated"
    must_have_happened(report)
    key = (await keys_of(connection, keyring, case.identified_by)).get(report.person)
    if key is None or report.person != query.person or report.source not in query.sources:
        raise OtherQuery
    number = before[-1].number + 1 if before else 1
    await keep(connection, marks, case.id, query.id, report, key, number)
    said = {r.source for r in before if r.query == query.id and r.status in WHOLE}
    if report.status in WHOLE and said | {report.source} >= set(query.sources):
        await exchange.change(connection, query.id, Ended("done"))
    return "applied"


def must_have_happened(report: Report) -> None:
    """Raises Malformed for months after the one the report speaks of, and for days after the one it came on: no register
    knows them. Reports that are kept are read as they are, which is why this is not part of their form."""
    month, day = f"{report.as_of:%Y-%m}", china_day(report.received_at)
    faults = []
    for n, item in enumerate(report.items):
        if item.period is not None and item.period.last > month:
            faults.append(Fault(f"/items/{n}/last", "in_the_future"))
        if isinstance(item.value, dt.date) and item.value > day:
            faults.append(Fault(f"/items/{n}/value", "in_the_future"))
    if faults:
        raise Malformed(faults)


async def keep(
    connection: Connection,
    marks: RequestMarks,
    verification: UUID,
    query: UUID,
    report: Report,
    key: bytes,
    number: int,
) -> None:
    """Seals a report and adds it as the next of its verification, under the lock of that."""
    row = {
        "verification": verification,
        "number": number,
        "report": report.id,
        "query": query,
        "person": report.person,
        "source": report.source,
        "status": report.status,
        "as_of": report.as_of,
        "received_at": report.received_at,
        "mark": mark_of(marks, report),
        "sealed": sealed(key, verification, number, report.plain()),
    }
    await exchange.add_report(connection, row)


def mark_of(marks: RequestMarks, report: Report) -> bytes:
    """A mark that tells a repeat from a contradiction, and nothing to whoever has not the service's key."""
    return marks.mark(canonical_plain(report.plain()))
