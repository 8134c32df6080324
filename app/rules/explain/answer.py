"""Writes the answer to an assessment: the head, the household, the results, the total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.rules.engine.evaluate import Assessment, Engine
from app.rules.engine.outcomes import Outcome
from app.rules.explain.assumptions import brings_note, results_rest_on
from app.rules.explain.citations import Articles
from app.rules.explain.numbers import MONTHLY, fen_range, per_capita, range_of, unit_name
from app.rules.explain.result import ResultWriter
from app.rules.language import types as t
from app.rules.language.vocabulary import PROGRAMMES
from app.rules.messages import LEFT_OUT, Language
from app.rules.rulesets.dependencies import CLOSURE
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.values.open_values import Range, Value


@dataclass(frozen=True)
class Asked:
    """The request apart from the household, for the head of the answer."""

    division: str
    date: dt.date
    known_at: dt.datetime
    programmes: frozenset[str] | None
    explain: str


class Answerer:
    """Writes the answers of one engine, on one day and in one language."""

    def __init__(self, engine: Engine, language: Language, date: dt.date) -> None:
        self.engine = engine
        self.language: Language = language
        path = engine.ruleset.path
        content = engine.library.packs[path[-1]].content
        place = (content.name or {}).get(language, path[-1])
        self.head = {"code": path[-1], "name": place, "fictional": content.fictional, "path": path}
        self.articles = Articles(engine.library, path, date, language)
        self.with_notes = any(brings_note(f) for p in engine.ruleset.parameters.values() for f in p.figures.values())
        self.writers = {id_: ResultWriter(engine, id_, date, self.articles, place) for id_ in self._programmes()}

    def answer(self, assessment: Assessment, asked: Asked) -> dict[str, Any]:
        """Writes the whole answer, of plain values that JSON can hold."""
        outcomes = list(self._wanted(assessment, asked.programmes))
        carried = None if asked.explain == "none" else self._carried(assessment)
        answer = {
            "jurisdiction": self.head,
            "date": asked.date.isoformat(),
            "known_at": asked.known_at.isoformat(),
            "ruleset": self.engine.ruleset.hash,
            "engine": ENGINE_VERSION,
            "household": self._household(assessment),
            "results": [self.writers[o.programme].write(assessment, o, carried) for o in outcomes],
            "total_month": self._total(outcomes),
        }
        if asked.explain == "full":
            answer["rules"] = list(self._every_rule(assessment))
        return answer

    def _carried(self, assessment: Assessment) -> dict[str, frozenset[str]]:
        """Returns what the results rest on; nothing where no figure brings an assumption, as nobody asks then."""
        return results_rest_on(self.engine.library, assessment.outcomes) if self.with_notes else {}

    def _programmes(self) -> list[str]:
        """Returns the programmes that these packs have, in the order in which they decide: old packs lack newer ones."""
        return [id_ for id_ in PROGRAMMES if id_ in self.engine.library.programmes]

    def _wanted(self, assessment: Assessment, programmes: frozenset[str] | None) -> Iterator[Outcome]:
        """Yields the outcomes asked for; those outside a programme's group only if the programme was named."""
        if programmes is None:
            yield from assessment.outcomes
            return
        found = {(outcome.programme, outcome.person): outcome for outcome in assessment.outcomes}
        for id_ in self._programmes():
            if id_ not in programmes:
                continue
            if self.engine.library.programmes[id_].entity == "household":  # type: ignore[index]
                yield found.get((id_, None)) or Outcome(id_, None, "not_applicable")
                continue
            for person in assessment.household.members:
                if not assessment.holds("family.no_result", person.index):
                    yield found.get((id_, person.index)) or Outcome(id_, person.index, "not_applicable")

    def _total(self, outcomes: list[Outcome]) -> dict[str, Any]:
        """Adds up the eligible amounts a month."""
        low, high = 0, 0
        endless = False
        for outcome in outcomes:
            amount = outcome.amount
            if outcome.status != "eligible" or amount is None or self.writers[outcome.programme].unit != MONTHLY:
                continue
            if type(amount) is not Range:
                low, high = low + amount, high + amount
            else:
                endless = endless or amount.high is None
                low, high = low + (amount.low or 0), high + (amount.high or 0)
        if not endless and low == high:
            return fen_range(low, MONTHLY)
        return fen_range(Range(low, None if endless else high, 0), MONTHLY)

    def _household(self, assessment: Assessment) -> dict[str, Any]:
        people = assessment.household.members
        counts = list(zip(people, assessment.counts(), strict=True))
        income, scale = assessment.of_household("household.income")
        size, _ = assessment.of_household("household.size")
        return {
            "counted": [person.id for person, counted in counts if counted],
            "left_out": [self._left_out(assessment, person.index) for person, counted in counts if counted is False],
            "open": [person.id for person, counted in counts if counted is None],
            "income_month": range_of(income, scale, t.MONEY_MONTH, MONTHLY),
            "income_per_capita": per_capita(income, size, scale),
        }

    def _left_out(self, assessment: Assessment, index: int) -> dict[str, Any]:
        person = assessment.household.members[index]
        rule, code = "family.counted", "not_in_family"
        if assessment.holds("family.left_out", index):
            own = assessment.holds("family.no_result", index)
            rule, code = "family.no_result" if own else "family.away_from_family", person.absence
        elif assessment.holds(CLOSURE, index):
            rule, code = "counted", "extreme_poverty_support"
        return {
            "person": person.id,
            "reason": code,
            "title": LEFT_OUT[code][self.language],
            "basis": self.articles.basis(self.engine.ruleset.rules[rule].version.basis),
        }

    def _every_rule(self, assessment: Assessment) -> Iterator[dict[str, Any]]:
        """Yields every rule that was evaluated, for the household and each person."""
        members = assessment.household.members
        for id_ in self.engine.program.order:
            rule = self.engine.program.rules.get(id_)
            if rule is None or rule.entity == "obligor":
                continue
            declared = self.engine.library.rules.get(id_)
            for index in range(len(members)) if rule.entity == "member" else (None,):
                yield {
                    "rule": id_,
                    "person": None if index is None else members[index].id,
                    "title": declared.title[self.language] if declared else None,
                    "value": _shown(assessment.value_of(id_, index), rule.scale, rule.unit),
                    "basis": self.articles.basis(self.engine.ruleset.rules[id_].version.basis) if declared else [],
                }


def _shown(value: Value, scale: int, unit: t.Type) -> Any:
    """Returns a rule's value as an answer shows it; an open condition is null."""
    if value is True or value is False:
        return value
    return None if unit == t.BOOL else range_of(value, scale, unit, unit_name(unit))
