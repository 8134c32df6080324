"""Rules published: submitted, checked, compared, approved by a second person; listed and shown."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from app.core.paging import Filter
from app.http.auth import Permission, Reading, ReadingDep
from app.http.body import AsSent, RawJson
from app.http.doors import heavy
from app.http.idempotency import OptionalKey
from app.http.language import LanguageDep
from app.http.openapi import example_body, titled
from app.http.paging import PageDep, next_cursor
from app.http.params import ID_EXAMPLE, PRINTABLE, id_in_path, parameter, read_id
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.publications.errors import UnknownPublication
from app.publications.schemas import (
    PUBLICATION_EXAMPLE,
    Approval,
    PublicationAnswer,
    PublicationList,
    PublicationRequest,
    Rejection,
    State,
)
from app.security.callers import Caller

router = APIRouter(prefix="/v1/publications", tags=["publications"], route_class=Route)

_ID_EXAMPLE: Final = "01a1f6ae-9900-7924-9faa-bad8a09a3da6"
_WRITTEN: Final = ("key_reused", "log_broken", "outside_area")
_SETTLED: Final = (*_WRITTEN, "second_person_needed", "already_approved", "already_rejected")
PublicationId = Annotated[
    UUID, Depends(id_in_path(UnknownPublication, "发布编号", "The publication's id", example=_ID_EXAMPLE))
]


async def _impact_reading(
    reading: ReadingDep,
    impact: Annotated[
        Literal["true", "false"] | None,
        Query(
            **parameter(
                "是否计算影响",
                "Whether to compute whom it touches among recorded decisions of the caller's areas",
            )
        ),
    ] = None,
) -> Reading | None:
    return reading if impact == "true" else None


async def _before(
    before: Annotated[
        Annotated[str, Field(min_length=1, max_length=36), PRINTABLE] | None,
        Query(
            examples=[ID_EXAMPLE],
            **parameter("影响计算的续点：上次答复的 next", "Where the impact goes on: the `next` of the answer before"),
        ),
    ] = None,
) -> UUID | None:
    return read_id(before) if before else None


ImpactReadingDep = Annotated[Reading | None, Depends(_impact_reading)]
"""Writes down who reads the impact of a publication; None unless it is asked for."""


@router.post(
    "",
    status_code=201,
    **titled("提交规则发布", "It waits for a second person", **example_body(PUBLICATION_EXAMPLE)),
)
@raises(*_WRITTEN, "faulty_publication", "standing_changed", "rule_failure")
@heavy
async def submit(
    storage: StorageDep,
    caller: Annotated[Caller, Permission("publications.propose")],
    raw: AsSent[PublicationRequest],
    reading: ImpactReadingDep,
    language: LanguageDep,
    key: OptionalKey = None,
) -> PublicationAnswer:
    """A pack, or what a notice adds to the one that stands. It counts only once a second person has approved it."""
    return await storage.publications.submit(caller, raw, key, language, reading)


@router.post(
    "/{id_}/approvals",
    status_code=201,
    **titled("批准规则发布", "It counts from `outcome.known_from` on", **example_body({"note": "已与原文核对"})),
)
@raises(*_SETTLED, "standing_changed", "published_ahead")
@heavy
async def approve(
    storage: StorageDep,
    caller: Annotated[Caller, Permission("publications.approve")],
    id_: PublicationId,
    body: Approval,
    raw: RawJson,
    language: LanguageDep,
    key: OptionalKey = None,
) -> PublicationAnswer:
    """A second person approves: from the second after the next it counts, for knowledge from then on."""
    return await storage.publications.approve(caller, id_, body, raw, key, language)


@router.post(
    "/{id_}/rejections",
    status_code=201,
    **titled("驳回规则发布", "It never counts", **example_body({"reason": "文件第2条与所录数值不符"})),
)
@raises(*_SETTLED)
async def reject(
    storage: StorageDep,
    caller: Annotated[Caller, Permission("publications.approve")],
    id_: PublicationId,
    body: Rejection,
    raw: RawJson,
    language: LanguageDep,
    key: OptionalKey = None,
) -> PublicationAnswer:
    """A second person rejects, with a reason. It never counts."""
    return await storage.publications.reject(caller, id_, body, raw, key, language)


@router.get("", **titled("规则发布列表", "In the order they were submitted"))
async def publications(
    storage: StorageDep,
    caller: Annotated[Caller, Permission("publications.read")],
    page: PageDep,
    jurisdiction: Annotated[
        Annotated[str, Field(pattern="^(CN|[0-9]{2,12})$")] | None,
        Query(
            examples=["999900"],
            **parameter("区划代码（含下级），或 CN", "This place and all below it, or CN"),
        ),
    ] = None,
    state: Annotated[State | None, Query(**parameter("状态", "Only those in this state"))] = None,
) -> PublicationList:
    """Every publication in the order they were submitted. The first are the packs that came with the service."""
    filter_ = Filter(jurisdiction=jurisdiction, status=state, document="publications")  # what the cursor belongs to
    found = await storage.publications.page(jurisdiction, state, page.after(filter_), page.size)
    last = UUID(found[-1].id) if len(found) == page.size else None
    return PublicationList(items=found, next=next_cursor(filter_, last))


@router.get("/{id_}", **titled("一项规则发布及其比较", "What it says, and what became of it"))
@raises("nothing_before", "standing_changed", "rule_failure")
@heavy
async def publication(
    storage: StorageDep,
    caller: Annotated[Caller, Permission("publications.read")],
    id_: PublicationId,
    reading: ImpactReadingDep,
    before: Annotated[UUID | None, Depends(_before)],
    language: LanguageDep,
) -> PublicationAnswer:
    """What a publication says, beside what it was compared with; with `impact=true`, whom it touches."""
    return await storage.publications.show(id_, language, reading, before)
