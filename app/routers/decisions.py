"""Decisions: proposed, decided, withdrawn, corrected, succeeded; found, read, computed again, proved."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from app.core.paging import cursor_after
from app.http.admission_old import caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.body import json_body
from app.http.direct_old import DirectRoute
from app.http.idempotency import key_of, required_key
from app.http.json import json_response
from app.http.language import language_of
from app.http.storage_gate import storage_of
from app.routers import documentation_of_decisions as documented
from app.routers import documentation_of_searches
from app.security.areas import within_areas

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=DirectRoute)

CREATED: Final = 201


@router.post("/decisions", **documented.PROPOSE)
async def propose(request: Request) -> Response:
    """Assesses a household and records the proposal. The same key and body lead to one record and one answer."""
    key, raw, storage = required_key(request), await json_body(request), await storage_of(request)
    language = language_of(request)
    outcome = await storage.decisions.propose(caller_of(request), raw, key, language)
    return json_response(await storage.readings.proposed(outcome, language), CREATED)


@router.post("/decisions/{id_}/corrections", **documented.CORRECT)
async def correct(request: Request) -> Response:
    """A new proposal in place of a decision whose record was wrong; the old record stays as it is."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage, language = await storage_of(request), language_of(request)
    outcome = await storage.decisions.correct(caller_of(request), id_, raw, key, language)
    return json_response(await storage.readings.proposed(outcome, language), CREATED)


@router.post("/decisions/{id_}/successions", **documented.SUCCEED)
async def succeed(request: Request) -> Response:
    """A new proposal that goes on from a decision because life changed."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage, language = await storage_of(request), language_of(request)
    outcome = await storage.decisions.succeed(caller_of(request), id_, raw, key, language)
    return json_response(await storage.readings.proposed(outcome, language), CREATED)


@router.post("/decisions/{id_}/confirmations", **documented.CONFIRM)
async def confirm(request: Request) -> Response:
    """An officer decides: as recommended, or otherwise with a reason. Both stay on record."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return json_response(
        storage.readings.recorded(await storage.decisions.confirm(caller_of(request), id_, raw, key)), CREATED
    )


@router.post("/decisions/{id_}/withdrawals", **documented.WITHDRAW)
async def withdraw(request: Request) -> Response:
    """A proposal is given up before it is decided."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return json_response(
        storage.readings.recorded(await storage.decisions.withdraw(caller_of(request), id_, raw, key)), CREATED
    )


@router.post("/decisions/{id_}/events", **documented.NOTE)
async def note(request: Request) -> Response:
    """A notice, an objection, a visit, a hearing or a delivery."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return json_response(
        storage.readings.recorded(await storage.decisions.note(caller_of(request), id_, raw, key)), CREATED
    )


@router.get("/decisions", **documentation_of_searches.LIST)
async def decisions(request: Request) -> Response:
    """Decisions in the order they were recorded, by everything they can be found by."""
    asking = AskingStored(request)
    filter_, size = within_areas(caller_of(request), asking.filter()), asking.size()
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    items, last = await storage.readings.page(filter_, after, size)
    await note_reading(request, storage, [item["id"] for item in items])
    return json_response({"items": items, "next": cursor_after(filter_, last) if last else None})


@router.get("/samples", **documentation_of_searches.SAMPLE)
async def sample(request: Request) -> Response:
    """A sample of decisions that anyone can draw again from the same seed."""
    asking = AskingStored(request)
    filter_, size, seed = (
        within_areas(caller_of(request), asking.filter()),
        asking.size(),
        asking.text("seed", 100) or "",
    )
    asking.settle()
    storage = await storage_of(request)
    items = await storage.readings.sample(filter_, seed, size)
    await note_reading(request, storage, [item["id"] for item in items])
    return json_response({"seed": seed, "size": size, "items": items, "next": None})


@router.get("/decisions/{id_}", **documented.READ)
async def decision(request: Request) -> Response:
    """A decision with its history. Its words are rendered from the rules that were stored with it."""
    id_, language = AskingStored(request).id_in_path(), language_of(request)
    storage = await storage_of(request)
    found = await storage.readings.decision(caller_of(request), id_, language)
    await note_reading(request, storage, [id_])
    return json_response(found)


@router.get("/decisions/{id_}/bundle", **documented.BUNDLE)
async def bundle(request: Request) -> Response:
    """One file with all that is needed to check the decision without this service (docs/audit.md)."""
    id_, storage = AskingStored(request).id_in_path(), await storage_of(request)
    found = await storage.readings.bundle(caller_of(request), id_)
    await note_reading(request, storage, [id_])
    return json_response(found)
