"""What a household was entitled to over time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.core.errors import UnknownDecision
from app.http.admission_old import caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.routers import documentation_of_searches as documented

router = APIRouter(prefix="/v1/households", tags=["decisions"], route_class=DirectRoute)


@router.get("/{ref:path}/timeline", **documented.TIMELINE)
async def timeline(request: Request) -> Response:
    """Each month, the decision that stood in it and what it grants, up to this month."""
    asking = AskingStored(request)
    ref = asking.text_in_path("ref", 64)
    asking.settle()
    storage = await storage_of(request)
    if "\0" in ref:  # no text of the database has it
        raise UnknownDecision
    found = await storage.readings.timeline(caller_of(request), ref)
    await note_reading(request, storage, [one["id"] for one in found["decisions"]], household_ref=ref)
    return json_response(found)
