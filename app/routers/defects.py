"""Defect notices: a wrong rule, figure, document or engine, and its effect on every decision it touched."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse

from app.core.errors import UnknownJob
from app.decisions.defects import csv_export
from app.decisions.defects.schemas import DefectAnswer, DefectClass, DefectReport, DefectResults
from app.decisions.replay.schemas import JOB_EXAMPLE
from app.http.auth import Permission, ReadingDep
from app.http.body import AsSent
from app.http.doors import heavy
from app.http.openapi import example_body, titled
from app.http.paging import PageDep
from app.http.params import id_in_path, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.routers.replays import NDJSON
from app.security.callers import Caller

router = APIRouter(prefix="/v1/defects", tags=["decisions"], route_class=Route)

CSV: Final = "text/csv"
_EXAMPLE: Final = {
    "parameter": "dibao.standard",
    "key": "rural",
    "jurisdiction": "999900",
    "from": "2024-07-01",
    "until": "2024-07-31",
    "corrected": {"parameters": {"dibao.standard": {"rural": "660.00"}}},
}
_ALL: Final[dict[int | str, Any]] = {
    200: {
        "content": {
            NDJSON: {"schema": {"$ref": "#/components/schemas/DefectResult"}},
            CSV: {"schema": {"type": "string"}},
        }
    }
}
Runner = Annotated[Caller, Permission("defects.run")]
DefectId = Annotated[UUID, Depends(id_in_path(UnknownJob, "缺陷通知编号", "The defect notice's id", JOB_EXAMPLE))]


@router.post(
    "",
    status_code=202,
    **titled(
        "缺陷通知：查明错误的规则、标准、文件或者引擎影响了哪些认定（后台任务）",
        "The search waits for its turn",
        **example_body(_EXAMPLE),
    ),
)
@raises("unknown_ruleset")
async def create(body: AsSent[DefectReport], caller: Runner, storage: StorageDep) -> DefectAnswer:
    """Begins to look for every decision that something wrong has touched, and for what it did to each."""
    return await storage.defects.begin(caller, body)


@router.get("/{id_}", **titled("缺陷通知的进度、分类计数和按月金额", "How far it has come"))
async def defect(id_: DefectId, caller: Runner, storage: StorageDep) -> DefectAnswer:
    """How far it has come, and what was found so far: decisions by class, and money by month."""
    return await storage.defects.read(caller, id_)


@router.get(
    "/{id_}/results",
    response_model=DefectResults,
    responses=_ALL,
    **titled(
        "缺陷通知涉及的认定",
        "A page of touched decisions; as NDJSON or as a CSV list, if that is accepted, all of them",
    ),
)
@heavy
async def results(
    id_: DefectId,
    caller: Runner,
    storage: StorageDep,
    reading: ReadingDep,
    page: PageDep,
    class_: Annotated[
        DefectClass | None, Query(alias="class", **parameter("类别", "Only decisions of this class"))
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> DefectResults | StreamingResponse:
    """The touched decisions, page by page, or all of them as NDJSON or as a list to act on (CSV)."""
    found = storage.defects.results(caller, id_, class_, reading.of)
    after = page.after(found)
    if NDJSON in accept:
        return StreamingResponse(await found.ndjson(), media_type=NDJSON)
    if CSV in accept:
        return StreamingResponse(csv_export.table(await found.all()), media_type=CSV)
    return await found.page(after, page.size)
