"""What a household was entitled to over time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.decisions import archive, search
from app.decisions.months import this_month
from app.decisions.search import Filter
from app.decisions.state import UnknownDecision
from app.decisions.timeline import timeline as timeline_of
from app.routers import documentation_of_searches as documented
from app.routers.asking_stored import AskingStored
from app.routers.direct import DirectRoute
from app.routers.json import json_response
from app.storage_gate import storage_of

router = APIRouter(prefix="/v1/households", tags=["decisions"], route_class=DirectRoute)
MOST_DECISIONS = 2000


@router.get("/{ref}/timeline", **documented.TIMELINE)
async def timeline(request: Request) -> Response:
    """Each month, the decision that stood in it and what it grants, up to this month."""
    asking = AskingStored(request)
    ref = asking.text_in_path("ref", 64)
    asking.settle()
    storage = await storage_of(request)
    if search.NUL in ref:
        raise UnknownDecision
    async with storage.database.engine.connect() as connection:
        found = await search.ids(connection, Filter(household_ref=ref), None, MOST_DECISIONS)
        if not found:
            raise UnknownDecision
        states = await archive.states(connection, found)
    until = this_month(storage.decisions.now())
    decisions = [
        {"id": str(id_), "state": state.name, "date": state.decision["date"], "kind": state.decision["decision_kind"]}
        for id_, state in states.items()
    ]
    return json_response({"household_ref": ref, "months": timeline_of(states, until), "decisions": decisions})
