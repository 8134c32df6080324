"""Finds every fault of an assessment request at once: a JSON Pointer and a code each, never the value itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from jiter import LosslessFloat
from pydantic import ValidationError

from app.rules.engine.figures import Supplied
from app.rules.facts.forms import read_day, read_month
from app.rules.facts.household import MAX_MEMBERS
from app.rules.facts.request import AssessmentRequest
from app.rules.language import types as t
from app.rules.packs.indexes import BANDS, INDEX_KEYS, WHOLE_TABLES
from app.rules.packs.library import Library
from app.rules.packs.schema import ParameterDeclaration
from app.rules.plausibility import earliest
from app.rules.request_faults import SAFE_NAME, Fault, FaultyRequest, TooManyMembers, form_faults
from app.rules.values.money import parse_fen, parse_ratio
from app.rules.values.text import LINE_PATTERN, is_readable

_PRINTED: Final = {"value", "per"}
_MONTHS: Final = {"month": 1, "year": 12}
_AGE: Final = re.compile(r"[1-9][0-9]{0,2}")
MOST_YEARS_AHEAD: Final = 10  # beyond this, nobody can say that today's rules still hold


@dataclass(frozen=True)
class Read:
    """A request in its types, with the figures an officer supplied."""

    request: AssessmentRequest
    supplied: Supplied


def read_request(raw: Any, library: Library, today: dt.date, *, recorded: bool = False) -> Read:
    """Reads a request. Raises FaultyRequest with every fault of form and of sense, TooManyMembers beyond the limit.

    Facts on `recorded` are read as they were taken: what is impossible was not always refused.
    """
    if isinstance(raw, dict) and isinstance(raw.get("household"), dict):
        members = raw["household"].get("members")
        if isinstance(members, list) and len(members) > MAX_MEMBERS:
            raise TooManyMembers
    faults: list[Fault] = []
    request: AssessmentRequest | None = None
    try:
        request = AssessmentRequest.model_validate(raw)
    except ValidationError as error:
        faults.extend(form_faults(error))
    supplied: Supplied = {}
    if isinstance(raw, dict):
        faults.extend(date_faults(raw, library, None if recorded else today))
        if request is None or not _plainly_sound(request, today):
            faults.extend(_household_faults(raw, today))
            if not recorded:
                faults.extend(_impossible(raw, today))
        supplied = read_supplied(raw, library, faults)
    if faults or request is None:
        raise FaultyRequest(list(dict.fromkeys(faults)))
    return Read(request, supplied)


def _plainly_sound(request: AssessmentRequest, today: dt.date) -> bool:
    """Looks quickly at a request of good form: true only if it holds nothing that can be wrong in sense."""
    household, date = request.household, request.date or today
    ids = {member.id for member in household.members}
    relations = [member.relation for member in household.members]
    if household.obligors or household.receiving or household.crisis or len(ids) < len(relations):
        return False
    if relations.count("applicant") != 1 or relations.count("spouse") > 1:
        return False
    first = earliest(min(date, today))
    return all(
        first <= member.birth_date <= date
        and member.spouse_of is None
        and member.child_of is None
        and member.absent_since is None
        and member.parents is None
        and member.employment is None
        and (member.disability is None or member.disability.components is None)
        for member in household.members
    )


# What the form alone cannot tell. These read the raw body, so that they speak also when the form is faulty.


def is_too_far_ahead(day: dt.date, today: dt.date) -> bool:
    """Tell if a day lies more than ten years ahead, to the day."""
    return (day.year - MOST_YEARS_AHEAD, day.month, day.day) > (today.year, today.month, today.day)


def date_faults(raw: dict[str, Any], library: Library, today: dt.date | None) -> Iterator[Fault]:
    """Yields a fault if the day that decides lies before any law or too far ahead; without `today` none is too far."""
    date = None if raw.get("date") is None else _day(raw["date"])
    if date is not None and date < library.first_day:
        yield Fault("/date", "before_any_law")
    if date is not None and today is not None and is_too_far_ahead(date, today):
        yield Fault("/date", "too_far_ahead")


def _household_faults(raw: dict[str, Any], today: dt.date) -> Iterator[Fault]:
    household = raw.get("household")
    if not isinstance(household, dict):
        return
    date = today if raw.get("date") is None else _day(raw["date"])
    members = _objects(household.get("members"))
    obligors = _objects(household.get("obligors"))
    ids = [member.get("id") for _, member in members]
    yield from _relations(members)
    seen: set[str] = set()
    yield from _duplicates("/household/members", members, seen)
    yield from _duplicates("/household/obligors", obligors, seen)
    yield from _links(members, ids)
    yield from _references(household, obligors, ids)
    yield from _components(members, obligors)
    if date is not None:
        for where, value in _days(household, members, obligors):
            day = _day(value)
            if day is not None and day > date:
                yield Fault(where, "after_date")


def _objects(value: Any) -> list[tuple[int, dict[str, Any]]]:
    return [(i, item) for i, item in enumerate(value) if isinstance(item, dict)] if isinstance(value, list) else []


def _day(value: Any) -> dt.date | None:
    try:
        return read_day(value)
    except Exception:
        return None


def _month(value: Any) -> str | None:
    try:
        return read_month(value)
    except Exception:
        return None


def _relations(members: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    places: dict[Any, list[int]] = {}
    for place, member in members:
        relation = member.get("relation")
        if isinstance(relation, str):
            places.setdefault(relation, []).append(place)
    if members and "applicant" not in places:
        yield Fault("/household/members", "no_applicant")
    for place in places.get("applicant", [])[1:]:
        yield Fault(f"/household/members/{place}/relation", "two_applicants")
    for place in places.get("spouse", [])[1:]:
        yield Fault(f"/household/members/{place}/relation", "two_spouses")


def _duplicates(where: str, items: list[tuple[int, dict[str, Any]]], seen: set[str]) -> Iterator[Fault]:
    for place, item in items:
        id_ = item.get("id")
        if isinstance(id_, str):
            if id_ in seen:
                yield Fault(f"{where}/{place}/id", "duplicate_id")
            seen.add(id_)


def _links(members: list[tuple[int, dict[str, Any]]], ids: list[Any]) -> Iterator[Fault]:
    married: dict[str, str] = {}
    for place, member in members:
        where, own = f"/household/members/{place}", member.get("id")
        spouse = member.get("spouse_of")
        if isinstance(spouse, str) and isinstance(own, str):
            yield from _link(f"{where}/spouse_of", spouse, own, ids)
            if any(married.get(one, other) != other for one, other in ((own, spouse), (spouse, own))):
                yield Fault(f"{where}/spouse_of", "two_marriages")
            married[own], married[spouse] = spouse, own
        parents = member.get("child_of")
        for number, parent in enumerate(parents if isinstance(parents, list) else []):
            if isinstance(parent, str) and isinstance(own, str):
                yield from _link(f"{where}/child_of/{number}", parent, own, ids)
    yield from _cycles(members)


def _link(where: str, other: str, own: str, ids: list[Any]) -> Iterator[Fault]:
    if other == own:
        yield Fault(where, "own_relative")
    elif other not in ids:
        yield Fault(where, "unknown_person")


def _cycles(members: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    """Yields a fault for each person who is their own ancestor, by links stated or following from relations."""
    by_relation: dict[Any, list[str]] = {}
    for _, member in members:
        if isinstance(member.get("id"), str) and isinstance(member.get("relation"), str):
            by_relation.setdefault(member["relation"], []).append(member["id"])
    derived = {
        "child": by_relation.get("applicant", []) + by_relation.get("spouse", []),
        "applicant": by_relation.get("parent", []),
    }
    parents = {
        member["id"]: [p for p in member["child_of"] if isinstance(p, str)]
        if isinstance(member.get("child_of"), list)
        else derived.get(str(member.get("relation")), [])
        for _, member in members
        if isinstance(member.get("id"), str)
    }
    for place, member in members:
        own = member.get("id")
        if not isinstance(own, str) or own not in parents or own in parents[own]:
            continue
        seen: set[str] = set()
        waiting = list(parents[own])
        while waiting:
            ancestor = waiting.pop()
            if ancestor not in seen:
                seen.add(ancestor)
                waiting.extend(parents.get(ancestor, []))
        if own in seen:
            yield Fault(f"/household/members/{place}/child_of", "own_ancestor")


def _references(
    household: dict[str, Any], obligors: list[tuple[int, dict[str, Any]]], ids: list[Any]
) -> Iterator[Fault]:
    for place, obligor in obligors:
        of = obligor.get("of")
        for number, person in enumerate(of if isinstance(of, list) else []):
            if isinstance(person, str) and person not in ids:
                yield Fault(f"/household/obligors/{place}/of/{number}", "unknown_person")
    for place, received in _objects(household.get("receiving")):
        person = received.get("person")
        if isinstance(person, str) and person not in ids:
            yield Fault(f"/household/receiving/{place}/person", "unknown_person")


def _components(
    members: list[tuple[int, dict[str, Any]]], obligors: list[tuple[int, dict[str, Any]]]
) -> Iterator[Fault]:
    for where, items in (("members", members), ("obligors", obligors)):
        for place, item in items:
            card = item.get("disability")
            if not isinstance(card, dict):
                continue
            parts = _objects(card.get("components"))
            base = f"/household/{where}/{place}/disability/components"
            if parts and isinstance(card.get("kind"), str) and card["kind"] != "multiple":
                yield Fault(base, "components_of_single_kind")
            for number, part in parts:
                level, worst = part.get("level"), card.get("level")
                if isinstance(level, int) and isinstance(worst, int) and level < worst:
                    yield Fault(f"{base}/{number}/level", "component_more_severe")


def _days(
    household: dict[str, Any], members: list[tuple[int, dict[str, Any]]], obligors: list[tuple[int, dict[str, Any]]]
) -> Iterator[tuple[str, Any]]:
    """Yields every day of a household that has passed, as it was sent, with its pointer."""
    yield "/household/crisis/occurred_on", _get(household.get("crisis"), "occurred_on")
    for place, member in members:
        where = f"/household/members/{place}"
        yield f"{where}/birth_date", member.get("birth_date")
        yield f"{where}/absent_since", member.get("absent_since")
        for parent in ("father", "mother"):
            yield f"{where}/parents/{parent}/since", _get(_get(member.get("parents"), parent), "since")
    for place, obligor in obligors:
        yield f"/household/obligors/{place}/birth_date", obligor.get("birth_date")


# What no facts can be, whoever tells them


def _impossible(raw: dict[str, Any], today: dt.date) -> Iterator[Fault]:
    """Yields a fault for each fact that cannot be, by itself or beside another."""
    household, date = raw.get("household"), today if raw.get("date") is None else _day(raw["date"])
    if not isinstance(household, dict) or date is None:
        return
    members, obligors = _objects(household.get("members")), _objects(household.get("obligors"))
    first = earliest(min(date, today))
    for where, value in _days(household, members, obligors):
        day = _day(value)
        if day is not None and day < first:
            yield Fault(where, "too_long_ago")
    for place, member in members:
        since, born = _day(member.get("absent_since")), _day(member.get("birth_date"))
        if since is not None and born is not None and since < born <= date:
            yield Fault(f"/household/members/{place}/absent_since", "before_birth")
        if member.get("employed") is False and isinstance(member.get("employment"), str):
            yield Fault(f"/household/members/{place}/employment", "not_employed")
    for place, received in _objects(household.get("receiving")):
        month, where = _month(received.get("since")), f"/household/receiving/{place}/since"
        if month is not None and month > date.isoformat()[:7]:
            yield Fault(where, "after_date")
        if month is not None and month < first.isoformat()[:7]:
            yield Fault(where, "too_long_ago")
        passed = _month(received.get("line_passed"))
        if passed is not None and passed > date.isoformat()[:7]:
            yield Fault(f"/household/receiving/{place}/line_passed", "after_date")
        if passed is not None and passed < first.isoformat()[:7]:
            yield Fault(f"/household/receiving/{place}/line_passed", "too_long_ago")
    for place, obligor in obligors:
        relation = obligor.get("relation")
        if isinstance(relation, str) and not is_readable(relation, LINE_PATTERN):
            yield Fault(f"/household/obligors/{place}/relation", "wrong_form")


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


# Figures an officer supplies


def read_supplied(raw: dict[str, Any], library: Library, faults: list[Fault]) -> Supplied:
    """Reads supplied figures, typed and within their domains; adds their faults to `faults`."""
    given = _get(raw.get("options"), "parameters")
    supplied: Supplied = {}
    given = given if isinstance(given, dict) else {}
    for id_, value in given.items():
        declared = library.parameters.get(id_)
        where = f"/options/parameters/{id_}" if SAFE_NAME.fullmatch(id_) else "/options/parameters"
        if declared is None or not declared.supply:
            faults.append(Fault(where, "parameter_not_supplied_here"))
            continue
        if any(other in given for other in library.same_as(id_)):
            faults.append(Fault(where, "parameter_given_twice"))
        supplied[id_] = {}
        for key, item, place in _entries(declared, value, where, faults):
            try:
                supplied[id_][key] = _figure(declared, item)
            except ValueError as error:
                faults.append(Fault(place, str(error)))
    return supplied


def _entries(
    declared: ParameterDeclaration, value: Any, where: str, faults: list[Fault]
) -> Iterator[tuple[str | int | None, Any, str]]:
    if declared.by not in WHOLE_TABLES and (not isinstance(value, dict) or value.keys() == _PRINTED):
        yield None, value, where
        return
    value = value if isinstance(value, dict) else {}
    keys = {str(key): key for key in INDEX_KEYS.get(declared.by or "", ())}
    if declared.by == "level":
        keys |= {f"level_{key}": key for key in INDEX_KEYS["level"]}
    if declared.by in BANDS:
        keys = {name: int(name) for name in value if _AGE.fullmatch(name)}
    if not keys or not value:
        faults.append(Fault(where, "parameter_shape"))
        return
    for name, item in value.items():
        if name in keys:
            yield keys[name], item, f"{where}/{name}"
        else:
            faults.append(Fault(where, "parameter_shape"))


def _figure(declared: ParameterDeclaration, value: Any) -> Fraction | bool:
    """Reads one figure, a month's also from `{"value": …, "per": "year"}`. Raises ValueError with the fault's code."""
    unit = t.BY_NAME[declared.unit]
    months = 1
    if unit == t.MONEY_MONTH and isinstance(value, dict) and value.keys() == _PRINTED:
        months = _MONTHS.get(value["per"] if isinstance(value["per"], str) else "", 0)
        value = value["value"]
        if not months:
            raise ValueError("not_allowed")
    if unit == t.BOOL:
        if not isinstance(value, bool):
            raise ValueError("wrong_type")
        return value
    if type(value) not in (str, int, LosslessFloat):
        raise ValueError("wrong_type")
    reader: Callable[[str], int | Fraction] = parse_fen if unit.kind == "money" else parse_ratio
    try:
        number = Fraction(reader(str(value))) / (100 * months if unit.kind == "money" else 1)
    except ValueError:
        raise ValueError("money_format" if unit.kind == "money" else "number_format") from None
    if not declared.allows(number):
        raise ValueError("outside_domain")
    return number
