"""Reads the kinds of event of events.yaml, and applies an event to the facts of a household."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from app.rules.packs.schema import Citation, Text
from app.rules.values.strict_json import Json
from app.verification.findings.patch import changed, places_of
from app.verification.registers.yaml_file import Section, checked, load

FILE: Final = Path(__file__).with_name("events.yaml")

_WAGE: Final = "income/wage"


class Setting(Section):
    """A change of one fact: exactly one of these is set."""

    text: str | None = None
    flag: bool | None = None
    more: int | None = None
    nothing: Literal["true"] | None = None
    reported: Literal["day", "amount"] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("one of text, flag, more, nothing, reported")
        return self


Settings = Mapping[str, Setting]


class Event(Section):
    """A kind of event. Without `member`, `obligor`, `household` or `leaves` for a person it cannot happen to it."""

    title: Text
    basis: tuple[Citation, ...]
    value: Text | None = None  # what may be reported with it, an amount a month
    leaves: bool = False
    ends: str | None = None  # the absence or status that is over; who is not on record with it stays as it is
    member: Settings = Field(default_factory=dict)
    obligor: Settings = Field(default_factory=dict)
    household: Settings = Field(default_factory=dict)
    registers: tuple[str, ...] = ()
    found_as: str | None = None

    def can_happen_to(self, place: str) -> bool:
        """Tells if it can happen to a member (`members/0`) or an obligor (`obligors/2`)."""
        return self.leaves or bool(self.of(place)) or (place.startswith("members") and bool(self.household))

    def of(self, place: str) -> Settings:
        return self.obligor if place.startswith("obligors") else self.member


class Content(Section):
    events: dict[str, Event]


@cache
def kinds() -> dict[str, Event]:
    """The kinds of event by their id."""
    return checked(load(FILE), Content).events


def found_as(fact: str | None) -> str | None:
    """The kind of event that a register's finding is; None for what facts of a household say."""
    return next((id_ for id_, event in kinds().items() if fact is not None and event.found_as == fact), None)


@dataclass(frozen=True)
class Happened:
    """An event: its kind, to whom of a household, on which day, with an amount a month as text if one is known."""

    kind: str
    person: str
    on: dt.date
    value: str | None = None


def household_after(household: Json, happened: Happened) -> Json | None:
    """The household as it would be. None where facts cannot say it: who applies now that the applicant is gone."""
    event, place = kinds()[happened.kind], places_of(household)[happened.person]
    if event.leaves:
        return _without(household, happened.person)
    if event.ends is not None and event.ends != _away(household, place):
        return household
    values: Json = {}
    for name, setting in event.of(place).items():
        pointer = f"/household/{place}/{name}"
        values[pointer] = _value(setting, happened, 0)
        if name == _WAGE:
            values[f"/household/{place}/income_periods/wage"] = 1  # an amount a month
    for name, setting in event.household.items():
        part, _, key = name.partition("/")
        whole = household.get(part)
        before = None if whole is None else whole.get(key, 0)  # a key left out is none, assets left out are unknown
        values[f"/household/{name}"] = _value(setting, happened, before)
    return changed(household, values)


def _away(household: Json, place: str) -> str | None:
    """Why somebody cannot be with the household or support it, as it is on record."""
    part, _, number = place.partition("/")
    person = household[part][int(number)]
    found: str | None = person.get("absence") or person.get("status")
    return found


def _value(setting: Setting, happened: Happened, before: Any) -> Any:
    if setting.reported == "day":
        return happened.on.isoformat()
    if setting.reported == "amount":
        return happened.value
    if setting.more is not None:
        return None if before is None else before + setting.more
    return setting.flag if setting.text is None else setting.text


def _without(household: Json, person: str) -> Json | None:
    result = copy.deepcopy(household)
    members = [member for member in result["members"] if member["id"] != person]
    if not any(member["relation"] == "applicant" for member in members):
        return None
    for member in members:
        if member.get("spouse_of") == person:
            member["spouse_of"] = None
        if member.get("child_of"):
            member["child_of"] = [parent for parent in member["child_of"] if parent != person]
    result["members"] = members
    if result.get("obligors"):
        result["obligors"] = [one for one in result["obligors"] if one["id"] != person and _owes(one, person)]
    if result.get("receiving"):
        result["receiving"] = [one for one in result["receiving"] if one.get("person") != person]
    return result


def _owes(obligor: Json, gone: str) -> bool:
    """Strikes out whoever is gone, and tells if the obligor still owes somebody support."""
    obligor["of"] = [one for one in obligor["of"] if one != gone]
    return bool(obligor["of"])
