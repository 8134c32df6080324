"""The log, for anybody who wants to check it: signed checkpoints, entries, proofs."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from app.core.errors import NoSuchEntry
from app.http.asking_stored import AskingStored
from app.http.hot_route import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.routers import documentation_of_log as documented

router = APIRouter(prefix="/v1/log", tags=["log"], route_class=DirectRoute)

_MOST: Final = 2**53 - 1


@router.get("/checkpoint", **documented.CHECKPOINT)
async def checkpoint(request: Request) -> Response:
    """The signed tree head: how many records there are, and the root over all of them."""
    asking, storage = AskingStored(request), await storage_of(request)
    origin = asking.origin(storage.readings.origin)
    asking.settle()
    return json_response(await storage.readings.checkpoint(origin))


@router.get("/entries/{index}", **documented.ENTRY)
async def entry(request: Request) -> Response:
    """What a leaf stands for: the record's id, kind and digest. Its content is not here: it tells of people."""
    asking, storage = AskingStored(request), await storage_of(request)
    index, origin = asking.index_in_path(), asking.origin(storage.readings.origin)
    asking.settle()
    if index is None:
        raise NoSuchEntry
    return json_response(await storage.readings.entry(origin, index))


@router.get("/proofs/inclusion", **documented.INCLUSION)
async def inclusion(request: Request) -> Response:
    """The audit path of a leaf in the tree of a size (RFC 9162, 2.1.3)."""
    asking, storage = AskingStored(request), await storage_of(request)
    leaf, size = asking.number("leaf", None, 0, _MOST), asking.number("size", None, 1, _MOST)
    origin = asking.origin(storage.readings.origin)
    asking.settle()
    return json_response(await storage.readings.inclusion(origin, leaf, size))


@router.get("/proofs/consistency", **documented.CONSISTENCY)
async def consistency(request: Request) -> Response:
    """The proof that a later tree begins with an earlier one (RFC 9162, 2.1.4)."""
    asking, storage = AskingStored(request), await storage_of(request)
    old, new = asking.number("from", None, 0, _MOST), asking.number("to", None, 0, _MOST)
    origin = asking.origin(storage.readings.origin)
    asking.settle()
    return json_response(await storage.readings.consistency(origin, old, new))
