"""Callers of one role and one area, to ask as."""

from __future__ import annotations

from app.security.callers import Caller, Role


def caller(role: Role = "caseworker", area: str = "9999", subject: str | None = None) -> Caller:
    return Caller(subject or f"{role}-1", frozenset({role}), (area,))
