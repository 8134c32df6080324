"""Compares reports with declared facts. What comes of it are findings, each of which is a question for a person.

A finding changes nothing by itself, however sure the register is: `change` says what accepting it would make of the
household, and only a resolution (settle.py) makes it so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from app.rules.facts.household import Household
from app.rules.values.money import ALLOWED_MONTHS, format_fen
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Item, Period, Quality, Report, Value
from app.verification.findings.entries import EXACT, Entry, Unmatched, added, declared_over, entries_of
from app.verification.findings.patch import declared_at, places_of
from app.verification.findings.times import Times
from app.verification.registers.sources import Fact, shipped

Kind = Literal["agrees", "differs", "undeclared", "unmatched", "other_time"]

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
    """What a register says on one fact, beside the declared fact it bears on.

    `declared` and `found` are as JSON writes them, money as text; `declared` is None while the fact is unknown. `change`
    is None for what no fact of a household can express, and for months that do not bear on the case. `equal` says that the
    register confirms the declared figure, by a report that is not expired.
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
    entries: tuple[Item, ...] = ()  # what it adds up
    expired: bool = False


def findings(
    household: Json,
    received: Sequence[tuple[Report, dt.date]],
    left_out: frozenset[int] = frozenset(),
    times: Times | None = None,
    resolved: frozenset[int] = frozenset(),
) -> list[Finding]:
    """All findings, numbered in the order of the reports, which must be that in which they were applied.

    `received` gives each report with the day it came; `left_out` are the numbers of findings that a person dismissed,
    which add up to nothing, `resolved` all that a person resolved. A partial report is superseded by the whole one,
    whichever came first, and any by a later one of the same register on the same person. Without `times` all months bear.
    """
    facts = Household.model_validate(household)
    places = places_of(household)
    entries = list(entries_of(facts, places, received, times, resolved))
    counting = [e for e in entries if isinstance(e, Entry) and e.counts and e.n not in left_out]
    return [
        _unmatched(entry, places) if isinstance(entry, Unmatched) else _compared(facts, entry, counting, times)
        for entry in entries
    ]


def _unmatched(entry: Unmatched, places: dict[str, str]) -> Finding:
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
        expired=entry.expired,
    )


def _compared(household: Household, entry: Entry, counting: Sequence[Entry], times: Times | None) -> Finding:
    kind, equal, change = _comparison(household, entry, counting, times)
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
        equal and entry.quality == EXACT and entry.stands,
        change,
        entry.superseded,
        entry.items,
        entry.expired,
    )


Compared = tuple[Kind, bool, Change | None]


def _comparison(household: Household, entry: Entry, counting: Sequence[Entry], times: Times | None) -> Compared:
    """Compares an entry in the terms of the fact that its pointer leads to."""
    pointer = entry.pointer
    if not entry.bears:
        return "other_time", False, None
    others = [one for one in counting if one.pointer == pointer and one.n != entry.n]
    if pointer.startswith(_OF_ALL):
        return _of_all(household, entry, others)
    match pointer.split("/")[4:]:
        case []:
            return ("differs", False, None) if pointer.count("/") > 2 else _plain(household, entry)
        case ["spouse_of"]:
            married = _has_spouse(household, int(pointer.split("/")[3]))
            return _kind(married, entry.value), married == entry.value, None
        case ["income", _] if not entry.months:
            return _trade(household, entry)
        case ["income" | "outgoings", _]:
            return _over_months(household, entry, _elsewhere(entry, others), times)
        case ["monthly_income"]:
            return _part_of_income(household, entry, others)
        case ["assets_within_limit"]:
            nothing = not entry.value
            return ("agrees", False, Change({})) if nothing else ("undeclared", False, _open(pointer))
    return _plain(household, entry)


def _plain(household: Household, entry: Entry) -> Compared:
    """A fact of the same type."""
    declared = declared_at(household, entry.pointer)
    change = Change({entry.pointer: _shown(entry.value, shipped().facts[entry.fact])})
    return _kind(declared, entry.value), declared == entry.value, change


