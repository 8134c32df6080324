"""Exact amounts: fen as whole numbers, their text forms, and the scale that holds every month's share of one."""

import re
from fractions import Fraction
from math import lcm
from typing import Final

# Figures may cover these numbers of months (facts.py); a fen times MONTH_SCALE divides by each of them.
ALLOWED_MONTHS: Final = (*range(1, 13), 18, 24)
MONTH_SCALE: Final = lcm(*ALLOWED_MONTHS)

# Ratios (a share, a multiple, a number of months) carry at most four decimals.
RATIO_SCALE: Final = 10_000

# A count of people is at most this; a quotient by such a count is exact at COUNT_SCALE.
MAX_COUNT: Final = 30
COUNT_SCALE: Final = lcm(*range(1, MAX_COUNT + 1))

MONEY_PATTERN: Final = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$"
_MONEY = re.compile(MONEY_PATTERN, re.ASCII)
_RATIO = re.compile(r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$", re.ASCII)


def parse_fen(text: str) -> int:
    """Reads yuan with at most two decimals as fen. Raises ValueError for signs, exponents, spaces and anything else."""
    if not _MONEY.fullmatch(text):
        raise ValueError("not an amount of money with at most two decimals")
    yuan, _, decimals = text.partition(".")
    return int(yuan) * 100 + int(decimals.ljust(2, "0"))


def parse_ratio(text: str) -> Fraction:
    """Reads a plain decimal with at most four decimals exactly. Raises ValueError for anything else."""
    if not _RATIO.fullmatch(text):
        raise ValueError("not a number with at most four decimals")
    return Fraction(text)


def exact_quotient(amount: int, count: int) -> int:
    """Divides an amount by a count of people, at COUNT_SCALE. Raises ValueError for no people or more than MAX_COUNT."""
    if not 1 <= count <= MAX_COUNT:
        raise ValueError(f"an amount is divided by 1 to {MAX_COUNT} people")
    return amount * COUNT_SCALE // count


_CENTS: Final = tuple(f"{fen:02d}" for fen in range(100))


def format_fen(fen: int) -> str:
    """Writes fen as yuan with exactly two decimals."""
    if fen < 0:
        return "-" + format_fen(-fen)
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{_CENTS[rest]}"


def exact_text(number: Fraction) -> str:
    """Writes a number as a plain decimal of at most twelve digits if it has one, else as a quotient."""
    digits = next((digits for digits in range(13) if 10**digits % number.denominator == 0), None)
    if digits is None:
        return str(number)
    whole = abs(number.numerator) * 10**digits // number.denominator
    sign, text = "-" if number < 0 else "", str(whole).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
