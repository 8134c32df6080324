"""Forms in which a platform writes values: dates, months, instants, amounts, yes and no, codes. Each writes and reads.

A value that is not exactly of the form is a BadForm with the code of the fault. Amounts never pass through a binary
float: they are read from text or from a number as it was written.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from jiter import LosslessFloat

from app.rules.facts.forms import read_day, read_month
from app.rules.facts.request import SHANGHAI

DateForm = Literal["yyyy-mm-dd", "yyyymmdd"]
MonthForm = Literal["yyyy-mm", "yyyymm"]
InstantForm = Literal["rfc3339", "yyyymmddhhmmss"]
MoneyUnit = Literal["yuan", "fen", "wan"]
NumberForm = Literal["text", "number"]

DECIMALS: Final[dict[MoneyUnit, int]] = {"fen": 0, "yuan": 2, "wan": 6}  # fen are the last decimal of each unit
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,13})(?:\.([0-9]{1,6}))?", re.ASCII)
_MOST_TEXT: Final = 500


class BadForm(ValueError):
    """A value is not of the form agreed; the code says which (app/rules/messages.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Form(Protocol):
    """One way to write one kind of value."""

    def write(self, value: Any) -> Any: ...

    def read(self, raw: Any) -> Any: ...


class Text:
    """A text as it is."""

    def write(self, value: str) -> str:
        return value

    def read(self, raw: Any) -> str:
        return _text(raw)


@dataclass(frozen=True)
class Day:
    """A day."""

    form: DateForm

    def write(self, value: dt.date) -> str:
        return value.isoformat() if self.form == "yyyy-mm-dd" else f"{value:%Y%m%d}"

    def read(self, raw: Any) -> dt.date:
        text = _text(raw)
        if self.form == "yyyymmdd":
            text = _hyphened(text, 8, "date_format")
        try:
            return read_day(text)
        except ValueError:
            raise BadForm("date_format") from None


@dataclass(frozen=True)
class Month:
    """A month, which the service writes YYYY-MM."""

    form: MonthForm

    def write(self, value: str) -> str:
        return value if self.form == "yyyy-mm" else value.replace("-", "")

    def read(self, raw: Any) -> str:
        text = _text(raw)
        if self.form == "yyyymm":
            text = _hyphened(text, 6, "month_format")
        try:
            return read_month(text)
        except ValueError:
            raise BadForm("month_format") from None


@dataclass(frozen=True)
class Instant:
    """An instant to the second; without an offset it is Chinese time."""

    form: InstantForm

    def write(self, value: dt.datetime) -> str:
        local = value.astimezone(SHANGHAI).replace(microsecond=0)
        return local.isoformat() if self.form == "rfc3339" else f"{local:%Y%m%d%H%M%S}"

    def read(self, raw: Any) -> dt.datetime:
        text = _text(raw)
        try:
            if self.form == "yyyymmddhhmmss":
                if not re.fullmatch(r"[0-9]{14}", text, re.ASCII):
                    raise BadForm("instant_format")
                return dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
            read = dt.datetime.fromisoformat(text)
        except ValueError:
            raise BadForm("instant_format") from None
        if read.tzinfo is None or read.microsecond or len(text) < len("2026-01-01T00:00:00Z"):
            raise BadForm("instant_format")
        return read


@dataclass(frozen=True)
class Amount:
    """An amount in a unit, which the service holds in fen."""

    unit: MoneyUnit
    form: NumberForm

    def write(self, fen: int) -> Any:
        places = DECIMALS[self.unit]
        digits = str(fen).rjust(places + 1, "0")
        text = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
        if self.form == "text":
            return text
        return LosslessFloat(text.encode()) if places else fen

    def read(self, raw: Any) -> int:
        found = _NUMBER.fullmatch(_number_text(raw, self.form))
        decimals = (found[2] or "") if found else ""
        if not found or len(decimals) > DECIMALS[self.unit]:
            raise BadForm("money_format")
        return int(found[1] + decimals.ljust(DECIMALS[self.unit], "0"))


@dataclass(frozen=True)
class Count:
    """A whole number that is not negative."""

    form: NumberForm

    def write(self, value: int) -> Any:
        return str(value) if self.form == "text" else value

    def read(self, raw: Any) -> int:
        found = _NUMBER.fullmatch(_number_text(raw, self.form))
        if not found or found[2]:
            raise BadForm("number_format")
        return int(found[1])


class Codes:
    """A code table: what the service says, and what a platform writes for it."""

    def __init__(self, table: dict[Any, str]) -> None:
        self._table = table
        self._back = {code: value for value, code in table.items()}

    def write(self, value: Any) -> str:
        return self._table[value]

    def read(self, raw: Any) -> Any:
        text = _text(raw)
        if text not in self._back:
            raise BadForm("not_allowed")
        return self._back[text]


@dataclass(frozen=True)
class CodeList:
    """Several codes in one text; an empty text is none of them."""

    codes: Codes
    separator: str

    def write(self, values: Any) -> str:
        return self.separator.join(self.codes.write(value) for value in values)

    def read(self, raw: Any) -> tuple[Any, ...]:
        text = _text(raw)
        return tuple(self.codes.read(part) for part in text.split(self.separator)) if text else ()


def _text(raw: Any) -> str:
    if type(raw) is not str:
        raise BadForm("wrong_type")
    if len(raw) > _MOST_TEXT:
        raise BadForm("too_long")
    return raw


def _number_text(raw: Any, form: NumberForm) -> str:
    """A number's digits as they were written. A text where numbers were agreed is refused, and the other way round."""
    if type(raw) is str and form == "text":
        return _text(raw)
    if type(raw) in (int, LosslessFloat) and form == "number":
        return str(raw)
    raise BadForm("wrong_type")


def _hyphened(text: str, length: int, code: str) -> str:
    if len(text) != length:
        raise BadForm(code)
    return "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
