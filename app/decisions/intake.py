"""Reading what is sent to decide: the assessment's own body, and beside it what only a decision has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from app.core.canonical_json import with_exact_numbers
from app.decisions.schemas import DecisionDetails
from app.rules.facts.forms import read_day
from app.rules.facts.household import Facts
from app.rules.facts.request import china_day
from app.rules.plausibility import IMPOSSIBLE, Doubt, earliest
from app.rules.request_faults import Fault, FaultyRequest, form_faults
from app.rules.service import Question, Rules
from app.rules.values.strict_json import Json
from app.security.id_numbers import NotAnIdNumber, birth_date, names_a_person, plain
from app.security.name_guard import naming_faults

Details = TypeVar("Details", bound=DecisionDetails)
Body = TypeVar("Body", bound=Facts)
_TOO_FAR_APART: Final = IMPOSSIBLE.birth_years_apart
_HOW_TO_ANSWER: Final = ("explain", "choices", "changes")
_SUPPLIED: Final = "/options/parameters/"
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)  # as RFC 6901 writes it


@dataclass(frozen=True)
class Proposal:
    """What is proposed to decide: the question, its facts as a record keeps them, and the details."""

    question: Question
    facts: Json
    details: DecisionDetails
    doubts: tuple[Doubt, ...] = ()  # of the identities; those of the facts are the assessment's own


def read_proposal(raw: Any, model: type[Details], rules: Rules, now: dt.datetime) -> tuple[Proposal, Details]:
    """A proposal, by the rules of the knowledge it states. FaultyRequest with every fault of both parts; what the assessment's own reading raises."""
    own, rest = _split(raw, model)
    faults: list[Fault] = []
    question, details = None, None
    try:
        question = rules.question(rest, now)
    except FaultyRequest as error:
        faults += error.faults
    try:
        details = model.model_validate(own)
    except ValidationError as error:
        faults += form_faults(error)
    if isinstance(raw, dict):
        faults += _faults_of_sense(raw)
        faults += _days_ahead(own, now)
    if question is not None and question.known_at > now:  # by then, other rules may have become known
        faults.append(Fault("/known_at", "in_the_future"))
        faults += _not_yet_born(own, now)
    if faults or question is None or details is None:
        raise FaultyRequest(list(dict.fromkeys(faults)))
    apart = tuple(Doubt(where, "birth_differs") for where, _ in _births_apart(raw))
    return Proposal(question, _facts(raw), details, apart), details


