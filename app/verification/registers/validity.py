"""Validity of reports by the rules of each place. A validity that no place has published is not known."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from app.rules.packs.divisions import significant
from app.rules.packs.forms import Text
from app.rules.packs.strict_yaml import YamlFile
from app.verification.registers.yaml_file import Section

FILE: Final = Path(__file__).with_name("validity.yaml")
GAP: Final = "verification.validity"  # how an answer names what is not published


class Validity(Section):
    """From a day on: for so many months, by a document."""

    start: dt.date = Field(alias="from")
    months: int = Field(ge=1)
    document: Text


def months_of(code: str, on: dt.date) -> int | None:
    """For how many months a report of a day is good in a place, by the nearest division that says so; None if none does."""
    digits = significant(code)
    for place, stages in sorted(_shipped().items(), key=lambda item: -len(significant(item[0]))):
        if digits.startswith(significant(place)):
            in_force = [stage for stage in stages if stage.start <= on]
            return max(in_force, key=lambda stage: stage.start).months if in_force else None
    return None


def valid_until(as_of: dt.date, months: int) -> dt.date:
    """The last day: the same day of a later month, or its last."""
    month = as_of.month - 1 + months
    year, month = as_of.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(as_of.day, monthrange(year, month)[1]))


def first_valid(today: dt.date, months: int) -> dt.date:
    """The earliest day of which a report is still good."""
    day = valid_until(today, -months)
    while valid_until(day, months) < today:
        day += dt.timedelta(days=1)
    return day


@cache
def _shipped() -> dict[str, list[Validity]]:
    return TypeAdapter(dict[str, list[Validity]]).validate_python(YamlFile.load(FILE, FILE.name).data)
