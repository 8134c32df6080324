"""Whether the process is up and can serve."""

from fastapi import APIRouter, Request, Response

from app.routers.json import json_response

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Response:
    """The process is up."""
    return json_response({"status": "up"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The rules are loaded."""
    return json_response({"status": "ready", "divisions": len(request.app.state.rules.library.packs)})
