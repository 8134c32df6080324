"""Whether the process is up and can serve."""

from fastapi import APIRouter, Request, Response

from app.core.errors import StorageUnavailable
from app.http.hot_route import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import StorageGate
from app.routers.documentation_of_gets import HEALTHZ, READYZ

router = APIRouter(tags=["health"], route_class=DirectRoute)


@router.get("/healthz", **HEALTHZ)
async def healthz(_: Request) -> Response:
    """The process is up."""
    return json_response({"status": "up"})


@router.get("/readyz", **READYZ)
async def readyz(request: Request) -> Response:
    """The rules are loaded and, if the service stores, the database is there and migrated."""
    gate: StorageGate = request.app.state.gate
    stored = await gate.ready()
    if stored is False:
        raise StorageUnavailable
    divisions = len(request.app.state.generations.newest.packs)
    return json_response({"status": "ready", "divisions": divisions, "storage": stored is True})
