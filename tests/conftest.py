"""What tests of several parts share: one database server for the whole run, an empty database for each test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from tests.db.server import Databases, shared_server

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
