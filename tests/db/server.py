"""The database server that all tests of a run share, and clones of its one migrated database."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg

from app.db.embedded import EmbeddedServer
from app.db.urls import arguments

# A process of its own starts the server and is gone without stopping it, as a service that is killed: the server
# then belongs to none of the workers.
_LEAVE_BEHIND: Final = """
import asyncio, os, sys
from pathlib import Path
from app.db.database import Database
from app.settings import Settings

async def leave() -> None:
    database = await Database.open(Settings(data=Path(sys.argv[1]), fsync=False, database_url=None))
    await database.engine.dispose()
    os._exit(0)

asyncio.run(leave())
"""


def shared_server(folder: Path) -> EmbeddedServer:
    """The server of a run, started by whichever worker comes first."""
    data = folder / "data"
    with (folder / "starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "started").exists():
            leave_behind(data)
            (folder / "started").touch()
    return EmbeddedServer(data, fsync=False)


def leave_behind(data: Path) -> None:
    """A server with an open service's database, whose service is gone."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run([sys.executable, "-c", _LEAVE_BEHIND, str(data)], check=True, env=environment)  # noqa: S603


async def clone(server: EmbeddedServer) -> str:
    """The name of a new database, a copy of the migrated one."""
    name = f"test_{uuid4().hex}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE doudi STRATEGY file_copy")
    return name


async def drop(server: EmbeddedServer, name: str) -> None:
    await _execute(server, f"DROP DATABASE {name} (FORCE)")


async def _execute(server: EmbeddedServer, statement: str) -> None:
    connection = await asyncpg.connect(**arguments(server.url("owner", "postgres")))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
