"""From a request body to an answer, and nothing else: no HTTP, no clock. What is asked of the rules is asked here."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from app.rules.answer import Answerer, Asked
from app.rules.assessment import Engine, Engines
from app.rules.faults import Fault, FaultyRequest, read_request
from app.rules.figures import Supplied
from app.rules.household import EngineHousehold
from app.rules.json_text import parse_json
from app.rules.library import Library
from app.rules.messages import Language
from app.rules.packs import load_packs
from app.rules.requests import SHANGHAI
from app.rules.ruleset import NoLaw

_MAX_ANSWERERS: Final = 512


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
        """The answer to a request body.

        FaultyRequest or TooManyMembers if it is faulty, UnknownDivision if no loaded division stands above the code,
        RuleFailure if a rule cannot be computed.
        """
        now = now.astimezone(SHANGHAI)
        read = read_request(raw, self.library, now.date())
        request, options = read.request, read.request.options
        date = request.date or now.date()
        known_at = request.known_at or now.replace(microsecond=0)
        division = self.library.division(request.jurisdiction)
        explain = (options.explain if options else None) or "reasons"
        engine = self._engine(division, date, known_at, bool(options and options.carry_forward), read.supplied)
        household = EngineHousehold(request.household, date, request.jurisdiction)
        assessment = engine.assess(household, date, always_bounded=explain == "full")
        programmes = None if request.programmes is None else frozenset(request.programmes)
        asked = Asked(division, date, known_at, programmes, explain)
        answer = self._answerer(engine, language, date).answer(assessment, asked)
        assessment.household.release()
        household.release()
        return answer

    def _engine(self, division: str, date: dt.date, known_at: dt.datetime, carry: bool, supplied: Supplied) -> Engine:
        try:
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
