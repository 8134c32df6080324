"""Whether the process is up and can serve."""

from fastapi import APIRouter, Request, Response

from app.routers.direct import DirectRoute
from app.routers.documentation_of_gets import HEALTHZ, READYZ
from app.routers.json import json_response

router = APIRouter(tags=["health"], route_class=DirectRoute)


@router.get("/healthz", **HEALTHZ)
async def healthz(_: Request) -> Response:
    """The process is up."""
    return json_response({"status": "up"})


@router.get("/readyz", **READYZ)
async def readyz(request: Request) -> Response:
    """The rules are loaded."""
    return json_response({"status": "ready", "divisions": len(request.app.state.rules.library.packs)})
