"""The database server that all tests of a run share, and databases that are as empty as its migrated one."""

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
from tests.support.database.rows import all_tables

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

# Everything that emptying does not bring back: tables, columns, rights, triggers, functions, and the rows that
# migrations made.
_FIXED: Final = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
    SELECT concat_ws(' ', relname, relkind, relnatts, relchecks, relhastriggers, relacl, reloptions) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgrelid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', conrelid, conname) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', id, since) FROM master_key
    UNION ALL SELECT version_num FROM alembic_version
) AS lines (line)
"""
_TABLES: Final = """
SELECT relname, coalesce(pg_partition_root(oid)::regclass::text, relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('master_key', 'alembic_version')
"""
_PATIENCE: Final = {"lock_timeout": "2s", "statement_timeout": "20s"}


class Databases:
    """Databases of one worker, one after another: a test gets the one that the test before it left, emptied. Where
    the test before altered more than rows, or left something locked, a new copy takes its place."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server
        self._free: list[str] = []
        self._fixed = ""
        self._filled = ""
        self._order: dict[str, int] = {}

    async def take(self) -> str:
        """The name of a database with the rows of the migrated one."""
        return self._free.pop() if self._free else await clone(self._server)

    async def give_back(self, name: str) -> None:
        try:
            emptied = await self._emptied(name)
        except (asyncpg.PostgresError, OSError):
            emptied = False
        if emptied:
            self._free.append(name)
        else:
            await drop(self._server, name)

    async def _emptied(self, name: str) -> bool:
        """Delete all rows but those that migrations made. False where the database is not as it was otherwise."""
        await self._look_at_the_migrated_one()
        connection = await asyncpg.connect(**arguments(self._server.url("owner", name)), server_settings=_PATIENCE)
        try:
            if await connection.fetchval(_FIXED) != self._fixed:
                return False
            filled = sorted((table for (table,) in await connection.fetch(self._filled)), key=self._order.__getitem__)
            statements = [
                f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}; ALTER TABLE {table} ENABLE TRIGGER USER"
                for table in filled
            ]
            await connection.execute(";".join(["BEGIN", *statements, "COMMIT"]))
            return True
        finally:
            await connection.close()

    async def _look_at_the_migrated_one(self) -> None:
        if self._fixed:
            return
        connection = await asyncpg.connect(**arguments(self._server.url("owner")))
        try:
            roots = dict(await connection.fetch(_TABLES))
            order = {table.name: number for number, table in enumerate(reversed(all_tables()))}
            self._order = {table: order[root] for table, root in roots.items()}
            self._filled = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in roots)
            self._fixed = await connection.fetchval(_FIXED)
        finally:
            await connection.close()


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
