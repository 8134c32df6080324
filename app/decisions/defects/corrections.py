"""The effect of a defect on a decision: its results without the defect, and the difference month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.months import this_month
from app.decisions.defects.intake import Defect
from app.decisions.defects.schemas import DEFECT_CLASSES, DefectClass
from app.decisions.replay.affected_months import AffectedMonths, Ending, PeriodInForce
from app.decisions.replay.differences import Difference, differences
from app.decisions.replay.replayer import Against, Problem, Replayer, decided_otherwise, first_month_of, stood
from app.decisions.state import DecisionState, StateName
from app.decisions.stored_rules.recompute import Recomputed, compute, question_of
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.facts.request import read_instant
from app.rules.service import Question, Rules
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Effect:
    """What the defect did to one result: `fen` the family got too little (or, below zero, too much) each month, or
    once; None where it is not settled. `months` are those the decision stood for with that difference."""

    difference: Difference
    cls: DefectClass
    fen: int | None
    months: list[str]
    ending: Ending | None

    @property
    def total(self) -> int | None:
        return self.fen if self.fen is None or not self.difference.monthly else self.fen * len(self.months)


@dataclass(frozen=True)
class DefectEffects:
    """The effects of a defect on a decision that it touched."""

    id: UUID
    state: StateName
    record: Json
    cls: DefectClass
    effects: list[Effect]
    problem: Problem | None = None

    def by_month(self) -> Iterator[tuple[str, int]]:
        """The money of its settled results; what is not paid monthly counts for the month of the decision."""
        for effect in self.effects:
            if effect.fen and effect.cls in ("harmed", "benefited"):
                months = effect.months if effect.difference.monthly else [self.record["date"][:7]]
                yield from ((month, effect.fen) for month in months)


class Correcting:
    """Computes touched decisions as they should have been."""

    def __init__(self, kept: KeptRules, replayer: Replayer, defect: Defect) -> None:
        self.kept = kept
        self.replayer = replayer
        self.defect = defect

    async def found(
        self, id_: UUID, state: DecisionState, successors: tuple[DecisionState, ...], now: dt.datetime
    ) -> DefectEffects:
        """What the defect did to a decision. Raises what computing raises."""
        record = state.decision
        right = await self._right(record, now)
        spans = self._spans(record, state, successors, now)
        otherwise = decided_otherwise(state)
        effects = [
            self._effect(difference, spans, record, departed=difference.key in otherwise)
            for difference in differences(record["results"], right.results)
            if difference.recorded != difference.now  # other tests or figures that come to the same do nobody anything
        ]
        return DefectEffects(id_, state.name, record, class_of([effect.cls for effect in effects]), effects)

    async def _right(self, record: Json, now: dt.datetime) -> Recomputed:
        """The decision as it should have come out. With figures that are named, nothing else is changed: not what was
        published since, nor what was known."""
        defect = self.defect
        if defect.parameters is not None:
            rules = await self.kept.rules_of(record["ruleset"], record["jurisdiction"], record["packs"])
            return compute(rules, question_of(rules, _with(record, defect.parameters)))
        known_at = read_instant(defect.known_at) if defect.known_at else None
        against = Against(known_at=known_at, ruleset=defect.ruleset)
        return (await self.replayer.computed(record, against, now))[2]

    def _spans(
        self, record: Json, state: DecisionState, successors: tuple[DecisionState, ...], now: dt.datetime
    ) -> AffectedMonths:
        """How long a difference goes on, by what is known now; the right figures that are named hold for the days of the
        period alone. What nobody decided never stood."""
        until = stood(state, successors, this_month(now))
        if state.confirmation is None:
            until = PeriodInForce(None, "never_stood")
        rules = self.kept.generations.at(now).rules
        known = record | {"known_at": now.isoformat(), "recorded_at": now.isoformat()}
        plain = question_of(rules, known)
        if self.defect.parameters is None:
            return AffectedMonths(rules, plain, compute(rules, plain).results, until)
        named = question_of(rules, _with(known, self.defect.parameters))
        return _AffectedMonthsOfFigures(rules, named, compute(rules, named).results, until, self.defect, plain)

    def _effect(self, difference: Difference, spans: AffectedMonths, record: Json, *, departed: bool) -> Effect:
        cls, fen = ("decided_otherwise", None) if departed else (_class(difference), difference.fen)
        if not fen or not difference.monthly:
            return Effect(difference, cls, fen, [], None)
        months, ending = spans.of(difference, first_month_of(difference, record))
        return Effect(difference, cls, fen, months, ending)


class _AffectedMonthsOfFigures(AffectedMonths):
    """Months under figures that are right for the days of a defect only: outside them those in force count."""

    def __init__(
        self, rules: Rules, named: Question, results: Json, in_force: PeriodInForce, defect: Defect, plain: Question
    ) -> None:
        super().__init__(rules, named, results, in_force)
        self.defect = defect
        self.plain = plain

    def asked_on(self, day: dt.date) -> Question:
        return replace(self.question if self.defect.holds_on(day) else self.plain, date=day)


def _with(record: Json, parameters: Json) -> Json:
    """A recorded question with other figures."""
    facts = record["facts"]
    options = facts["options"] or {}
    merged = dict(options.get("parameters") or {})
    for id_, figures in parameters.items():
        before = merged.get(id_)
        merged[id_] = before | figures if isinstance(before, dict) and isinstance(figures, dict) else figures
    return record | {"facts": facts | {"options": options | {"parameters": merged}}}


def _class(difference: Difference) -> DefectClass:
    """By the money; without money by whether the programme was refused or given wrongly."""
    if difference.fen is None:
        return "unsettled"
    if difference.fen:
        return "harmed" if difference.fen > 0 else "benefited"
    before, after = (
        side is not None and side["status"] == "eligible" for side in (difference.recorded, difference.now)
    )
    return "unchanged" if before == after else "harmed" if after else "benefited"


def class_of(classes: list[DefectClass]) -> DefectClass:
    """A decision's class: what its results agree on beside those unchanged. Harmed in one and benefited in another is
    for a person to settle."""
    found = set(classes) - {"unchanged"}
    if not found:
        return "unchanged"
    if "unsettled" in found or {"harmed", "benefited"} <= found:
        return "unsettled"
    return next(cls for cls in DEFECT_CLASSES if cls in found)
