"""The model of an assessment's request body, and instants and days in China time."""

import datetime as dt
import re
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.rules.facts.forms import Code, Day, Flag, read_day
from app.rules.facts.household import Facts, Household, Programme

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})$", re.ASCII)


def china_day(at: dt.datetime) -> dt.date:
    """Tell the calendar day in China at an instant that names its zone."""
    return at.astimezone(SHANGHAI).date()


def read_instant(value: object) -> dt.datetime:
    """Reads an RFC 3339 instant with its offset; a date stands for 00:00 in Shanghai. Raises ValueError otherwise."""
    if type(value) is str and len(value) == 10:
        return dt.datetime.combine(read_day(value), dt.time(), SHANGHAI)
    if type(value) is not str or not _INSTANT.fullmatch(value):
        raise PydanticCustomError("instant_format", "an instant is RFC 3339 with an offset")
    try:
        return dt.datetime.fromisoformat(value.upper()).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise PydanticCustomError("instant_format", "there is no such instant") from None


Instant = Annotated[
    dt.datetime,
    PlainValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T10:00:00+08:00"]}),
]
Explain = Literal["none", "reasons", "full"]
RULESET_OPTIONS: Final = ("carry_forward", "accept_reported", "parameters")
"""The options that settle, with the place, the day and the knowledge, which figures count."""


class Options(Facts):
    carry_forward: Flag = Field(
        default=False,
        description="The last published value stands in for a date it does not cover; the answer says so.",
    )
    accept_reported: Flag = Field(
        default=False,
        description="Figures that somebody reported without the official text count where nothing is published; the answer says so.",
    )
    explain: Explain | None = Field(default=None, description="How much is explained; reasons if absent.")
    choices: Flag = Field(
        default=False,
        title="Work out each lawful choice of the family or an officer, with its money",
        json_schema_extra={"title_zh": "列出依法可以选择的各种方案及其金额"},
        examples=[True],
    )
    changes: Flag = Field(
        default=False,
        title="Say the smallest change of one fact that makes a result eligible, for facts that policy allows",
        json_schema_extra={"title_zh": "列出使结论变为符合条件的最小变化（限政策允许的情况）"},
        examples=[True],
    )
    parameters: dict[str, Any] | None = Field(
        default=None,
        description="What a notice in hand prints, by parameter; by residence, level and the like an object (docs/assumptions.md).",
        examples=[{"dibao.standard": {"urban": "600.00"}}],
    )


class AssessmentRequest(Facts):
    """What is this household entitled to? Nothing is stored."""

    jurisdiction: Code = Field(description="GB/T 2260 code of 2, 4, 6, 9 or 12 digits", examples=["999900"])
    date: Day | None = Field(
        default=None, description="The day whose law and standards decide; today in Shanghai if absent"
    )
    known_at: Instant | None = Field(default=None, description="Only what was known by then counts; now if absent")
    programmes: Annotated[list[Programme], Field(max_length=50)] | None = Field(
        default=None, description="All if absent"
    )
    household: Household = Field(
        title="The household: its members and what is known of them", json_schema_extra={"title_zh": "家庭"}
    )
    options: Options | None = Field(
        default=None,
        title="How to decide and how much to explain; the defaults if absent",
        json_schema_extra={"title_zh": "选项"},
    )
