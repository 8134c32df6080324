"""Refuses texts that would name an identified person on record for ever: no erasure could reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from app.rules.request_faults import Fault, FaultyRequest, pointer
from app.security.id_numbers import PATTERN, digits_of
from app.security.names import bare_letters, digits_in, has_marks, letters

_SHORTEST: Final = 2  # a single character is no name, and stands in too many words
_NUMBER: Final = re.compile(PATTERN, re.ASCII)
Where = tuple[str | int, ...]


class _Said:
    """Names and ID numbers, in the forms in which they are looked for."""

    def __init__(self, said: Iterable[str]) -> None:
        said = list(said)
        names = [one for one in said if not _NUMBER.fullmatch(one)]
        self.numbers = [form for one in said if _NUMBER.fullmatch(one) for form in digits_of(one)]
        self.bare = _long_enough(bare_letters(one) for one in names if not has_marks(one))
        self.marked = _long_enough(letters(one) for one in names if has_marks(one))

    def stands_in(self, text: str) -> bool:
        bare = bare_letters(text)
        if any(name in bare for name in self.bare):
            return True
        if any(number in digits for digits in digits_in(text) for number in self.numbers):
            return True
        return bool(self.marked) and any(name in letters(text) for name in self.marked)


def naming_faults(body: Any, said: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each text of a body that contains one of the names or ID numbers in `said`."""
    looked_for = _Said(said)
    for where, text in _texts(body, ()):
        if looked_for.stands_in(text):
            yield Fault(pointer(where), "personal_data")


def must_name_nobody(said: Sequence[str], body: Any, key: str | None) -> None:
    """Raise FaultyRequest if a text of the body, or the idempotency key, contains a name or ID number in `said`."""
    faults = list(naming_faults(body, said))
    if any(naming_faults(key, said)):
        faults.append(Fault("/header/idempotency-key", "personal_data"))
    if faults:
        raise FaultyRequest(faults)


def _texts(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _texts(item, (*where, key))


def _long_enough(names: Iterable[str]) -> list[str]:
    return [one for one in names if len(one) >= _SHORTEST]
