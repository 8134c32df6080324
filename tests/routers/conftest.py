"""One service and one client for every test of the endpoints, and a service with storage for each that stores."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.db.database import Database
from app.main import create_app
from tests.callers import OFFICER, TOKENS, bearer
from tests.routers.stored import Service, app_on, storage_on
from tests.routers.support import Client, traces
from tests.routers.verifying import Verifying, verifying_on


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app(tokens=TOKENS)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[Client]:
    """Starlette's own test client warns on import unless httpx2 is installed, and warnings are errors here."""
    client = Client(app)
    yield client
    client.close()


@pytest.fixture
async def service(database: Database, tmp_path: Path) -> AsyncIterator[Service]:
    """A service with storage on a database of its own. Jobs wait until a test works on them."""
    storage = storage_on(database, tmp_path)
    app = app_on(storage)
    app.state.gate.open()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=bearer(OFFICER)) as http:
        yield Service(app, storage, http)
    await storage.close()


@pytest.fixture
async def verifying(database: Database, tmp_path: Path) -> AsyncIterator[Verifying]:
    """A service with a platform in memory. Its outbox waits until a test works on it."""
    async with verifying_on(database, tmp_path) as service:
        yield service


@pytest.fixture(autouse=True)
def nothing_said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test submits, nothing of it reaches a log or an output."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx")  # the client's own log names the address it calls
    yield
    out, err = capfd.readouterr()
    said = "\n".join([caplog.text, out, err])
    assert traces(said) == []
