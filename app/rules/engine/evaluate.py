"""Runs a ruleset on a household: status, amount, tests and open questions of every programme and person.

Everything here is codes and values; words are added by explain.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.rules.engine.compiler.compile import Program, compile_rules
from app.rules.engine.compiler.writer import CompiledRule, variable
from app.rules.engine.figures import Figures, Supplied, with_supplied
from app.rules.engine.household import EngineHousehold, Person
from app.rules.engine.outcomes import Outcome, Status, Test
from app.rules.errors import CodedError
from app.rules.facts.household import Residence
from app.rules.language.vocabulary import PROGRAMMES
from app.rules.packs.library import Library
from app.rules.packs.schema import Step
from app.rules.rulesets.ruleset import PUBLISHED, Accepting, Ruleset, Rulesets
from app.rules.values.algebra import Algebra
from app.rules.values.open_values import Maybe, Range, Value, causes_of
from app.rules.values.space import Space
from app.rules.values.unknown import NeedsBounds

Answers = Mapping[tuple[str, int | None], bool]  # by an officer's question, and the member it is asked of

_MAX_COMPILED: Final = 256
_MOST_SUPPLIED: Final = 64
_SETTLED: Final[tuple[Status, ...]] = ("eligible", "ineligible", "not_applicable")


class RuleFailure(CodedError):
    """A rule could not be computed. It is never a refusal; `rule` names it."""

    code = "rule_failure"

    def __init__(self, rule: str) -> None:
        super().__init__(f"the rule {rule} failed")
        self.rule = rule


@dataclass(slots=True)
class Assessment:
    """All outcomes of one household, with the value of every rule."""

    engine: Engine
    household: EngineHousehold
    outcomes: list[Outcome]
    space: Space | None
    _judge: _Judge = field(repr=False)

    @property
    def bounded(self) -> bool:
        return self.space is not None

    def counts(self) -> list[bool | None]:
        """Tells of each member if it is counted, people in extreme-poverty support set apart; None while it is open."""
        return [_decided(self._judge.value("counted", person)) for person in self.household.members]

    def of_household(self, rule: str) -> tuple[Value, int]:
        """Returns the value of a household's rule and its scale."""
        return self._judge.value(rule, None), self.engine.program.rules[rule].scale

    def value_of(self, rule: str, person: int | None) -> Value:
        """Returns a rule's value for the household or one person, at the rule's scale (after bounded evaluation)."""
        return self._judge.value(rule, None if person is None else self.household.members[person])

    def holds(self, rule: str, person: int | None) -> bool:
        """Tells if a condition is known to hold."""
        return self.value_of(rule, person) is True

    def step(self, steps: list[Step]) -> Step | None:
        """Returns the first step of the procedure whose condition holds; None where an earlier condition is open, unless
        the step is stated then, too."""
        for step in steps:
            found = True if step.when is None else self._judge.value(step.when, None)
            if found is True or (step.open and found is not False):
                return step
            if found is not False:
                return None
        return None


class Engine:
    """One ruleset, compiled, with its figures. Thread-safe: it holds no household."""

    def __init__(self, library: Library, ruleset: Ruleset, program: Program) -> None:
        self.library = library
        self.ruleset = ruleset
        self.program = program
        self.figures = Figures.of(library, ruleset)
        self.plans = [_Plan(self, id_) for id_ in PROGRAMMES if id_ in library.programmes]
        self.noted: dict[tuple[Any, ...], Any] = {}  # what reservations found out about its figures

    def assess(
        self, household: EngineHousehold, date: dt.date, *, always_bounded: bool = False, answers: Answers | None = None
    ) -> Assessment:
        """Judges every programme for a household, with an officer's answers if given. Raises RuleFailure if a rule cannot be
        computed."""
        if not always_bounded and not answers:
            try:
                return self._run(self.program.fast, household, self.figures.known, date, None)
            except NeedsBounds:
                pass
        space = self.figures.space()
        space.answers = answers or {}
        return self._run(self.program.bounded, household.opened(space), self.figures.open, date, space)

    def derived(self, rule: str, residence: Residence) -> tuple[Value, int]:
        """Computes a value given by a formula for a residence; returns it with its scale."""
        space = self.figures.space()
        household = EngineHousehold.empty(residence).opened(space)
        self.program.bounded(household, self.figures.open, self.figures.published, dt.date.min, space, Algebra(space))
        compiled = self.program.rules.get(rule)
        if compiled is None:  # no result of this ruleset reads it
            return Range(None, None, 0), 1
        return space.hull(getattr(household, compiled.name)), compiled.scale

    def _run(
        self,
        function: Callable[..., list[Outcome]],
        household: EngineHousehold,
        figures: tuple[Any, ...],
        date: dt.date,
        space: Space | None,
    ) -> Assessment:
        algebra = Algebra(space) if space is not None else None
        try:
            outcomes = function(household, figures, self.figures.published, date, space, algebra)
            judge = _Judge(self.program, space, household)
            if space is not None:
                outcomes = [outcome for plan in self.plans for outcome in plan.outcomes(household, space)]
        except NeedsBounds:
            raise
        except Exception as error:
            raise RuleFailure(_failed_rule(self.program, function, error)) from error
        return Assessment(self, household, outcomes, space, judge)


