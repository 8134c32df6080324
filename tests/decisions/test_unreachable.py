"""A database that is away is said to be away, and comes back by itself; a text no database holds is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.db.database import Database
from app.db.failures import unreachable
from app.http.storage_gate import StorageGate
from app.main import create_app
from app.settings import Settings
from app.storage import Storage
from tests.db.private_server.test_embedded import kill
from tests.support.callers import OFFICER, TOKENS, bearer
from tests.support.rules import rules
from tests.support.storage import household, storage_on

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def client_of(storage: Storage) -> AsyncIterator[httpx.AsyncClient]:
    async def opened() -> Storage:
        return storage

    app = create_app(rules(), tokens=TOKENS)
    gate = app.state.gate = StorageGate(opened)
    gate.open()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service", headers=bearer(OFFICER)
    ) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/decisions"), ("GET", "/v1/log/checkpoint")])
async def test_reading_brings_a_killed_database_back(data: Path, method: str, path: str) -> None:
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        async with storage_on(database, data) as storage, client_of(storage) as client:
            await storage.decisions.propose(OFFICER, household(), "k")
            await asyncio.to_thread(kill, data)
            away = await client.request(method, path)
            assert (away.status_code, away.json()["code"]) == (503, "storage_unavailable")
            assert (await client.request(method, path)).status_code == 200
    finally:
        await database.close()


async def test_rules_that_cannot_be_kept_now_are_no_internal_fault(data: Path) -> None:
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        async with storage_on(database, data) as storage, client_of(storage) as client:
            await asyncio.to_thread(kill, data)
            for status in (503, 201):
                answer = await client.post("/v1/decisions", json=household(), headers={"idempotency-key": "k"})
                assert answer.status_code == status
    finally:
        await database.close()


@pytest.mark.parametrize(
    "statement", ["SELECT 1 / 0", "SELECT nothing", "SELECT chr(0)", "SELECT 1::smallint + 99999::smallint"]
)
async def test_what_is_wrong_with_a_query_does_not_pass(database: Database, statement: str) -> None:
    with pytest.raises(SQLAlchemyError) as refused:
        async with database.engine.connect() as connection:
            await connection.execute(text(statement))
    assert not unreachable(refused.value)


@pytest.mark.parametrize("query", ["case=%00", "household_ref=a%00", "rule=a%00b", "engine=%00"])
async def test_a_text_no_database_holds_is_refused_in_addresses(database: Database, tmp_path: Path, query: str) -> None:
    async with storage_on(database, tmp_path) as storage, client_of(storage) as client:
        answer = await client.get(f"/v1/decisions?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "wrong_form")


@pytest.mark.parametrize(
    "body",
    [
        *(
            {"filter": {name: "a\0b"}}
            for name in ("case", "status", "ruleset", "rule", "parameter", "document", "engine")
        ),
        {"parameters": {"dibao.standard\0": {"urban": "1"}}},
    ],
)
async def test_a_text_no_database_holds_is_refused_in_bodies(database: Database, tmp_path: Path, body: object) -> None:
    async with storage_on(database, tmp_path) as storage, client_of(storage) as client:
        answer = await client.post("/v1/replays", json=body)
        assert answer.status_code == 422
