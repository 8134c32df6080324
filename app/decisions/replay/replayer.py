"""A decision computed again: against its own record, to the byte, or against other rules, days or knowledge."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from uuid import UUID

from app.core.canonical_json import digest_of
from app.core.errors import CannotRecompute
from app.core.months import this_month
from app.decisions.grants import start_of
from app.decisions.replay.affected_months import AffectedMonths, Ending, PeriodInForce, period_in_force
from app.decisions.replay.differences import Difference, ReplayClass, class_of, differences
from app.decisions.state import DecisionState, StateName
from app.decisions.stored_rules.recompute import Recomputed, compute, question_of
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.facts.request import RULESET_OPTIONS, china_day
from app.rules.packs.library import UnknownDivision
from app.rules.request_faults import FaultyRequest
from app.rules.service import Question, Rules, TypedIn
from app.rules.values.strict_json import Json

Problem = Literal["cannot_recompute"]

NOT_A_DEBT: Final = "a_difference_is_not_a_debt"


@dataclass(frozen=True)
class Against:
    """What a decision is computed against. Nothing set: all that is known now. `settles` if what is found may be due:
    by knowledge alone, not by a made-up day, ruleset or figure."""

    record: bool = False
    known_at: dt.datetime | None = None
    date: dt.date | None = None
    ruleset: str | None = None
    parameters: Json | None = None

    @property
    def settles(self) -> bool:
        return not (self.record or self.date or self.ruleset or self.parameters)


@dataclass(frozen=True)
class Owed:
    """A difference with the months it counts for; `fen` a month, or once where it is not monthly. Without an ending
    nobody asked for months, and there is no total."""

    difference: Difference
    months: list[str]
    ending: Ending | None
    fen: int | None

    @property
    def total(self) -> int | None:
        if self.fen is None or not self.difference.monthly:
            return self.fen
        return self.fen * len(self.months) if self.ending is not None or self.fen == 0 else None


@dataclass
class Replayed:
    """A decision computed again: its digests, its class, and its differences as money."""

    id: UUID
    state: StateName
    recorded_digest: bytes
    now_digest: bytes | None
    recorded: Json
    ruleset_now: str | None
    cls: ReplayClass
    owed: list[Owed] = field(default_factory=list)
    problem: Problem | None = None
    settles: bool = False  # what was found is due, and not what would be
    decided_at: dt.datetime | None = None

    @property
    def same(self) -> bool:
        return self.now_digest == self.recorded_digest


class Replayer:
    """Computes recorded decisions again."""

    def __init__(self, kept: KeptRules) -> None:
        self.kept = kept

    async def against_record(self, id_: UUID, state: DecisionState, body: bytes) -> Replayed:
        """Computes a decision by its stored rules and compares with `body`, the stored bytes of its record."""
        record = state.decision
        try:
            found = await self.kept.recompute(record)
        except (CannotRecompute, FaultyRequest, UnknownDivision, LookupError):
            return Replayed(id_, state.name, digest_of(body), None, record, None, "other", problem="cannot_recompute")
        now = found.body(record)
        replayed = Replayed(id_, state.name, state.digest, digest_of(now), record, found.ruleset, "same")
        if now != body:
            replayed.cls = "other"
            replayed.owed = [Owed(d, [], None, d.fen) for d in differences(record["results"], found.results)]
        return replayed

    async def against(
        self,
        id_: UUID,
        state: DecisionState,
        against: Against,
        now: dt.datetime,
        successors: tuple[DecisionState, ...] = (),
    ) -> Replayed:
        """Computes a decision by other knowledge, another day, other rules or figures; differences in money by month.

        `successors` took its place, the next one first.
        """
        record = state.decision
        rules, question, found = await self.computed(record, against, now)
        body = found.body(record)
        replayed = Replayed(id_, state.name, state.digest, digest_of(body), record, found.ruleset, "same")
        otherwise = decided_otherwise(state)
        differing = [
            replace(d, fen=None) if d.key in otherwise else d for d in differences(record["results"], found.results)
        ]
        known_at = against.known_at or now
        replayed.decided_at = state.decided_at
        replayed.settles = against.settles and known_at >= dt.datetime.fromisoformat(record["known_at"])
        if replayed.settles:
            until = stood(state, successors, this_month(now))
            spans = AffectedMonths(rules, question, found.results, until)
            replayed.owed = [_owed(d, spans, record) for d in differing]
        else:
            replayed.owed = [Owed(d, [], None, d.fen) for d in differing]
        replayed.cls = class_of([owed.fen for owed in replayed.owed])
        return replayed

    async def computed(self, record: Json, against: Against, now: dt.datetime) -> tuple[Rules, Question, Recomputed]:
        """Computes a recorded decision and returns the rules and the question used with the results."""
        if against.ruleset is not None and against.ruleset == record["ruleset"]:
            rules = await self.kept.rules_of(record["ruleset"], record["jurisdiction"], record["packs"])
            engine = rules.engine(question_of(rules, record))
            question = question_of(rules, _asked(record, against, now))
            return rules, question, compute(rules, question, engine=engine)
        if against.ruleset is not None:
            rules, engine_question = await self._rules_of(against.ruleset)
            question = question_of(rules, _asked(record, against, now))
            return rules, question, compute(rules, question, engine=rules.engine(engine_question))
        rules = self.kept.generations.at(against.known_at or now).rules
        question = question_of(rules, _asked(record, against, now))
        typed = frozenset(question.supplied) - frozenset(against.parameters or ())
        then = china_day(dt.datetime.fromisoformat(record["known_at"]))
        question = replace(question, typed_in=TypedIn(typed, then))
        return rules, question, compute(rules, question)

    async def _rules_of(self, ruleset: str) -> tuple[Rules, Question]:
        """A stored ruleset's rules, and a question that leads to exactly them."""
        kept = await self.kept.ruleset(ruleset)
        resolved = kept.resolved
        rules = await self.kept.rules_of(ruleset, resolved["jurisdiction"])
        options = {name: resolved[name] for name in RULESET_OPTIONS if resolved.get(name)}
        question = rules.question(
            {
                "jurisdiction": resolved["jurisdiction"],
                "date": resolved["date"],
                "known_at": resolved["known_at"],
                "household": _SOMEBODY,
                "options": options,
            },
            dt.datetime.fromisoformat(resolved["known_at"]),
            recorded=True,
        )
        if rules.engine(question).ruleset.hash != ruleset:
            raise CannotRecompute
        return rules, question


