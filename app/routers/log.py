"""The log, for anybody who wants to check it: signed checkpoints, entries, proofs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.decisions.canonical import digest_text
from app.decisions.checkpoints import SignedCheckpoint
from app.decisions.formats import CheckpointPart
from app.decisions.log_reader import LogReader, NoSuchEntry
from app.decisions.merkle import leaf_hash
from app.routers import documentation_of_log as documented
from app.routers.asking_stored import AskingStored
from app.routers.direct import DirectRoute
from app.routers.json import json_response
from app.storage_gate import storage_of

router = APIRouter(prefix="/v1/log", tags=["log"], route_class=DirectRoute)

_MOST: Final = 2**53 - 1
Json = dict[str, Any]


@asynccontextmanager
async def _reader(request: Request) -> AsyncIterator[tuple[LogReader, bytes]]:
    """The log that is asked for, and the public key its checkpoints are signed with."""
    asking = AskingStored(request)
    storage = await storage_of(request)
    origin = asking.origin(storage.writer.origin)
    asking.settle()
    async with storage.database.engine.connect() as connection:
        yield LogReader(connection, origin), storage.signer.public_key


@router.get("/checkpoint", **documented.CHECKPOINT)
async def checkpoint(request: Request) -> Response:
    """The signed tree head: how many records there are, and the root over all of them."""
    async with _reader(request) as (reader, public_key):
        return json_response(_checkpoint(await reader.checkpoint(), public_key))


@router.get("/entries/{index}", **documented.ENTRY)
async def entry(request: Request) -> Response:
    """What a leaf stands for: the record's id, kind and digest. Its content is not here: it tells of people."""
    text: str = request.path_params["index"]
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise NoSuchEntry
    async with _reader(request) as (reader, _):
        found = await reader.entry(int(text))
    return json_response(
        {
            "origin": found.origin,
            "index": found.index,
            "id": str(found.id),
            "kind": found.kind,
            "decision": str(found.decision),
            "digest": digest_text(found.digest),
            "leaf": digest_text(leaf_hash(found.digest)),
        }
    )


@router.get("/proofs/inclusion", **documented.INCLUSION)
async def inclusion(request: Request) -> Response:
    """The audit path of a leaf in the tree of a size (RFC 9162, 2.1.3)."""
    asking = AskingStored(request)
    leaf, size = asking.number("leaf", None, 0, _MOST), asking.number("size", None, 1, _MOST)
    asking.settle()
    async with _reader(request) as (reader, _):
        path, root = await reader.inclusion(leaf, size), await reader.root(size)
    return json_response({"leaf": leaf, "size": size, "root": digest_text(root), "path": _texts(path)})


@router.get("/proofs/consistency", **documented.CONSISTENCY)
async def consistency(request: Request) -> Response:
    """The proof that a later tree begins with an earlier one (RFC 9162, 2.1.4)."""
    asking = AskingStored(request)
    old, new = asking.number("from", None, 0, _MOST), asking.number("to", None, 0, _MOST)
    asking.settle()
    async with _reader(request) as (reader, _):
        path = await reader.consistency(old, new)
        roots = await reader.root(old), await reader.root(new)
    return json_response(
        {
            "from": old,
            "to": new,
            "root_from": digest_text(roots[0]),
            "root_to": digest_text(roots[1]),
            "path": _texts(path),
        }
    )


def _texts(path: list[bytes]) -> list[str]:
    return [digest_text(one) for one in path]


def _checkpoint(signed: SignedCheckpoint, public_key: bytes) -> Json:
    """A checkpoint with what it states beside the signed text."""
    head = signed.head
    stated = {"origin": head.origin, "size": head.size, "root": head.root, "time": head.time}
    return stated | CheckpointPart.of(signed, public_key).model_dump(mode="json")
