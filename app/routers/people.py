"""Persons: found, opened for who handles their case, erased; their statuses for other departments; and who read what."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.core.paging import cursor_after
from app.decisions.intake import read_body
from app.http.admission_old import PURPOSE, caller_of
from app.http.asking_people import AskingPeople
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.people.schemas import ErasureRequest, PersonSearch
from app.routers import documentation_of_people as documented

router = APIRouter(prefix="/v1", tags=["people"], route_class=DirectRoute)


@router.post("/persons/searches", **documented.SEARCH)
async def search(request: Request) -> Response:
    """The reference of whoever has an ID number, as far as decisions of the caller's areas are about it."""
    asked, storage = read_body(await json_body(request), PersonSearch), await storage_of(request)
    found = await storage.persons.search(caller_of(request), asked, request.headers.get(PURPOSE))
    return json_response({"items": found, "next": None})


@router.get("/decisions/{id_}/identities", **documented.IDENTITIES)
async def identities(request: Request) -> Response:
    """Names and ID numbers, for who handles the case. That they were read is written down."""
    id_, storage = AskingStored(request).id_in_path(), await storage_of(request)
    return json_response(await storage.persons.identities(caller_of(request), id_, request.headers.get(PURPOSE)))


@router.post("/persons/{ref}/erasures", **documented.ERASE)
async def erase(request: Request) -> Response:
    """Destroys name and ID number of a person in every decision; records and proofs stay (docs/personal-data.md)."""
    ref = AskingPeople(request).ref_in_path()
    body, storage = read_body(await json_body(request), ErasureRequest), await storage_of(request)
    return json_response(await storage.erasures.erase(caller_of(request), ref, body.reason))


@router.get("/statuses", **documented.STATUSES)
async def statuses(request: Request) -> Response:
    """Whether a person has the statuses that a purpose may ask about on a day: yes, no, or not known."""
    asking = AskingPeople(request)
    ref, day, purpose = asking.person(), asking.day_of_status(), asking.purpose()
    asking.settle()
    storage = await storage_of(request)
    return json_response(await storage.statuses.on(caller_of(request), ref, day, purpose))


@router.get("/access-log", **documented.ACCESS_LOG)
async def access_log(request: Request) -> Response:
    """Who read personal data in the auditor's areas, when and for which purpose."""
    asking = AskingPeople(request)
    filter_, size = asking.access(caller_of(request)), asking.size()
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    items, last = await storage.access.page(filter_, after, size)
    return json_response({"items": items, "next": cursor_after(filter_, last) if last else None})