def _failed_rule(program: Program, function: Callable[..., list[Outcome]], error: Exception) -> str:
    """Returns the rule whose line of the compiled function raised; `unknown` for a line of no rule."""
    source = (program.fast_source if function is program.fast else program.bounded_source).splitlines()
    trace = error.__traceback__
    line = ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<ruleset>":
            line = source[trace.tb_lineno - 1]
        trace = trace.tb_next
    return next((rule.id for rule in program.rules.values() if f".{rule.name} = " in line), "unknown")


class _Judge:
    """Reads results off the entities they were set on."""

    def __init__(self, program: Program, space: Space | None, household: EngineHousehold) -> None:
        self.program = program
        self.space = space
        self.household = household

    def value(self, rule: str, person: Person | None) -> Value:
        compiled = self.program.rules.get(rule)
        holder = person if compiled is None or compiled.entity == "member" else self.household
        value = getattr(holder, variable(rule) if compiled is None else compiled.name)
        return value if self.space is None or value is True or value is False else self.space.hull(value)


class _Plan:
    """One programme of a ruleset: its group, tests, amount and lines, and the outcomes they lead to."""

    def __init__(self, engine: Engine, id_: str) -> None:
        self.id = id_
        linked = engine.ruleset.programmes.get(id_)
        self.version = linked.version if linked else None
        self.declared = engine.library.programmes[id_]  # type: ignore[index]
        rules = engine.program.rules
        self.tests: list[CompiledRule] = [rules[test] for test in self.version.tests] if self.version else []
        self.group = rules[self.version.group] if self.version and self.version.group else None
        self.amount = rules[self.version.amount] if self.version and self.version.amount else None
        self.lines = [rules[line] for line in self.version.lines] if self.version else []

    def outcomes(self, household: EngineHousehold, space: Space) -> Iterator[Outcome]:
        """Yields every outcome but those outside the programme's group."""
        if self.version is None:
            return
        if self.declared.entity == "household":
            yield from self._outcome(household, None, None, space)
            return
        no_result = variable("family.no_result")
        for person in household.members:
            if not getattr(person, no_result):
                yield from self._outcome(household, person, person.index, space)

    def _outcome(
        self, household: EngineHousehold, person: Person | None, index: int | None, space: Space
    ) -> Iterator[Outcome]:
        group = True if self.group is None else _raw(self.group, household, person)
        if group is not False:
            results = [_raw(test, household, person) for test in self.tests]
            outcome = self._open(household, person, index, group, results, space)
            if outcome.status != "not_applicable":
                yield outcome

    def _open(
        self,
        household: EngineHousehold,
        person: Person | None,
        index: int | None,
        group: Value,
        results: list[Value],
        space: Space,
    ) -> Outcome:
        algebra = Algebra(space)
        passed = algebra.both(*results)
        found, causes = _status(space.settle(space.lift(_cell, group, passed)), space)
        status: Status = _open_status(causes, space) if found == "open" else found
        if status == "not_applicable":
            return Outcome(self.id, index, status)
        tests = tuple(_open_test(rule, household, person, space) for rule in self.tests)
        if status == "ineligible":
            return Outcome(self.id, index, status, tests=_carrying(tests))
        tests = tuple(sorted(tests, key=lambda test: test.holds is True))
        if self.amount is None:
            return self._finished(Outcome(self.id, index, status, tests=tests), causes, space)
        return self._paid(status, household, person, index, tests, space, causes)

    def _paid(
        self,
        status: Status,
        household: EngineHousehold,
        person: Person | None,
        index: int | None,
        tests: tuple[Test, ...],
        space: Space,
        causes: int,
    ) -> Outcome:
        """Adds the amount in fen, rounded up at the very end where the place names no other rounding."""
        assert self.amount is not None  # noqa: S101  the caller asked
        value = space.hull(_raw(self.amount, household, person))
        lines = [(rule, space.hull(_raw(rule, household, person))) for rule in self.lines]
        causes |= causes_of(value)
        amount, exact = _fen(value, self.amount.scale)
        shown = tuple((rule.id, _floored(line, rule.scale)) for rule, line in lines)
        shown += _rounding_line(self.id, amount, shown)
        outcome = Outcome(self.id, index, status, amount, shown, tests, rounded=not exact)
        return self._finished(outcome, causes, space)

    def _finished(self, outcome: Outcome, causes: int, space: Space) -> Outcome:
        names = space.names(causes)
        return Outcome(
            outcome.programme,
            outcome.person,
            outcome.status,
            outcome.amount,
            outcome.lines,
            outcome.tests,
            tuple(sorted(name for name in names if name.startswith("/"))),
            tuple(sorted(name for name in names if not name.startswith("/"))),
            outcome.rounded,
        )


def _raw(rule: CompiledRule, household: EngineHousehold, person: Person | None) -> Value:
    return getattr(person if rule.entity == "member" else household, rule.name)


