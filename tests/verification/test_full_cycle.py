"""The whole way against a platform in another process, over real sockets and by files: from consent to decision."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
import uvicorn

from app.db.database import Database
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.security.id_numbers import birth_date
from app.storage import Storage
from app.verification.exchange.folders import FileExchange
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.platforms import Directory
from app.verification.exchange.protocol import Backend
from app.verification.outbox.queries import (
    Patience,
)
from app.verification.schemas import ResolutionSent
from tests.support.callers import OFFICER
from tests.support.client import example
from tests.support.rules import rules
from tests.support.service import ORIGIN, app_on
from tests.support.verification.exchange import RESIDENTS
from tests.support.verification.simulator import Running, simulator, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
QUICK: Final = Patience(first_wait=dt.timedelta(seconds=0.05), longest_wait=dt.timedelta(seconds=0.2))
SOURCES: Final = ["tax", "banks", "vehicles", "property", "social_insurance", "deaths"]


def request() -> Json:
    """The contract's household as two invented residents, each with consent of its own."""
    household = example()["household"]
    born = [{"birth_date": birth_date(one.id_number).isoformat()} for one in RESIDENTS[:2]]
    household = household | {"members": [one | day for one, day in zip(household["members"], born, strict=False)]}
    people = [{"person": f"p{n + 1}", "name": RESIDENTS[n].name, "id_number": RESIDENTS[n].id_number} for n in range(2)]
    consents = [
        {
            "person": one["person"],
            "sources": SOURCES,
            "purpose": "application",
            "until": "2099-12-31",
            "given_by": "guardian",
            "document_digest": f"sha256:{'5a' * 32}",
        }
        for one in people
    ]
    return example() | {
        "jurisdiction": "430500",
        "household": household,
        "identities": people,
        "purpose": "application",
        "persons": ["p1", "p2"],
        "sources": SOURCES,
        "consents": consents,
    }


@contextlib.asynccontextmanager
async def serving(storage: Storage) -> AsyncIterator[str]:
    """The service on a port of this machine."""
    app = app_on(storage)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="on"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def verifying(database: Database, folder: Path, backend: Backend) -> AsyncIterator[Storage]:
    """A storage whose outbox works in the background."""
    generations = RulesHistory(rules())
    storage = Storage(
        database, folder, ORIGIN, generations, now=lambda: dt.datetime.now(dt.UTC), directory=Directory({"": backend})
    )
    storage.outbox.patience = QUICK
    storage.outbox.start()
    try:
        yield storage
    finally:
        await storage.outbox.close()
        await storage.writer.close()


async def answered(storage: Storage, id_: UUID) -> Json:
    """The verification once nothing waits any more."""
    found: Json = {}

    async def done() -> bool:
        found.update((await storage.verifications.read(OFFICER, id_)).model_dump())
        return not {"queued", "sent", "partial"} & {query["state"] for query in found["queries"]}

    await until(done, 60)
    return found


async def to_decision(storage: Storage, found: Json) -> None:
    """Every finding that is open is resolved, and what is settled is proposed and confirmed."""
    id_ = UUID(found["id"])
    assert found["findings"]
    for finding in found["findings"]:
        if finding["state"] == "open" and finding["kind"] != "agrees":
            body = ResolutionSent(action="accept_declared", reason="家庭已提交证明")
            found = (await storage.verifications.resolve(OFFICER, id_, finding["n"], body)).model_dump()
    assert all(one["state"] == "resolved" or one["kind"] == "agrees" for one in found["findings"])
    written, _ = await storage.decisions.propose(OFFICER, found["settled"], "settled")
    assert "settled" in {one["source"] for one in written.record["provenance"].values()}
    confirmed = await storage.decisions.confirm(OFFICER, written.id, {}, None)
    assert confirmed.record["kind"] == "confirmation"


async def test_by_callbacks_over_sockets(database: Database, tmp_path: Path) -> None:
    async with (
        simulator(tmp_path, "--latency", "0.2") as running,
        _http(running) as backend,
        verifying(database, tmp_path / "service", backend) as storage,
        serving(storage) as address,
    ):
        storage.outbox.callbacks = address
        storage.outbox.patience = Patience(first_wait=dt.timedelta(hours=1))  # nothing is fetched
        begun = await storage.verifications.begin(OFFICER, request(), None)
        found = await answered(storage, UUID(begun.id))
        assert {query["state"] for query in found["queries"]} <= {"answered", "no_record"}
        await to_decision(storage, found)


async def test_by_fetching_over_sockets(database: Database, tmp_path: Path) -> None:
    async with (
        simulator(tmp_path, "--latency", "0.2") as running,
        _http(running) as backend,
        verifying(database, tmp_path / "service", backend) as storage,
    ):
        begun = await storage.verifications.begin(OFFICER, request(), None)
        await to_decision(storage, await answered(storage, UUID(begun.id)))


async def test_by_files(database: Database, tmp_path: Path) -> None:
    exchange = tmp_path / "exchange"
    for name in ("outbox", "inbox"):
        (exchange / name).mkdir(parents=True)
    backend = FileExchange(load_mapping("simulator"), exchange / "outbox", exchange / "inbox", "xlsx")
    async with (
        simulator(tmp_path, "--exchange", str(exchange)),
        verifying(database, tmp_path / "service", backend) as storage,
    ):
        begun = await storage.verifications.begin(OFFICER, request(), None)
        await to_decision(storage, await answered(storage, UUID(begun.id)))


@contextlib.asynccontextmanager
async def _http(running: Running) -> AsyncIterator[Backend]:
    backend = running.backend()
    try:
        yield backend
    finally:
        await backend.close()
