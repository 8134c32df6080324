"""Defect notices: what a wrong rule, figure, document or engine did, and to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.core.errors import UnknownJob
from app.core.paging import Filter, cursor_after
from app.decisions.defects import csv_export
from app.decisions.defects.classes import CLASSES
from app.http.admission_old import PURPOSE as ASKED_FOR
from app.http.admission_old import caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.routers import documentation_of_defects as documented
from app.routers.documentation_of_replays import NDJSON

if TYPE_CHECKING:
    from app.storage import Storage

router = APIRouter(prefix="/v1/defects", tags=["decisions"], route_class=DirectRoute)

_CHUNK: Final = 500
_ACCEPTED: Final = 202


@router.post("", **documented.DEFECTS)
async def create(request: Request) -> Response:
    """Begins to look for every decision that something wrong has touched, and for what it did to each."""
    raw, storage = await json_body(request), await storage_of(request)
    return json_response(await storage.defects.begin(caller_of(request), raw), _ACCEPTED)


@router.get("/{id_}", **documented.DEFECT)
async def defect(request: Request) -> Response:
    """How far it has come, and what was found so far: decisions by class, and money by month."""
    id_, storage = _id_in_path(request), await storage_of(request)
    return json_response(await storage.defects.read(caller_of(request), id_))


@router.get("/{id_}/results", **documented.DEFECT_RESULTS)
async def results(request: Request) -> Response:
    """The touched decisions, page by page, or all of them as NDJSON or as a list to act on (CSV)."""
    asking, id_ = AskingStored(request), _id_in_path(request)
    class_, size = asking.one_of("class", CLASSES), asking.size()
    filter_ = Filter(ruleset=str(id_), status=class_)  # what the cursor belongs to
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    caller, accepted = caller_of(request), request.headers.get("accept", "")
    if NDJSON in accepted or documented.CSV in accepted:
        await storage.jobs.job(caller, id_, "defect")
        storage.access.purpose(caller, request.headers.get(ASKED_FOR))
        if NDJSON in accepted:
            return StreamingResponse(_lines(request, storage, id_, class_), media_type=NDJSON)
        return StreamingResponse(_table(request, storage, id_, class_), media_type=documented.CSV)
    found = await storage.jobs.results(caller, id_, after, size, class_, "defect")
    await note_reading(request, storage, [result["decision"] for result in found])
    last = UUID(found[-1]["decision"]) if len(found) == size else None
    return json_response({"items": found, "next": cursor_after(filter_, last) if last else None})


async def _lines(request: Request, storage: Storage, id_: UUID, class_: str | None) -> AsyncIterator[bytes]:
    async for result in _all(request, storage, id_, class_):
        yield orjson.dumps(result) + b"\n"


async def _table(request: Request, storage: Storage, id_: UUID, class_: str | None) -> AsyncIterator[str]:
    yield csv_export.header()
    async for result in _all(request, storage, id_, class_):
        for line in csv_export.lines(result):
            yield line


async def _all(request: Request, storage: Storage, id_: UUID, class_: str | None) -> AsyncIterator[dict[str, Any]]:
    """Every result; that it is read is written down before."""
    after: UUID | None = None
    while True:
        found = await storage.jobs.results(caller_of(request), id_, after, _CHUNK, class_, "defect")
        await note_reading(request, storage, [result["decision"] for result in found])
        for result in found:
            yield result
        if len(found) < _CHUNK:
            return
        after = UUID(found[-1]["decision"])


def _id_in_path(request: Request) -> UUID:
    id_ = AskingStored(request).identifier(request.path_params["id_"])
    if id_ is None:
        raise UnknownJob
    return id_
