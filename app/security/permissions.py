"""Permissions and the roles that have them. What is not listed is allowed to nobody."""

from __future__ import annotations

from typing import Final

from app.rules.errors import CodedError
from app.security.callers import Caller, Role

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "decisions.propose": frozenset({"caseworker"}),
    "decisions.confirm": frozenset({"caseworker", "reviewer"}),
    "decisions.depart": frozenset({"reviewer"}),
    "decisions.withdraw": frozenset({"caseworker", "reviewer"}),
    "decisions.note": frozenset({"caseworker", "reviewer"}),
    "decisions.read": frozenset({"caseworker", "reviewer", "auditor"}),
    "decisions.replay": frozenset({"caseworker", "reviewer", "auditor"}),
    "decisions.prove": frozenset({"reviewer", "auditor"}),
    "decisions.sample": frozenset({"reviewer", "auditor"}),
    "replays.run": frozenset({"reviewer", "auditor", "publisher", "system"}),
    "defects.run": frozenset({"reviewer", "auditor", "publisher"}),
    "publications.propose": frozenset({"publisher"}),
    "publications.approve": frozenset({"reviewer", "publisher"}),
    "publications.impact": frozenset({"reviewer", "auditor", "publisher"}),
    "publications.read": frozenset({"caseworker", "reviewer", "auditor", "publisher", "system"}),
    "persons.search": frozenset({"caseworker", "reviewer", "system"}),
    "persons.erase": frozenset({"reviewer", "system"}),
    "identities.read": frozenset({"caseworker", "reviewer"}),
    "statuses.read": frozenset({"caseworker", "reviewer", "system"}),
    "verifications.run": frozenset({"caseworker", "reviewer"}),
    "verifications.read": frozenset({"caseworker", "reviewer", "auditor"}),
    "verifications.resolve": frozenset({"caseworker", "reviewer"}),
    "reviews.read": frozenset({"caseworker", "reviewer", "auditor"}),
    "alerts.report": frozenset({"caseworker", "reviewer", "system"}),
    "alerts.read": frozenset({"caseworker", "reviewer", "auditor"}),
    "alerts.resolve": frozenset({"caseworker", "reviewer"}),
    "screenings.read": frozenset({"caseworker", "reviewer"}),
    "access_log.read": frozenset({"auditor"}),
}


class Forbidden(CodedError):
    """The caller is known and has no right to do this. `code` says why."""

    def __init__(self, code: str = "forbidden") -> None:
        super().__init__(code)
        self.code = code


def may(caller: Caller, permission: str) -> bool:
    """Tell if one of the caller's roles has a permission."""
    return not caller.roles.isdisjoint(PERMISSIONS[permission])


def must(caller: Caller, permission: str) -> None:
    """Raise Forbidden unless one of the caller's roles has a permission."""
    if not may(caller, permission):
        raise Forbidden


def must_cover(caller: Caller, code: str) -> None:
    """Raise Forbidden unless a place that the caller named lies in one of its areas."""
    if not caller.covers(code):
        raise Forbidden("outside_area")
