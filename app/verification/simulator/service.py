"""The simulated platform over HTTP: takes signed queries, answers polls, calls back, and does what it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from app.rules.values.strict_json import NotJson, parse_json
from app.verification.exchange.errors import Forged, Malformed, Stale
from app.verification.exchange.http import json_bytes
from app.verification.exchange.mapping.mapping import Mapping
from app.verification.exchange.mapping.schema import UNMAPPED
from app.verification.exchange.signing import verify
from app.verification.simulator.behaviour import Behaviour
from app.verification.simulator.calling_back import CallingBack
from app.verification.simulator.exchange import Exchanging
from app.verification.simulator.platform import Simulated
from app.verification.simulator.registers import items_of


class NewPerson(BaseModel):
    """Somebody to put into the registers, entries in the words of the platform's mapping."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str
    id_number: str
    entries: dict[str, list[dict[str, Any]]] = {}


def create_simulator(mapping: Mapping, platform: Simulated, key: bytes, folder: Path | None = None) -> FastAPI:
    """The application. With a folder it also exchanges files there. PackError if the mapping is not whole."""
    if mapping.content.paths == UNMAPPED:
        raise mapping.file.fault("where it takes queries is not mapped", ("paths",))
    calling = CallingBack(platform, key)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        looking = asyncio.create_task(Exchanging(mapping, platform, folder).run()) if folder else None
        yield
        if looking is not None:
            looking.cancel()
        await calling.stop()

    app = FastAPI(title="Simulated platform: everything in it is invented", lifespan=lifespan, docs_url=None)
    _add_exchange(app, mapping, platform, calling, key)
    _add_control(app, mapping, platform, calling)
    return app


def _add_exchange(app: FastAPI, mapping: Mapping, platform: Simulated, calling: CallingBack, key: bytes) -> None:
    exchange, paths = mapping.fields.exchange, mapping.content.paths
    assert paths != UNMAPPED  # noqa: S101  create_simulator looked

    async def said(request: Request) -> Any:
        """A signed body; 401 if it is not, 503 for the share of requests that fail."""
        body = await request.body()
        try:
            verify(key, dict(request.headers), body, platform.clock())
            raw = parse_json(body)
        except (Forged, Stale):
            raise HTTPException(401) from None
        except NotJson:
            raise HTTPException(400) from None
        if platform.fails_now():
            raise HTTPException(503)
        return raw

    @app.post(paths.submit)
    async def submit(request: Request) -> Response:
        raw = await said(request)
        try:
            asked, is_new = platform.take(platform.translator.query_in(raw, platform.clock()))
        except Malformed:
            raise HTTPException(422) from None
        if is_new:
            calling.start(asked)
        return _json({exchange.number: asked.number})

    @app.post(paths.poll)
    async def poll(request: Request) -> Response:
        raw = await said(request)
        asked = platform.asked.get(str(raw.get(exchange.number))) if isinstance(raw, dict) else None
        if asked is None:
            raise HTTPException(404)
        reports, whole = platform.due(asked)
        return _json({exchange.reports: reports, exchange.complete: mapping.flag.write(whole)})


def _add_control(app: FastAPI, mapping: Mapping, platform: Simulated, calling: CallingBack) -> None:
    @app.get("/control/state")
    async def state() -> dict[str, Any]:
        """Counts of queries taken and reports told."""
        return {
            "residents": len(platform.registers.residents),
            "queries": len(platform.asked),
            "reports": sum(len(asked.tellings) for asked in platform.asked.values()),
            "behaviour": platform.behaviour.model_dump(),
            **{name: calling.counts[name] for name in ("posted", "acknowledged", "refused", "given_up")},
        }

    @app.patch("/control/behaviour")
    async def behave(request: Request) -> dict[str, Any]:
        """Change what is named; what was asked before keeps its fate."""
        changed = {**platform.behaviour.model_dump(), **await request.json()}
        try:
            platform.behaviour = Behaviour.model_validate(changed)
        except ValueError:
            raise HTTPException(422) from None
        return platform.behaviour.model_dump()

    @app.post("/control/persons", status_code=201)
    async def register(person: NewPerson) -> Response:
        """Put somebody into the registers."""
        try:
            platform.registers.add(person.name, person.id_number, items_of(mapping, person.entries))
        except ValueError:
            raise HTTPException(422) from None
        return Response(status_code=201)

    @app.get("/control/persons")
    async def people(first: int = 0, count: int = 100) -> list[dict[str, Any]]:
        """Some of the invented people, in the order of their invention, to make households of."""
        residents = list(platform.registers.residents.values())[first : first + count]
        return [
            {
                "name": one.name,
                "id_number": one.id_number,
                "entries": {source: [item.plain() for item in items] for source, items in one.entries.items()},
            }
            for one in residents
        ]


def _json(raw: Any) -> Response:
    return Response(json_bytes(raw), media_type="application/json")
