"""Decisions computed again from what an auditor was given: their own facts, the stored text of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from app.decisions.proofs.findings import Report
from app.decisions.stored_rules.pack_texts import rules_of_packs
from app.decisions.stored_rules.recompute import compute, question_of, scope_id, scope_of
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.service import Rules
from app.rules.values.strict_json import Json


@dataclass
class Recheck:
    """Computes decisions again. `packs` are bodies by digest."""

    report: Report
    packs: Mapping[str, str]
    done: int = 0
    scopes: dict[str, Json] = field(default_factory=dict)  # what the decisions rest on, by its id
    scope_of: dict[str, str] = field(default_factory=dict)  # the ids, by the decision's
    _rules: dict[tuple[str, ...], Rules] = field(default_factory=dict)

    def check(self, index: int, body: str) -> None:
        """One record: nothing to do unless it is a decision."""
        record = _read(body)
        if record is None or record.get("kind") != "decision":
            return
        self.done += 1
        subject = str(record.get("id"))
        try:
            same = self._same(record, body)
        except Exception:  # whatever the stored text makes of it, it cannot be computed here
            self.report.add("cannot_recompute", index=index, subject=subject)
        else:
            if not same:
                self.report.add("recomputation", index=index, subject=subject)

    def _same(self, record: Json, body: str) -> bool:
        """Whether its rules come to its own text, to the byte. LookupError where they are not the ones it names."""
        if record["engine"] != ENGINE_VERSION:
            raise LookupError
        rules = self.rules_of(tuple(record["packs"]))
        question = question_of(rules, record)
        engine = rules.engine(question)
        if engine.ruleset.hash != record["ruleset"]:
            raise LookupError
        found = compute(rules, question, engine=engine)
        programmes = frozenset(result["programme"] for result in found.results["results"])
        id_ = self.scope_of[record["id"]] = scope_id(record["ruleset"], programmes)
        if id_ not in self.scopes:
            self.scopes[id_] = scope_of(rules, engine, programmes)
        return found.body(record) == body.encode()

    def rules_of(self, digests: tuple[str, ...]) -> Rules:
        rules = self._rules.get(digests)
        if rules is None:
            rules = self._rules[digests] = rules_of_packs([self.packs[digest] for digest in digests])
        return rules


def _read(body: str) -> Json | None:
    try:
        record = orjson.loads(body)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
