"""Who may come in: the bearer token is verified and the role checked before anything else of a request is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from fastapi import Request

from app.security.callers import Caller
from app.security.permissions import PERMISSIONS, must
from app.security.tokens import TokenRefused, Verifier

if TYPE_CHECKING:
    from app.storage import Storage

PERMISSION: Final = "x-permission"
PURPOSE: Final = "purpose"


def guarded(permission: str) -> dict[str, Any]:
    """What the documentation of an endpoint says that only some may call; its route then lets nobody else in."""
    roles = sorted(PERMISSIONS[permission])
    return {PERMISSION: permission, "x-roles": roles, "security": [{"bearer": []}]}


async def admit(request: Request, permission: str) -> None:
    """Lets the caller in. TokenRefused without a good token, Forbidden if none of its roles allows it."""
    verifier: Verifier = request.app.state.tokens
    caller = await verifier.verify(_bearer(request))
    must(caller, permission)
    request.state.caller = caller
    request.state.permission = permission


def caller_of(request: Request) -> Caller:
    """Who was let in."""
    caller: Caller = request.state.caller
    return caller


async def note_reading(
    request: Request, storage: Storage, decisions: Iterable[UUID | str] = (), household_ref: str | None = None
) -> None:
    """Writes down that the caller reads about decisions or a household, by which permission and for which purpose
    (header `Purpose`). To be awaited before the answer leaves; FaultyRequest for a purpose that is not the caller's."""
    await storage.access.read(
        caller_of(request),
        request.state.permission,
        decisions=[UUID(str(id_)) for id_ in decisions],
        household_ref=household_ref,
        purpose=request.headers.get(PURPOSE),
    )


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    if len(given) != 1:
        raise TokenRefused
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused
    return token.strip(" ")
