"""The database server that all tests of a run share, and clones of its one migrated database."""

from __future__ import annotations

import asyncio
import fcntl
import subprocess
import sys
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg

from app.db.database import prepare
from app.db.private_server.embedded import EmbeddedServer
from app.db.urls import arguments

# A process of its own starts the server and is gone without stopping it, as a service that is killed: the server
# then belongs to none of the workers.
_LEAVE_BEHIND: Final = """
import os, sys
from pathlib import Path
from app.db.database import prepare
from app.db.private_server.embedded import EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), fsync=False).start()
os._exit(0)
"""


def shared_server(folder: Path) -> EmbeddedServer:
    """The server of a run, started by whichever worker comes first."""
    data = folder / "data"
    with (folder / "starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "started").exists():
            leave_behind(data)
            asyncio.run(prepare(EmbeddedServer(data).url("owner")))
            (folder / "started").touch()
    return EmbeddedServer(data, fsync=False)


def leave_behind(data: Path) -> None:
    """A server that runs, and whose service is gone."""
    subprocess.run([sys.executable, "-c", _LEAVE_BEHIND, str(data)], check=True)  # noqa: S603


async def clone(server: EmbeddedServer) -> str:
    """The name of a new database, a copy of the migrated one."""
    name = f"test_{uuid4().hex}"
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE doudi STRATEGY file_copy")
    return name


async def empty(server: EmbeddedServer) -> str:
    """The name of a new database with nothing in it."""
    name = f"test_{uuid4().hex}"
    await _execute(server, f"CREATE DATABASE {name}")
    return name


async def drop(server: EmbeddedServer, name: str) -> None:
    """The database is gone. Without FORCE PostgreSQL sends away its own housekeeping, which the owner may not; whoever
    else a test left connected is sent away by the owner."""
    try:
        await _execute(server, f"DROP DATABASE {name}")
    except asyncpg.ObjectInUseError:
        await _execute(server, f"DROP DATABASE {name} (FORCE)")


async def _execute(server: EmbeddedServer, statement: str) -> None:
    connection = await asyncpg.connect(**arguments(server.url("owner", "postgres")))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
