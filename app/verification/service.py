"""The service of verifications: begin, consent, read, take a report, resolve a finding. None of it decides a case."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.canonical_json import with_exact_numbers
from app.core.errors import Conflict
from app.core.ids import new_id
from app.db.connection import Connection
from app.db.database import Database
from app.people.access_log import Access
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.security.areas import scoped
from app.security.callers import Caller
from app.security.identities import Identified, names_of
from app.security.keyring import Keyring
from app.security.name_guard import must_name_nobody
from app.security.repository import add_identities, open_identities
from app.security.request_fingerprints import Fingerprint, RequestMarks
from app.verification import repository, views
from app.verification.case_file import CaseFile, place_of_resolution, read_case_file
from app.verification.consents import Consenting, births_of, consent_faults
from app.verification.errors import UnknownFinding, UnknownVerification
from app.verification.exchange.errors import Malformed, NoPlatform, OtherQuery
from app.verification.exchange.protocol import Callback, Report
from app.verification.findings.compare import Finding
from app.verification.findings.effects import Assess, assessing
from app.verification.findings.patch import changed
from app.verification.findings.settle import settled_values
from app.verification.findings.times import standing
from app.verification.intake import Beginning, Reader
from app.verification.outbox import repository as exchange
from app.verification.outbox.apply_report import apply
from app.verification.outbox.queries import QueryRow
from app.verification.outbox.worker import Outbox
from app.verification.planning import chosen, to_ask
from app.verification.registers.validity import months_of
from app.verification.repository import Case
from app.verification.resolve import values_of
from app.verification.schemas import ConsentsAdded, ReportTaken, ResolutionSent, VerificationAnswer, VerificationBegun
from app.verification.sealed_reports import keys_of, sealed


@dataclass(frozen=True)
class Verifications:
    """Begins verifications, takes consents and reports, reads, and lets persons resolve findings."""

    database: Database
    generations: RulesHistory
    keyring: Keyring
    marks: RequestMarks
    access: Access
    outbox: Outbox
    now: Callable[[], dt.datetime]
    origin: str

    async def begin(
        self, caller: Caller, raw: Any, key: str | None, *, own_key: str | None = None
    ) -> VerificationBegun:
        """Begins a verification of a household, or of that of a decision. The same key and body begin it once; `own_key` is
        one of the service.

        FaultyRequest with every fault; UnknownDecision; Conflict for a key that came with another request.
        """
        now = self.now()
        async with self.database.connect() as connection:
            beginning = await Reader(self.generations, self.keyring, caller, now).read(connection, raw, key)
        asked = await asyncio.to_thread(self._asked, beginning, now)  # of a large household it takes long
        mark = self.marks.of(["verify", caller.subject], raw, *beginning.read)
        keys = [own_key] if own_key else [scoped(self.origin, caller, key), key] if key else []
        async with self.database.begin() as connection:
            id_ = await self._begun(connection, caller, beginning, asked, keys, mark, now)
            found = await read_case_file(connection, self.keyring, id_)
        self.outbox.wake()
        await self._note(caller, "verifications.run", found)
        return views.begun(found, china_day(now))

    async def consent(self, caller: Caller, id_: UUID, body: ConsentsAdded) -> VerificationBegun:
        """Adds consents that were given later; what they allow is asked. UnknownVerification; FaultyRequest."""
        now = self.now()
        async with self.database.begin() as connection:
            case = await _seen(connection, caller, id_)
            people = await repository.persons(connection, case.identified_by)
            births, today = births_of(case.household), china_day(now)
            faults = list(consent_faults(body.consents, case.purpose, births, people, today))
            if faults:
                raise FaultyRequest(faults)
            await Consenting(self.keyring, self.marks).record(connection, case, body.consents, caller.subject, now)
            found = await read_case_file(connection, self.keyring, id_)
        self.outbox.wake()
        await self._note(caller, "verifications.run", found)
        return views.begun(found, china_day(now))

    async def read(self, caller: Caller, id_: UUID, purpose: str | None = None) -> VerificationAnswer:
        """Reads where a verification stands, its findings, and the household as it is settled so far. UnknownVerification;
        FaultyRequest for a purpose that the caller may not have."""
        async with self.database.connect() as connection:
            await _seen(connection, caller, id_)
            found = await read_case_file(connection, self.keyring, id_)
        await self._note(caller, "verifications.read", found, purpose)
        return await asyncio.to_thread(views.whole, found, self._assess(found.case), china_day(self.now()))

    async def report(self, id_: UUID, callback: Callback) -> ReportTaken:
        """Takes a report that a platform signed. Forged, Stale, OtherQuery; FaultyRequest for one that is not as agreed;
        Conflict for one that said something else before."""
        now = self.now()
        async with self.database.begin() as connection:
            queries = await exchange.queries(connection, id_)
            if not queries:
                raise OtherQuery
            case, people = await self.outbox.case(connection, id_)
            row, report = self._accepted(case, people, queries, callback, now)
            try:
                applied = await apply(connection, self.keyring, self.marks, case, row, report)
            except Malformed as error:
                raise FaultyRequest(error.faults) from None
        return ReportTaken(verification=str(id_), applied=applied)

    async def resolve(
        self, caller: Caller, id_: UUID, n: int, body: ResolutionSent, purpose: str | None = None
    ) -> VerificationAnswer:
        """Records what a person makes of a finding. The last resolution counts, and all are kept.

        UnknownVerification, UnknownFinding; FaultyRequest for what the finding does not allow.
        """
        now = self.now()
        async with self.database.begin() as connection:
            case = await _seen(connection, caller, id_)
            await repository.lock(connection, id_)
            found = await read_case_file(connection, self.keyring, id_)
            finding = next((one for one in found.findings(china_day(now)) if one.n == n), None)
            if finding is None:
                raise UnknownFinding
            people = await open_identities(connection, self.keyring, case.identified_by)
            must_name_nobody(names_of(people), body.model_dump(), None)
            household = changed(case.household, settled_values(found.resolutions))
            values = values_of(body, finding, case.household, household, self._assess(case))
            await self._resolved(connection, caller, case, finding, body, with_exact_numbers(values), now)
        return await self.read(caller, id_, purpose)

    # parts

    def _accepted(
        self,
        case: Case,
        people: Sequence[Identified],
        queries: Sequence[QueryRow],
        callback: Callback,
        now: dt.datetime,
    ) -> tuple[QueryRow, Report]:
        """Reads the report of a callback; returns it with the query it answers."""
        backend = self.outbox.platforms(case.jurisdiction)
        malformed: Malformed | None = None
        for row in queries:
            query = self.outbox.query_of(case, people, row)
            if query is None:
                continue
            try:
                return row, backend.accept(callback, query, now)
            except (OtherQuery, NoPlatform):
                continue
            except Malformed as error:  # it may be another query's, and name somebody who is not in this one
                malformed = error
        if malformed is not None:
            raise FaultyRequest(malformed.faults)
        raise OtherQuery

    async def _begun(
        self,
        connection: Connection,
        caller: Caller,
        beginning: Beginning,
        asked: list[Json],
        keys: list[str],
        mark: Fingerprint,
        now: dt.datetime,
    ) -> UUID:
        """The verification of a key, begun if none was. The key is stored as the first of `keys`, and was as the last."""
        if keys:
            await repository.lock_key(connection, keys[0])
            before = await repository.by_key(connection, keys, caller)
            if before is not None:
                if not mark.fits(before[1]):
                    raise Conflict("key_reused")
                return before[0]
        id_ = new_id(now)
        await add_identities(connection, self.keyring, beginning.identities(id_))
        row = {
            "id": id_,
            "jurisdiction": beginning.jurisdiction,
            "decision": beginning.decision,
            "identified_by": beginning.decision or id_,
            "purpose": beginning.details.purpose,
            "body": beginning.body,
            "asked": asked,
            "created_at": now,
            "created_by": caller.subject,
            "key": keys[0] if keys else None,
            "mark": mark.kept,
            "refresh_reason": beginning.details.reason,
        }
        await repository.add(connection, row)
        case = await repository.case(connection, id_)
        await Consenting(self.keyring, self.marks).record(
            connection, case, beginning.details.consents, caller.subject, now
        )
        return id_

    def _asked(self, beginning: Beginning, now: dt.datetime) -> list[Json]:
        """The registers to ask: those a person chose, else those whose answer can change a result."""
        details, body = beginning.details, beginning.body
        if details.persons is None and details.sources is None:
            valid_for = 0 if details.refresh else months_of(beginning.jurisdiction, china_day(now))
            provenance = standing(body["provenance"], valid_for, china_day(now))
            asked = to_ask(body["household"], provenance, self._assessing(body, now))
        else:
            asked = chosen(body["household"], details.persons, details.sources)
        return [{"person": p, "source": s, "pointers": list(pointers)} for (p, s), pointers in asked.items()]

    async def _resolved(
        self,
        connection: Connection,
        caller: Caller,
        case: Case,
        finding: Finding,
        body: ResolutionSent,
        values: Json,
        now: dt.datetime,
    ) -> None:
        keys = await keys_of(connection, self.keyring, case.identified_by)
        number = await repository.next_resolution(connection, case.id)
        said = {"action": body.action, "values": values, "reason": body.reason, "evidence": body.evidence}
        row = {
            "verification": case.id,
            "number": number,
            "finding": finding.n,
            "person": finding.person,
            "subject": caller.subject,
            "at": now,
            "sealed": sealed(keys[finding.person], case.id, place_of_resolution(number), said),
        }
        await repository.add_resolution(connection, row)

    async def _note(self, caller: Caller, action: str, found: CaseFile, purpose: str | None = None) -> None:
        """Writes down, before the answer leaves, about whom something was read and in which case."""
        refs = [ref for ref, _ in found.persons.values() if ref is not None]
        decisions = [found.case.decision] if found.case.decision else []
        await self.access.read(caller, action, decisions=decisions, persons=refs, purpose=purpose)

    def _assess(self, case: Case) -> Assess:
        return self._assessing(case.body, self.now())

    def _assessing(self, body: Json, now: dt.datetime) -> Assess:
        asked = {name: value for name, value in body.items() if name != "provenance"}
        return assessing(self.generations.asked(asked, now), asked, now)


async def _seen(connection: Connection, caller: Caller, id_: UUID) -> Case:
    """Reads a verification within the caller's areas. UnknownVerification for one outside them, as for none."""
    case = await repository.case(connection, id_)
    if not caller.covers(case.jurisdiction):
        raise UnknownVerification
    return case
