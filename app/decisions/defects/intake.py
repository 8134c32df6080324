"""Reads defect notices: what is wrong, for which days, and what is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.core.canonical_json import with_exact_numbers
from app.core.paging import Filter
from app.decisions.defects.schemas import Corrected, DefectReport
from app.decisions.intake import read_body
from app.rules.facts.request import china_day
from app.rules.packs.indexes import INDEX_KEYS
from app.rules.packs.library import Library
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.validation import read_supplied
from app.rules.values.strict_json import Json

DefectKind = Literal["rule", "parameter", "document", "engine"]
KINDS: Final[tuple[DefectKind, ...]] = ("rule", "parameter", "document", "engine")
_CORRECTIONS: Final = ("parameters", "ruleset", "known_at", "engine")


@dataclass(frozen=True)
class Defect:
    """A defect that is looked for. `parameters`, `ruleset` and `known_at` say what is right; none of them: what is known
    now."""

    kind: DefectKind
    name: str
    key: str | None
    start: dt.date
    until: dt.date | None
    jurisdiction: str | None = None
    parameters: Json | None = None
    ruleset: str | None = None
    known_at: str | None = None

    @property
    def filter(self) -> Filter:
        """The decisions that may be touched: those for these days that rest on the rule, figure, document or engine."""
        named: Json = {self.kind: self.name}
        return Filter(jurisdiction=self.jurisdiction, start=self.start, until=self.until, **named)

    def holds_on(self, day: dt.date) -> bool:
        """Tells if a day lies in the period."""
        return self.start <= day and (self.until is None or day <= self.until)

    def plain(self) -> Json:
        """As plain values; the inverse is `of`."""
        return {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in vars(self).items() if v is not None}

    @classmethod
    def of(cls, plain: Json) -> Defect:
        days: Json = {name: dt.date.fromisoformat(plain[name]) for name in ("start", "until") if name in plain}
        given: Json = {"key": None, "until": None} | plain | days
        return cls(**given)


def read_defect(raw: Any, library: Library, now: dt.datetime) -> Defect:
    """Reads a notice as it was sent. FaultyRequest with every fault."""
    body = read_body(raw, DefectReport)
    faults = [*_faults(body, raw, library, now)]
    if faults:
        raise FaultyRequest(faults)
    kind = next(kind for kind in KINDS if getattr(body, kind) is not None)
    right = with_exact_numbers(
        {name: value for name, value in (raw.get("corrected") or {}).items() if value is not None}
    )
    right.pop("engine", None)  # it is the one that computes anyway
    return Defect(kind, getattr(body, kind), body.key, body.start, body.until, body.jurisdiction, **right)


def _faults(body: DefectReport, raw: Json, library: Library, now: dt.datetime) -> Iterator[Fault]:
    if sum(getattr(body, kind) is not None for kind in KINDS) != 1:
        yield Fault("", "one_needed")
    if body.until is not None and body.until < body.start:
        yield Fault("/until", "out_of_range")
    if body.start > china_day(now):
        yield Fault("/from", "in_the_future")
    if body.key is not None and body.key not in _keys(body, library):
        yield Fault("/key", "parameter_shape")
    if body.corrected is not None:
        yield from _faults_of_corrected(body.corrected, raw["corrected"], library)


def _keys(body: DefectReport, library: Library) -> set[str]:
    declared = library.parameters.get(body.parameter) if body.parameter else None
    return {str(key) for key in INDEX_KEYS.get(declared.by or "", ())} if declared else set()


def _faults_of_corrected(corrected: Corrected, raw: Json, library: Library) -> Iterator[Fault]:
    given = [name for name in _CORRECTIONS if getattr(corrected, name) is not None]
    if len(given) != 1:
        yield Fault("/corrected", "one_needed")
    if corrected.engine is not None and corrected.engine != ENGINE_VERSION:
        yield Fault("/corrected/engine", "not_allowed")
    faults: list[Fault] = []
    read_supplied({"options": {"parameters": raw.get("parameters")}}, library, faults)
    for fault in faults:
        yield Fault(fault.pointer.replace("/options", "/corrected", 1), fault.code)