def _open_test(rule: CompiledRule, household: EngineHousehold, person: Person | None, space: Space) -> Test:
    holds = _decided(space.hull(_raw(rule, household, person)))
    if rule.sides is None:
        return Test(rule.id, holds)
    holder = person if rule.entity == "member" else household
    left, right = getattr(holder, rule.name + "_l"), getattr(holder, rule.name + "_r")
    return Test(rule.id, holds, space.hull(left), space.hull(right))


def _carrying(tests: tuple[Test, ...]) -> tuple[Test, ...]:
    """Returns the tests that carry a refusal: those that fail, or the open ones where each case fails at another."""
    failed = tuple(test for test in tests if test.holds is False)
    return failed or tuple(test for test in tests if test.holds is None)


def _cell(group: Value, passed: Value) -> str | Maybe:
    """Returns the status in one case, or an open condition."""
    if group is False:
        return "not_applicable"
    if passed is False:
        return "ineligible"
    if group is True and passed is True:
        return "eligible"
    return Maybe(causes_of(group) | causes_of(passed))


def _open_status(causes: int, space: Space) -> Status:
    """Returns `undetermined` if a fact would settle an open status, `refer` if only an officer can."""
    return "undetermined" if any(name.startswith("/") for name in space.names(causes)) else "refer"


def _status(value: Value, space: Space) -> tuple[Status | Literal["open"], int]:
    """Returns one status for all cases, or `open`, with the causes; refused or outside the group is refused."""
    cells = value.cells if hasattr(value, "cells") else [value]
    kinds = {cell if isinstance(cell, str) else "open" for cell in cells}
    for settled in _SETTLED:
        if kinds == {settled}:
            return settled, 0
    if kinds == {"ineligible", "not_applicable"}:
        return "ineligible", 0
    causes = space.axes_causes(value.axes) if hasattr(value, "axes") else 0
    for cell in cells:
        causes |= causes_of(cell)
    return "open", causes


def _decided(value: Value) -> bool | None:
    return value if value is True or value is False else None


def _fen(value: Value, scale: int) -> tuple[Value, bool]:
    """Rounds an amount, or both its bounds, up to the fen; says as well if it was whole already."""
    if type(value) is not Range:
        return -(-value // scale), value % scale == 0
    found = _rounded(value, lambda end: -(-end // scale))
    return found, type(found) is Range


def _floored(value: Value, scale: int) -> Value:
    return _rounded(value, lambda end: end // scale)


def _rounded(value: Value, to_fen: Callable[[int], int]) -> Value:
    """Applies `to_fen` to a figure, or to both bounds of a range; a range whose bounds meet is a figure."""
    if type(value) is not Range:
        return to_fen(value)
    low, high = (None if bound is None else to_fen(bound) for bound in (value.low, value.high))
    return low if low is not None and low == high else Range(low, high, value.causes)


def _rounding_line(id_: str, amount: Value, lines: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    if type(amount) is Range or any(type(line) is Range for _, line in lines):
        return ()
    difference = amount - sum(line for _, line in lines)
    return ((f"{id_}.rounding", difference),) if difference else ()


class Engines:
    """The engines of a library: compiled once for each structure of rules, kept for each ruleset."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.rulesets = Rulesets(library)
        self._programs: dict[tuple[Any, ...], Program] = {}
        self._engines: dict[str, Engine] = {}
        self._supplied: dict[tuple[Any, ...], Engine] = {}

    def at(
        self,
        division: str,
        date: dt.date,
        known: dt.date,
        accepting: Accepting = PUBLISHED,
        supplied: Supplied | None = None,
    ) -> Engine:
        """Returns the engine of a loaded division on a day, as known by a day. Raises NoLaw if no rule was in force."""
        ruleset = self.rulesets.at(division, date, known, accepting)
        key = f"{division} {accepting} {ruleset.hash}"
        if supplied:
            return self._with(supplied, key, ruleset)
        engine = self._engines.get(key)
        if engine is None:
            if len(self._engines) >= _MAX_COMPILED:
                self._engines.pop(next(iter(self._engines)))
            engine = self._engines[key] = self.of(ruleset)
        return engine

    def _with(self, supplied: Supplied, key: str, ruleset: Ruleset) -> Engine:
        """Returns an engine with an officer's figures; a few are kept, as they often serve many households."""
        named = (key, id(ruleset), *((id_, *figures.items()) for id_, figures in sorted(supplied.items())))
        engine = self._supplied.get(named)
        if engine is None:
            if len(self._supplied) >= _MOST_SUPPLIED:
                self._supplied.pop(next(iter(self._supplied)), None)
            engine = self._supplied[named] = self.of(with_supplied(ruleset, self.library, supplied))
        return engine

    def of(self, ruleset: Ruleset) -> Engine:
        """Returns the engine of a ruleset of this library, compiled once for each structure."""
        structure = ruleset.structure
        program = self._programs.get(structure)
        if program is None:
            if len(self._programs) >= _MAX_COMPILED:
                self._programs.pop(next(iter(self._programs)))
            program = self._programs[structure] = compile_rules(self.library, ruleset)
        return Engine(self.library, ruleset, program)
