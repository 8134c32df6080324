"""Whether a decision rests on what is wrong: not only by name, but in what its own results came to."""

from __future__ import annotations

from app.core.errors import CannotRecompute
from app.decisions.defects.intake import Defect
from app.decisions.stored_rules.recompute import question_of
from app.decisions.stored_rules.rule_store import KeptRules
from app.rules.engine.evaluate import Engine
from app.rules.explain.codes import answer_codes
from app.rules.packs.library import LinkedValue
from app.rules.rulesets.sources_used import sources_used
from app.rules.rulesets.without_figures import Key, without_figures
from app.rules.service import Rules
from app.rules.values.strict_json import Json

_MOST_KEPT = 64


class Touching:
    """Finds out whether decisions are touched.

    A rule, and an engine, touch every decision whose results follow from it. A figure touches one whose recorded results
    are no longer the same when the figure is taken away: a household in town is not touched by the standard of the
    country, though both stand in one ruleset. A document touches by a rule that cites it, else by the figures it prints.
    """

    def __init__(self, kept: KeptRules, defect: Defect) -> None:
        self.kept = kept
        self.defect = defect
        self._without: dict[tuple[str, ...], tuple[Engine, Engine | None]] = {}

    async def touched(self, record: Json) -> bool:
        """Whether a decision is; it must be among those of the defect's filter. CannotRecompute if its own rules no
        longer come to what is recorded."""
        if self.defect.kind in ("rule", "engine"):
            return True
        rules = await self.kept.rules_of(record["ruleset"], record["jurisdiction"], record["packs"])
        question = question_of(rules, record)
        engine = rules.engine(question)
        if engine.ruleset.hash != record["ruleset"]:
            raise CannotRecompute
        if self.defect.kind == "document" and self._cited(rules, engine, record):
            return True
        less = self._engine_without(rules, engine, record)
        return less is not None and answer_codes(rules.answer(question, "zh", less)) != record["results"]

    def _engine_without(self, rules: Rules, engine: Engine, record: Json) -> Engine | None:
        """The engine less the figures that are wrong; None if they are not in it. Kept: a period has few rulesets."""
        key = (record["ruleset"], *record["packs"])
        found = self._without.get(key)
        if found is None or found[0] is not engine:
            less = without_figures(engine.ruleset, self._wrong)
            if len(self._without) >= _MOST_KEPT:
                self._without.clear()
            found = self._without[key] = (engine, rules.engines.of(less) if less else None)
        return found[1]

    def _wrong(self, parameter: str, key: Key, value: LinkedValue) -> bool:
        if self.defect.kind == "document":
            return value.value.document == self.defect.name
        return parameter == self.defect.name and (self.defect.key is None or key is None or str(key) == self.defect.key)

    def _cited(self, rules: Rules, engine: Engine, record: Json) -> bool:
        """Whether a rule or a programme that the results follow from cites the document."""
        ruleset = engine.ruleset
        programmes = sorted({result["programme"] for result in record["results"]["results"]})
        cited = [ruleset.rules[id_].version.cited() for id_ in sources_used(rules.library, ruleset, programmes).rules]
        cited += [ruleset.programmes[id_].version.basis for id_ in programmes if id_ in ruleset.programmes]
        return any(document == self.defect.name for basis in cited for document, _ in basis)
