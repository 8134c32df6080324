"""Permissions as dependencies: verifies bearer tokens, checks roles, writes down who read personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import WithJsonSchema

from app.http.problems import raises
from app.http.storage_gate import StorageDep
from app.security.callers import Caller
from app.security.permissions import PERMISSIONS, must
from app.security.tokens import TokenRefused, Verifier


@raises("unauthenticated", "forbidden", "keys_unavailable")
@dataclass(frozen=True)
class RequiredPermission:
    """A dependency that lets in only callers whose role has a permission."""

    name: str

    async def __call__(self, request: Request) -> Caller:
        """The caller. TokenRefused without a good token, Forbidden if none of its roles has the permission."""
        known: Caller | None = getattr(request.state, "caller", None)
        if known is not None:
            return known
        verifier: Verifier = request.app.state.tokens
        caller = await verifier.verify(_bearer(request))
        must(caller, self.name)
        request.state.caller = caller
        request.state.permission = self.name
        return caller

    def documented(self) -> dict[str, Any]:
        """Describes, for OpenAPI, an endpoint that only some may call."""
        return {
            "x-permission": self.name,
            "x-roles": sorted(PERMISSIONS[self.name]),
            "security": [{"bearer": []}],
        }


def Permission(name: str) -> Any:  # noqa: N802  reads like FastAPI's own Depends
    """The caller, who must have a permission: `caller: Annotated[Caller, Permission("decisions.read")]`."""
    return Depends(RequiredPermission(name))


Purpose = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "maxLength": 64, "examples": ["case_handling"]}),
    Header(
        alias="Purpose",
        description="What it is read for (docs/personal-data.md), written down with the reading;"
        " the role's ordinary purpose if absent",
        json_schema_extra={"x-description-zh": "查阅目的，缺省为该角色的通常目的"},
    ),
]


@dataclass(frozen=True)
class Reading:
    """A reading of personal data that is about to be answered."""

    access: Any  # app.people.access_log.Access, which opens with the storage
    caller: Caller
    permission: str
    purpose: str | None

    def must_have_purpose(self) -> None:
        """Refuses a purpose that is not the caller's: FaultyRequest."""
        self.access.purpose(self.caller, self.purpose)

    async def of(self, decisions: Iterable[UUID | str] = (), household_ref: str | None = None) -> None:
        """Writes down that the caller reads about decisions or a household; to be awaited before the answer leaves.

        FaultyRequest for a purpose that is not the caller's.
        """
        ids = [UUID(str(id_)) for id_ in decisions]
        await self.access.read(
            self.caller, self.permission, decisions=ids, household_ref=household_ref, purpose=self.purpose
        )


@raises("faulty_request")
async def _reading(request: Request, storage: StorageDep, purpose: Purpose = None) -> Reading:
    return Reading(storage.access, request.state.caller, request.state.permission, purpose)


ReadingDep = Annotated[Reading, Depends(_reading)]
"""Writes down who reads, for which purpose."""


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    if len(given) != 1:
        raise TokenRefused
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused
    return token.strip(" ")
