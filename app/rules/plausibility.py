"""Finds what seldom is true of a household and of figures supplied for it, by the bounds of plausibility.yaml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from app.rules.engine.figures import Supplied, overridden
from app.rules.facts.family import marriages, parentage
from app.rules.facts.household import Household, Member
from app.rules.language import types as t
from app.rules.messages import DOUBTS, Language
from app.rules.packs.library import Library
from app.rules.rulesets.ruleset import Ruleset
from app.rules.rulesets.scales import scaled

FILE: Final = Path(__file__).with_suffix(".yaml")


class _Bounds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Impossible(_Bounds):
    """Bounds beyond which a fact is refused."""

    years_ago: int
    event_years_ago: int
    birth_years_apart: int
    published_days_ahead: int


class Improbable(_Bounds):
    """Bounds beyond which there is a warning: years, CNY a month, multiples; of supplied figures in their own unit."""

    age: int
    ages: dict[str, tuple[int, int]]
    years_between: int
    crisis_years_ago: int
    income_month: int
    supplied_times: int
    supplied_most: dict[str, Decimal]
    supplied_least: dict[str, Decimal]


class _Content(_Bounds):
    impossible: Impossible
    improbable: Improbable


_CONTENT: Final = _Content.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
IMPOSSIBLE: Final = _CONTENT.impossible
IMPROBABLE: Final = _CONTENT.improbable
_MOST_A_MONTH: Final = IMPROBABLE.income_month * 100  # fen
_OLDEST: Final = IMPROBABLE.age
_MARRIED: Final = IMPROBABLE.ages["spouse"][0]
_COUPLE: Final = ("applicant", "spouse")
_NOBODY: Final = 1000


class Doubt(NamedTuple):
    """A fact that deserves a second look: its JSON Pointer, and why as a code (messages.py has the words)."""

    pointer: str
    code: str


@lru_cache(1024)
def earliest(date: dt.date, years: int = IMPOSSIBLE.years_ago) -> dt.date:
    """Give the first day that can be meant, seen from another."""
    return dt.date(max(1, date.year - years), date.month, min(date.day, 28))  # what is no leap year has no 29 February


def shown(found: Iterable[Doubt], language: Language) -> list[dict[str, str]]:
    """Show doubts as answers have them."""
    return [{"pointer": one.pointer, "code": one.code, "message": DOUBTS[one.code][language]} for one in found]


def doubts(household: Household, date: dt.date) -> list[Doubt]:
    """List the facts of a household that are seldom true. Ages are counted by the year alone.

    One quick look tells whether families have to be followed: most have nobody who is too young for a relation.
    """
    found: list[Doubt] = []
    members, year = household.members, date.year
    ages = [year - member.birth_date.year for member in members]
    married_young = linked = False
    youngest_elder, oldest_child = _NOBODY, -1
    for index, (member, age) in enumerate(zip(members, ages, strict=True)):
        relation = member.relation
        if age > _OLDEST:
            found.append(_of(index, "birth_date", "very_old"))
        if member.employed and _unusual("employed", age):
            found.append(_of(index, "employed", "unusual_at_age"))
        if member.education is not None and _unusual(member.education, age):
            found.append(_of(index, "education", "unusual_at_age"))
        if member.absence == "military_service" and _unusual("military_service", age):
            found.append(_of(index, "absence", "unusual_at_age"))
        if member.income is not None:
            for kind in member.income.model_fields_set:
                _look_at_income(found, index, member, age, kind)
        married_young = married_young or age < _MARRIED
        linked = linked or relation == "parent" or member.child_of is not None
        if relation == "child":
            oldest_child = max(oldest_child, age)
        elif relation in _COUPLE:
            youngest_elder = min(youngest_elder, age)
    if linked or oldest_child > youngest_elder - IMPROBABLE.years_between:
        found += _of_generations(members)
    if married_young:
        found += [
            _of(index, "birth_date", "very_young_spouse") for index in marriages(members) if ages[index] < _MARRIED
        ]
    if household.receiving or household.crisis:
        found += _of_past(household, date)
    return sorted(found) if found else found


def figure_doubts(supplied: Supplied, library: Library, published: Ruleset | None) -> Iterator[Doubt]:
    """Yield supplied figures that stand in place of other published ones, and those that are far from them or from others
    supplied beside them: a year's figure for a month's, or a slip of a digit."""
    if published is not None:
        for id_ in overridden(published, library, supplied):
            yield Doubt(f"/options/parameters/{id_}", "replaces_published")
    for id_, values in supplied.items():
        unit = t.BY_NAME[library.parameters[id_].unit]
        most, least = (bound(bounds, id_) for bounds in (IMPROBABLE.supplied_most, IMPROBABLE.supplied_least))
        in_force = published.parameters[id_].figures if published is not None else {}
        for key, value in values.items():
            if isinstance(value, bool):
                continue
            own, figure = scaled(value, unit), in_force.get(key) or in_force.get(None)
            beside = [scaled(other, unit) for other in values.values() if other < value]
            known = [] if figure is None else [figure.low, figure.high]
            outside = (most is not None and value > most) or (least is not None and value < least)
            if outside or any(_far(own, other) for other in [*beside, *known]):
                where = f"/options/parameters/{id_}"
                name = f"level_{key}" if library.parameters[id_].by == "level" else key
                yield Doubt(where if key is None else f"{where}/{name}", "unlikely_figure")


def bound(bounds: dict[str, Decimal], id_: str) -> Fraction | None:
    """Give the bound of a parameter's figure: that of the longest name that it begins or ends with."""
    names = [name for name in bounds if f"{id_}.".startswith(f"{name}.") or id_.endswith(f".{name}")]
    return Fraction(bounds[max(names, key=len)]) if names else None


def _far(one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return low > 0 and high >= low * IMPROBABLE.supplied_times


def _look_at_income(found: list[Doubt], index: int, member: Member, age: int, kind: str) -> None:
    amount = getattr(member.income, kind)
    if not amount:
        return
    if kind in IMPROBABLE.ages and _unusual(kind, age):
        found.append(_of(index, f"income/{kind}", "unusual_at_age"))
    if amount > _MOST_A_MONTH and amount > _MOST_A_MONTH * _months(member, kind):
        found.append(_of(index, f"income/{kind}", "unlikely_amount"))


def _months(member: Member, kind: Any) -> int:
    return (member.income_periods or {}).get(kind) or member.income_months or 1


def _of_past(household: Household, date: dt.date) -> Iterator[Doubt]:
    births = {member.id: member.birth_date.isoformat()[:7] for member in household.members}
    for place, received in enumerate(household.receiving or ()):
        if received.since is not None and received.since < births.get(received.person or "", ""):
            yield Doubt(f"/household/receiving/{place}/since", "before_birth")
    on = household.crisis.occurred_on if household.crisis else None
    if on is not None and on < earliest(date, IMPROBABLE.crisis_years_ago):
        yield Doubt("/household/crisis/occurred_on", "long_ago")


def _of_generations(members: Sequence[Member]) -> Iterator[Doubt]:
    """Yield whoever is hardly younger than a parent, or older: who is a stepchild may be."""
    for index, parents in enumerate(parentage(members)):
        born = members[index].birth_date.year
        if any(born - members[parent].birth_date.year < IMPROBABLE.years_between for parent in parents):
            yield _of(index, "birth_date", "close_to_parent")


def _unusual(fact: str, age: int) -> bool:
    first, last = IMPROBABLE.ages[fact]
    return not first <= age <= last


def _of(index: int, fact: str, code: str) -> Doubt:
    return Doubt(f"/household/members/{index}/{fact}", code)
