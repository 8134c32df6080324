"""Reading a defect notice: what is wrong, of which days, and what is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from app.core.canonical_json import with_exact_numbers
from app.core.paging import Filter
from app.decisions.intake import read_body
from app.decisions.schemas import DIGEST_EXAMPLE, Named
from app.rules.facts.household import Day, Facts
from app.rules.facts.request import Instant, china_day
from app.rules.packs.library import INDEX_KEYS, Library
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.schema_base import described
from app.rules.validation import read_supplied
from app.rules.values.strict_json import Json

Kind = Literal["rule", "parameter", "document", "engine"]
KINDS: Final[tuple[Kind, ...]] = ("rule", "parameter", "document", "engine")
_CORRECTIONS: Final = ("parameters", "ruleset", "known_at", "engine")


class Corrected(Facts):
    """What is right: one of these."""

    parameters: dict[str, Any] | None = described(
        "参数",
        "The right figures, as in options.parameters, for the days of the period",
        {"dibao.standard": {"rural": "660.00"}},
        default=None,
    )
    ruleset: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None = described(
        "规则集", "Exactly these rules and figures, of a ruleset that a decision used", DIGEST_EXAMPLE, default=None
    )
    known_at: Instant | None = described(
        "知悉时间", "What was known by then", "2024-10-01T00:00:00+08:00", default=None
    )
    engine: Named | None = described("引擎版本", "The engine that runs here, by its version", "1", default=None)


class DefectReport(Facts):
    """What is wrong: exactly one of rule, parameter, document and engine, in decisions for the days of a period."""

    rule: Named | None = described("规则", "The rule that is wrong", "dibao.income_test", default=None)
    parameter: Named | None = described("参数", "The figure that is wrong", "dibao.standard", default=None)
    document: Named | None = described("文件", "The document that is wrong", "model-city-rules", default=None)
    engine: Named | None = described("引擎版本", "The version of the engine that is wrong", "1", default=None)
    key: Named | None = described(
        "参数分项",
        "Only the figure of this residence or level; all of the parameter's if absent",
        "rural",
        default=None,
    )
    jurisdiction: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None = described(
        "区划代码", "Decisions of this place and all below it", "999900", default=None
    )
    start: Day = described("起", "Decisions for this day or later", "2024-07-01", alias="from")
    until: Day | None = described(
        "止", "Decisions for this day or earlier; without an end if absent", "2024-07-31", default=None
    )
    corrected: Corrected | None = described(
        "更正",
        "What is right; what is known now if absent",
        {"parameters": {"dibao.standard": {"rural": "660.00"}}},
        default=None,
    )


@dataclass(frozen=True)
class Defect:
    """A defect that is looked for. `parameters`, `ruleset` and `known_at` say what is right; none of them: what is known
    now."""

    kind: Kind
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
        """Whether a day lies in the period."""
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
    """A defect from what was sent. FaultyRequest with every fault."""
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
