"""From a request body to an answer, and nothing else: no HTTP, no clock. What is asked of the rules is asked here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from app.rules.engine.evaluate import Engine, Engines
from app.rules.engine.figures import Supplied
from app.rules.engine.household import EngineHousehold
from app.rules.explain.answer import Answerer, Asked
from app.rules.facts.request import SHANGHAI, AssessmentRequest, Explain
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.rulesets.ruleset import NoLaw
from app.rules.validation import read_request
from app.rules.values.strict_json import parse_json

_MAX_ANSWERERS: Final = 512


@dataclass(frozen=True)
class Question:
    """A request with every default settled: which household, where, on which day, with what was known when."""

    request: AssessmentRequest
    supplied: Supplied
    division: str
    date: dt.date
    known_at: dt.datetime

    @property
    def carry_forward(self) -> bool:
        return bool(self.request.options and self.request.options.carry_forward)

    @property
    def explain(self) -> Explain:
        return (self.request.options.explain if self.request.options else None) or "reasons"

    @property
    def programmes(self) -> frozenset[str] | None:
        return None if self.request.programmes is None else frozenset(self.request.programmes)


class Rules:
    """Every loaded pack, ready to be asked."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.engines = Engines(library)
        self._answerers: dict[tuple[int, Language, dt.date], Answerer] = {}

    @classmethod
    def shipped(cls) -> Rules:
        """The packs that come with the service."""
        return cls(Library(load_packs()))

    def assess_json(self, body: bytes, language: Language, now: dt.datetime) -> dict[str, Any]:
        """As `assess`, from JSON text. NotJson if it is none."""
        return self.assess(parse_json(body), language, now)

    def assess(self, raw: Any, language: Language, now: dt.datetime) -> dict[str, Any]:
        """The answer to a request body; raises what `question` and `answer` raise."""
        return self.answer(self.question(raw, now), language)

    def question(self, raw: Any, now: dt.datetime) -> Question:
        """What a request body asks.

        FaultyRequest or TooManyMembers if it is faulty, UnknownDivision if no loaded division stands above the code.
        """
        now = now.astimezone(SHANGHAI)
        read = read_request(raw, self.library, now.date())
        request = read.request
        date, known_at = request.date or now.date(), request.known_at or now.replace(microsecond=0)
        return Question(request, read.supplied, self.library.division(request.jurisdiction), date, known_at)

    def engine(self, question: Question) -> Engine:
        """The rules and figures that answer it. FaultyRequest if none were known by then."""
        known = question.known_at.date()
        try:
            return self.engines.at(question.division, question.date, known, question.carry_forward, question.supplied)
        except NoLaw:
            raise FaultyRequest([Fault("/known_at", "nothing_known")]) from None

    def answer(self, question: Question, language: Language, engine: Engine | None = None) -> dict[str, Any]:
        """The answer, by the engine of the question or another. RuleFailure if a rule cannot be computed."""
        engine = engine or self.engine(question)
        date, explain = question.date, question.explain
        household = EngineHousehold(question.request.household, date, question.request.jurisdiction)
        assessment = engine.assess(household, date, always_bounded=explain == "full")
        asked = Asked(question.division, date, question.known_at, question.programmes, explain)
        answer = self._answerer(engine, language, date).answer(assessment, asked)
        assessment.household.release()
        household.release()
        return answer

    def _answerer(self, engine: Engine, language: Language, date: dt.date) -> Answerer:
        key = (id(engine), language, date)
        answerer = self._answerers.get(key)
        if answerer is None or answerer.engine is not engine:
            if len(self._answerers) >= _MAX_ANSWERERS:
                self._answerers.clear()
            answerer = self._answerers[key] = Answerer(engine, language, date)
        return answerer
