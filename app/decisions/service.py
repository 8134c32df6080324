"""Decisions: proposed on the engine's recommendation, decided by an officer, corrected and succeeded, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from app.db.database import Database
from app.decisions.canonical import canonical_plain
from app.decisions.confirmations import Settled, settle
from app.decisions.facts_kept import kept as kept_value
from app.decisions.failures import Conflict, RulesChanged, StorageUnavailable
from app.decisions.grants import lessened
from app.decisions.ids import new_id
from app.decisions.kept_rules import Basis, KeptRules
from app.decisions.log.batch import Draft, Submission, Written
from app.decisions.log.writer import LogWriter
from app.decisions.proposals import Details, Proposal, must_have_been, read_body, read_proposal
from app.decisions.records import (
    Filing,
    Following,
    confirmation_record,
    decision_record,
    event_record,
    withdrawal_record,
)
from app.decisions.replay.recompute import Recomputed, compute
from app.decisions.requests import Confirmation, DecisionDetails, Event, FollowingDetails, Withdrawal
from app.decisions.standing import Standing
from app.decisions.state import DecisionState
from app.rules.faults import FaultyRequest
from app.rules.library import Library
from app.rules.messages import Language
from app.rules.service import Rules
from app.security.sealing import Sealed, Sealer

Json = dict[str, Any]
_MOST_TRIES: Final = 5  # against rules that change while something is computed by them


class Decisions:
    """What may be done with decisions. Each method records once, however often its key is sent."""

    def __init__(
        self,
        database: Database,
        standing: Standing,
        kept: KeptRules,
        writer: LogWriter,
        sealer: Sealer,
        now: Callable[[], dt.datetime],
    ) -> None:
        self.database = database
        self.standing = standing
        self.kept = kept
        self.writer = writer
        self.sealer = sealer
        self.now = now

    async def propose(self, raw: Any, key: str, language: Language = "zh") -> tuple[Written, Recomputed]:
        """A proposal for a household that no decision precedes."""
        return await self._record(raw, DecisionDetails, lambda _: Following(), None, key, "propose", language)

    async def correct(
        self, id_: UUID, raw: Any, key: str | None, language: Language = "zh"
    ) -> tuple[Written, Recomputed]:
        """A proposal in place of one whose record was wrong. Conflict if another already takes its place."""

        def correcting(details: FollowingDetails) -> Following:
            return Following(corrects=id_, reason=details.reason)

        return await self._record(raw, FollowingDetails, correcting, id_, key, f"correct {id_}", language)

    async def succeed(
        self, id_: UUID, raw: Any, key: str | None, language: Language = "zh"
    ) -> tuple[Written, Recomputed]:
        """A proposal that goes on from a decision because life changed. Conflict if another already does."""

        def succeeding(details: FollowingDetails) -> Following:
            return Following(succeeds=id_, reason=details.reason)

        return await self._record(raw, FollowingDetails, succeeding, id_, key, f"succeed {id_}", language)

    async def confirm(self, id_: UUID, raw: Any, key: str | None) -> Written:
        """What an officer decides. Conflict if it is decided already or a safeguard of the law is missing;
        FaultyRequest for outcomes that fit no result, or depart without a reason."""
        body = read_body(raw, Confirmation)

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            assert state is not None  # noqa: S101  the writer looked
            state.must_be_open()
            settled = settle(state.decision["results"]["results"], body, self._units())
            if settled.faults:
                raise FaultyRequest(settled.faults)
            self._must_be_heard(state, settled)
            filing = self._filing(state.decision, id_, now)
            record = confirmation_record(filing, settled.state, body, settled.outcomes, state.digest)
            return Draft(filing.id, id_, filing.jurisdiction, record)

        return await self._append(draft, self._request(f"confirm {id_}", raw), id_, key)

    async def withdraw(self, id_: UUID, raw: Any, key: str | None) -> Written:
        """A proposal is given up. Conflict if it is decided already."""
        body = read_body(raw, Withdrawal)

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            assert state is not None  # noqa: S101  the writer looked
            state.must_be_open()
            filing = self._filing(state.decision, id_, now)
            return Draft(filing.id, id_, filing.jurisdiction, withdrawal_record(filing, body))

        return await self._append(draft, self._request(f"withdraw {id_}", raw), id_, key)

    async def note(self, id_: UUID, raw: Any, key: str | None) -> Written:
        """Something that happened in the case."""
        body = read_body(raw, Event)
        must_have_been(body.on, "/on", self.now())

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            assert state is not None  # noqa: S101  the writer looked
            filing = self._filing(state.decision, id_, now)
            return Draft(filing.id, id_, filing.jurisdiction, event_record(filing, body))

        return await self._append(draft, self._request(f"event {id_}", raw), id_, key)

    # parts

    async def _record(
        self,
        raw: Any,
        model: type[Details],
        following_of: Callable[[Details], Following],
        about: UUID | None,
        key: str | None,
        what: str,
        language: Language,
    ) -> tuple[Written, Recomputed]:
        """A proposal by the rules that stand; once more if others are approved meanwhile."""
        request = self._request(what, raw)
        for _ in range(_MOST_TRIES):
            settled = self.standing.settled
            rules = self.standing.generations.asked(raw, self.now())
            proposal, details = read_proposal(raw, model, rules, self.now())
            try:
                return await self._attempt(
                    rules, settled, proposal, following_of(details), about, key, request, language
                )
            except RulesChanged:
                await self.standing.catch_up()
        raise StorageUnavailable

    async def _attempt(
        self,
        rules: Rules,
        settled: int,
        proposal: Proposal,
        following: Following,
        about: UUID | None,
        key: str | None,
        request: bytes,
        language: Language,
    ) -> tuple[Written, Recomputed]:
        engine = rules.engine(proposal.question)
        found = compute(rules, proposal.question, language, engine)
        programmes = frozenset(result["programme"] for result in found.results["results"])
        basis = await self.kept.keep(rules, engine, proposal.question, programmes)

        def draft(state: DecisionState | None, now: dt.datetime) -> Draft:
            if state is not None:
                state.must_be_followable(corrects=following.corrects is not None)
            return self._draft(proposal, found, following, basis, now)

        return await self._append(draft, request, about, key, rests_on=settled), found

    def _draft(
        self, proposal: Proposal, found: Recomputed, following: Following, basis: Basis, now: dt.datetime
    ) -> Draft:
        id_ = new_id(now)
        question, details = proposal.question, proposal.details
        jurisdiction = question.request.jurisdiction
        sealed = [self.sealer.seal(id_, i.person, i.name, i.id_number) for i in details.identities or ()]
        commitments = [{"person": one.person, "commitment": one.commitment} for one in sealed]
        filing = Filing(id_, id_, jurisdiction, self.writer.origin, now)
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
            [{"decision": id_, "person": one.person, "key": one.key_id, "sealed": one.sealed} for one in sealed],
            [_key_row(one) for one in sealed],
        )

    async def _append(
        self,
        draft: Callable[[DecisionState | None, dt.datetime], Draft],
        request: bytes,
        about: UUID | None,
        key: str | None,
        rests_on: int | None = None,
    ) -> Written:
        submission = Submission(draft, request, about, rests_on)
        if key is not None:
            submission.key = f"{self.writer.origin}:{key}"
        return await self.writer.append(submission)

    def _request(self, what: str, raw: Any) -> bytes:
        """Tells one request from another."""
        return self.sealer.mark(canonical_plain([what, kept_value(raw)]))

    def _filing(self, decision: Json, id_: UUID, now: dt.datetime) -> Filing:
        return Filing(new_id(now), id_, decision["jurisdiction"], self.writer.origin, now)

    def _must_be_heard(self, state: DecisionState, settled: Settled) -> None:
        """Conflict where the law wants the family heard before it gets less, and no hearing is on record: whether the
        officer says so, or it gets less than under the decision before."""
        library = self._library()
        path = library.path(library.division(state.decision["jurisdiction"]))
        date = dt.date.fromisoformat(state.decision["date"])
        outcomes = {outcome["outcome"] for outcome in settled.outcomes} | lessened(state, settled.outcomes)
        for safeguard in library.safeguards(path, date):
            if outcomes & set(safeguard.outcomes) and not state.has_event(safeguard.event):
                raise Conflict(f"{safeguard.event}_needed")

    def _units(self) -> dict[str, str | None]:
        """In which unit each programme pays; None for one that is a status."""
        return {id_: declared.unit for id_, declared in self._library().programmes.items()}

    def _library(self) -> Library:
        """What an officer decides by: what is known now."""
        return self.standing.generations.at(self.now()).rules.library


def _key_row(sealed: Sealed) -> Json:
    return {"id": sealed.key_id, "wrapped": sealed.wrapped}


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
