"""Parts of addresses that several routers read: places, days, instants, ids, pages. Each is parameter once, here."""

import datetime as dt
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Path
from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core.errors import UnknownDecision
from app.http.problems import raises
from app.rules.errors import CodedError
from app.rules.facts.forms import read_day
from app.rules.facts.request import SHANGHAI, read_instant
from app.rules.schema_base import PRINTABLE as PRINTABLE
from app.rules.validation import is_too_far_ahead

first_law_day: ContextVar[dt.date] = ContextVar("first_law_day")
"""The first day of any law among the rules of the service that answers; set for each request (app/http/route.py)."""

CODE_PATTERN: Final = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
_DAY_SCHEMA: Final = {"type": "string", "format": "date", "examples": ["2026-08-15"]}
_INSTANT_SCHEMA: Final = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],
    "examples": ["2026-08-01T09:00:00+08:00", "2026-08-01"],
}


def parameter(zh: str, en: str) -> dict[str, Any]:
    """Makes the arguments by which FastAPI's Path, Query and Header describe a parameter in both languages."""
    return {"description": en, "json_schema_extra": {"x-description-zh": zh}}


def today() -> dt.date:
    """The day it is in Shanghai."""
    return dt.datetime.now(SHANGHAI).date()


def now() -> dt.datetime:
    """The second it is, in Shanghai."""
    return dt.datetime.now(SHANGHAI).replace(microsecond=0)


def _law_day(text: object) -> dt.date:
    """A day whose law decides: not before any law, and not too far ahead for today's."""
    day = read_day(text)
    if day < first_law_day.get():
        raise PydanticCustomError("before_any_law", "no rule was in force on that day")
    if is_too_far_ahead(day, today()):
        raise PydanticCustomError("too_far_ahead", "too far ahead for today's rules")
    return day


def _instant(text: str) -> dt.datetime:
    """An instant, in Shanghai; a `+` that arrived as a space is one again."""
    return read_instant(text.replace(" ", "+"))


Code = Annotated[str, Field(pattern=CODE_PATTERN)]
"""A GB/T 2260 code of 2, 4, 6, 9 or 12 digits."""
Day = Annotated[dt.date, PlainValidator(read_day), WithJsonSchema(_DAY_SCHEMA)]
LawDay = Annotated[dt.date, PlainValidator(_law_day), WithJsonSchema(_DAY_SCHEMA)]
"""A day whose law decides; a fault before any law or too far ahead."""
Instant = Annotated[dt.datetime, PlainValidator(_instant), WithJsonSchema(_INSTANT_SCHEMA)]


def _digits(text: object) -> object:
    if type(text) is str and not (text.isascii() and text.isdigit() and len(text) < 17):
        raise PydanticCustomError("wrong_form", "a whole number in decimal digits")
    return text


DIGITS: Final = BeforeValidator(_digits)
"""Takes plain decimal digits alone for a number: `Annotated[int, Field(ge=0), DIGITS]`."""


def read_id(text: str) -> UUID | None:
    """The UUIDv7 a text writes; None for any other text."""
    try:
        id_ = UUID(text)
    except ValueError:
        return None
    return id_ if str(id_) == text.lower() and id_.version == 7 else None


ID_EXAMPLE: Final = "01a1f6ae-9900-780f-8b3c-5369bc707be7"


def id_in_path(error: type[CodedError], zh: str, en: str, example: str = ID_EXAMPLE) -> Callable[..., Awaitable[UUID]]:
    """A dependency that reads the id in the path; a text that is no id is what does not exist, so `error` is raised."""
    schema = WithJsonSchema({"type": "string", "maxLength": 36, "examples": [example]})

    @raises(error.code)
    async def read(id_: Annotated[str, schema, Path(**parameter(zh, en))]) -> UUID:
        found = read_id(id_)
        if found is None:
            raise error
        return found

    return read


decision_id: Final = id_in_path(UnknownDecision, "认定编号", "The decision's id")
