"""Titles of the codes that reviews, alerts and screenings carry, in the language asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from app.monitoring.events import kinds
from app.monitoring.schemas import EffectInWords
from app.rules.facts.household import Programme
from app.rules.history import RulesHistory
from app.rules.messages import Language
from app.verification.findings.effects import Effect
from app.verification.registers.sources import shipped
from app.verification.views import expected_effects

_BEFORE: Final[dict[str, dict[Language, str]]] = {
    "not_asked": {"zh": "此前未申请", "en": "not asked for"},
    "refused": {"zh": "此前不予批准", "en": "refused"},
    "undecided": {"zh": "此前尚未决定", "en": "left undecided"},
}


@dataclass(frozen=True)
class Words:
    """Gives codes their titles: programmes as the newest rules call them, events and registers as their files do."""

    history: RulesHistory
    language: Language

    def programme(self, id_: str) -> str:
        return self.history.newest.rules.library.programmes[cast("Programme", id_)].title[self.language]

    def event(self, kind: str) -> str:
        return kinds()[kind].title[self.language]

    def register(self, source: str) -> str:
        return shipped().sources[source].title[self.language]

    def fact(self, fact: str) -> str:
        return shipped().facts[fact].title[self.language]

    def before(self, before: str) -> str:
        return _BEFORE[before][self.language]

    def effects(self, effects: list[Effect] | None) -> list[EffectInWords] | None:
        """Effects with the titles of their programmes; None where they cannot be computed."""
        expected = expected_effects(effects)
        if expected is None:
            return None
        return [EffectInWords(**dict(one), title=self.programme(one.programme)) for one in expected]
