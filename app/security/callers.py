"""Who calls: a person or a system, in which roles, for which places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.rules.packs.divisions import (
    significant,
)

Role = Literal["caseworker", "reviewer", "auditor", "publisher", "system"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
COUNTRY: Final = ""  # the area that covers every place


@dataclass(frozen=True)
class Caller:
    """Somebody whose token was verified. `areas` are the leading digits of GB/T 2260 codes; "" is the whole country."""

    subject: str
    roles: frozenset[Role]
    areas: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Whether a place lies in one of the caller's areas."""
        return covered(code, self.areas)


def covered(code: str, areas: tuple[str, ...]) -> bool:
    """Whether a place lies in one of some areas."""
    digits = significant(code) if code.isdigit() else code
    return any(digits.startswith(area) for area in areas)


def area_of(code: str) -> str:
    """The area that a GB/T 2260 code of 2, 4, 6, 9 or 12 digits names, or `CN` for the whole country. ValueError for
    anything else."""
    if code == "CN":
        return COUNTRY
    if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6, 9, 12)):
        raise ValueError("an area is CN or a code of 2, 4, 6, 9 or 12 digits")
    return significant(code)
