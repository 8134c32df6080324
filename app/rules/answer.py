"""An assessment as the API answers it: figures as text, ranges, articles, words in the caller's language.

The static part of every test and line (title, articles, units) is made once for each ruleset and language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from app.rules import explain
from app.rules import types as t
from app.rules.assessment import Assessment, Engine
from app.rules.bounds import Range, Value
from app.rules.messages import LEFT_OUT, Language
from app.rules.money import exact_text, format_fen
from app.rules.outcomes import Outcome, Test
from app.rules.packs import Assumption, Citation, Step
from app.rules.rule_graph import CLOSURE, parameters_read
from app.rules.ruleset import ENGINE_VERSION, Figure
from app.rules.vocabulary import PROGRAMMES

_MONTHLY: Final = "CNY/month"
_PROCEDURE: Final = ("authority", "pay_first", "deadline", "public_notice_days", "review_months")


@dataclass(frozen=True)
class Asked:
    """What was asked, besides the household: for the head of the answer."""

    code: str
    division: str
    date: dt.date
    known_at: dt.datetime
    programmes: frozenset[str] | None
    explain: str


def _text(value: int | None, scale: int, unit: t.Type) -> str | None:
    if value is None:
        return None
    if unit.kind == "money":
        return format_fen(value // scale)
    return str(value // scale) if value % scale == 0 else exact_text(Fraction(value, scale))


def range_of(value: Value, scale: int, unit: t.Type, name: str) -> dict[str, Any]:
    """A number that can still be open, as the contract writes it."""
    if type(value) is Range:
        low, high = _text(value.low, scale, unit), _text(value.high, scale, unit)
        return {"value": None, "min": low, "max": high, "unit": name}
    text = _text(value, scale, unit)
    return {"value": text, "min": text, "max": text, "unit": name}


def fen_range(value: Value, name: str) -> dict[str, Any]:
    if type(value) is Range:
        low = None if value.low is None else format_fen(value.low)
        high = None if value.high is None else format_fen(value.high)
        return {"value": None, "min": low, "max": high, "unit": name}
    text = format_fen(value)
    return {"value": text, "min": text, "max": text, "unit": name}


class Answerer:
    """Writes the answers of one engine in one language."""

    def __init__(self, engine: Engine, language: Language, date: dt.date) -> None:
        self.engine = engine
        self.library = engine.library
        self.language: Language = language
        self.date = date
        self._tests: dict[str, dict[str, Any]] = {}
        self._bases: dict[int, list[dict[str, Any]]] = {}
        self._steps: dict[int, tuple[Any, list[dict[str, Any]]]] = {}
        self._figure_notes: dict[tuple[str, bool, str], list[dict[str, Any]]] = {}

    # the whole answer

    def answer(self, assessment: Assessment, asked: Asked) -> dict[str, Any]:
        outcomes = list(self._wanted(assessment, asked.programmes))
        results = [self._result(assessment, outcome, asked) for outcome in outcomes]
        answer = {
            "jurisdiction": self.division_head(asked.division),
            "date": asked.date.isoformat(),
            "known_at": asked.known_at.isoformat(),
            "ruleset": self.engine.ruleset.hash,
            "engine": ENGINE_VERSION,
            "household": self._household(assessment),
            "results": results,
            "total_month": self._total(outcomes),
        }
        if asked.explain == "full":
            answer["rules"] = list(self._every_rule(assessment))
        return answer

    def division_head(self, division: str) -> dict[str, Any]:
        content = self.library.packs[division].content
        name = (content.name or {}).get(self.language, division)
        return {"code": division, "name": name, "fictional": content.fictional, "path": self.library.path(division)}

    def _wanted(self, assessment: Assessment, programmes: frozenset[str] | None) -> Iterator[Outcome]:
        """The outcomes asked for; those outside a programme's group only if the programme was named."""
        if programmes is None:
            yield from assessment.outcomes
            return
        found = {(outcome.programme, outcome.person): outcome for outcome in assessment.outcomes}
        for id_ in PROGRAMMES:
            if id_ not in programmes:
                continue
            if self.library.programmes[id_].entity == "household":  # type: ignore[index]
                yield found.get((id_, None)) or Outcome(id_, None, "not_applicable")
                continue
            for person in assessment.household.members:
                if not assessment.holds("family.no_result", person.place):
                    yield found.get((id_, person.place)) or Outcome(id_, person.place, "not_applicable")

    def _total(self, outcomes: list[Outcome]) -> dict[str, Any]:
        low, high = 0, 0
        bounded = True
        for outcome in outcomes:
            if outcome.status == "eligible" and outcome.amount is not None and self._unit(outcome) == _MONTHLY:
                amount = outcome.amount
                is_range = type(amount) is Range
                low += (amount.low or 0) if is_range else amount
                if is_range and amount.high is None:
                    bounded = False
                else:
                    high += amount.high if is_range else amount
        return fen_range(low if bounded and low == high else Range(low, high if bounded else None, 0), _MONTHLY)

    def _unit(self, outcome: Outcome) -> str | None:
        return self.library.programmes[outcome.programme].unit  # type: ignore[index]

    # the household

    def _household(self, assessment: Assessment) -> dict[str, Any]:
        people = assessment.household.members
        counts = assessment.counts()
        income, scale = assessment.of_household("household.income")
        size, _ = assessment.of_household("household.size")
        return {
            "counted": [person.id for person, counted in zip(people, counts, strict=True) if counted],
            "left_out": [
                self._left_out(assessment, person.place)
                for person, yes in zip(people, counts, strict=True)
                if yes is False
            ],
            "open": [person.id for person, counted in zip(people, counts, strict=True) if counted is None],
            "income_month": range_of(income, scale, t.MONEY_MONTH, _MONTHLY),
            "income_per_capita": _per_capita(income, size, scale),
        }

    def _left_out(self, assessment: Assessment, place: int) -> dict[str, Any]:
        person = assessment.household.members[place]
        rule, code = "family.counted", "not_in_family"
        if assessment.holds("family.left_out", place):
            own = assessment.holds("family.no_result", place)
            rule, code = "family.no_result" if own else "family.away_from_family", person.absence
        elif assessment.holds(CLOSURE, place):
            rule, code = "counted", "extreme_poverty_support"
        return {
            "person": person.id,
            "reason": code,
            "title": LEFT_OUT[code][self.language],
            "basis": self.basis(self.engine.ruleset.rules[rule].version.basis),
        }

    # one result

    def _result(self, assessment: Assessment, outcome: Outcome, asked: Asked) -> dict[str, Any]:
        person = None if outcome.person is None else assessment.household.members[outcome.person].id
        result: dict[str, Any] = {"programme": outcome.programme, "person": person, "status": outcome.status}
        title, name = self._title(outcome.programme)
        result["title"] = title
        result["amount"] = self._amount(outcome)
        if asked.explain == "none":
            return result | {"missing": outcome.missing, "gaps": outcome.gaps}
        result["lines"] = [self._line(rule, value, name or _MONTHLY) for rule, value in outcome.lines]
        result["tests"] = [self._test(test) for test in outcome.tests]
        decisive = self._decisive(outcome, result["tests"])
        place = self._place_name(asked.division)
        result["summary"] = explain.summary(self.library, outcome, result, place, title, decisive, self.language)
        result["margin"] = self._margin(outcome, decisive)
        result["missing"] = outcome.missing
        result["gaps"] = outcome.gaps
        result["assumptions"] = list(self._assumptions(assessment, outcome))
        result["warnings"] = list(self._warnings(assessment, outcome))
        result["procedure"] = self._procedure(assessment, outcome)
        supplied = [note["message"] for note in result["assumptions"] if note["kind"] == "supplied"]
        result["summary"] += supplied[:1]
        return result

    def _title(self, programme: str) -> tuple[str, str | None]:
        declared = self.library.programmes[programme]  # type: ignore[index]
        return declared.title[self.language], declared.unit

    def _place_name(self, division: str) -> str:
        return (self.library.packs[division].content.name or {}).get(self.language, division)

    def _amount(self, outcome: Outcome) -> dict[str, Any] | None:
        if outcome.amount is None:
            return None
        unit = self._unit(outcome) or _MONTHLY
        return fen_range(outcome.amount, unit) | {"from_month": self._from_month(outcome, unit)}

    def _from_month(self, outcome: Outcome, unit: str) -> str | None:
        if unit != _MONTHLY:
            return None
        first = self.engine.ruleset.programmes[outcome.programme].version.first_month
        if first == "place":
            figure = self.engine.ruleset.parameters["first_payment"].figures.get(None)
            first = "same" if figure is not None and figure.low is True else "next"
        year, month = self.date.year, self.date.month
        if first == "next":
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return f"{year:04d}-{month:02d}"

    def _line(self, rule: str, value: Value, unit: str) -> dict[str, Any]:
        declared = self.library.rules.get(rule)
        rounding = "取整" if self.language == "zh" else "Rounding"
        title = declared.title[self.language] if declared else rounding
        basis = self.basis(self.engine.ruleset.rules[rule].version.basis) if declared else []
        return {"rule": rule, "title": title, "amount": fen_range(value, unit), "basis": basis}

    def _test(self, test: Test) -> dict[str, Any]:
        static = self._tests.get(test.rule)
        if static is None:
            static = self._tests[test.rule] = self._static_test(test.rule)
        shaped = {"rule": test.rule, "holds": test.holds, "title": static["title"]}
        sides = self.engine.program.rules[test.rule].sides
        if sides is None or test.left is None:
            shaped |= {"left": None, "relation": None, "right": None}
        else:
            scale, relation, unit = sides
            shaped["left"] = range_of(test.left, scale, unit, static["unit"])
            shaped["relation"] = relation
            shaped["right"] = range_of(test.right, scale, unit, static["unit"])
        shaped["basis"] = static["basis"]
        shaped["figures"] = static["figures"]
        return shaped

    def _static_test(self, rule: str) -> dict[str, Any]:
        sides = self.engine.program.rules[rule].sides
        return {
            "title": self.library.rules[rule].title[self.language],
            "basis": self.basis(self.engine.ruleset.rules[rule].version.basis),
            "figures": self._documents(rule),
            "unit": _unit_name(sides[2]) if sides else None,
        }

    def _documents(self, rule: str) -> list[dict[str, Any]]:
        """The published figures a test rests on, with their documents."""
        found = []
        for id_ in parameters_read(self.engine.library, self.engine.ruleset, [rule], through_results=False):
            parameter = self.engine.ruleset.parameters[id_]
            source = parameter.source or next((f.source for f in parameter.figures.values() if f.source), None)
            if source is not None:
                found.append({"parameter": id_, **self._document(source.value.document, source.value.article)})
        return found

    def _document(self, name: str, article: str | None) -> dict[str, Any]:
        division = self.library.document_division(name, self.engine.ruleset.path[-1])
        document = self.library.packs[division].content.documents[name] if division else None
        title = document.title[self.language] if document else name
        return {"document": name, "title": title, "article": article}

    def basis(self, citations: list[Citation]) -> list[dict[str, Any]]:
        """Documents and articles in force on the day."""
        known = self._bases.get(id(citations))
        if known is None:
            known = self._bases[id(citations)] = list(self._in_force(citations))
        return known

    def _in_force(self, citations: list[Citation]) -> Iterator[dict[str, Any]]:
        for name, article in citations:
            division = self.library.document_division(name, self.engine.ruleset.path[-1])
            document = self.library.packs[division].content.documents[name] if division else None
            if document is None or not document.in_force(self.date):
                continue
            start = document.start.isoformat() if document.start else None
            yield {"document": name, "article": article or None, "from": start}

    def _decisive(self, outcome: Outcome, tests: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The test that a sentence would name: the programme's own, or the first failed one with two sides."""
        wanted = self.library.programmes[outcome.programme].decisive  # type: ignore[index]
        own = next((test for test in tests if test["rule"] == wanted), None)
        if own is not None and own["left"] is not None:
            return own
        if outcome.status != "ineligible":
            return None
        return next((test for test in tests if test["left"] is not None), None)

    def _margin(self, outcome: Outcome, decisive: dict[str, Any] | None) -> dict[str, Any] | None:
        if decisive is None:
            return None
        test = next(test for test in outcome.tests if test.rule == decisive["rule"])
        sides = self.engine.program.rules[test.rule].sides
        if sides is None or not isinstance(test.left, int) or not isinstance(test.right, int):
            return None
        scale, relation, unit = sides
        distance = test.right - test.left if relation in ("<", "<=") else test.left - test.right
        return range_of(distance, scale, unit, _unit_name(unit))

    # what a result rests on besides the law's own words

    def _assumptions(self, assessment: Assessment, outcome: Outcome) -> Iterator[dict[str, Any]]:
        if outcome.status == "not_applicable":
            return
        for assumption in self.library.programmes[outcome.programme].assumptions:  # type: ignore[index]
            if self._assumed(assessment, outcome, assumption):
                yield {"kind": assumption.kind, "id": assumption.id, "message": assumption.message[self.language]}
        if outcome.rounded:
            message = (
                "金额在最后向上取整到分"
                if self.language == "zh"
                else "The amount is rounded up to the fen at the very end"
            )
            yield {"kind": "choice", "id": "rounding", "message": message}
        yield from self._notes(outcome, assessment.household.residence)

    def _assumed(self, assessment: Assessment, outcome: Outcome, assumption: Assumption) -> bool:
        if (assumption.start and self.date < assumption.start) or (assumption.until and self.date > assumption.until):
            return False
        if assumption.figure and not self._inherited(assumption.figure):
            return False
        return assumption.when is None or assessment.holds(assumption.when, outcome.person)

    def _inherited(self, parameter: str) -> bool:
        """Whether a figure stands only because the nation's still does: neither the place nor an officer gave one."""
        figures = self.engine.ruleset.parameters[parameter].figures.values()
        return all(f.source is not None and f.source.pack == self.engine.ruleset.path[0] for f in figures)

    def _notes(self, outcome: Outcome, residence: str) -> list[dict[str, Any]]:
        """Figures that were inferred, carried on or supplied, as far as the result reads them."""
        key = (outcome.programme, outcome.amount is not None, residence)
        notes = self._figure_notes.get(key)
        if notes is None:
            version = self.engine.ruleset.programmes[outcome.programme].version
            rules = [*version.tests, *([version.group] if version.group else [])]
            if outcome.amount is not None and version.amount:
                rules += [version.amount, *version.lines]
            read = parameters_read(self.library, self.engine.ruleset, rules, through_results=True)
            notes = self._figure_notes[key] = [note for id_ in read for note in self._note(id_, residence)]
        return notes

    def _note(self, id_: str, residence: str) -> Iterator[dict[str, Any]]:
        parameter = self.engine.ruleset.parameters[id_]
        for key, figure in parameter.figures.items():
            if key is not None and self.library.parameters[id_].by == "residence" and key != residence:
                continue
            for kind, message in self._reservations(id_, figure):
                yield {"kind": kind, "id": id_, "message": message}
            if self.library.parameters[id_].by in ("age", "education", "level"):
                return

    def _reservations(self, id_: str, figure: Figure) -> Iterator[tuple[str, str]]:
        declared = self.library.parameters[id_]
        title = declared.title[self.language]
        zh = self.language == "zh"
        words = explain.figure_words(figure, t.BY_NAME[declared.unit], self.language)
        if figure.supplied:
            yield (
                "supplied",
                (
                    f"{title}{words}，由经办人员按手中的通知录入。"
                    if zh
                    else f"{title}: {words}, supplied by the officer from the notice in hand."
                ),
            )
        source = figure.source.value if figure.source else None
        if source is None:
            return
        if figure.carried and source.until is not None:
            yield (
                "carried",
                (
                    f"{title}沿用截至{source.until}的数值{words}"
                    if zh
                    else f"{title}: the value that ended on {source.until} ({words}) is carried on"
                ),
            )
        if source.status == "inferred":
            yield (
                "inferred",
                (
                    f"{title}{words}由文件间接得出"
                    if zh
                    else f"{title}: {words} follows from the document only indirectly"
                ),
            )
        elif source.precision == "year":
            yield (
                "convention",
                (
                    f"{title}{words}只印到年份，年内调整日期不详"
                    if zh
                    else f"{title}: {words} is printed for the year; the day of a change within it is not known"
                ),
            )

    def _warnings(self, assessment: Assessment, outcome: Outcome) -> Iterator[dict[str, Any]]:
        for caution in self.library.programmes[outcome.programme].warnings:  # type: ignore[index]
            if caution.start is not None and self.date < caution.start:
                continue
            if assessment.holds(caution.when, outcome.person):
                message = caution.message[self.language]
                place = assessment.household.crisis_place
                yield {
                    "id": caution.id,
                    "message": f"{message}（{place}）"
                    if place and self.language == "zh"
                    else f"{message} ({place})"
                    if place
                    else message,
                    "basis": self.basis(caution.basis),
                }

    def _procedure(self, assessment: Assessment, outcome: Outcome) -> dict[str, Any] | None:
        linked = self.engine.ruleset.programmes.get(outcome.programme)
        if linked is None or outcome.status == "not_applicable":
            return None
        procedure = linked.version.procedure
        if not procedure.model_fields_set:
            return None
        found: dict[str, Any] = dict.fromkeys(_PROCEDURE)
        basis: dict[str, Any] = {}
        for name in _PROCEDURE:
            step = assessment.step(getattr(procedure, name))
            if step is not None:
                found[name], basis[name] = self._step(name, step)
        return found | {"basis": basis} if basis else None

    def _step(self, name: str, step: Step) -> tuple[Any, list[dict[str, Any]]]:
        known = self._steps.get(id(step))
        if known is None:
            value = int(step.value) if isinstance(step.value, str) and step.value.isdigit() else step.value
            shown = {"value": value, "unit": step.unit} if name == "deadline" else value
            known = self._steps[id(step)] = (shown, self.basis(step.basis))
        return known

    # every rule, for those who ask

    def _every_rule(self, assessment: Assessment) -> Iterator[dict[str, Any]]:
        for id_ in self.engine.program.order:
            rule = self.engine.program.rules.get(id_)
            declared = self.library.rules.get(id_)
            if rule is None:
                continue
            people = range(len(assessment.household.members)) if rule.entity == "member" else [None]
            if rule.entity == "obligor":
                continue
            for person in people:
                value = assessment.value_of(id_, person)
                yield {
                    "rule": id_,
                    "person": None if person is None else assessment.household.members[person].id,
                    "title": declared.title[self.language] if declared else None,
                    "value": _shown(value, rule.scale, rule.unit),
                    "basis": self.basis(self.engine.ruleset.rules[id_].version.basis) if declared else [],
                }


def _shown(value: Value, scale: int, unit: t.Type) -> Any:
    if value is True or value is False:
        return value
    if unit == t.BOOL:
        return None
    return range_of(value, scale, unit, _unit_name(unit))


def _unit_name(unit: t.Type) -> str:
    return "count" if unit.kind in ("number", "zero") else str(unit)


def _per_capita(income: Value, size: Value, scale: int) -> dict[str, Any]:
    """Shown only, floored to the fen, and never used: tests multiply out."""
    low_size, high_size = (size.low, size.high) if type(size) is Range else (size, size)
    low, high = (income.low, income.high) if type(income) is Range else (income, income)
    if high_size == 0 or not low_size:
        return {"value": None, "min": "0.00", "max": None, "unit": _MONTHLY}
    least = None if low is None or high_size is None else low // high_size
    most = None if high is None else high // low_size
    if least == most:
        return range_of(least, scale, t.MONEY_MONTH, _MONTHLY)
    return range_of(Range(least, most, 0), scale, t.MONEY_MONTH, _MONTHLY)
