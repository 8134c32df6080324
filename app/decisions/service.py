"""Decisions: proposed on the engine's recommendation, decided by an officer, corrected and succeeded, never changed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import RulesChanged, StorageUnavailable
from app.core.ids import new_id
from app.db.database import Database
from app.decisions import repository
from app.decisions.carry_over import taken_over
from app.decisions.four_eyes import must_be_another
from app.decisions.granted_elsewhere import alerts
from app.decisions.hearings import must_be_heard
from app.decisions.intake import Details, Proposal, must_have_been, read_body, read_proposal
from app.decisions.log.batch import Draft, Submission, Written
from app.decisions.log.writer import LogWriter
from app.decisions.outcomes import settle
from app.decisions.records import (
    Filing,
    Following,
    confirmation_record,
    decision_record,
    event_record,
    withdrawal_record,
)
from app.decisions.schemas import Confirmation, DecisionDetails, Event, FollowingDetails, Withdrawal
from app.decisions.state import DecisionState
from app.decisions.stored_rules.active_packs import Standing
from app.decisions.stored_rules.recompute import Recomputed, compute
from app.decisions.stored_rules.rule_store import Basis, KeptRules
from app.rules.facts.request import china_day
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.plausibility import shown
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.areas import must_see, scoped
from app.security.callers import Caller
from app.security.id_numbers import birth_date
from app.security.identities import Identified, NewIdentity, names_of
from app.security.keyring import Keyring
from app.security.name_guard import must_name_nobody
from app.security.permissions import must, must_cover
from app.security.repository import open_identities_for
from app.security.request_fingerprints import RequestMarks
from app.security.sealing import seal
from app.security.sensitive_ages import is_sensitive

_MOST_TRIES: Final = 5  # against rules that change while something is computed by them


@dataclass(frozen=True)
class _Request:
    """A request to record something: who sends it, what it does, its body, its key, and the decision it is about."""

    caller: Caller
    what: str  # part of the fingerprint, which is kept for ever
    raw: Any
    key: str | None
    about: UUID | None = None
    read: tuple[BaseModel, ...] = ()  # what its body was read into


class Decisions:
    """What may be done with decisions. Each method records once, however often its key is sent."""

    def __init__(
        self,
        database: Database,
        standing: Standing,
        kept: KeptRules,
        writer: LogWriter,
        marks: RequestMarks,
        keyring: Keyring,
        now: Callable[[], dt.datetime],
    ) -> None:
        self.database = database
        self.standing = standing
        self.kept = kept
        self.writer = writer
        self.marks = marks
        self.keyring = keyring
        self.now = now

    async def propose(
        self, caller: Caller, raw: Any, key: str, language: Language = "zh"
    ) -> tuple[Written, Recomputed]:
        """Record a proposal for a household that no decision precedes."""

        def beginning(details: DecisionDetails) -> Following:
            said = [text for one in details.identities or () for text in (one.name, one.id_number)]
            must_name_nobody(said, None, key)
            return Following()

        return await self._propose(_Request(caller, "propose", raw, key), DecisionDetails, beginning, language)

    async def correct(
        self, caller: Caller, id_: UUID, raw: Any, key: str | None, language: Language = "zh"
    ) -> tuple[Written, Recomputed]:
        """Record a proposal in place of one whose record was wrong. Raises Conflict if another already takes its
        place."""

        def correcting(details: FollowingDetails) -> Following:
            return Following(corrects=id_, reason=details.reason)

        request = _Request(caller, f"correct {id_}", raw, key, id_)
        return await self._propose(request, FollowingDetails, correcting, language)

    async def succeed(
        self, caller: Caller, id_: UUID, raw: Any, key: str | None, language: Language = "zh"
    ) -> tuple[Written, Recomputed]:
        """Record a proposal that goes on from a decision because life changed. Raises Conflict if another already
        does."""

        def succeeding(details: FollowingDetails) -> Following:
            return Following(succeeds=id_, reason=details.reason)

        request = _Request(caller, f"succeed {id_}", raw, key, id_)
        return await self._propose(request, FollowingDetails, succeeding, language)

    async def confirm(self, caller: Caller, id_: UUID, raw: Any, key: str | None) -> Written:
        """Record what an officer decides on a proposal.

        Raises Conflict if it is decided already or a safeguard of the law is missing, and FaultyRequest for outcomes
        that fit no result, or depart without a reason.
        """
        body = read_body(raw, Confirmation)

        def record(state: DecisionState, filing: Filing) -> Json:
            state.must_be_open()
            settled = settle(state.decision["results"]["results"], body, self._units())
            if settled.faults:
                raise FaultyRequest(settled.faults)
            must_be_heard(state, settled.outcomes, self._library(), china_day(filing.at))
            if settled.state == "departed":
                must(caller, "decisions.depart")
            must_be_another(caller, state.decision, settled, self.standing.generations.at(self.now()).rules, self.now())
            return confirmation_record(filing, settled.state, body, settled.outcomes, state.digest)

        request = _Request(caller, f"confirm {id_}", raw, key, id_, (body,))
        return await self._add(request, record, weighs_household=True)

    async def withdraw(self, caller: Caller, id_: UUID, raw: Any, key: str | None) -> Written:
        """Record that a proposal is given up. Raises Conflict if it is decided already."""
        body = read_body(raw, Withdrawal)

        def record(state: DecisionState, filing: Filing) -> Json:
            state.must_be_open()
            return withdrawal_record(filing, body)

        return await self._add(_Request(caller, f"withdraw {id_}", raw, key, id_, (body,)), record)

    async def note(self, caller: Caller, id_: UUID, raw: Any, key: str | None) -> Written:
        """Record something that happened in the case. Raises FaultyRequest for a day that is yet to come."""
        body = read_body(raw, Event)
        must_have_been(body.on, "/on", self.now())

        def record(_: DecisionState, filing: Filing) -> Json:
            return event_record(filing, body)

        return await self._add(_Request(caller, f"event {id_}", raw, key, id_, (body,)), record)

    # parts

    async def _propose(
        self,
        request: _Request,
        model: type[Details],
        following_of: Callable[[Details], Following],
        language: Language,
    ) -> tuple[Written, Recomputed]:
        """Record a proposal by the rules that stand; once more if others are approved meanwhile."""
        for _ in range(_MOST_TRIES):
            settled, now = self.standing.settled, self.now()
            rules = self.standing.generations.asked(request.raw, now)
            proposal, details = read_proposal(request.raw, model, rules, now)
            request = replace(request, read=(proposal.question.request, details))
            following = following_of(details)
            if request.about is not None:
                people = await self._must_name_nobody(request, request.about)
                async with self.database.connect() as connection:
                    before = (await repository.state(connection, request.about)).decision
                corrects = following.corrects is not None
                proposal = replace(proposal, details=taken_over(proposal, before, people, corrects=corrects))
            try:
                return await self._attempt(request, proposal, following, rules, settled, language)
            except RulesChanged:
                await self.standing.catch_up()
        raise StorageUnavailable

    async def _attempt(
        self,
        request: _Request,
        proposal: Proposal,
        following: Following,
        rules: Rules,
        settled: int,
        language: Language,
    ) -> tuple[Written, Recomputed]:
        """Compute a proposal and record it. Raises RulesChanged if other rules stand by then."""
        must_cover(request.caller, proposal.question.request.jurisdiction)
        engine = rules.engine(proposal.question)
        found = await asyncio.to_thread(
            compute, rules, proposal.question, language, engine
        )  # large households take long
        if proposal.doubts:
            found.answer["warnings"] = [*found.answer.get("warnings", ()), *shown(proposal.doubts, language)]
        programmes = frozenset(result["programme"] for result in found.results["results"])
        basis = await self.kept.keep(rules, engine, proposal.question, programmes)

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            if state is not None:
                must_see(request.caller, state.decision)
                state.must_be_followable(corrects=following.corrects is not None)
            return self._draft(request.caller, proposal, found, following, basis, now)

        return await self._append(request, draft, rests_on=settled), found

    def _draft(
        self,
        caller: Caller,
        proposal: Proposal,
        found: Recomputed,
        following: Following,
        basis: Basis,
        now: dt.datetime,
    ) -> Draft:
        id_ = new_id(now)
        question, details = proposal.question, proposal.details
        jurisdiction = question.request.jurisdiction
        identities = identities_of(id_, proposal)
        commitments = [{"person": one.sealed.person, "commitment": one.sealed.commitment} for one in identities]
        filing = Filing(id_, id_, jurisdiction, self.writer.origin, now, caller.subject)
        record = decision_record(
            filing,
            question,
            proposal.facts,
            found.ruleset,
            basis.packs,
            found.results,
            details,
            commitments,
            following,
        )
        return Draft(
            id_,
            id_,
            jurisdiction,
            record,
            _search(proposal, found, following, basis.scope),
            identities,
        )

    async def _add(
        self, request: _Request, record_of: Callable[[DecisionState, Filing], Json], *, weighs_household: bool = False
    ) -> Written:
        """Add a record about a decision; `record_of` makes it under the lock of the log and may refuse the state."""
        about = request.about
        assert about is not None  # noqa: S101  its callers say which
        await self._must_name_nobody(request, about)

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            assert state is not None  # noqa: S101  the writer looked
            must_see(request.caller, state.decision)
            jurisdiction = state.decision["jurisdiction"]
            filing = Filing(new_id(now), about, jurisdiction, self.writer.origin, now, request.caller.subject)
            record = record_of(state, filing)
            raised = list(alerts(state, record, now)) if record["kind"] == "confirmation" else []
            return Draft(filing.id, about, jurisdiction, record, alerts=raised)

        return await self._append(request, draft, weighs_household=weighs_household)

    async def _append(
        self,
        request: _Request,
        draft: Callable[[DecisionState | None, dt.datetime], Draft],
        rests_on: int | None = None,
        *,
        weighs_household: bool = False,
    ) -> Written:
        fingerprint = self.marks.of([request.what], request.raw, *request.read)
        submission = Submission(draft, fingerprint, request.about, rests_on, weighs_household=weighs_household)
        if request.key is not None:
            submission.key = scoped(self.writer.origin, request.caller, request.key)
        written = await self.writer.append(submission)
        must_see(request.caller, written.record)  # a key that was used before leads to what may be somebody else's
        return written

    async def _must_name_nobody(self, request: _Request, about: UUID) -> list[Identified]:
        """List whom the decision identifies. Raises FaultyRequest for a text that names one of them, and UnknownDecision
        outside the caller's areas: whether a name is right is nothing to be tried from elsewhere."""
        async with self.database.connect() as connection:
            people = await open_identities_for(connection, self.keyring, request.caller, about)
        body = {name: value for name, value in request.raw.items() if name != "identities"}
        must_name_nobody(names_of(people), body, request.key)
        return people

    def _units(self) -> dict[str, str | None]:
        """In which unit each programme pays; None for one that is a status."""
        return {id_: declared.unit for id_, declared in self._library().programmes.items()}

    def _library(self) -> Library:
        """What an officer decides by: what is known now."""
        return self.standing.generations.at(self.now()).rules.library


def identities_of(decision: UUID, proposal: Proposal) -> list[NewIdentity]:
    """Who is identified, sealed. Sensitive by age is who is a child by the number or by the facts."""
    household, date = proposal.question.request.household, proposal.question.date
    births = {one.id: one.birth_date for one in (*household.members, *(household.obligors or ()))}
    found = []
    for one in proposal.details.identities or ():
        sensitive = any(is_sensitive(birth, date) for birth in (births[one.person], birth_date(one.id_number)))
        found.append(NewIdentity(decision, seal(decision, one.person, one.name, one.id_number), sensitive))
    return found


def _search(proposal: Proposal, found: Recomputed, following: Following, scope: str) -> Json:
    """The columns a decision is found by."""
    details = proposal.details
    outcomes = {f"{result['programme']}:{result['status']}" for result in found.results["results"]}
    return {
        "division": proposal.question.division,
        "case_number": details.case,
        "household_ref": details.household_ref,
        "kind": details.kind,
        "date": proposal.question.date,
        "accepted_on": details.accepted_on,
        "ruleset": found.ruleset,
        "engine": found.engine,
        "scope": scope,
        "outcomes": sorted(outcomes),
        "corrects": following.corrects,
        "succeeds": following.succeeds,
    }