def _of_all(household: Household, entry: Entry, others: Sequence[Entry]) -> Compared:
    """Compares what is found of all members together, this entry included. What is not of the time confirms nothing."""
    total = entry.value
    for other in others:
        total = added(total, other.value)
    declared = declared_at(household, entry.pointer)
    kind: Kind = "agrees" if not entry.value and declared is not None else _kind(declared, total)
    equal = declared == total and all(other.stands for other in others)
    return kind, equal, Change({entry.pointer: _shown(total, shipped().facts[entry.fact])})


def _over_months(household: Household, entry: Entry, others: Sequence[Entry], times: Times | None) -> Compared:
    """Compares totals over months by the month, exactly. Months that are declared and of which a register that has said all
    says nothing may also be months without anything: either way it agrees.

    A total is taken over as it stands. It is not where more may belong to it: months between, or declared ones, of which
    nothing is said, another register's part, or periods that overlap; nor over months that a household cannot state.
    """
    declared, over = declared_at(household, entry.pointer), declared_over(household, entry.pointer)
    found, covered = _fen(entry.value), len(entry.months)
    elsewhere = sum(_a_month(one) for one in others)
    per_month = None if declared is None else Fraction(declared, over)
    here = Fraction(found, covered)
    fewer = covered < over and _within_declared(entry, over, times)
    silent = fewer and entry.report.status == "answered" and found == declared
    agrees = silent or per_month in (here, here + elsewhere)
    change = _open(entry.pointer)
    if not (fewer or entry.gaps or entry.overlap or elsewhere):
        change = _taken_over(entry, found, covered, over)
    equal = agrees and not entry.overlap and (silent or covered >= over) and all(one.stands for one in others)
    return "agrees" if agrees else _kind(per_month, here), equal, change


def _elsewhere(entry: Entry, others: Sequence[Entry]) -> list[Entry]:
    """What other registers say over months of the same kind of income."""
    return [one for one in others if one.months and one.report.source != entry.report.source]


def _within_declared(entry: Entry, over: int, times: Times | None) -> bool:
    """Tells if all months of an entry are among those that the declared figure covers."""
    return times is not None and any(entry.months <= set(window) for window in times.declared(over))


def _taken_over(entry: Entry, found: int, covered: int, over: int) -> Change:
    """A total as the household's figure: income over the months it covers, outgoings over those of the household."""
    _, _, _, number, part, name = entry.pointer.split("/")
    if part == "income" and covered in ALLOWED_MONTHS:
        return Change({entry.pointer: format_fen(found), f"/household/members/{number}/income_periods/{name}": covered})
    if part == "outgoings" and found * over % covered == 0:
        return Change({entry.pointer: format_fen(found * over // covered)})
    return _open(entry.pointer)


def _part_of_income(household: Household, entry: Entry, others: Sequence[Entry]) -> Compared:
    """Compares parts of somebody's income, before tax: more than all that is declared contradicts it; less says nothing. Of
    what several registers say on one kind of income the most counts."""
    declared = declared_at(household, entry.pointer)
    if declared is None:
        return "undeclared", False, _open(entry.pointer)
    parts: dict[str, Fraction] = {}
    for one in (entry, *others):
        parts[one.fact] = max(parts.get(one.fact, Fraction(0)), _a_month(one))
    if not entry.value or sum(parts.values()) <= declared:
        return "agrees", False, Change({})
    return ("differs" if declared else "undeclared"), False, _open(entry.pointer)


def _a_month(entry: Entry) -> Fraction:
    return Fraction(_fen(entry.value), len(entry.months))


def _trade(household: Household, entry: Entry) -> Compared:
    """Somebody is registered as a trader: how much that brings the register does not say."""
    declared = declared_at(household, entry.pointer)
    if not entry.value or declared:
        return "agrees", False, Change({})
    return "undeclared", False, _open(entry.pointer)


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


def _shown_declared(household: Household, entry: Entry) -> Any:
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