_SOMEBODY: Final = {
    "residence": "urban",
    "members": [{"id": "p1", "relation": "applicant", "birth_date": "1900-01-01"}],
}


def _asked(record: Json, against: Against, now: dt.datetime) -> Json:
    """The recorded question with what it is computed against in place of its own."""
    changed: Json = {"recorded_at": now.isoformat()}
    if against.date is not None:
        changed["date"] = against.date.isoformat()
    if against.ruleset is None:
        changed["known_at"] = (against.known_at or now).isoformat()
    if against.parameters is not None:
        facts = record["facts"]
        options = facts["options"] or {}
        parameters = (options.get("parameters") or {}) | against.parameters
        changed["facts"] = facts | {"options": options | {"parameters": parameters}}
    return record | changed


def stood(state: DecisionState, successors: tuple[DecisionState, ...], month: str) -> PeriodInForce:
    """Finds how long a decision was in force, up to a month."""
    # Not by what the successors says: it may correct a succession that nobody had decided.
    corrected = any(one.corrects for one in state.followers if one.id == state.superseded_by)
    return period_in_force(successors, corrected=corrected, withdrawn=state.withdrawn, this_month=month)


def decided_otherwise(state: DecisionState) -> set[tuple[str, str | None]]:
    """The results on which an officer departed: what the rules now say is then no measure of what is owed."""
    outcomes = state.confirmation["outcomes"] if state.confirmation else []
    return {(o["programme"], o["person"]) for o in outcomes if o["departs"]}


def _owed(difference: Difference, spans: AffectedMonths, record: Json) -> Owed:
    if not difference.monthly:
        return Owed(difference, [], None, difference.fen)
    if difference.fen is None or difference.fen == 0:
        return Owed(difference, [], None, difference.fen)
    months, ending = spans.of(difference, first_month_of(difference, record))
    return Owed(difference, months, ending, difference.fen)


def first_month_of(difference: Difference, record: Json) -> str:
    """The first month a difference can count for."""
    for side in (difference.recorded, difference.now):
        if side is not None and side["amount"] is not None and side["amount"]["from_month"] is not None:
            first: str = side["amount"]["from_month"]
            return first
    return start_of(record)
