"""From a request body to an answer, and nothing else: no HTTP, no clock. What is asked of the rules is asked here."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from app.rules.answer import Answerer, Asked
from app.rules.assessment import Engine, Engines
from app.rules.faults import Fault, FaultyRequest, read_request, read_supplied
from app.rules.household import EngineHousehold
from app.rules.library import Library
from app.rules.messages import Language
from app.rules.packs import load_packs
from app.rules.requests import SHANGHAI, AssessmentRequest
from app.rules.ruleset import NoLaw

MOST_YEARS_AHEAD: Final = 10
_MAX_ANSWERERS: Final = 512


class Rules:
    """Every loaded pack, ready to be asked."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.engines = Engines(library)
        self.first_day = min(
            version.dates.start for rules in library.rule_versions.values() for linked in rules.values() for version in linked
        )
        self._answerers: dict[tuple[int, Language, dt.date], Answerer] = {}

    @classmethod
    def shipped(cls) -> Rules:
        """The packs that come with the service."""
        return cls(Library(load_packs()))

    def assess(self, raw: Any, language: Language, now: dt.datetime) -> dict[str, Any]:
        """The answer to a request body.

        FaultyRequest or TooManyMembers if it is faulty, UnknownDivision if no loaded division stands above the code,
        RuleFailure if a rule cannot be computed.
        """
        today = now.astimezone(SHANGHAI).date()
        request = read_request(raw, today)
        return self.answer(request, language, now)

    def answer(self, request: AssessmentRequest, language: Language, now: dt.datetime) -> dict[str, Any]:
        now = now.astimezone(SHANGHAI)
        date = request.date or now.date()
        known_at = request.known_at or now.replace(microsecond=0)
        division = self.library.division(request.jurisdiction)
        explain = (request.options.explain if request.options else None) or "reasons"
        engine = self._engine(request, division, date, known_at, now.date())
        household = EngineHousehold(request.household, date, request.jurisdiction)
        assessment = engine.assess(household, date, always_bounded=explain == "full")
        programmes = None if request.programmes is None else frozenset(request.programmes)
        asked = Asked(request.jurisdiction, division, date, known_at, programmes, explain)
        return self._answerer(engine, language, date).answer(assessment, asked)

    def _engine(
        self, request: AssessmentRequest, division: str, date: dt.date, known_at: dt.datetime, today: dt.date
    ) -> Engine:
        options = request.options
        supplied = read_supplied(self.library, options.parameters) if options else {}
        if date < self.first_day:
            raise FaultyRequest([Fault("/date", "before_any_law")])
        if date.year > today.year + MOST_YEARS_AHEAD:
            raise FaultyRequest([Fault("/date", "too_far_ahead")])
        try:
            carry = bool(options and options.carry_forward)
            return self.engines.at(division, date, known_at.date(), carry, supplied)
        except NoLaw:
            raise FaultyRequest([Fault("/known_at", "nothing_known")]) from None

    def _answerer(self, engine: Engine, language: Language, date: dt.date) -> Answerer:
        key = (id(engine), language, date)
        answerer = self._answerers.get(key)
        if answerer is None or answerer.engine is not engine:
            if len(self._answerers) >= _MAX_ANSWERERS:
                self._answerers.clear()
            answerer = self._answerers[key] = Answerer(engine, language, date)
        return answerer
