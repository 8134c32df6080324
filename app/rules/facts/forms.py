"""Reads the plain values of facts from JSON, each with its form in the schema: money, days, months, ids and codes.

Amounts are read into fen at once, from text or from JSON's own numbers, never through a binary float.
"""

import datetime as dt
import re
from typing import Annotated, Any

from jiter import LosslessFloat
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.rules.values.money import ALLOWED_MONTHS, MONEY_PATTERN, parse_fen

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$", re.ASCII)


def read_money(value: object) -> int:
    """Reads fen from a JSON string or number. Raises PydanticCustomError for anything but a plain amount."""
    if type(value) is str:
        text = value
    elif type(value) is int or type(value) is LosslessFloat:
        text = str(value)
    else:
        raise PydanticCustomError("money_type", "an amount is a text or a number")
    try:
        return parse_fen(text)
    except ValueError:
        raise PydanticCustomError(
            "money_format", "an amount is not negative, has at most two decimals and no exponent"
        ) from None


def read_hundredths(value: object) -> int:
    """Reads a measure with at most two decimals, in hundredths."""
    found = read_money(value)
    if found >= 10**10:
        raise PydanticCustomError("money_format", "a measure has at most eight digits before the point")
    return found


def read_day(value: object) -> dt.date:
    if type(value) is not str or not _DAY.fullmatch(value):
        raise PydanticCustomError("date_format", "a date is written YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date_format", "there is no such day") from None


def read_month(value: object) -> str:
    if type(value) is not str or not _MONTH.fullmatch(value):
        raise PydanticCustomError("month_format", "a month is written YYYY-MM")
    return value


def _allowed_months(value: int) -> int:
    if value not in ALLOWED_MONTHS:
        raise PydanticCustomError("months_not_allowed", "figures cover 1 to 12, 18 or 24 months")
    return value


def _falsy_default(default: Any) -> BeforeValidator:
    """Reads null as absent: the default."""
    return BeforeValidator(lambda value: default if value is None else value)


Money = Annotated[
    int,
    PlainValidator(read_money),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": MONEY_PATTERN},
                {"type": "number", "minimum": 0, "maximum": 999_999_999_999.99, "multipleOf": 0.01},
            ],
            "examples": ["640.00"],
        }
    ),
]
Hundredths = Annotated[
    int,
    PlainValidator(read_hundredths),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"},
                {"type": "number", "minimum": 0, "maximum": 99_999_999.99, "multipleOf": 0.01},
            ],
            "examples": ["89.53"],
        }
    ),
]
Day = Annotated[
    dt.date, PlainValidator(read_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["1984-03-02"]})
]
Month = Annotated[
    str,
    PlainValidator(read_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2026-07"]}),
]
Months = Annotated[
    int, AfterValidator(_allowed_months), WithJsonSchema({"type": "integer", "enum": list(ALLOWED_MONTHS)})
]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
Flag = Annotated[bool, _falsy_default(False)]
Code = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
