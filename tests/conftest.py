"""What all tests share: one database server for the run, an empty database for each test, and the service on it."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from app.main import create_app
from tests.support.callers import OFFICER, TOKENS, bearer
from tests.support.client import Client, traces
from tests.support.database.server import Databases, shared_server
from tests.support.service import Service, app_on, storage_on
from tests.support.verification.service import Verifying, verifying_on

FOLDER = "DOUDI_TEST_FOLDER"
CRASH_ROUNDS = 4
VERIFICATIONS = 40


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crash-rounds", type=int, default=CRASH_ROUNDS, help="how often tests/decisions/log/test_crash.py kills"
    )
    parser.addoption(
        "--verifications",
        type=int,
        default=VERIFICATIONS,
        help="how many tests/verification/test_killed.py begins while the service is killed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the workers names the folder of the server; they inherit the name."""
    if not hasattr(config, "workerinput"):
        _keep_bytecode(config.rootpath / ".pytest_cache" / "bytecode")
        # Not in pytest's own folder, which the server's user could not enter where root runs the tests.
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="doudi-test-")
        Path(os.environ[FOLDER]).chmod(0o711)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database as `stored`, what needs a server of its own as `slow` too. The slow ones come first:
    the workers then end together."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "server" in names or "data" in names:
            item.add_marker(pytest.mark.stored)
        if "data" in names:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _keep_bytecode(folder: Path) -> None:
    """Keep compiled modules apart from the sources where nothing may be written beside them: tests start many
    processes, each of which would compile every module anew."""
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The same process outlives the workers, whatever became of them: it stops the server."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "data" / "postgres").exists():
        server = EmbeddedServer(folder / "data", fsync=False)
        server.start()  # takes over what a worker left behind
        server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def test_folder() -> Path:
    """A folder for the run which a server can enter, removed at its end."""
    return Path(os.environ[FOLDER])


@pytest.fixture
def data(test_folder: Path) -> Iterator[Path]:
    """An empty data folder for a server of a test's own."""
    folder = Path(tempfile.mkdtemp(dir=test_folder))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(test_folder: Path) -> EmbeddedServer:
    """The run's server, with a migrated database to clone. Not to be stopped."""
    return shared_server(test_folder)


@pytest.fixture(scope="session")
def databases(server: EmbeddedServer) -> Databases:
    return Databases(server)


@pytest.fixture
async def database(server: EmbeddedServer, databases: Databases) -> AsyncIterator[Database]:
    """An open database that no other test sees, with the rows that migrations made."""
    name = await databases.take()
    opened = Database(server.url("owner", name), server.url("app", name))
    try:
        yield opened
    finally:
        await opened.close()
        await databases.give_back(name)


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


@pytest.fixture
def silent(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test submits, nothing of it reaches a log or an output."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx")  # the client's own log names the address it calls
    yield
    out, err = capfd.readouterr()
    said = "\n".join([caplog.text, out, err])
    assert traces(said) == []


@pytest.fixture(autouse=True)
def calls_are_silent(request: pytest.FixtureRequest) -> None:
    if not {"client", "service", "verifying"}.isdisjoint(request.fixturenames):
        request.getfixturevalue("silent")
