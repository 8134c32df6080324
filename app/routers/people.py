"""Persons: found, opened for who handles their case, erased; their statuses for other departments; and who read what."""

import datetime as dt
import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core.errors import UnknownPerson
from app.core.ids import REF_PATTERN
from app.decisions.schemas import DECISION_EXAMPLE, PERSON_EXAMPLE
from app.http.auth import Permission, Purpose
from app.http.openapi import example_body, titled
from app.http.paging import PageDep, next_cursor
from app.http.params import PRINTABLE, Day, decision_id, parameter, read_id, today
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.people.purposes import shipped
from app.people.schemas import (
    AccessFilter,
    AccessLogPage,
    Erased,
    ErasureRequest,
    Identities,
    PersonList,
    PersonSearch,
    Statuses,
)
from app.security.callers import Caller

router = APIRouter(prefix="/v1", tags=["people"], route_class=Route)


def _not_to_come(day: dt.date) -> dt.date:
    if day > today():
        raise PydanticCustomError("in_the_future", "a day that is yet to come")
    return day


def _id_of_decision(text: str) -> UUID:
    found = read_id(text)
    if found is None:
        raise PydanticCustomError("wrong_form", "not the id of a decision")
    return found


_PURPOSE: Final = WithJsonSchema({"type": "string", "enum": list(shipped().purposes), "examples": ["case_handling"]})
_DECISION: Final = WithJsonSchema({"type": "string", "examples": [DECISION_EXAMPLE]})
Ref = Annotated[str, Field(pattern=REF_PATTERN, examples=[PERSON_EXAMPLE])]


@raises("unknown_person_ref")
async def person_ref(
    ref: Annotated[str, Path(examples=[PERSON_EXAMPLE], **parameter("人员索引号", "The person"))],
) -> str:
    """The reference in the path. UnknownPerson for any other text: it might be an ID number, and goes no further."""
    if not re.fullmatch(REF_PATTERN, ref, re.ASCII):
        raise UnknownPerson
    return ref


@raises("faulty_request")
async def access_filter(
    caller: Annotated[Caller, Permission("access_log.read")],
    start: Annotated[Day | None, Query(alias="from", **parameter("起", "Read on this day or later"))] = None,
    until: Annotated[Day | None, Query(**parameter("止", "Read on this day or earlier"))] = None,
    subject: Annotated[
        Annotated[str, Field(min_length=1, max_length=200), PRINTABLE] | None,
        Query(examples=["staff-17"], **parameter("查阅人", "By whom")),
    ] = None,
    decision: Annotated[
        Annotated[UUID, PlainValidator(_id_of_decision), _DECISION] | None,
        Query(**parameter("认定编号", "About this decision")),
    ] = None,
    person: Annotated[Ref | None, Query(**parameter("人员索引号", "About this person"))] = None,
    purpose: Annotated[
        Annotated[str, Field(min_length=1, max_length=100), PRINTABLE, _PURPOSE] | None,
        Query(**parameter("目的", "For this purpose")),
    ] = None,
) -> AccessFilter:
    """Entries of the access log in the auditor's areas."""
    return AccessFilter(caller.areas, start, until, subject, decision, person, purpose)


@router.post(
    "/persons/searches",
    **titled(
        "按公民身份号码查找人员",
        "The person, or nobody",
        **example_body({"id_number": "11010519491231002X", "name": "张某"}),
    ),
)
@raises("faulty_request")
async def search(
    caller: Annotated[Caller, Permission("persons.search")],
    storage: StorageDep,
    body: PersonSearch,
    purpose: Purpose = None,
) -> PersonList:
    """The reference of whoever has an ID number, as far as decisions of the caller's areas are about it."""
    return PersonList(items=await storage.persons.search(caller, body, purpose), next=None)


@router.get(
    "/decisions/{id_}/identities",
    **titled("查阅认定中的姓名和公民身份号码", "Names and ID numbers of those who are not erased"),
)
@raises("faulty_request")
async def identities(
    caller: Annotated[Caller, Permission("identities.read")],
    id_: Annotated[UUID, Depends(decision_id)],
    storage: StorageDep,
    purpose: Purpose = None,
) -> Identities:
    """Names and ID numbers, for who handles the case. That they were read is written down."""
    return await storage.persons.identities(caller, id_, purpose)


@router.post(
    "/persons/{ref}/erasures",
    **titled(
        "删除一个人员的个人信息",
        "The person is erased, now or before",
        **example_body({"reason": "purpose_achieved"}),
    ),
)
@raises("recorded_elsewhere", "support_stands")
async def erase(
    caller: Annotated[Caller, Permission("persons.erase")],
    ref: Annotated[str, Depends(person_ref)],
    storage: StorageDep,
    body: ErasureRequest,
) -> Erased:
    """Destroys name and ID number of a person in every decision; records and proofs stay (docs/personal-data.md)."""
    return await storage.erasures.erase(caller, ref, body.reason)


@router.get(
    "/statuses",
    **titled("查询一个人员的救助身份（供其他部门）", "For each status the purpose may ask about, whether it holds"),
)
@raises("faulty_request")
async def statuses(
    caller: Annotated[Caller, Permission("statuses.read")],
    storage: StorageDep,
    person: Annotated[Ref, Query(**parameter("人员索引号", "The person"))],
    on: Annotated[
        Annotated[Day, AfterValidator(_not_to_come)],
        Query(**parameter("日期", "On which day; not one that is yet to come")),
    ],
    purpose: Annotated[Annotated[str, _PURPOSE], Query(**parameter("查询目的", "For what it is asked"))],
) -> Statuses:
    """Whether a person has the statuses that a purpose may ask about on a day: yes, no, or not known."""
    return await storage.statuses.on(caller, person, on, purpose)


@router.get("/access-log", **titled("查阅个人信息的访问记录", "Entries in the order they were written"))
async def access_log(
    filter_: Annotated[AccessFilter, Depends(access_filter)], page: PageDep, storage: StorageDep
) -> AccessLogPage:
    """Who read personal data in the auditor's areas, when and for which purpose."""
    items, last = await storage.access.page(filter_, page.after(filter_), page.size)
    return AccessLogPage(items=items, next=next_cursor(filter_, last))
