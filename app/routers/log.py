"""The log, for anybody who wants to check it: signed checkpoints, entries, proofs."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from pydantic import Field, WithJsonSchema

from app.core.errors import NoSuchEntry
from app.decisions.log.schemas import CheckpointAnswer, ConsistencyProof, InclusionProof, LogEntry
from app.http.openapi import titled
from app.http.params import DIGITS, PRINTABLE, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep

router = APIRouter(prefix="/v1/log", tags=["log"], route_class=Route)

_MOST: Final = 2**53 - 1
_INDEX: Final = WithJsonSchema({"type": "integer", "minimum": 0, "examples": [1]})
Size = Annotated[int, Field(ge=0, le=_MOST), DIGITS]
Origin = Annotated[
    Annotated[str, Field(min_length=1, max_length=200), PRINTABLE] | None,
    Query(
        examples=["doudi"],
        **parameter("日志名称，缺省为本服务的日志", "The name of the log; the service's own if absent"),
    ),
]


@router.get("/checkpoint", **titled("签名的检查点", "The log as it was last signed"))
@raises("faulty_request", "unknown_entry")
async def checkpoint(storage: StorageDep, origin: Origin = None) -> CheckpointAnswer:
    """The signed tree head: how many records there are, and the root over all of them."""
    return await storage.log.checkpoint(origin)


@router.get("/entries/{index}", **titled("日志中的一项", "What the leaf stands for"))
@raises("faulty_request", "unknown_entry")
async def entry(
    storage: StorageDep,
    index: Annotated[str, _INDEX, Path(**parameter("序号，从0起", "The record's place, from 0"))],
    origin: Origin = None,
) -> LogEntry:
    """What a leaf stands for: the record's id, kind and digest. Its content is not here: it tells of people."""
    if not (index.isascii() and index.isdigit() and len(index) < 17):
        raise NoSuchEntry
    return await storage.log.entry(int(index), origin)


@router.get("/proofs/inclusion", **titled("包含证明", "The path from the leaf to the root"))
@raises("faulty_request", "unknown_entry")
async def inclusion(
    storage: StorageDep,
    leaf: Annotated[Size, Query(examples=[1], **parameter("序号，从0起", "The record's place, from 0"))],
    size: Annotated[
        Annotated[int, Field(ge=1, le=_MOST), DIGITS],
        Query(examples=[4], **parameter("记录数", "The size of the tree")),
    ],
    origin: Origin = None,
) -> InclusionProof:
    """The audit path of a leaf in the tree of a size (RFC 9162, 2.1.3)."""
    return await storage.log.inclusion(leaf, size, origin)


@router.get("/proofs/consistency", **titled("一致性证明", "The proof that the later tree begins with the earlier one"))
@raises("faulty_request", "unknown_entry")
async def consistency(
    storage: StorageDep,
    old: Annotated[Size, Query(alias="from", examples=[2], **parameter("原记录数", "The size of the earlier tree"))],
    new: Annotated[Size, Query(alias="to", examples=[5], **parameter("现记录数", "The size of the later tree"))],
    origin: Origin = None,
) -> ConsistencyProof:
    """The proof that a later tree begins with an earlier one (RFC 9162, 2.1.4)."""
    return await storage.log.consistency(old, new, origin)
