"""Reads a verification with all that belongs to it and opens what is sealed; what was sealed about the erased is gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from app.db.connection import Connection
from app.rules.facts.request import china_day
from app.security.keyring import Keyring
from app.verification import repository
from app.verification.exchange.protocol import Report
from app.verification.findings.compare import Finding, findings
from app.verification.findings.settle import Resolution, last_resolutions, left_out
from app.verification.findings.times import Times
from app.verification.outbox import repository as exchange
from app.verification.outbox.queries import QueryRow
from app.verification.outbox.repository import ReportRow
from app.verification.registers.validity import months_of
from app.verification.repository import Case, ConsentRow
from app.verification.sealed_reports import Keys, keys_of, report_of, unsealed


@dataclass(frozen=True)
class CaseFile:
    """Everything about one verification."""

    case: Case
    persons: dict[str, tuple[str | None, bool]]
    consents: list[ConsentRow]
    queries: list[QueryRow]
    reports: list[ReportRow]  # in the order in which they were applied
    reused: dict[tuple[str, str], UUID]  # by person and register: the verification whose report was taken over
    received: list[tuple[Report, dt.date]]  # what they say, of whoever is not erased
    resolutions: list[Resolution]

    def findings(self, today: dt.date) -> list[Finding]:
        """The findings as they are on a day, by numbers that stay."""
        resolved = frozenset(last_resolutions(self.resolutions))
        return findings(self.case.household, self.received, left_out(self.resolutions), self._times(today), resolved)

    def _times(self, today: dt.date) -> Times:
        case = self.case
        valid_for = months_of(case.jurisdiction, today)
        return Times(dt.date.fromisoformat(case.body["date"]), china_day(case.created_at), today, valid_for)


async def read_case_file(connection: Connection, keyring: Keyring, id_: UUID) -> CaseFile:
    """Reads a verification. UnknownVerification if there is none; KeyMissing if a master key is not here.

    Reports are read last: what is read before may be older than they are, so that no query is seen to have ended
    without the report that ended it.
    """
    case = await repository.case(connection, id_)
    keys = await keys_of(connection, keyring, case.identified_by)
    persons = await repository.persons(connection, case.identified_by)
    consents = await repository.consents(connection, id_)
    queries = await exchange.queries(connection, id_)
    reused = {(one.person, one.source): one.from_verification for one in await exchange.reuses(connection, id_)}
    resolutions = [
        Resolution(n, **unsealed(keys[person], id_, place_of_resolution(number), sealed), by=by, at=at)
        for number, n, person, by, at, sealed in await repository.resolutions(connection, id_)
        if person in keys
    ]
    reports = await exchange.reports(connection, id_)
    said = [received(row, keys) for row in reports if row.person in keys]
    return CaseFile(case, persons, consents, queries, reports, reused, said, resolutions)


def place_of_resolution(number: int) -> int:
    """Reports and resolutions are numbered apart: what is sealed of one does not open as the other."""
    return -number


def received(row: ReportRow, keys: Keys) -> tuple[Report, dt.date]:
    """Opens a report; returns it with the day in China on which it came."""
    said = unsealed(keys[row.person], row.verification, row.number, row.sealed)
    return report_of(said, row.received_at), china_day(row.received_at)
