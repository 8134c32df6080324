"""Compares reports with declared facts. What comes of it are findings, each of which is a question for a person.

A finding changes nothing by itself, however sure the register is: `change` says what accepting it would make of the
household, and only a resolution (settle.py) makes it so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from app.rules.facts.household import Household
from app.rules.values.money import ALLOWED_MONTHS, format_fen
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Period, Quality, Report, Value
from app.verification.findings.patch import declared_at, places_of
from app.verification.registers.sources import Fact, pointers_of, shipped

Kind = Literal["agrees", "differs", "undeclared", "unmatched"]

_EXACT: Final = "exact"
_OF_ALL: Final = "/household/assets/"  # owned by the household: what is found of its members adds up


@dataclass(frozen=True)
class Change:
    """The change that accepting a finding makes to the household: values at pointers, None where the fact would be open.

    A `definite` change can be settled as it stands; another needs a value from a person.
    """

    values: Json

    @property
    def definite(self) -> bool:
        return None not in self.values.values()


@dataclass(frozen=True)
class Finding:
    """One entry of a register beside the declared fact it bears on.

    `declared` and `found` are as JSON writes them, money as text; `declared` is None while the fact is unknown. `change`
    is None for what no fact of a household can express. `equal` says that the register confirms the declared figure.
    """

    n: int
    person: str
    pointer: str
    source: str
    fact: str | None
    declared: Any
    found: Any
    period: Period | None
    as_of: dt.date
    received_on: dt.date
    match: Quality
    kind: Kind
    equal: bool
    change: Change | None
    superseded: bool = False


@dataclass(frozen=True)
class _Entry:
    """Items of a report on one fact, over one period and equally sure, added up."""

    n: int
    report: Report
    received_on: dt.date
    pointer: str
    fact: str
    value: Value
    period: Period | None
    quality: Quality
    superseded: bool

    @property
    def counts(self) -> bool:
        """True if it adds to what is found of the household as a whole."""
        return self.quality == _EXACT and not self.superseded


@dataclass(frozen=True)
class _Unmatched:
    """A register that knows no such person."""

    n: int
    report: Report
    received_on: dt.date
    superseded: bool


def findings(
    household: Json, received: Sequence[tuple[Report, dt.date]], left_out: frozenset[int] = frozenset()
) -> list[Finding]:
    """All findings, numbered in the order of the reports, which must be that in which they were applied.

    `received` gives each report with the day it came; `left_out` are the numbers of findings that a person dismissed,
    which add up to nothing. A partial report is superseded by the whole one, whichever came first, and any by a later one
    of the same register on the same person.
    """
    facts = Household.model_validate(household)
    entries = list(_entries(household, received))
    counting = [e for e in entries if isinstance(e, _Entry) and e.counts and e.n not in left_out]
    places = places_of(household)
    return [
        _unmatched(entry, places) if isinstance(entry, _Unmatched) else _compared(facts, entry, counting)
        for entry in entries
    ]


def _entries(household: Json, received: Sequence[tuple[Report, dt.date]]) -> Iterator[_Entry | _Unmatched]:
    places = places_of(household)
    whole_last = sorted((report for report, _ in received), key=lambda report: report.status != "partial")
    last = {(report.query, report.person, report.source): report.id for report in whole_last}
    n = 0
    for report, received_on in received:
        superseded = last[report.query, report.person, report.source] != report.id
        if report.status == "unmatched":
            n += 1
            yield _Unmatched(n, report, received_on, superseded)
        for (fact, period, quality), value in _added_up(report).items():
            for pointer in pointers_of(fact, places[report.person]):
                n += 1
                yield _Entry(n, report, received_on, pointer, fact, value, period, quality, superseded)


def _added_up(report: Report) -> dict[tuple[str, Period | None, Quality], Value]:
    found: dict[tuple[str, Period | None, Quality], Value] = {}
    for item in report.items:
        key = item.fact, item.period, item.match.quality
        found[key] = _sum(found[key], item.value) if key in found else item.value
    return found


def _sum(one: Value, other: Value) -> Value:
    """Money and counts add up, of flags one is enough, and of days and choices the later one is taken."""
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return other


def _unmatched(entry: _Unmatched, places: dict[str, str]) -> Finding:
    report = entry.report
    pointer = f"/household/{places[report.person]}"
    return Finding(
        entry.n,
        report.person,
        pointer,
        report.source,
        fact=None,
        declared=None,
        found=None,
        period=None,
        as_of=report.as_of,
        received_on=entry.received_on,
        match="none",
        kind="unmatched",
        equal=False,
        change=None,
        superseded=entry.superseded,
    )


def _compared(household: Household, entry: _Entry, counting: Sequence[_Entry]) -> Finding:
    kind, equal, change = _comparison(household, entry, counting)
    report = entry.report
    return Finding(
        entry.n,
        report.person,
        entry.pointer,
        report.source,
        entry.fact,
        _shown_declared(household, entry),
        _shown(entry.value, shipped().facts[entry.fact]),
        entry.period,
        report.as_of,
        entry.received_on,
        entry.quality,
        "unmatched" if entry.quality == "none" else kind,
        equal and entry.quality == _EXACT,
        change,
        entry.superseded,
    )


Compared = tuple[Kind, bool, Change | None]


def _comparison(household: Household, entry: _Entry, counting: Sequence[_Entry]) -> Compared:
    """Compares an entry in the terms of the fact that its pointer leads to."""
    pointer = entry.pointer
    if pointer.startswith(_OF_ALL):
        return _of_all(household, entry, counting)
    match pointer.split("/")[4:]:
        case []:
            return ("differs", False, None) if pointer.count("/") > 2 else _plain(household, entry)
        case ["spouse_of"]:
            married = _has_spouse(household, int(pointer.split("/")[3]))
            return _kind(married, entry.value), married == entry.value, None
        case ["income", _] if entry.period is None:
            return _trade(household, entry)
        case ["income" | "outgoings", _]:
            return _over_months(household, entry)
        case ["monthly_income"]:
            return _part_of_income(household, entry)
        case ["assets_within_limit"]:
            nothing = not entry.value
            return ("agrees", False, Change({})) if nothing else ("undeclared", False, _open(pointer))
    return _plain(household, entry)


def _plain(household: Household, entry: _Entry) -> Compared:
    """A fact of the same type."""
    declared = declared_at(household, entry.pointer)
    change = Change({entry.pointer: _shown(entry.value, shipped().facts[entry.fact])})
    return _kind(declared, entry.value), declared == entry.value, change


def _of_all(household: Household, entry: _Entry, counting: Sequence[_Entry]) -> Compared:
    """Compares what is found of all members together, this entry included."""
    total = entry.value
    for other in counting:
        if other.pointer == entry.pointer and other.n != entry.n:
            total = _sum(total, other.value)
    declared = declared_at(household, entry.pointer)
    kind: Kind = "agrees" if not entry.value and declared is not None else _kind(declared, total)
    return kind, declared == total, Change({entry.pointer: _shown(total, shipped().facts[entry.fact])})


def _over_months(household: Household, entry: _Entry) -> Compared:
    """Figures over different months are compared by the month, exactly; they are taken over as they stand or, where the
    household cannot say over how many months, not at all."""
    assert entry.period is not None  # noqa: S101  the protocol sees to it
    _, _, _, number, part, name = entry.pointer.split("/")
    member, declared = household.members[int(number)], declared_at(household, entry.pointer)
    months, found_over = member.income_months or 1, entry.period.months
    if part == "income":
        periods = {str(kind): over for kind, over in (member.income_periods or {}).items()}
        months = periods.get(name) or months
    found = _fen(entry.value)
    per_month = None if declared is None else Fraction(declared, months)
    here = Fraction(found, found_over)
    values: Json = {entry.pointer: None}
    if part == "income" and found_over in ALLOWED_MONTHS:
        values = {entry.pointer: format_fen(found), f"/household/members/{number}/income_periods/{name}": found_over}
    elif part == "outgoings" and (here * months).denominator == 1:
        values = {entry.pointer: format_fen(int(here * months))}
    return _kind(per_month, here), per_month == here, Change(values)


def _trade(household: Household, entry: _Entry) -> Compared:
    """Somebody is registered as a trader: how much that brings the register does not say."""
    declared = declared_at(household, entry.pointer)
    if not entry.value or declared:
        return "agrees", False, Change({})
    return "undeclared", False, _open(entry.pointer)


def _part_of_income(household: Household, entry: _Entry) -> Compared:
    """A part of somebody's income, before tax: more than all that is declared contradicts it; less says nothing."""
    assert entry.period is not None  # noqa: S101  the protocol sees to it
    declared = declared_at(household, entry.pointer)
    if declared is None:
        return "undeclared", False, _open(entry.pointer)
    if Fraction(_fen(entry.value), entry.period.months) <= declared:
        return "agrees", False, Change({})
    return ("differs" if declared else "undeclared"), False, _open(entry.pointer)


