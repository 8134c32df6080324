"""Refuses texts that would name an identified person on record for ever: no erasure could reach them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from app.rules.request_faults import Fault, FaultyRequest, pointer

_BETWEEN: Final = re.compile(r"[\s·・•.\-'’]+")
_SHORTEST: Final = 2  # a single character is no name, and stands in too many words
Where = tuple[str | int, ...]


def as_it_reads(text: str) -> str:
    """Wide and other compatible forms as the plain ones, without marks that take no room (zero-width spaces, joiners)."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def naming_faults(body: Any, said: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each text of a body that contains one of the names or ID numbers in `said`."""
    names = [one for one in map(_plain, said) if len(one) >= _SHORTEST]
    for where, text in _texts(body, ()):
        found, digits = _plain(text), _digits(text)
        if any(name in found or (name[0].isdigit() and name in digits) for name in names):
            yield Fault(pointer(where), "personal_data")


def must_name_nobody(said: Sequence[str], body: Any, key: str | None) -> None:
    """Raise FaultyRequest if a text of the body, or the idempotency key, contains a name or ID number in `said`."""
    faults = list(naming_faults(body, said))
    if any(naming_faults(key, said)):
        faults.append(Fault("/header/idempotency-key", "personal_data"))
    if faults:
        raise FaultyRequest(faults)


def same_name(one: str, other: str) -> bool:
    """Tell if two names are the same, however wide, cased or spaced they are written."""
    return _plain(one) == _plain(other)


def _texts(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _texts(item, (*where, key))


def _digits(text: str) -> str:
    """Keep letters and digits only, digits of any script as ASCII: so an ID number is found in any writing."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in _plain(text) if sign.isalnum())


def _plain(text: str) -> str:
    return _BETWEEN.sub("", as_it_reads(text)).casefold()
