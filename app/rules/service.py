"""The way into the rules: from a request body to an answer, without HTTP and without a clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final

from app.rules.alternatives.changes import changes_of
from app.rules.alternatives.choices import Chooser
from app.rules.checks.rules import READ_BY_THE_ENGINE
from app.rules.engine.evaluate import Answers, Engine, Engines
from app.rules.engine.figures import Supplied, overridden
from app.rules.engine.household import EngineHousehold
from app.rules.explain.answer import Answerer, Asked
from app.rules.facts.household import Household
from app.rules.facts.request import SHANGHAI, AssessmentRequest, Explain
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.plausibility import Doubt, doubts, figure_doubts, shown
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.rulesets.dependencies import parameters_in_use
from app.rules.rulesets.ruleset import PUBLISHED, Accepting, NoLaw, Ruleset
from app.rules.validation import read_request
from app.rules.values.strict_json import Json, parse_json

_MAX_ANSWERERS: Final = 512


@dataclass(frozen=True)
class TypedIn:
    """Figures that an officer typed in earlier, by what was known on a day: each gives way to one published since."""

    parameters: frozenset[str]
    known: dt.date


@dataclass(frozen=True)
class Question:
    """A request with every default settled: the household, the division, the day, and the instant of knowledge."""

    request: AssessmentRequest
    supplied: Supplied
    division: str
    date: dt.date
    known_at: dt.datetime
    typed_in: TypedIn | None = None

    @property
    def accepting(self) -> Accepting:
        options = self.request.options
        return Accepting(options.carry_forward, options.accept_reported) if options else PUBLISHED

    @property
    def explain(self) -> Explain:
        return (self.request.options.explain if self.request.options else None) or "reasons"

    @property
    def programmes(self) -> frozenset[str] | None:
        return None if self.request.programmes is None else frozenset(self.request.programmes)


class Rules:
    """Answers requests by the packs that are loaded."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.engines = Engines(library)
        self._answerers: dict[tuple[int, Language, dt.date], Answerer] = {}

    @classmethod
    def shipped(cls) -> Rules:
        """Loads the packs that come with the service."""
        return cls(Library(load_packs()))

    def assess_json(self, body: bytes, language: Language, now: dt.datetime) -> dict[str, Any]:
        """Answers a request from JSON text. Raises NotJson, and everything that `assess` raises."""
        return self.assess(parse_json(body), language, now)

    def assess(self, raw: Any, language: Language, now: dt.datetime) -> dict[str, Any]:
        """Answers a request body. Raises everything that `question` and `answer` raise."""
        question = self.question(raw, now)
        answer = self.answer(question, language)
        options = question.request.options
        if options is not None and (options.choices or options.changes):
            self._add_alternatives(raw, question, language, answer, now)
        return answer

    def question(self, raw: Any, now: dt.datetime, *, recorded: bool = False) -> Question:
        """Reads a request body as a question; one on record as it was taken.

        Raises FaultyRequest or TooManyMembers if it is faulty, UnknownDivision if no loaded division is above the code.
        """
        now = now.astimezone(SHANGHAI)
        read = read_request(raw, self.library, now.date(), recorded=recorded)
        request = read.request
        date, known_at = request.date or now.date(), request.known_at or now.replace(microsecond=0)
        return Question(request, read.supplied, self.library.division(request.jurisdiction), date, known_at)

    def engine(self, question: Question) -> Engine:
        """Returns the rules and figures that answer a question. Raises FaultyRequest if none were known by then."""
        known = question.known_at.date()
        try:
            return self.engines.at(
                question.division, question.date, known, question.accepting, self._standing(question)
            )
        except NoLaw:
            raise FaultyRequest([Fault("/known_at", "nothing_known")]) from None

    def _standing(self, question: Question) -> Supplied:
        """Leaves out the figures that were typed in for want of a published one where one was published since."""
        typed = question.typed_in
        if typed is None or not question.supplied:
            return question.supplied
        now, then = (self._published(question, known) for known in (question.known_at.date(), typed.known))
        before = set() if then is None else set(overridden(then, self.library, question.supplied))
        since = set() if now is None else set(overridden(now, self.library, question.supplied)) - before
        return {id_: given for id_, given in question.supplied.items() if id_ not in since & typed.parameters}

    def _published(self, question: Question, known: dt.date) -> Ruleset | None:
        """Returns the ruleset without anything typed in; None if no law was known by the day."""
        try:
            return self.engines.at(question.division, question.date, known, question.accepting).ruleset
        except NoLaw:
            return None

    def answer(
        self, question: Question, language: Language, engine: Engine | None = None, answers: Answers | None = None
    ) -> dict[str, Any]:
        """Answers a question by its own engine or another, with an officer's answers if given. Raises RuleFailure if a rule
        cannot be computed."""
        engine = engine or self.engine(question)
        date, explain = question.date, question.explain
        household = EngineHousehold(question.request.household, date, question.request.jurisdiction)
        assessment = engine.assess(household, date, always_bounded=explain == "full", answers=answers)
        asked = Asked(question.division, date, question.known_at, question.programmes, explain)
        answer = self._answerer(engine, language, date).answer(assessment, asked)
        assessment.household.release()
        household.release()
        if found := self._doubts(question):
            answer["warnings"] = shown(found, language)
        return answer

    def _add_alternatives(
        self, raw: Json, question: Question, language: Language, answer: Json, now: dt.datetime
    ) -> None:
        engine, options = self.engine(question), question.request.options
        articles = self._answerer(engine, language, question.date).articles
        if options and options.choices:

            def assessed(household: Household, answers: Answers) -> Json:
                changed = question.request.model_copy(update={"household": household})
                return self.answer(replace(question, request=changed), language, engine, answers)

            home = EngineHousehold(question.request.household, question.date, question.request.jurisdiction)
            space = engine.assess(home, question.date, always_bounded=True).space
            chooser = Chooser(self.library, engine.ruleset, articles, assessed)
            answer["choices"] = chooser.choices(question.request.household, answer, space.asked if space else ())
        if options and options.changes:
            plain = raw["options"] | {"explain": "none", "choices": False, "changes": False}
            settled = {"date": question.date.isoformat(), "known_at": question.known_at.isoformat(), "options": plain}

            def confirm(body: Json) -> Json | None:
                try:
                    return self.answer(self.question(body, now), language)
                except FaultyRequest:
                    return None

            answer["changes"] = changes_of(raw | settled, question.date, answer, self.library, articles, confirm)

    def _doubts(self, question: Question) -> list[Doubt]:
        """Lists what deserves a second look before anybody decides by the answer."""
        found = doubts(question.request.household, question.date)
        return found + self.figure_doubts(question) if question.supplied else found

    def figure_doubts(self, question: Question) -> list[Doubt]:
        """Lists supplied figures in place of other published ones, far from any, or that no rule reads on the day."""
        published = self._published(question, question.known_at.date())
        found = list(figure_doubts(question.supplied, self.library, published))
        read = {*READ_BY_THE_ENGINE, *parameters_in_use(self.library, self.engine(question).ruleset)}
        return found + [Doubt(f"/options/parameters/{id_}", "not_read") for id_ in question.supplied if id_ not in read]

    def _answerer(self, engine: Engine, language: Language, date: dt.date) -> Answerer:
        key = (id(engine), language, date)
        answerer = self._answerers.get(key)
        if answerer is None or answerer.engine is not engine:
            if len(self._answerers) >= _MAX_ANSWERERS:
                self._answerers.clear()
            answerer = self._answerers[key] = Answerer(engine, language, date)
        return answerer
