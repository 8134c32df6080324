"""Reads the kinds of event of events.yaml, and applies an event to the facts of a household."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from app.monitoring.families import born, joined, parted, without
from app.rules.packs.forms import Citation, Text
from app.rules.values.strict_json import Json
from app.verification.findings.patch import changed, places_of
from app.verification.registers.yaml_file import Section, checked, load

FILE: Final = Path(__file__).with_name("events.yaml")

_INCOME: Final = "income/"

Facility = Literal["hospital", "institution"]


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
    reported: bool = True  # else the service finds it by itself
    leaves: bool = False
    joins: Literal["newborn", "reported"] | None = None
    newborn_as: Mapping[str, str] = Field(default_factory=dict)
    tied_by: Literal["child_of", "spouse_of"] | None = None
    back: bool = False  # whoever is on record may be the one who joins: nobody need be reported
    parts: bool = False  # a couple: the one who does not apply leaves, and owes its children support
    facility: Facility | None = None
    unsaid_of: tuple[str, ...] = ()
    ends: str | None = None  # the absence or status that is over; who is not on record with it stays as it is
    member: Settings = Field(default_factory=dict)
    obligor: Settings = Field(default_factory=dict)
    household: Settings = Field(default_factory=dict)
    registers: tuple[str, ...] = ()
    found_as: str | None = None

    def can_happen_to(self, place: str) -> bool:
        """Tells if it can happen to a member (`members/0`) or an obligor (`obligors/2`)."""
        of_members = bool(self.household) or self.joins is not None or self.parts
        return self.leaves or bool(self.of(place)) or (place.startswith("members") and of_members)

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
    """An event: its kind, to whom of a household, on which day; and if it is known an amount a month as text, the facts of
    whoever joins, in what kind of facility."""

    kind: str
    person: str
    on: dt.date
    value: str | None = None
    joins: Json | None = None
    facility: str | None = None


def household_after(household: Json, happened: Happened) -> Json | None:
    """The household as it would be, without members once nobody is left. None where facts cannot say it: who applies now
    that the applicant is gone, or who it is that joins."""
    event, place = kinds()[happened.kind], places_of(household)[happened.person]
    if event.leaves:
        return without(household, happened.person)
    if event.parts:
        return parted(household, happened.person)
    if event.joins is not None and (happened.joins is not None or not event.back):
        return _with(household, event, happened)
    if _person(household, place).get("relation") in event.unsaid_of or (event.facility and not happened.facility):
        return None
    if event.facility and happened.facility != event.facility:
        return household
    if event.ends is not None and event.ends != _away(household, place):
        return household
    values: Json = {}
    for name, setting in event.of(place).items():
        pointer = f"/household/{place}/{name}"
        values[pointer] = _value(setting, happened, 0)
        if name.startswith(_INCOME):
            values[f"/household/{place}/income_periods/{name.removeprefix(_INCOME)}"] = 1  # an amount a month
    for name, setting in event.household.items():
        part, _, key = name.partition("/")
        whole = household.get(part)
        before = None if whole is None else whole.get(key, 0)  # a key left out is none, assets left out are unknown
        values[f"/household/{name}"] = _value(setting, happened, before)
    return changed(household, values)


def _away(household: Json, place: str) -> str | None:
    """Why somebody cannot be with the household or support it, as it is on record."""
    person = _person(household, place)
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


def _person(household: Json, place: str) -> Json:
    part, _, number = place.partition("/")
    found: Json = household[part][int(number)]
    return found


def _with(household: Json, event: Event, happened: Happened) -> Json | None:
    """The household with whoever joins it. None where nobody says who, or as what."""
    other = happened.joins
    if other is None and event.joins == "newborn":
        parent = _person(household, places_of(household)[happened.person])
        other = born(event.newborn_as.get(parent["relation"]), happened.on, household)
    return None if other is None else joined(household, other, event.tied_by, happened.person)
