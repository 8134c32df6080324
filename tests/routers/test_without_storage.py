"""A service whose storage is not there: what needs none still works, the rest says so, and nothing is lost silently."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from app.db.urls import arguments
from app.http.storage_gate import StorageGate
from app.main import create_app
from app.storage import Storage
from tests.support.callers import OFFICER, TOKENS, bearer
from tests.support.client import ASSESSMENTS, Client, assert_problem, example
from tests.support.rules import rules
from tests.support.service import DECISIONS, Service, app_on, proposal, storage_on

ID = "01a1f6ae-9900-780f-8b3c-5369bc707be7"
ASKED = [
    ("POST", DECISIONS, proposal()),
    ("POST", f"{DECISIONS}/{ID}/confirmations", {}),
    ("POST", f"{DECISIONS}/{ID}/withdrawals", {"reason": "x"}),
    ("POST", f"{DECISIONS}/{ID}/events", {"kind": "visit", "on": "2026-08-16"}),
    ("POST", f"{DECISIONS}/{ID}/corrections", proposal(reason="x")),
    ("POST", f"{DECISIONS}/{ID}/successions", proposal(reason="x")),
    ("POST", f"{DECISIONS}/{ID}/replay", {}),
    ("POST", "/v1/replays", {}),
    ("GET", DECISIONS, None),
    ("GET", f"{DECISIONS}/{ID}", None),
    ("GET", f"{DECISIONS}/{ID}/bundle", None),
    ("GET", f"{DECISIONS}/{ID}/notice", None),
    ("GET", f"{DECISIONS}/{ID}/notice.pdf", None),
    ("GET", "/v1/samples", None),
    ("GET", "/v1/households/H-42/timeline", None),
    ("GET", f"/v1/replays/{ID}", None),
    ("GET", f"/v1/replays/{ID}/results", None),
    ("POST", "/v1/defects", {"rule": "dibao.income_test", "from": "2026-01-01"}),
    ("GET", f"/v1/defects/{ID}", None),
    ("GET", f"/v1/defects/{ID}/results", None),
    ("GET", "/v1/log/checkpoint", None),
    ("GET", "/v1/log/entries/0", None),
    ("GET", "/v1/log/proofs/inclusion?leaf=0&size=1", None),
    ("GET", "/v1/log/proofs/consistency?from=0&to=1", None),
]
asked = pytest.mark.parametrize(
    ("method", "path", "body"), ASKED, ids=[f"{method} {path}" for method, path, _ in ASKED]
)


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=bearer(OFFICER)) as http:
        yield http


@pytest.fixture
def plain(app: FastAPI) -> Iterator[Client]:
    client = Client(app)
    yield client
    client.close()


# a service that stores nothing


@asked
def test_without_storage_what_is_stored_answers_503(plain: Client, method: str, path: str, body: object) -> None:
    content = None if body is None else httpx.Request("POST", "http://x", json=body).content
    response = plain.request(method, path, content=content, headers=bearer(OFFICER) | {"idempotency-key": "k"})
    assert_problem(response, 503, "storage_unavailable")


def test_without_storage_assessments_and_rules_are_answered(plain: Client) -> None:
    assert plain.assessed(example())["total_month"]["value"] == "2584.00"
    assert plain.get("/v1/rules", jurisdiction="999900").status_code == 200


def test_without_storage_the_service_is_ready_and_says_that_it_stores_nothing(plain: Client) -> None:
    assert plain.get("/healthz").json() == {"status": "up"}
    assert plain.get("/readyz").json() == {"status": "ready", "divisions": len(rules().library.packs), "storage": False}


def test_without_storage_a_ruleset_is_built_from_what_is_loaded(plain: Client) -> None:
    hash_ = plain.assessed(example())["ruleset"]
    assert plain.get(f"/v1/rulesets/{hash_}").json()["ruleset"] == hash_


# storage that is there, opens slowly, fails, or goes away


@pytest.mark.anyio
async def test_with_storage_the_service_is_ready_and_says_so(service: Service) -> None:
    assert await service.get("/readyz") == {"status": "ready", "divisions": len(rules().library.packs), "storage": True}


@pytest.mark.anyio
async def test_while_the_storage_opens_requests_wait_for_it(database: Database, tmp_path: Path) -> None:
    storage, opened = storage_on(database, tmp_path), asyncio.Event()
    app = app_on(storage)

    async def slowly() -> Storage:
        await opened.wait()
        return storage

    app.state.gate = StorageGate(slowly)
    app.state.gate.open()
    async with calling(app) as http:
        assert_problem(await http.get("/readyz"), 503, "storage_unavailable")
        assert (await http.post(ASSESSMENTS, json=example())).status_code == 200
        waiting = asyncio.create_task(http.post(DECISIONS, json=proposal(), headers={"idempotency-key": "k"}))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        opened.set()
        assert (await waiting).status_code == 201
        assert (await http.get("/readyz")).status_code == 200
    await storage.close()


@pytest.mark.anyio
async def test_where_the_storage_cannot_be_opened_the_rest_still_works() -> None:
    told: list[Exception] = []

    async def failing() -> Storage:
        raise OSError("no such folder")

    app = create_app(rules(), tokens=TOKENS)
    app.state.gate = StorageGate(failing, told.append)
    app.state.gate.open()
    async with calling(app) as http:
        assert_problem(await http.get(DECISIONS), 503, "storage_unavailable")
        assert_problem(await http.get("/readyz"), 503, "storage_unavailable")
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.post(ASSESSMENTS, json=example())).status_code == 200
    assert [type(error) for error in told] == [OSError]


@pytest.mark.anyio
@asked
async def test_where_the_database_has_gone_the_service_says_so(
    service: Service, server: EmbeddedServer, method: str, path: str, body: object
) -> None:
    if not path.startswith(f"/v1/replays/{ID}"):
        await service.propose()
    await take_away(server, service.storage.database)
    assert_problem(await service.call(method, path, body, key="k"), 503, "storage_unavailable")
    assert_problem(await service.call("GET", "/readyz"), 503, "storage_unavailable")
    assert (await service.call("POST", ASSESSMENTS, example())).status_code == 200


@pytest.mark.anyio
async def test_once_the_database_is_back_the_same_key_is_recorded_once(
    service: Service, server: EmbeddedServer
) -> None:
    first = await service.post(DECISIONS, proposal(), key="k")
    await take_away(server, service.storage.database)
    assert_problem(await service.call("POST", DECISIONS, proposal(), key="k"), 503, "storage_unavailable")
    await give_back(server, service.storage.database)
    assert await service.post(DECISIONS, proposal(), key="k") == first
    assert (await service.rows())["record"] == 1


async def take_away(server: EmbeddedServer, database: Database) -> None:
    """Nobody is connected to the database, and nobody can be."""
    await _order(server, f"ALTER DATABASE {database.owner_url.database} ALLOW_CONNECTIONS false")
    await database.disconnect()


async def give_back(server: EmbeddedServer, database: Database) -> None:
    await _order(server, f"ALTER DATABASE {database.owner_url.database} ALLOW_CONNECTIONS true")


async def _order(server: EmbeddedServer, statement: str) -> None:
    connection = await asyncpg.connect(**arguments(server.url("owner", "postgres")))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_what_only_stored_things_need_is_not_read_before_the_service_answers() -> None:
    script = "import sys, app.main; print(sorted({'sqlalchemy', 'alembic', 'jinja2', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
