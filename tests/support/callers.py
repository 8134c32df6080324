"""Who calls the service in tests, and the tokens they show."""

from __future__ import annotations

import datetime as dt
from typing import Final

from app.security.callers import COUNTRY, ROLES, Caller, Role
from app.security.tokens import LocalTokens

KEY: Final = bytes(range(32))
TOKENS: Final = LocalTokens(KEY, lambda: dt.datetime.now(dt.UTC))

# May do everything everywhere. Two persons: who proposes does not decide otherwise than recommended.
OFFICER: Final = Caller("officer", frozenset(ROLES), (COUNTRY,))
DECIDER: Final = Caller("decider", frozenset(ROLES), (COUNTRY,))


def token_of(caller: Caller) -> str:
    """A token that speaks for a caller."""
    areas = [area.ljust(6, "0") if area and len(area) < 6 else area or "CN" for area in caller.areas]
    return TOKENS.sign(sorted(caller.roles), areas, caller.subject)


def bearer(caller: Caller) -> dict[str, str]:
    """The header that a caller sends."""
    return {"authorization": f"Bearer {token_of(caller)}"}


def caller(role: Role = "caseworker", area: str = "9999", subject: str | None = None) -> Caller:
    return Caller(subject or f"{role}-1", frozenset({role}), (area,))