def _open(pointer: str) -> Change:
    return Change({pointer: None})


def _kind(declared: Any, found: Any) -> Kind:
    if declared is None:
        return "undeclared"
    if declared == found:
        return "agrees"
    return "differs" if declared else "undeclared"


def _has_spouse(household: Household, number: int) -> bool:
    member = household.members[number]
    named = {one.spouse_of for one in household.members} | {
        member.id for member in household.members if member.spouse_of
    }
    couple = any(one.relation == "spouse" for one in household.members)
    return member.id in named or (couple and member.relation in ("applicant", "spouse"))


def _shown_declared(household: Household, entry: _Entry) -> Any:
    parts = entry.pointer.split("/")[2:]
    if len(parts) == 2 and parts[0] != "assets":
        return None  # a person as a whole
    if parts[-1] == "spouse_of":
        return _has_spouse(household, int(parts[1]))
    value = declared_at(household, entry.pointer)
    if isinstance(value, dt.date):
        return value.isoformat()
    is_money = parts[-1] in ("monthly_income", "financial") or parts[-2:-1] in (["income"], ["outgoings"])
    return format_fen(value) if is_money and value is not None else value


def _shown(value: Value, fact: Fact) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return format_fen(_fen(value)) if fact.type == "money" else value


def _fen(value: Value) -> int:
    assert isinstance(value, int)  # noqa: S101  the protocol sees to it
    return value
