"""Writes one programme's result for the answer; parts that are the same for every household are made once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.rules.engine.evaluate import Assessment, Engine
from app.rules.engine.outcomes import Outcome, Test
from app.rules.explain.assumptions import Assumptions
from app.rules.explain.citations import Articles
from app.rules.explain.numbers import MONTHLY, fen_range, range_of, unit_name
from app.rules.explain.sentences import Teller
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.schema import Step
from app.rules.rulesets.dependencies import parameters_read

_PROCEDURE: Final = ("authority", "pay_first", "deadline", "public_notice_days", "review_months")
_ROUNDING: Final[dict[Language, str]] = {"zh": "取整", "en": "Rounding"}


@dataclass(frozen=True)
class TestWords:
    """Title, unit, articles and figures of a test, the same in every household."""

    title: str
    sides: tuple[int, str, t.Type] | None
    unit: str
    basis: list[dict[str, Any]]
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
        self.teller = Teller(engine.library, place, self.title, self.language)
        linked = engine.ruleset.programmes.get(programme)
        self.version = linked.version if linked else None
        self.first_month = self._first_month()
        self.tests: dict[str, TestWords] = {}
        self.lines: dict[str, tuple[str, list[dict[str, Any]]]] = {}
        self.assumptions = Assumptions(engine, programme, date, self.language) if linked else None
        self.cautions = [c for c in declared.warnings if c.start is None or date >= c.start]
        self.steps = self._steps()
        self._shown_steps: dict[int, tuple[Any, list[dict[str, Any]]]] = {}

    def write(self, assessment: Assessment, outcome: Outcome, explained: bool) -> dict[str, Any]:
        """Writes the result of one outcome, without the reasons if they are not asked for."""
        result: dict[str, Any] = {
            "programme": self.programme,
            "person": None if outcome.person is None else assessment.household.members[outcome.person].id,
            "status": outcome.status,
            "title": self.title,
            "amount": self._amount(outcome),
        }
        if not explained:
            return result | {"missing": outcome.missing, "gaps": outcome.gaps}
        tests = [self._test(test) for test in outcome.tests]
        decisive = self._decisive(outcome, tests)
        notes = self.assumptions.of(assessment, outcome) if self.assumptions else []
        result["lines"] = [self._line(rule, value) for rule, value in outcome.lines]
        result["tests"] = tests
        result["summary"] = self.teller.summary(outcome, result, decisive, notes)
        result["margin"] = self._margin(outcome, decisive)
        result["missing"] = outcome.missing
        result["gaps"] = outcome.gaps
        result["assumptions"] = notes
        result["warnings"] = list(self._warnings(assessment, outcome)) if self.cautions else []
        result["procedure"] = self._procedure(assessment) if self.steps else None
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

    def _line(self, rule: str, value: Any) -> dict[str, Any]:
        words = self.lines.get(rule)
        if words is None:
            words = self.lines[rule] = self._line_words(rule)
        return {"rule": rule, "title": words[0], "amount": fen_range(value, self.unit or MONTHLY), "basis": words[1]}

    def _line_words(self, rule: str) -> tuple[str, list[dict[str, Any]]]:
        declared = self.engine.library.rules.get(rule)
        if declared is None:
            return _ROUNDING[self.language], []
        return declared.title[self.language], self.articles.basis(self.engine.ruleset.rules[rule].version.basis)

    # tests

    def _test(self, test: Test) -> dict[str, Any]:
        words = self.tests.get(test.rule)
        if words is None:
            words = self.tests[test.rule] = self._test_words(test.rule)
        left = right = relation = None
        if words.sides is not None and test.left is not None:
            scale, relation, unit = words.sides
            left = range_of(test.left, scale, unit, words.unit)
            right = range_of(test.right, scale, unit, words.unit)
        return {
            "rule": test.rule,
            "holds": test.holds,
            "title": words.title,
            "left": left,
            "relation": relation,
            "right": right,
            "basis": words.basis,
            "figures": words.figures,
        }

    def _test_words(self, rule: str) -> TestWords:
        sides = self.engine.program.rules[rule].sides
        return TestWords(
            self.engine.library.rules[rule].title[self.language],
            sides,
            unit_name(sides[2]) if sides else "",
            self.articles.basis(self.engine.ruleset.rules[rule].version.basis),
            list(self._figures(rule)),
        )

    def _figures(self, rule: str) -> Iterator[dict[str, Any]]:
        """Yields the published figures a test rests on, with their documents."""
        for id_ in parameters_read(self.engine.library, self.engine.ruleset, [rule], through_results=False):
            parameter = self.engine.ruleset.parameters[id_]
            source = parameter.source or next((f.source for f in parameter.figures.values() if f.source), None)
            if source is not None:
                yield {"parameter": id_, **self.articles.source(source.value.document, source.value.article)}

    def _decisive(self, outcome: Outcome, tests: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Returns the test that sentences name: the programme's decisive one, or the first failed one with two sides."""
        first = None
        for test in tests:
            if test["left"] is not None:
                if test["rule"] == self.decisive:
                    return test
                first = first or test
        return first if outcome.status == "ineligible" else None

    def _margin(self, outcome: Outcome, decisive: dict[str, Any] | None) -> dict[str, Any] | None:
        """Returns the distance of the decisive figure from its line; below zero on the wrong side."""
        if decisive is None:
            return None
        test = next(test for test in outcome.tests if test.rule == decisive["rule"])
        words = self.tests[test.rule]
        if words.sides is None or not isinstance(test.left, int) or not isinstance(test.right, int):
            return None
        scale, relation, unit = words.sides
        distance = test.right - test.left if relation in ("<", "<=") else test.left - test.right
        return range_of(distance, scale, unit, words.unit)

    # cautions and procedure

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
