"""Checks resident identity numbers (GB 11643), those of residence permits included, and reads the birth date in them.

An address code is checked by its province alone: a county's code stays in the numbers of people long after the county
has another, and a table by year of birth would refuse people who were registered late. Numbers of 15 digits have no
check character and are not taken; in a text they name a person all the same.
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
from app.security.names import as_it_reads, with_figures

PATTERN: Final = r"^[0-9]{17}[0-9Xx]$"
LIKE_ONE: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", re.ASCII)  # anywhere in a text, right or not
WITH_A_DAY: Final = re.compile(  # in free words any 18 digits may be a serial number: here they must have a birth date
    r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])",
    re.ASCII,
)
_BROKEN_UP: Final = re.compile(r"(?<![0-9])(?=([0-9](?:[^0-9]{0,3}[0-9]){16}[^0-9]{0,3}[0-9Xx])(?![0-9]))", re.ASCII)
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


def digits_of(number: str) -> tuple[str, str]:
    """Give the digits by which a number is known in a text: without its check character, and as the 15 it once had."""
    return number[:17], number[:6] + number[8:17]


def stands_whole_in(text: str, like_one: re.Pattern[str] = WITH_A_DAY) -> bool:
    """Tell if what looks like anybody's number stands in a text, in one piece."""
    return like_one.search(as_it_reads(text)) is not None


def names_a_person(text: str, like_one: re.Pattern[str] = WITH_A_DAY) -> bool:
    """Tell if anybody's number stands in a text: in one piece, right or not; or a right one that is broken up, or has
    Chinese numerals for digits."""
    if stands_whole_in(text, like_one):
        return True
    read = as_it_reads(text)
    with_numerals = read if read.isascii() else with_figures(read)
    return any(_is_right(found[1]) for found in _BROKEN_UP.finditer(with_numerals))


def _is_right(broken_up: str) -> bool:
    try:
        return bool(plain("".join(sign for sign in broken_up[:-1] if sign.isdigit()) + broken_up[-1]))
    except NotAnIdNumber:
        return False


@cache
def _is_province(code: str) -> bool:
    return code in _OF_PERMITS or any(said for _, said in numdb.get("cn/loc").info(code))
