"""Whether the process is up and can serve."""

from fastapi import APIRouter, Request

from app.core.errors import StorageUnavailable
from app.http.doors import unqueued
from app.http.openapi import titled
from app.http.problems import raises
from app.http.route import Route
from app.http.schemas import Ready, Up
from app.http.storage_gate import StorageGate

router = APIRouter(tags=["health"], route_class=Route)


@router.get("/healthz", **titled("进程在运行", "The process is up"))
@unqueued
async def healthz() -> Up:
    """The process is up."""
    return Up(status="up")


@router.get("/readyz", **titled("可以提供服务", "The rules are loaded, the storage is ready"))
@raises("storage_unavailable")
@unqueued
async def readyz(request: Request) -> Ready:
    """The rules are loaded and, if the service stores, the database is there and migrated."""
    gate: StorageGate = request.app.state.gate
    stored = await gate.ready()
    if stored is False:
        raise StorageUnavailable
    divisions = len(request.app.state.generations.newest.packs)
    return Ready(status="ready", divisions=divisions, storage=stored is True)
