"""A recorded decision computed again: from its own facts, by the rules it names or by others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from app.core.canonical_json import canonical_plain, digest_of, digest_text
from app.decisions.records import with_results
from app.rules.engine.evaluate import Engine
from app.rules.explain.codes import answer_codes
from app.rules.facts.request import RULESET_OPTIONS, Explain, Options
from app.rules.messages import Language
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.rulesets.sources_used import sources_used
from app.rules.service import Question, Rules
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Recomputed:
    """What a decision comes to: the answer with words, the results as a record keeps them, and by which rules."""

    answer: Json
    results: Json
    ruleset: str
    engine: str
    explain: Explain = "reasons"  # how much the answer explains; the results do not depend on it

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
    recorded_at = dt.datetime.fromisoformat(record["recorded_at"])
    return rules.question(request_of(record), recorded_at, recorded=True)


def compute(rules: Rules, question: Question, language: Language = "zh", engine: Engine | None = None) -> Recomputed:
    """A question's answer in words and as a record keeps it."""
    engine = engine or rules.engine(question)
    answer = rules.answer(question, language, engine)
    kept = answer if question.explain == "reasons" else rules.answer(explained(question, "reasons"), language, engine)
    return Recomputed(answer, answer_codes(kept), engine.ruleset.hash, ENGINE_VERSION, question.explain)


def explained(question: Question, explain: Explain) -> Question:
    """The same question, its answer explained as much as this."""
    options = question.request.options or Options()
    asked = {"options": options.model_copy(update={"explain": explain})}
    return replace(question, request=question.request.model_copy(update=asked))


def scope_id(ruleset: str, programmes: frozenset[str]) -> str:
    """The id of the scope of results of programmes."""
    return digest_text(digest_of(canonical_plain([ruleset, sorted(programmes)])))


def scope_of(rules: Rules, engine: Engine, programmes: frozenset[str]) -> Json:
    """The rules, figures and documents that results of programmes rest on, as they are stored under one id."""
    named = sorted(programmes)
    found = sources_used(rules.library, engine.ruleset, named)
    return {
        "id": scope_id(engine.ruleset.hash, programmes),
        "ruleset": engine.ruleset.hash,
        "programmes": named,
        "rules": list(found.rules),
        "parameters": list(found.parameters),
        "documents": list(found.documents),
    }


def resolves(rules: Rules, resolved: Json) -> str:
    """The hash of the ruleset that rules come to for a stored place, day and knowledge."""
    asked = {name: resolved[name] for name in ("jurisdiction", "date", "known_at")}
    options = {name: resolved[name] for name in RULESET_OPTIONS if resolved.get(name)}
    anybody = {"id": "p1", "relation": "applicant", "birth_date": "1980-01-01"}
    body = (
        asked | {"household": {"residence": "urban", "members": [anybody]}} | ({"options": options} if options else {})
    )
    question = rules.question(body, dt.datetime.fromisoformat(resolved["known_at"]))
    return rules.engine(question).ruleset.hash
