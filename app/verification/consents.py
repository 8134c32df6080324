"""Turns consents into queries, or into reuse of reports that are still valid. Without consent no register is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.ids import new_id
from app.db.connection import Connection
from app.rules.facts.request import china_day
from app.rules.request_faults import Fault
from app.rules.values.strict_json import Json
from app.security.keyring import Keyring
from app.security.names import same_name
from app.security.repository import open_identities
from app.security.request_fingerprints import RequestMarks
from app.security.sensitive_ages import is_sensitive
from app.verification import repository
from app.verification.case_file import received
from app.verification.outbox import repository as exchange
from app.verification.outbox.apply_report import keep
from app.verification.registers.validity import first_valid, months_of
from app.verification.repository import Case, ConsentRow
from app.verification.schemas import ConsentGiven
from app.verification.sealed_reports import Keys, keys_of

# What may be consented to in advance: that registers are asked again while support goes on.
WATCHING: Final = ("review", "monitoring")


def consent_faults(
    consents: Sequence[ConsentGiven],
    purpose: str,
    births: dict[str, dt.date],
    identified: Iterable[str],
    today: dt.date,
) -> Iterable[Fault]:
    """Faults of consents: a person unknown or not identified, another purpose, a day that is past, no guardian."""
    known = set(identified)
    for number, one in enumerate(consents):
        where = f"/consents/{number}"
        if one.person not in births:
            yield Fault(f"{where}/person", "unknown_person")
            continue
        if one.person not in known:
            yield Fault(f"{where}/person", "identity_needed")
        if one.purpose not in (purpose, *WATCHING):
            yield Fault(f"{where}/purpose", "other_purpose")
        if one.until < today:
            yield Fault(f"{where}/until", "in_the_past")
        if is_sensitive(births[one.person], today) and one.given_by != "guardian":
            yield Fault(f"{where}/given_by", "guardian_needed")


def births_of(household: Json) -> dict[str, dt.date]:
    """Dates of birth of a household's members and obligors, by person."""
    people = [*household["members"], *(household.get("obligors") or ())]
    return {person["id"]: dt.date.fromisoformat(person["birth_date"]) for person in people}


@dataclass(frozen=True)
class Consenting:
    """Records consents and adds the queries they allow."""

    keyring: Keyring
    marks: RequestMarks

    async def record(
        self,
        connection: Connection,
        case: Case,
        consents: Sequence[ConsentGiven],
        subject: str,
        now: dt.datetime,
    ) -> None:
        """Adds consents, and the queries they allow: each register once, unless a valid report is there to be used.

        While support goes on, earlier consents to the same purpose allow queries as well.
        """
        await repository.lock(connection, case.id)
        await repository.add_consents(connection, [_row(case.id, one, subject, now) for one in consents])
        people = await repository.persons(connection, case.identified_by)
        keys = await keys_of(connection, self.keyring, case.identified_by)
        settled = await _settled(connection, case.id)
        names = await self._names(connection, case.identified_by)
        for one in [*_for_now(case, consents), *await _from_before(connection, case, people, now)]:
            ref, _ = people[one.person]
            allowed = [a.source for a in case.asked if a.person == one.person and a.source in one.sources]
            left = []
            for source in allowed if one.person in keys else ():
                if (one.person, source) not in settled:
                    settled.add((one.person, source))
                    if not await self._taken_over(
                        connection, case, one.person, names.get(one.person), ref, source, keys, now
                    ):
                        left.append(source)
            if left:
                await exchange.add_query(connection, _query(case.id, one, left, now))

    async def _taken_over(
        self,
        connection: Connection,
        case: Case,
        person: str,
        name: str | None,
        ref: str | None,
        source: str,
        keys: Keys,
        now: dt.datetime,
    ) -> bool:
        """Takes over a report that is still valid by the place's rules, if the register was asked for this very number and
        name. Without such rules none is used, nor where registers are to be asked anew."""
        today = china_day(now)
        months = months_of(case.jurisdiction, today)
        if months is None or ref is None or name is None or case.refresh_reason is not None:
            return False
        since = first_valid(today, months)
        for identified_by, row in await exchange.reported_before(connection, ref, source, since, case.jurisdiction):
            asked_for = (await self._names(connection, identified_by)).get(row.person)
            if asked_for is not None and same_name(name, asked_for):
                found = identified_by, row
                break
        else:
            return False
        identified_by, row = found
        there = await keys_of(connection, self.keyring, identified_by)
        report, _ = received(row, there)
        own = report.model_copy(update={"person": person})
        number = await exchange.next_number(connection, case.id)
        await keep(connection, self.marks, case.id, row.query, own, keys[person], number)
        reuse = {
            "verification": case.id,
            "person": person,
            "source": source,
            "from_verification": row.verification,
            "at": now,
        }
        await exchange.add_reuse(connection, reuse)
        return True

    async def _names(self, connection: Connection, identified_by: UUID) -> dict[str, str]:
        """The names by which persons are asked about, of those who are not erased."""
        people = await open_identities(connection, self.keyring, identified_by)
        return {one.person: one.said.name for one in people if one.said}


def _for_now(case: Case, consents: Sequence[ConsentGiven]) -> list[ConsentRow]:
    """The consents to the purpose of a verification."""
    return [ConsentRow(one.person, tuple(one.sources), one.until) for one in consents if one.purpose == case.purpose]


async def _from_before(
    connection: Connection, case: Case, people: dict[str, tuple[str | None, bool]], now: dt.datetime
) -> list[ConsentRow]:
    """Consents of earlier verifications in the place that still stand, for the purposes of WATCHING alone."""
    if case.purpose not in WATCHING:
        return []
    persons = {ref: person for person, (ref, erased) in people.items() if ref is not None and not erased}
    today = china_day(now)
    found = await repository.consents_of(connection, list(persons), case.purpose, case.jurisdiction, today)
    return [ConsentRow(persons[ref], sources, until) for ref, sources, until in found]


async def _settled(connection: Connection, id_: UUID) -> set[tuple[str, str]]:
    """Pairs of person and register that are asked already or need not be. A query that expired may be asked anew."""
    found = {(one.person, one.source) for one in await exchange.reuses(connection, id_)}
    for query in await exchange.queries(connection, id_):
        if query.state != "expired":
            found |= {(query.person, source) for source in query.sources}
    return found


def _row(id_: UUID, one: ConsentGiven, subject: str, now: dt.datetime) -> Json:
    return one.model_dump() | {"id": new_id(now), "verification": id_, "recorded_at": now, "recorded_by": subject}


def _query(id_: UUID, one: ConsentRow, sources: list[str], now: dt.datetime) -> Json:
    return {
        "id": new_id(now),
        "verification": id_,
        "person": one.person,
        "sources": sources,
        "until": one.until,
        "created_at": now,
        "state": "queued",
        "attempts": 0,
        "next_at": now,
    }
