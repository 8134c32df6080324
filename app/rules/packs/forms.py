"""Forms that every part of a pack file shares: days, numbers, texts in both languages, citations, dated sections."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.rules.values.money import parse_ratio


def read_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a date is written YYYY-MM-DD")
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def read_number(value: object) -> object:
    return parse_ratio(value) if isinstance(value, str) else value


def read_figure(value: object) -> object:
    if value in ("true", "false"):
        return value == "true"
    return read_number(value)


def read_fact(value: object) -> object:
    if isinstance(value, str):
        return value == "true" if value in ("true", "false") else int(value)
    return value


def _both_languages(value: dict[str, str]) -> dict[str, str]:
    if set(value) != {"zh", "en"}:
        raise ValueError("a text is given in zh and en")
    return value


Day = Annotated[dt.date, BeforeValidator(read_day)]
Number = Annotated[Fraction, BeforeValidator(read_number)]
Text = Annotated[dict[str, str], AfterValidator(_both_languages)]
Citation = Annotated[tuple[str, str], Field(description="document and article")]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Dated(Section):
    start: Day = Field(alias="from")
    until: Day | None = None

    def covers(self, date: dt.date) -> bool:
        return self.start <= date and (self.until is None or date <= self.until)
