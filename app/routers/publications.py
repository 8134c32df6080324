"""Rules published: submitted, checked, compared, approved by a second person; listed and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core.paging import Filter, cursor_after
from app.http.admission_old import PURPOSE, caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.idempotency import key_of
from app.http.json import json_response
from app.http.language import language_of
from app.http.storage_gate import storage_of
from app.publications.errors import UnknownPublication
from app.publications.submission import STATES
from app.routers import documentation_of_publications as documented
from app.security.permissions import must

if TYPE_CHECKING:
    from app.storage import Storage

router = APIRouter(prefix="/v1/publications", tags=["publications"], route_class=DirectRoute)

CREATED: Final = 201
_YES: Final = "true"


@router.post("", **documented.SUBMIT)
async def submit(request: Request) -> Response:
    """A pack, or what a notice adds to the one that stands. It counts only once a second person has approved it."""
    asking, key, caller = AskingStored(request), key_of(request), caller_of(request)
    wanted = asking.one_of("impact", (_YES, "false")) == _YES
    asking.settle()
    raw, storage = await json_body(request), await storage_of(request)
    if wanted:  # what is refused after it was submitted would leave it there
        must(caller, "publications.impact")
        storage.access.purpose(caller, request.headers.get(PURPOSE))
    id_ = await storage.publications.submit(caller, raw, key)
    return json_response(await _whole(request, storage, id_, wanted=wanted), CREATED)


@router.post("/{id_}/approvals", **documented.APPROVE)
async def approve(request: Request) -> Response:
    """A second person approves: from the second after the next it counts, for knowledge from then on."""
    id_, key, raw, storage = _id_in_path(request), key_of(request), await json_body(request), await storage_of(request)
    await storage.publications.approve(caller_of(request), id_, raw, key)
    return json_response(await _whole(request, storage, id_), CREATED)


@router.post("/{id_}/rejections", **documented.REJECT)
async def reject(request: Request) -> Response:
    """A second person rejects, with a reason. It never counts."""
    id_, key, raw, storage = _id_in_path(request), key_of(request), await json_body(request), await storage_of(request)
    await storage.publications.reject(caller_of(request), id_, raw, key)
    return json_response(await _whole(request, storage, id_), CREATED)


@router.get("", **documented.LIST)
async def publications(request: Request) -> Response:
    """Every publication in the order they were submitted. The first are the packs that came with the service."""
    asking = AskingStored(request)
    place, state, size = asking.place(), asking.one_of("state", STATES), asking.size()
    filter_ = Filter(jurisdiction=place, status=state, document="publications")  # what the cursor belongs to
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    found = await storage.publications.page(place, state, after, size)
    last = found[-1].id if len(found) == size else None
    items = [one.row() for one in found]
    return json_response({"items": items, "next": cursor_after(filter_, last) if last else None})


@router.get("/{id_}", **documented.SHOW)
async def publication(request: Request) -> Response:
    """What a publication says, beside what it was compared with; with `impact=true`, whom it touches."""
    asking, id_ = AskingStored(request), _id_in_path(request)
    wanted = asking.one_of("impact", (_YES, "false")) == _YES
    text = asking.text("before", 36)
    before = asking.identifier(text) if text else None
    asking.settle()
    return json_response(await _whole(request, await storage_of(request), id_, wanted=wanted, before=before))


async def _whole(
    request: Request, storage: Storage, id_: UUID, *, wanted: bool = False, before: UUID | None = None
) -> dict[str, Any]:
    shown = await storage.publications.show(id_, language_of(request))
    if not wanted:
        return shown | {"impact": None}
    must(caller_of(request), "publications.impact")
    impact = await storage.publications.impact(caller_of(request), id_, before)
    await note_reading(request, storage, [one["decision"] for one in impact["touched"]])
    return shown | {"impact": impact}


def _id_in_path(request: Request) -> UUID:
    id_ = AskingStored(request).identifier(request.path_params["id_"])
    if id_ is None:
        raise UnknownPublication
    return id_
