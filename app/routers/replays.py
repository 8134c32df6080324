"""Recorded decisions computed again: one at once, many in the background."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse

from app.core.errors import UnknownJob
from app.decisions.replay.differences import ReplayClass
from app.decisions.replay.schemas import (
    JOB_EXAMPLE,
    BulkReplay,
    ReplayAnswer,
    ReplayJobAnswer,
    ReplayParameters,
    ReplayResults,
)
from app.http.auth import Permission, ReadingDep
from app.http.body import AsSent
from app.http.doors import heavy
from app.http.openapi import example_body, titled
from app.http.paging import PageDep
from app.http.params import decision_id, id_in_path, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.security.callers import Caller

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=Route)

NDJSON: Final = "application/x-ndjson"
_EXAMPLE: Final = {"against": "now", "filter": {"jurisdiction": "999900", "programme": "dibao"}}
_ALL: Final[dict[int | str, Any]] = {
    200: {"content": {NDJSON: {"schema": {"$ref": "#/components/schemas/ReplayAnswer"}}}}
}
Runner = Annotated[Caller, Permission("replays.run")]
JobId = Annotated[UUID, Depends(id_in_path(UnknownJob, "重算任务编号", "The job's id", JOB_EXAMPLE))]


@router.post(
    "/decisions/{id_}/replay",
    **titled(
        "重新计算一项认定",
        "Whether it is the same, and what differs, in money by month",
        **example_body({"against": "now"}),
    ),
)
@raises("unknown_ruleset", "unknown_division", "cannot_recompute", "rule_failure")
async def replay(
    id_: Annotated[UUID, Depends(decision_id)],
    body: AsSent[ReplayParameters],
    caller: Annotated[Caller, Permission("decisions.replay")],
    storage: StorageDep,
    reading: ReadingDep,
) -> ReplayAnswer:
    """Computes the decision again: against its record, to the byte, or against other knowledge, days, rules, figures."""
    found = await storage.replays.replay(caller, id_, body)
    await reading.of([id_])
    return found


@router.post(
    "/replays",
    status_code=202,
    **titled("批量重新计算（后台任务）", "The job waits for its turn", **example_body(_EXAMPLE)),
)
@raises("unknown_ruleset")
async def create(body: AsSent[BulkReplay], caller: Runner, storage: StorageDep) -> ReplayJobAnswer:
    """Begins to compute the decisions of a filter again. A job that is interrupted goes on where it was."""
    return await storage.replays.begin(caller, body)


@router.get("/replays/{id_}", **titled("重算任务的进度与分类计数", "How far it has come"))
async def job(id_: JobId, caller: Runner, storage: StorageDep) -> ReplayJobAnswer:
    """How far a replay has come, and what it found: counts by class, and money."""
    return await storage.replays.job(caller, id_)


@router.get(
    "/replays/{id_}/results",
    response_model=ReplayResults,
    responses=_ALL,
    **titled("重算任务的结果", "A page of results; as NDJSON, if that is accepted, all of them, one a line"),
)
@heavy
async def results(
    id_: JobId,
    caller: Runner,
    storage: StorageDep,
    reading: ReadingDep,
    page: PageDep,
    class_: Annotated[
        ReplayClass | None, Query(alias="class", **parameter("类别", "Only results of this class"))
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> ReplayResults | StreamingResponse:
    """What each decision came to, page by page, or all of them as NDJSON."""
    found = storage.replays.results(caller, id_, class_, reading.of)
    after = page.after(found)
    if NDJSON in accept:
        return StreamingResponse(await found.ndjson(), media_type=NDJSON)
    return await found.page(after, page.size)
