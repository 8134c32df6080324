"""Decisions: proposed, decided, withdrawn, corrected, succeeded; found, read, computed again, proved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.body import json_body
from app.decisions import archive, search, views
from app.decisions.bundles import bundle as bundle_of
from app.decisions.kept_rules import CannotRecompute
from app.decisions.log_writer import Written
from app.decisions.recompute import Recomputed, by_its_own_rules
from app.decisions.replay_jobs import against_of, superseder_of
from app.decisions.replay_requests import read_against
from app.decisions.search import Filter, cursor_after
from app.decisions.state import UnknownDecision
from app.decisions.storage import Storage
from app.languages import language_of
from app.routers import documentation_of_decisions as documented
from app.routers import documentation_of_replays, documentation_of_searches
from app.routers.asking_stored import AskingStored
from app.routers.direct import DirectRoute
from app.routers.idempotency import key_of, required_key
from app.routers.json import json_response
from app.rules.messages import Language
from app.storage_gate import storage_of

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=DirectRoute)

Json = dict[str, Any]
CREATED = 201


@router.post("/decisions", **documented.PROPOSE)
async def propose(request: Request) -> Response:
    """Assesses a household and records the proposal. The same key and body lead to one record and one answer."""
    key, raw, storage = required_key(request), await json_body(request), await storage_of(request)
    language = language_of(request)
    return await _proposed(storage, await storage.decisions.propose(raw, key, language), language)


@router.post("/decisions/{id_}/corrections", **documented.CORRECT)
async def correct(request: Request) -> Response:
    """A new proposal in place of a decision whose record was wrong; the old record stays as it is."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage, language = await storage_of(request), language_of(request)
    return await _proposed(storage, await storage.decisions.correct(id_, raw, key, language), language)


@router.post("/decisions/{id_}/successions", **documented.SUCCEED)
async def succeed(request: Request) -> Response:
    """A new proposal that goes on from a decision because life changed."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage, language = await storage_of(request), language_of(request)
    return await _proposed(storage, await storage.decisions.succeed(id_, raw, key, language), language)


@router.post("/decisions/{id_}/confirmations", **documented.CONFIRM)
async def confirm(request: Request) -> Response:
    """An officer decides: as recommended, or otherwise with a reason. Both stay on record."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return _recorded(await storage.decisions.confirm(id_, raw, key))


@router.post("/decisions/{id_}/withdrawals", **documented.WITHDRAW)
async def withdraw(request: Request) -> Response:
    """A proposal is given up before it is decided."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return _recorded(await storage.decisions.withdraw(id_, raw, key))


@router.post("/decisions/{id_}/events", **documented.NOTE)
async def note(request: Request) -> Response:
    """A notice, an objection, a visit, a hearing or a delivery."""
    id_, key, raw = AskingStored(request).id_in_path(), key_of(request), await json_body(request)
    storage = await storage_of(request)
    return _recorded(await storage.decisions.note(id_, raw, key))


@router.get("/decisions", **documentation_of_searches.LIST)
async def decisions(request: Request) -> Response:
    """Decisions in the order they were recorded, by everything they can be found by."""
    asking = AskingStored(request)
    filter_, size = asking.filter(), asking.size()
    after = asking.after(filter_)
    asking.settle()
    storage = await storage_of(request)
    async with storage.database.engine.connect() as connection:
        rows = await search.page(connection, filter_, after, size)
        items = await _shown(connection, rows)
    return json_response({"items": items, "next": _next(filter_, rows, size)})


@router.get("/samples", **documentation_of_searches.SAMPLE)
async def sample(request: Request) -> Response:
    """A sample of decisions that anyone can draw again from the same seed."""
    asking = AskingStored(request)
    filter_, size, seed = asking.filter(), asking.size(), asking.text("seed", 100) or ""
    asking.settle()
    storage = await storage_of(request)
    async with storage.database.engine.connect() as connection:
        drawn = await search.sample(connection, filter_, seed, size)
        states = await archive.states(connection, drawn)
    items = [{"id": str(id_), "state": states[id_].name} for id_ in drawn]
    return json_response({"seed": seed, "size": size, "items": items, "next": None})


@router.get("/decisions/{id_}", **documented.READ)
async def decision(request: Request) -> Response:
    """A decision with its history. Its words are rendered from the rules that were stored with it."""
    id_, language = AskingStored(request).id_in_path(), language_of(request)
    storage = await storage_of(request)
    async with storage.database.engine.connect() as connection:
        state = await archive.state(connection, id_)
        stored = (await archive.records_about(connection, [id_]))[id_]
    return json_response(views.whole(stored, state, await _rendered(storage, state.decision, language)))


@router.get("/decisions/{id_}/bundle", **documented.BUNDLE)
async def bundle(request: Request) -> Response:
    """One file with all that is needed to check the decision without this service (docs/audit.md)."""
    id_, storage = AskingStored(request).id_in_path(), await storage_of(request)
    async with storage.database.engine.connect() as connection:
        found = await bundle_of(connection, storage.writer.origin, id_, storage.signer.public_key)
    return json_response(found.model_dump(mode="json"))


@router.post("/decisions/{id_}/replay", **documentation_of_replays.REPLAY)
async def replay(request: Request) -> Response:
    """Computes the decision again: against its record, to the byte, or against other knowledge, days, rules, figures."""
    id_, raw, storage = AskingStored(request).id_in_path(), await json_body(request), await storage_of(request)
    against = against_of(read_against(raw))
    async with storage.database.engine.connect() as connection:
        state = await archive.state(connection, id_)
        own = await archive.record(connection, id_)
        superseder = await superseder_of(connection, state)
    if own is None:
        raise UnknownDecision
    if against.record:
        return json_response((await storage.replayer.against_record(id_, state, own.body)).answer())
    found = await storage.replayer.against(id_, state, against, storage.decisions.now(), superseder)
    return json_response(found.answer())


async def _proposed(storage: Storage, outcome: tuple[Written, Recomputed], language: Language) -> Response:
    written, found = outcome
    if written.repeated:  # the first answer: what was asked then, not what the same words ask today
        found = await by_its_own_rules(storage.kept, written.record, language, found.explain)
    return json_response(views.proposed(written, found), CREATED)


def _recorded(written: Written) -> Response:
    return json_response(views.recorded_about(written), CREATED)


async def _rendered(storage: Storage, record: Json, language: Language) -> Recomputed | None:
    """The decision in words; none where its rules cannot be run any more, or no longer come to what is recorded."""
    try:
        found = await by_its_own_rules(storage.kept, record, language)
    except CannotRecompute:
        return None
    return found if found.results == record["results"] else None


async def _shown(connection: AsyncConnection, rows: list[tuple[UUID, Json]]) -> list[Json]:
    states = await archive.states(connection, [id_ for id_, _ in rows])
    return [views.row(id_, columns, states[id_].name) for id_, columns in rows if id_ in states]


def _next(filter_: Filter, rows: list[tuple[UUID, Json]], size: int) -> str | None:
    return cursor_after(filter_, rows[-1][0]) if len(rows) == size else None
