"""The caller of a request: a person or a system, its roles, and the areas it acts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.rules.packs.divisions import significant
from app.security.names import as_it_reads

Role = Literal["caseworker", "reviewer", "auditor", "publisher", "system"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
COUNTRY: Final = ""  # the area that covers every place


@dataclass(frozen=True)
class Caller:
    """A caller whose token was verified. `areas` are leading digits of GB/T 2260 codes; "" is the whole country."""

    subject: str
    roles: frozenset[Role]
    areas: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Tell if a place lies in one of the caller's areas."""
        return covered(code, self.areas)

    def may_be(self, subject: str | None) -> bool:
        """Tell if another subject may be the same person: providers that tell neither cases nor widths apart, nor spaces at
        either end, issue both.

        For whatever needs a second person; what is recorded is the subject as it was issued.
        """
        return subject is not None and _plain(self.subject) == _plain(subject)


def _plain(subject: str) -> str:
    return as_it_reads(subject).strip().casefold()


def covered(code: str, areas: tuple[str, ...]) -> bool:
    """Tell if a place lies in one of the areas."""
    digits = significant(code) if code.isdigit() else code
    return any(digits.startswith(area) for area in areas)


def area_of(code: str) -> str:
    """Read an area from a GB/T 2260 code of 2, 4, 6, 9 or 12 digits, or from `CN` for the whole country.

    Raises ValueError for any other text.
    """
    if code == "CN":
        return COUNTRY
    if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6, 9, 12)):
        raise ValueError("an area is CN or a code of 2, 4, 6, 9 or 12 digits")
    return significant(code)
