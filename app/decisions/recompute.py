"""A recorded decision computed again: from its own facts, by the rules it names or by others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from app.decisions.kept_rules import CannotRecompute, KeptRules
from app.decisions.records import with_results
from app.rules.assessment import Engine
from app.rules.messages import Language
from app.rules.recorded import recorded
from app.rules.ruleset import ENGINE_VERSION
from app.rules.service import Question, Rules

Json = dict[str, Any]


@dataclass(frozen=True)
class Recomputed:
    """What a decision comes to: the answer with words, the results as a record keeps them, and by which rules."""

    answer: Json
    results: Json
    ruleset: str
    engine: str

    def body(self, record: Json) -> bytes:
        """The record's text if it had come to this; its own, to the byte, where nothing differs."""
        return with_results(record, self.ruleset, self.engine, self.results)


def request_of(record: Json) -> Json:
    """The request that a recorded decision answers, with its day and its knowledge."""
    facts = record["facts"]
    return {
        "jurisdiction": record["jurisdiction"],
        "date": record["date"],
        "known_at": record["known_at"],
        "programmes": facts["programmes"],
        "household": facts["household"],
        "options": facts["options"],
    }


def question_of(rules: Rules, record: Json) -> Question:
    """The recorded question, asked of some rules. FaultyRequest where their facts no longer allow it."""
    return rules.question(request_of(record), dt.datetime.fromisoformat(record["recorded_at"]))


def compute(rules: Rules, question: Question, language: Language = "zh", engine: Engine | None = None) -> Recomputed:
    """A question's answer in words and as a record keeps it."""
    engine = engine or rules.engine(question)
    answer = rules.answer(question, language, engine)
    return Recomputed(answer, recorded(answer), engine.ruleset.hash, ENGINE_VERSION)


async def by_its_own_rules(kept: KeptRules, record: Json, language: Language = "zh") -> Recomputed:
    """A recorded decision by the stored rules. CannotRecompute if they do not come to the recorded hash any more."""
    if record["engine"] != ENGINE_VERSION:
        raise CannotRecompute
    rules = await kept.rules_of(record["ruleset"], record["jurisdiction"], record["packs"])
    question = question_of(rules, record)
    engine = rules.engine(question)
    if engine.ruleset.hash != record["ruleset"]:
        raise CannotRecompute
    return compute(rules, question, language, engine)


def moved(question: Question, *, date: dt.date | None = None, known_at: dt.datetime | None = None) -> Question:
    """The same question on another day, or with other knowledge."""
    return replace(question, date=date or question.date, known_at=known_at or question.known_at)
