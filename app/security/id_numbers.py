"""Checks resident identity numbers (GB 11643), those of residence permits included, and reads the birth date in them.

An address code is checked by its province alone: a county's code stays in the numbers of people long after the county
has another, and a table by year of birth would refuse people who were registered late. Numbers of 15 digits have no
check character and are not taken.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from app.rules.facts.request import SHANGHAI

PATTERN: Final = r"^[0-9]{17}[0-9Xx]$"
LIKE_ONE: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", re.ASCII)  # anywhere in a text, right or not
_FORM: Final = re.compile(PATTERN, re.ASCII)
_OF_PERMITS: Final = frozenset({"81", "82", "83"})  # Hong Kong, Macao, Taiwan residents: as a province


class NotAnIdNumber(ValueError):
    """The text is no identity number. The error does not repeat the text."""

    def __init__(self) -> None:
        super().__init__("not an identity number")


def plain(number: str) -> str:
    """Write a number in its one form, the check letter a capital. Raises NotAnIdNumber for any other text."""
    if not _FORM.fullmatch(number):
        raise NotAnIdNumber
    number = number.upper()
    if ric.calc_check_digit(number) != number[-1] or not _is_province(number[:2]):
        raise NotAnIdNumber
    birth_date(number)
    return number


def birth_date(number: str) -> dt.date:
    """Read the date of birth in a number. Raises NotAnIdNumber if there is no such day, or if it is yet to come."""
    try:
        day = ric.get_birth_date(number)
    except ValidationError:
        raise NotAnIdNumber from None
    if day > dt.datetime.now(SHANGHAI).date():
        raise NotAnIdNumber
    return day


@cache
def _is_province(code: str) -> bool:
    return code in _OF_PERMITS or any(said for _, said in numdb.get("cn/loc").info(code))