def read_body(raw: Any, model: type[Body]) -> Body:
    """A body of one shape. FaultyRequest with every fault of form."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise FaultyRequest(list(form_faults(error))) from None


def _split(raw: Any, model: type[DecisionDetails]) -> tuple[Any, Any]:
    if not isinstance(raw, dict):
        return {}, raw
    own = {name: value for name, value in raw.items() if name in model.model_fields}
    return own, {name: value for name, value in raw.items() if name not in model.model_fields}


def _facts(raw: Json) -> Json:
    """The household and the options as they were sent; how much is explained is no fact."""
    options = raw.get("options")
    if options is not None:
        options = {name: value for name, value in options.items() if name not in _HOW_TO_ANSWER} or None
    found: Json = with_exact_numbers(
        {"programmes": raw.get("programmes"), "household": raw["household"], "options": options}
    )
    return found


# What the form alone cannot tell. These read the raw body, so that they speak also when the form is faulty.


def _faults_of_sense(raw: Json) -> Iterator[Fault]:
    yield from _of_identities(raw)
    yield from (Fault(where, "birth_differs") for where, years in _births_apart(raw) if years >= _TOO_FAR_APART)
    yield from _of_ids(raw)
    yield from _of_names(raw)
    provenance = raw.get("provenance")
    sources: Json = provenance if isinstance(provenance, dict) else {}
    if not all(_points_at_a_fact(raw, pointer) for pointer in sources):
        yield Fault("/provenance", "wrong_pointer")
    for id_ in _supplied(raw):
        source = sources.get(_SUPPLIED + id_)
        if not isinstance(source, dict) or not source.get("evidence"):
            yield Fault("/options/parameters", "document_needed")


def _of_identities(raw: Json) -> Iterator[Fault]:
    """Each identity is of somebody there is, once, and nobody is two people."""
    people, seen = _people(raw), set()
    whose: dict[str, Any] = {}
    identities = raw.get("identities")
    for place, identity in enumerate(identities if isinstance(identities, list) else ()):
        if not isinstance(identity, dict):
            continue
        person, number = identity.get("person"), _plain(identity.get("id_number"))
        if isinstance(person, str):
            where = f"/identities/{place}/person"
            if person not in people:
                yield Fault(where, "unknown_person")
            if person in seen:
                yield Fault(where, "duplicate_id")
            seen.add(person)
        if number is not None and whose.setdefault(number, person) != person:
            yield Fault(f"/identities/{place}/id_number", "same_person")


def _plain(number: Any) -> str | None:
    """An ID number in its one form; None for what is none, which is a fault of form."""
    try:
        return plain(number) if isinstance(number, str) else None
    except NotAnIdNumber:
        return None


def _births_apart(raw: Json) -> Iterator[tuple[str, int]]:
    """Yield each ID number whose day of birth is not that of the facts, and by how many years they are apart. A number
    that stands there twice is looked at once: that two people have it is a fault of its own."""
    people, identities, seen = _people(raw), raw.get("identities"), set[str | None]()
    for place, identity in enumerate(identities if isinstance(identities, list) else ()):
        person = identity.get("person") if isinstance(identity, dict) else None
        if not isinstance(person, str):
            continue
        number, said = _plain(identity.get("id_number")), people.get(person)
        born = None if number is None or number in seen else birth_date(number)
        seen.add(number)
        if born is not None and isinstance(said, str) and said != born.isoformat() and _is_day(said):
            yield f"/identities/{place}/id_number", abs(read_day(said).year - born.year)


def _is_day(text: str) -> bool:
    try:
        return bool(read_day(text))
    except ValueError:
        return False


def _of_ids(raw: Json) -> Iterator[Fault]:
    """The ids of people stay in the record for ever."""
    household = raw.get("household")
    for part in ("members", "obligors"):
        entries = household.get(part) if isinstance(household, dict) else None
        for place, entry in enumerate(entries if isinstance(entries, list) else ()):
            id_ = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(id_, str) and names_a_person(id_):
                yield Fault(f"/household/{part}/{place}/id", "personal_data")


def _of_names(raw: Json) -> Iterator[Fault]:
    """Whom the request identifies it names nowhere else."""
    identities = raw.get("identities")
    entries = [one for one in identities if isinstance(one, dict)] if isinstance(identities, list) else []
    said = [text for one in entries for text in (one.get("name"), one.get("id_number")) if isinstance(text, str)]
    if said:
        yield from naming_faults({name: value for name, value in raw.items() if name != "identities"}, said)


def _days_ahead(own: Json, now: dt.datetime) -> Iterator[Fault]:
    """An application that is still to be accepted starts no clock."""
    accepted_on = own.get("accepted_on")
    if isinstance(accepted_on, str) and _is_ahead(accepted_on, now):
        yield Fault("/accepted_on", "in_the_future")
    if isinstance(accepted_on, str) and _is_long_ago(accepted_on, now):
        yield Fault("/accepted_on", "too_long_ago")
    provenance = own.get("provenance")
    sources = provenance.values() if isinstance(provenance, dict) else ()
    if any(isinstance(one, dict) and isinstance(one.get("on"), str) and _is_ahead(one["on"], now) for one in sources):
        yield Fault("/provenance", "in_the_future")


def _not_yet_born(own: Json, now: dt.datetime) -> Iterator[Fault]:
    """Nobody has a number whose day of birth is yet to come."""
    identities = own.get("identities")
    for place, identity in enumerate(identities if isinstance(identities, list) else ()):
        number = _plain(identity.get("id_number") if isinstance(identity, dict) else None)
        if number is not None and birth_date(number) > china_day(now):
            yield Fault(f"/identities/{place}/id_number", "not_an_id_number")


def _is_ahead(day: str, now: dt.datetime) -> bool:
    """Whether a day is yet to come in Shanghai; a text that is no day is a fault of form, not of this."""
    try:
        return read_day(day) > china_day(now)
    except ValueError:
        return False


def _is_long_ago(day: str, now: dt.datetime) -> bool:
    """Tell if a day lies too long ago for anybody's case; a text that is no day is a fault of form, not of this."""
    try:
        return read_day(day) < earliest(china_day(now), IMPOSSIBLE.event_years_ago)
    except ValueError:
        return False


def must_have_been(day: dt.date, where: str, now: dt.datetime) -> None:
    """FaultyRequest for a day that is yet to come in Shanghai, or that lies too long ago for anybody's case."""
    today = china_day(now)
    if day > today:
        raise FaultyRequest([Fault(where, "in_the_future")])
    if day < earliest(today, IMPOSSIBLE.event_years_ago):
        raise FaultyRequest([Fault(where, "too_long_ago")])


def _people(raw: Json) -> dict[str, Any]:
    """Everybody's date of birth as it was sent, by id."""
    household = raw.get("household")
    lists = [household.get("members"), household.get("obligors")] if isinstance(household, dict) else []
    entries = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    return {
        id_: entry.get("birth_date")
        for entry in entries
        if isinstance(entry, dict) and isinstance(id_ := entry.get("id"), str)
    }


def _supplied(raw: Json) -> list[str]:
    options = raw.get("options")
    parameters = options.get("parameters") if isinstance(options, dict) else None
    return [id_ for id_ in parameters if isinstance(id_, str)] if isinstance(parameters, dict) else []


def _points_at_a_fact(raw: Json, pointer: str) -> bool:
    """Whether a JSON Pointer leads to something below the household or the options of this very request."""
    parts = pointer.split("/")
    if parts[0] != "" or len(parts) < 3 or parts[1] not in ("household", "options"):
        return False
    value: Any = raw
    for part in parts[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return False
    return True
