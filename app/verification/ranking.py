"""Ranks findings by their effects on the results, the most important first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.verification.case_file import CaseFile
from app.verification.findings.compare import Finding
from app.verification.findings.effects import Assess, Effect, effects
from app.verification.findings.patch import changed
from app.verification.findings.settle import last_resolutions, settled_values

_A_CHANGE: Final = 2


@dataclass(frozen=True)
class RankedFinding:
    """A finding and what accepting it would change; `effects` is None where that cannot be computed."""

    finding: Finding
    resolved: bool
    effects: list[Effect] | None

    @property
    def rank(self) -> tuple[int, int, int]:
        """Open ones first: a status that would change, what cannot be computed, amounts by their size, the rest."""
        return (10 if self.resolved else 0) + self._weight, -self._most, self.finding.n

    @property
    def matters(self) -> bool:
        """True if it is open and would change a result, or changes what cannot be computed."""
        return not self.resolved and self._weight <= _A_CHANGE

    @property
    def _weight(self) -> int:
        if self.finding.kind in ("agrees", "other_time"):
            return 4
        if self.effects is None:
            return 1
        if any(effect.changes_status for effect in self.effects):
            return 0
        return _A_CHANGE if self.effects else 3

    @property
    def _most(self) -> int:
        return max((abs(effect.fen or 0) for effect in self.effects or ()), default=0)


def settled_household(file: CaseFile) -> Json:
    """The household of a verification as persons settled it so far."""
    return changed(file.case.household, settled_values(file.resolutions))


def ranked_in(file: CaseFile, assess: Assess, today: dt.date) -> list[RankedFinding]:
    """The findings of a verification, each with its effect on the household as it is settled."""
    return ranked(file.findings(today), frozenset(last_resolutions(file.resolutions)), settled_household(file), assess)


def ranked(found: Iterable[Finding], resolved: frozenset[int], household: Json, assess: Assess) -> list[RankedFinding]:
    """The findings that stand, each with its effect on the household as it is settled so far. Where the rules do not
    take the household, no effect can be computed."""
    try:
        now = assess(household)
    except FaultyRequest:
        now = None
    standing = [one for one in found if not one.superseded or one.n in resolved]
    weights = [RankedFinding(one, one.n in resolved, _effects(one, household, now, assess)) for one in standing]
    return sorted(weights, key=lambda one: one.rank)


def _effects(finding: Finding, household: Json, now: Json | None, assess: Assess) -> list[Effect] | None:
    if finding.change is None:
        return [] if finding.kind in ("agrees", "unmatched", "other_time") else None
    if now is None:
        return None
    return effects(assess, household, now, {} if finding.kind == "agrees" else finding.change.values)
