"""Reads the request to begin a verification: of a household that is sent, or of a decision on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from app.core.ids import record_id
from app.db.connection import Connection
from app.decisions import repository as decisions_repository
from app.decisions.intake import Proposal, read_proposal
from app.decisions.records import provenance_of
from app.decisions.schemas import DecisionDetails
from app.decisions.service import identities_of
from app.decisions.stored_rules.recompute import request_of
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.request_faults import Fault, FaultyRequest, form_faults
from app.rules.values.strict_json import Json
from app.security.areas import must_see
from app.security.callers import Caller
from app.security.identities import NewIdentity, names_of
from app.security.keyring import Keyring
from app.security.name_guard import must_name_nobody
from app.security.permissions import must_cover
from app.security.repository import open_identities
from app.verification.consents import births_of, consent_faults
from app.verification.schemas import OF_A_HOUSEHOLD, VerificationDetails


@dataclass(frozen=True)
class Beginning:
    """A verification that is to begin. `body` is what is assessed, and where its facts come from."""

    details: VerificationDetails
    jurisdiction: str
    body: Json
    decision: UUID | None
    proposal: Proposal | None  # a household that was sent, with its identities

    @property
    def read(self) -> tuple[BaseModel, ...]:
        """The models that the request was read into."""
        sent = (self.proposal.question.request, self.proposal.details) if self.proposal else ()
        return (self.details, *sent)

    def identities(self, id_: UUID) -> list[NewIdentity]:
        """Identities sent with the household, to be kept with the verification."""
        return identities_of(id_, self.proposal) if self.proposal else []


@dataclass(frozen=True)
class Reader:
    """Reads requests to begin a verification, for one caller."""

    generations: RulesHistory
    keyring: Keyring
    caller: Caller
    now: dt.datetime

    async def read(self, connection: Connection, raw: Any, key: str | None) -> Beginning:
        """FaultyRequest with every fault; UnknownDecision; Forbidden for a place outside the caller's areas."""
        own, household = _split(raw)
        faults: list[Fault] = []
        details, proposal = None, None
        try:
            details = VerificationDetails.model_validate(own)
        except ValidationError as error:
            faults += form_faults(error)
        of_decision = isinstance(own, dict) and own.get("decision") is not None
        if of_decision and household:
            faults.append(Fault("/decision", "one_needed"))
        elif not of_decision:
            try:
                rules = self.generations.asked(household, self.now)
                proposal, _ = read_proposal(household, DecisionDetails, rules, self.now)
            except FaultyRequest as error:
                faults += error.faults
        if faults or details is None:
            raise FaultyRequest(list(dict.fromkeys(faults)))
        if proposal is not None:
            return self._of_household(details, proposal, household, key)
        return await self._of_decision(connection, details)

    def _of_household(self, details: VerificationDetails, proposal: Proposal, raw: Json, key: str | None) -> Beginning:
        jurisdiction = proposal.question.request.jurisdiction
        must_cover(self.caller, jurisdiction)
        known = proposal.details.identities or ()
        must_name_nobody([text for one in known for text in (one.name, one.id_number)], _said(details), key)
        body = {
            "jurisdiction": jurisdiction,
            "date": proposal.question.date.isoformat(),
            "known_at": raw.get("known_at"),
            **proposal.facts,
            "provenance": provenance_of(proposal.details),
        }
        return self._checked(Beginning(details, jurisdiction, body, None, proposal), [one.person for one in known])

    async def _of_decision(self, connection: Connection, details: VerificationDetails) -> Beginning:
        """Takes the facts of a decision, by the rules as they are known now: the next decision will be made by those."""
        id_ = record_id(details.decision or "")
        record = (await decisions_repository.state(connection, id_)).decision
        must_see(self.caller, record)
        body = request_of(record) | {"known_at": None, "provenance": record["provenance"]}
        people = await open_identities(connection, self.keyring, id_)
        must_name_nobody(names_of(people), _said(details), None)
        persons = [one.person for one in people]
        return self._checked(Beginning(details, record["jurisdiction"], body, id_, None), persons)

    def _checked(self, beginning: Beginning, identified: list[str]) -> Beginning:
        faults = list(self._faults(beginning, identified))
        if faults:
            raise FaultyRequest(faults)
        return beginning

    def _faults(self, beginning: Beginning, identified: list[str]) -> Iterator[Fault]:
        births, details = births_of(beginning.body["household"]), beginning.details
        if details.refresh != (details.reason is not None):
            yield Fault("/reason", "required" if details.refresh else "not_allowed")
        for number, person in enumerate(details.persons or ()):
            if person not in births:
                yield Fault(f"/persons/{number}", "unknown_person")
        today = china_day(self.now)
        yield from consent_faults(details.consents, details.purpose, births, identified, today)


def _said(details: VerificationDetails) -> Json:
    return {"reason": details.reason}


def _split(raw: Any) -> tuple[Any, Any]:
    if not isinstance(raw, dict):
        return raw, {}
    household = {name: value for name, value in raw.items() if name in OF_A_HOUSEHOLD}
    return {name: value for name, value in raw.items() if name not in household}, household
