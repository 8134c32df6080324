"""What is to be looked at again: reviews that are due, alerts, and people likely eligible for what they do not get."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core.paging import cursor_after
from app.http.admission_old import caller_of, note_reading
from app.http.asking_monitoring import AskingMonitoring
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.monitoring.failures import UnknownAlert
from app.monitoring.filters import Listed
from app.routers import documentation_of_monitoring as documented
from app.security.callers import Caller

if TYPE_CHECKING:
    from app.storage import Storage

router = APIRouter(prefix="/v1", tags=["monitoring"], route_class=DirectRoute)

_TAKEN: Final = 202
_CREATED: Final = 201


Asked = TypeVar("Asked", bound=Listed, contravariant=True)


class Pages(Protocol[Asked]):
    """What is listed page by page."""

    async def page(self, asked: Asked, after: UUID | None, size: int) -> tuple[list[dict[str, Any]], UUID | None]: ...


@router.get("/reviews", **documented.REVIEWS)
async def reviews(request: Request) -> Response:
    """Decided households whose review is due on a day or before, and what the same facts come to now."""
    return await _listed(request, AskingMonitoring.reviews, lambda storage: storage.reviews)


@router.get("/screenings", **documented.SCREENINGS)
async def screenings(request: Request) -> Response:
    """Decided households in which somebody is likely eligible for what was not granted."""
    return await _listed(request, AskingMonitoring.screenings, lambda storage: storage.screenings)


@router.get("/alerts", **documented.ALERTS)
async def alerts(request: Request) -> Response:
    """Events that were reported and what registers found of decided households, with what each would change."""
    return await _listed(request, AskingMonitoring.alerts, lambda storage: storage.alerts)


@router.post("/alerts", **documented.REPORT)
async def report(request: Request) -> Response:
    """Something happened to somebody of a decided household. Whether it did is for a person to find out."""
    raw, storage = await json_body(request), await storage_of(request)
    return json_response(await storage.alerts.report(caller_of(request), raw), _TAKEN)


@router.post("/alerts/{id_}/resolution", **documented.RESOLVE)
async def resolve(request: Request) -> Response:
    """A person dealt with an alert, and no new decision follows from it."""
    id_ = _id_in_path(request)
    raw, storage = await json_body(request), await storage_of(request)
    found = await storage.alerts.resolve(caller_of(request), id_, raw)
    await note_reading(request, storage, [found["decision"]])
    return json_response(found, _CREATED)


async def _listed(
    request: Request, ask: Callable[[AskingMonitoring, Caller], Asked], of: Callable[[Storage], Pages[Asked]]
) -> Response:
    """A page of a list, its reading written down."""
    asking = AskingMonitoring(request)
    asked, size = ask(asking, caller_of(request)), asking.size()
    after = asking.after(asked)
    asking.settle()
    storage = await storage_of(request)
    items, last = await of(storage).page(asked, after, size)
    await note_reading(request, storage, [item["decision"] for item in items])
    return json_response({"items": items, "next": cursor_after(asked, last) if last else None})


def _id_in_path(request: Request) -> UUID:
    id_ = AskingStored(request).identifier(request.path_params["id_"])
    if id_ is None:
        raise UnknownAlert
    return id_
