"""Writes one programme's result for the answer; parts that are the same for every household are made once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.rules.engine.evaluate import Assessment, Engine
from app.rules.engine.outcomes import Outcome, Test
from app.rules.explain.assumptions import Assumptions, Carried, carrying_tests
from app.rules.explain.citations import Articles
from app.rules.explain.leads import GapDetails
from app.rules.explain.numbers import MONTHLY, fen_range, range_of, unit_name
from app.rules.explain.sentences import Teller
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.referrals import LinkedReferral
from app.rules.packs.schema import Step
from app.rules.rulesets.dependencies import parameters_read
from app.rules.values.open_values import Range

_PROCEDURE: Final = ("authority", "pay_first", "deadline", "public_notice_days", "review_months")
_ROUNDING: Final[dict[Language, str]] = {"zh": "取整", "en": "Rounding"}
_UNMET: Final[dict[Language, str]] = {"zh": "未满足“{}”", "en": "Not met: {}"}


@dataclass(frozen=True)
class RuleWords:
    """Title, unit, articles and figures of a test or a line, the same in every household."""

    title: str
    unmet: str
    per_head: str | None
    sides: tuple[int, str, t.Type] | None
    unit: str
    basis: list[dict[str, Any]]
    grounds: list[tuple[str, list[dict[str, Any]]]]
    figures: list[dict[str, Any]]


class ResultWriter:
    """Writes the results of one programme in one ruleset, on one day and in one language."""

    def __init__(self, engine: Engine, programme: str, date: dt.date, articles: Articles, place: str) -> None:
        self.engine = engine
        self.programme = programme
        self.articles = articles
        self.date = date
        self.language: Language = articles.language
        declared = engine.library.programmes[programme]  # type: ignore[index]
        self.title = declared.title[self.language]
        self.unit = declared.unit
        self.decisive = declared.decisive
        self.edition = engine.ruleset.edition
        self.teller = Teller(engine.library, place, self.title, self.language)
        linked = engine.ruleset.programmes.get(programme)
        self.version = linked.version if linked else None
        self.first_month = self._first_month()
        self.tests: dict[str, RuleWords] = {}
        self.lines: dict[str, RuleWords] = {}
        self.assumptions = Assumptions(engine, programme, date, self.language) if linked else None
        self.gap_details = GapDetails(engine.library, engine.ruleset.path, date, self.language)
        self.cautions = [c for c in declared.warnings if c.start is None or date >= c.start]
        self.steps = self._steps()
        self.referrals = [(one.version.when, self._referral(one)) for one in engine.ruleset.referrals_of(programme)]
        self._rounding = RuleWords(_ROUNDING[self.language], "", None, None, "", [], [], [])
        self._shown_steps: dict[int, tuple[Any, list[dict[str, Any]]]] = {}

    def write(self, assessment: Assessment, outcome: Outcome, carried: Carried | None) -> dict[str, Any]:
        """Writes the result of one outcome; without the reasons if nothing is given that results rest on."""
        result: dict[str, Any] = {
            "programme": self.programme,
            "person": None if outcome.person is None else assessment.household.members[outcome.person].id,
            "status": outcome.status,
            "title": self.title,
            "amount": self._amount(outcome),
        }
        if carried is None:
            return result | {"missing": outcome.missing, "gaps": outcome.gaps}
        carrying = carrying_tests(self.engine.library, outcome)
        tests = [self._test(test, assessment, outcome.person) for test in carrying]
        reason = self._reason(outcome, tests)
        notes = self.assumptions.of(assessment, outcome, carrying, carried) if self.assumptions else []
        result["lines"] = [self._line(rule, value, assessment, outcome.person) for rule, value in outcome.lines]
        result["tests"] = tests
        result["summary"] = self.teller.summary(outcome, result, reason, notes)
        result["margin"] = self._margin(outcome, reason if self.edition > 1 else self._decisive(outcome, tests))
        result["missing"] = outcome.missing
        result["gaps"] = outcome.gaps
        result["gap_details"] = self.gap_details.of(outcome.gaps)
        result["assumptions"] = notes
        result["warnings"] = list(self._warnings(assessment, outcome)) if self.cautions else []
        result["procedure"] = self._procedure(assessment) if self.steps else None
        result["referrals"] = self._referred(assessment, outcome) if outcome.status == "eligible" else []
        return result

    # amounts

    def _first_month(self) -> str | None:
        """Returns the month of the first payment (YYYY-MM): the next, or the same where a rule or the place says so."""
        if self.version is None or self.unit != MONTHLY:
            return None
        first = self.version.first_month
        if first == "place":
            figure = self.engine.ruleset.parameters["first_payment"].figures.get(None)
            first = "same" if figure is not None and figure.low is True else "next"
        year, month = self.date.year, self.date.month
        if first == "next":
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return f"{year:04d}-{month:02d}"

    def _amount(self, outcome: Outcome) -> dict[str, Any] | None:
        if outcome.amount is None:
            return None
        amount = fen_range(outcome.amount, self.unit or MONTHLY)
        amount["from_month"] = self.first_month
        return amount

    def _line(self, rule: str, value: Any, assessment: Assessment, person: int | None) -> dict[str, Any]:
        words = self.lines.get(rule)
        if words is None:
            words = self.lines[rule] = self._words(rule) if rule in self.engine.library.rules else self._rounding
        basis = self._basis(words, assessment, person)
        return {"rule": rule, "title": words.title, "amount": fen_range(value, self.unit or MONTHLY), "basis": basis}

    # tests

    def _test(self, test: Test, assessment: Assessment, person: int | None) -> dict[str, Any]:
        words = self.tests.get(test.rule)
        if words is None:
            words = self.tests[test.rule] = self._words(test.rule)
        left = right = relation = per_head = None
        if words.sides is not None and test.left is not None:
            scale, relation, unit = words.sides
            left = range_of(test.left, scale, unit, words.unit)
            right = range_of(test.right, scale, unit, words.unit)
            if words.per_head is not None:
                size, _ = assessment.of_household(words.per_head)
                per_head = _per_head(test, size, scale, unit, words.unit)
        return {
            "rule": test.rule,
            "holds": test.holds,
            "title": words.title,
            "said": words.unmet if test.holds is False else words.title,
            "left": left,
            "relation": relation,
            "right": right,
            "per_head": per_head,
            "basis": self._basis(words, assessment, person),
            "figures": words.figures,
        }

    def _words(self, rule: str) -> RuleWords:
        declared = self.engine.library.rules[rule]
        sides = self.engine.program.rules[rule].sides
        rules = self.engine.ruleset.rules
        version = rules[rule].version
        title = declared.title[self.language]
        return RuleWords(
            title,
            declared.unmet[self.language] if declared.unmet else _UNMET[self.language].format(title),
            declared.per_head,
            sides,
            unit_name(sides[2]) if sides else "",
            self.articles.basis(version.basis),
            [(g.when, self.articles.basis(g.basis or rules[g.when].version.basis)) for g in version.grounds],
            list(self._figures(rule)),
        )

    def _basis(self, words: RuleWords, assessment: Assessment, person: int | None) -> list[dict[str, Any]]:
        """Returns the articles of the first ground that holds for this person, else those of the rule."""
        for when, basis in words.grounds:
            if assessment.holds(when, person):
                return basis
        return words.basis

    def _figures(self, rule: str) -> Iterator[dict[str, Any]]:
        """Yields the published figures a test rests on, with their documents."""
        for id_ in parameters_read(self.engine.library, self.engine.ruleset, [rule], through_results=False):
            parameter = self.engine.ruleset.parameters[id_]
            source = parameter.source or next((f.source for f in parameter.figures.values() if f.source), None)
            if source is not None:
                yield {"parameter": id_, **self.articles.source(source.value.document, source.value.article)}

    def _reason(self, outcome: Outcome, tests: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Returns the test that sentences name: of a refusal the first that fails, else the programme's decisive one.

        None where each open case fails at another test.
        """
        if outcome.status == "ineligible":
            return tests[0] if tests and tests[0]["holds"] is False else None
        return next((test for test in tests if test["rule"] == self.decisive), None)

    def _decisive(self, outcome: Outcome, tests: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Returns the test whose margin records of the first edition keep: the decisive one, or the first with sides."""
        first = None
        for test in tests:
            if test["left"] is not None:
                if test["rule"] == self.decisive:
                    return test
                first = first or test
        return first if outcome.status == "ineligible" else None

    def _margin(self, outcome: Outcome, reason: dict[str, Any] | None) -> dict[str, Any] | None:
        """Returns the distance of a test's figure from its line; below zero on the wrong side."""
        if reason is None:
            return None
        test = next(test for test in outcome.tests if test.rule == reason["rule"])
        words = self.tests[test.rule]
        if words.sides is None or not isinstance(test.left, int) or not isinstance(test.right, int):
            return None
        scale, relation, unit = words.sides
        distance = test.right - test.left if relation in ("<", "<=") else test.left - test.right
        return range_of(distance, scale, unit, words.unit)

    # referrals, cautions and procedure

    def _referral(self, one: LinkedReferral) -> dict[str, Any]:
        title, basis = one.declared.title[self.language], self.articles.basis(one.version.basis)
        return {"id": one.id, "to": one.declared.to, "title": title, "basis": basis}

    def _referred(self, assessment: Assessment, outcome: Outcome) -> list[dict[str, Any]]:
        """Returns what other departments owe to the holder of the status; where a condition is open they are asked, too."""
        return [
            shown
            for when, shown in self.referrals
            if when is None or assessment.value_of(when, outcome.person) is not False
        ]

    def _warnings(self, assessment: Assessment, outcome: Outcome) -> Iterator[dict[str, Any]]:
        for caution in self.cautions:
            holds = assessment.value_of(caution.when, outcome.person)
            if holds is True if not caution.open else holds not in (True, False):
                message = caution.message[self.language].replace("{place}", assessment.household.crisis_place or "")
                yield {"id": caution.id, "message": message, "basis": self.articles.basis(caution.basis)}

    def _steps(self) -> list[tuple[str, list[Step]]]:
        if self.version is None:
            return []
        return [(name, steps) for name in _PROCEDURE if (steps := getattr(self.version.procedure, name))]

    def _procedure(self, assessment: Assessment) -> dict[str, Any] | None:
        found: dict[str, Any] = dict.fromkeys(_PROCEDURE)
        basis: dict[str, Any] = {}
        for name, steps in self.steps:
            step = assessment.step(steps)
            if step is not None:
                found[name], basis[name] = self._step(name, step)
        if not basis:
            return None
        found["basis"] = basis
        return found

    def _step(self, name: str, step: Step) -> tuple[Any, list[dict[str, Any]]]:
        known = self._shown_steps.get(id(step))
        if known is None:
            value = int(step.value) if isinstance(step.value, str) and step.value.isdigit() else step.value
            shown = {"value": value, "unit": step.unit} if name == "deadline" else value
            known = self._shown_steps[id(step)] = (shown, self.articles.basis(step.basis))
        return known


def _per_head(test: Test, size: Any, scale: int, unit: t.Type, name: str) -> dict[str, Any] | None:
    """Returns both sides of a test a head, floored to the fen for showing only; None while the count is open or zero."""
    if not isinstance(size, int) or size < 1:
        return None
    sides = {"left": test.left, "right": test.right}
    shown = {side: range_of(_divided(value, size), scale, unit, name) for side, value in sides.items()}
    return {"persons": size, **shown}


def _divided(value: Any, size: int) -> Any:
    if type(value) is not Range:
        return value // size
    low, high = (None if bound is None else bound // size for bound in (value.low, value.high))
    return Range(low, high, 0)
