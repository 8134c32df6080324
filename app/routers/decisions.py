"""Decisions: proposed, decided, withdrawn, corrected, succeeded; found, read, proved; a household's months."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field, WithJsonSchema

from app.core.paging import PAGE
from app.decisions import examples
from app.decisions.answer_schemas import (
    Confirmed,
    DecisionList,
    DecisionPage,
    Noted,
    Proposed,
    Sample,
    Timeline,
    Withdrawn,
)
from app.decisions.proofs.formats import AuditBundle
from app.decisions.schemas import Confirmation, DecisionFilter, DecisionRequest, Event, FollowingRequest, Withdrawal
from app.http.auth import Permission, ReadingDep
from app.http.body import AsSent
from app.http.doors import heavy
from app.http.idempotency import IdempotencyKey, OptionalKey
from app.http.language import LanguageDep
from app.http.openapi import example_body, titled
from app.http.paging import PageDep, PageSize, next_cursor
from app.http.params import PRINTABLE, decision_id, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.security.areas import within_areas
from app.security.callers import Caller

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=Route)

DecisionId = Annotated[UUID, Depends(decision_id)]
Filtered = Annotated[DecisionFilter, Query()]
Proposer = Annotated[Caller, Permission("decisions.propose")]
Reader = Annotated[Caller, Permission("decisions.read")]
_WRITTEN: Final = ("key_reused", "log_broken")
_PROPOSED: Final = (
    *_WRITTEN,
    "outside_area",
    "too_many_members",
    "unknown_division",
    "cannot_recompute",
    "rule_failure",
)
_FOLLOWED: Final = ("already_withdrawn", "already_corrected", "already_succeeded")
_OPEN: Final = ("already_decided", "already_withdrawn", "already_corrected")


@router.post(
    "/decisions",
    status_code=201,
    **titled("提出认定", "The proposal is recorded", **example_body(examples.PROPOSAL)),
)
@raises(*_PROPOSED)
async def propose(
    caller: Proposer, body: AsSent[DecisionRequest], key: IdempotencyKey, storage: StorageDep, language: LanguageDep
) -> Proposed:
    """Assesses a household and records the proposal. The same key and body lead to one record and one answer."""
    outcome = await storage.decisions.propose(caller, body, key, language)
    return await storage.queries.proposed(caller, outcome, language)


@router.post(
    "/decisions/{id_}/corrections",
    status_code=201,
    **titled("更正认定（原记录有误）", "The correction is recorded as a proposal", **example_body(examples.CORRECTION)),
)
@raises(*_PROPOSED, *_FOLLOWED)
async def correct(
    caller: Proposer,
    id_: DecisionId,
    body: AsSent[FollowingRequest],
    storage: StorageDep,
    language: LanguageDep,
    key: OptionalKey = None,
) -> Proposed:
    """A new proposal in place of a decision whose record was wrong; the old record stays as it is."""
    outcome = await storage.decisions.correct(caller, id_, body, key, language)
    return await storage.queries.proposed(caller, outcome, language)


@router.post(
    "/decisions/{id_}/successions",
    status_code=201,
    **titled("承接认定（情况变化）", "The succession is recorded as a proposal", **example_body(examples.SUCCESSION)),
)
@raises(*_PROPOSED, *_FOLLOWED, "not_decided")
async def succeed(
    caller: Proposer,
    id_: DecisionId,
    body: AsSent[FollowingRequest],
    storage: StorageDep,
    language: LanguageDep,
    key: OptionalKey = None,
) -> Proposed:
    """A new proposal that goes on from a decision because life changed."""
    outcome = await storage.decisions.succeed(caller, id_, body, key, language)
    return await storage.queries.proposed(caller, outcome, language)


@router.post(
    "/decisions/{id_}/confirmations",
    status_code=201,
    **titled("确认，或者另作决定", "What the officer decided is recorded", **example_body(examples.CONFIRMATION)),
)
@raises(*_WRITTEN, *_OPEN, "hearing_needed", "second_person_needed")
async def confirm(
    caller: Annotated[Caller, Permission("decisions.confirm")],
    id_: DecisionId,
    body: AsSent[Confirmation],
    storage: StorageDep,
    language: LanguageDep,
    key: OptionalKey = None,
) -> Confirmed:
    """An officer decides: as recommended, or otherwise with a reason. Both stay on record."""
    written = await storage.decisions.confirm(caller, id_, body, key)
    return await storage.queries.confirmed(caller, written, language)


@router.post(
    "/decisions/{id_}/withdrawals",
    status_code=201,
    **titled("撤回", "The withdrawal is recorded", **example_body(examples.WITHDRAWAL)),
)
@raises(*_WRITTEN, *_OPEN)
async def withdraw(
    caller: Annotated[Caller, Permission("decisions.withdraw")],
    id_: DecisionId,
    body: AsSent[Withdrawal],
    storage: StorageDep,
    key: OptionalKey = None,
) -> Withdrawn:
    """A proposal is given up before it is decided."""
    return storage.queries.withdrawn(await storage.decisions.withdraw(caller, id_, body, key))


@router.post(
    "/decisions/{id_}/events",
    status_code=201,
    **titled("记录事项：告知、异议、入户、听取意见、送达", "The event is recorded", **example_body(examples.EVENT)),
)
@raises(*_WRITTEN)
async def note(
    caller: Annotated[Caller, Permission("decisions.note")],
    id_: DecisionId,
    body: AsSent[Event],
    storage: StorageDep,
    key: OptionalKey = None,
) -> Noted:
    """A notice, an objection, a visit, a hearing or a delivery."""
    return storage.queries.noted(await storage.decisions.note(caller, id_, body, key))


@router.get("/decisions", **titled("查找认定", "The decisions that fit everything named"))
async def decisions(
    caller: Reader, filter_: Filtered, page: PageDep, storage: StorageDep, reading: ReadingDep
) -> DecisionList:
    """Decisions in the order they were recorded, by everything they can be found by."""
    wanted = within_areas(caller, filter_.filter())
    items, last = await storage.queries.page(wanted, page.after(wanted), page.size)
    await reading.of(item.id for item in items)
    return DecisionList(items=items, next=next_cursor(wanted, last))


@router.get("/samples", **titled("可重复抽取的样本", "The sample"))
@heavy
async def sample(
    caller: Annotated[Caller, Permission("decisions.sample")],
    filter_: Filtered,
    storage: StorageDep,
    reading: ReadingDep,
    seed: Annotated[
        Annotated[str, Field(min_length=1, max_length=100), PRINTABLE] | None,
        Query(
            examples=["2026-11"],
            **parameter("种子", "What the sample is drawn with; the same draws the same"),
        ),
    ] = None,
    size: PageSize = PAGE,
) -> Sample:
    """A sample of decisions that anyone can draw again from the same seed."""
    found = await storage.queries.sample(within_areas(caller, filter_.filter()), seed or "", size)
    await reading.of(item.id for item in found.items)
    return found


@router.get("/decisions/{id_}", **titled("一项认定及其经过", "The decision with its history"))
@raises("rule_failure")
async def decision(
    caller: Reader, id_: DecisionId, storage: StorageDep, language: LanguageDep, reading: ReadingDep
) -> DecisionPage:
    """A decision with its history. Its words are rendered from the rules that were stored with it."""
    found = await storage.queries.decision(caller, id_, language)
    await reading.of([id_])
    return found


@router.get(
    "/decisions/{id_}/bundle",
    response_model=AuditBundle,
    **titled("离线核验所需的全部内容", "Everything that proves the decision"),
)
@raises("cannot_recompute")
async def bundle(
    caller: Annotated[Caller, Permission("decisions.prove")], id_: DecisionId, storage: StorageDep, reading: ReadingDep
) -> Response:
    """One file with all that is needed to check the decision without this service (docs/audit.md)."""
    found = await storage.queries.bundle(caller, id_)
    await reading.of([id_])
    return Response(found.model_dump_json(), media_type="application/json")


@router.get(
    "/households/{ref:path}/timeline", **titled("一个家庭的逐月待遇", "Each month with the decision that stood in it")
)
@raises("unknown_decision", "several_households")
@heavy
async def timeline(
    caller: Reader,
    ref: Annotated[
        str,
        Field(pattern=r"^(?s).{0,64}$"),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 64, "examples": ["H-0042"]}),
        Path(**parameter("家庭编号", "The caller's reference of the household")),
    ],
    storage: StorageDep,
    reading: ReadingDep,
    jurisdiction: Annotated[
        Annotated[str, Field(pattern=r"^[0-9]{6,12}$")] | None,
        Query(examples=["999900"], **parameter("区划代码：哪个县的家庭", "A place: of which county the household is")),
    ] = None,
) -> Timeline:
    """Each month, the decision that stood in it and what it grants, up to this month."""
    found = await storage.queries.timeline(caller, ref, jurisdiction)
    await reading.of((one.id for one in found.decisions), household_ref=ref)
    return found
