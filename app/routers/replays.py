"""Many decisions computed again in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.core.errors import UnknownJob
from app.core.paging import Filter, cursor_after
from app.decisions.replay.differences import CLASSES
from app.http.admission_old import PURPOSE, caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.routers import documentation_of_replays as documented

if TYPE_CHECKING:
    from app.storage import Storage

router = APIRouter(prefix="/v1/replays", tags=["decisions"], route_class=DirectRoute)

_CHUNK: Final = 500
ACCEPTED: Final = 202


@router.post("", **documented.REPLAYS)
async def create(request: Request) -> Response:
    """Begins to compute the decisions of a filter again. A job that is interrupted goes on where it was."""
    raw, storage = await json_body(request), await storage_of(request)
    filter_, against = storage.readings.bulk(caller_of(request), raw)
    if "ruleset" in against:
        await storage.kept.ruleset(against["ruleset"])
    return json_response((await storage.jobs.create(filter_, against)).answer(), ACCEPTED)


@router.get("/{id_}", **documented.REPLAY_JOB)
async def job(request: Request) -> Response:
    """How far a replay has come, and what it found: counts by class, and money."""
    id_, storage = _job_in_path(request), await storage_of(request)
    return json_response((await storage.jobs.job(caller_of(request), id_)).answer())


@router.get("/{id_}/results", **documented.REPLAY_RESULTS)
async def results(request: Request) -> Response:
    """What each decision came to, page by page, or all of them as NDJSON."""
    asking, id_ = AskingStored(request), _job_in_path(request)
    class_, size = asking.one_of("class", CLASSES), asking.size()
    filter_ = Filter(ruleset=str(id_), status=class_)  # what the cursor belongs to
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    if documented.NDJSON in request.headers.get("accept", ""):
        await storage.jobs.job(caller_of(request), id_)
        storage.access.purpose(caller_of(request), request.headers.get(PURPOSE))
        return StreamingResponse(_lines(request, storage, id_, class_), media_type=documented.NDJSON)
    found = await storage.jobs.results(caller_of(request), id_, after, size, class_)
    await note_reading(request, storage, [result["decision"] for result in found])
    last = UUID(found[-1]["decision"]) if len(found) == size else None
    return json_response({"items": found, "next": cursor_after(filter_, last) if last else None})


async def _lines(request: Request, storage: Storage, id_: UUID, class_: str | None) -> AsyncIterator[bytes]:
    after: UUID | None = None
    while True:
        found = await storage.jobs.results(caller_of(request), id_, after, _CHUNK, class_)
        await note_reading(request, storage, [result["decision"] for result in found])
        for result in found:
            yield orjson.dumps(result) + b"\n"
        if len(found) < _CHUNK:
            return
        after = UUID(found[-1]["decision"])


def _job_in_path(request: Request) -> UUID:
    id_ = AskingStored(request).identifier(request.path_params["id_"])
    if id_ is None:
        raise UnknownJob
    return id_
