"""Migrations lead to the one head the service knows, once, and to the tables the code speaks of."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from app.db import migrate as module
from app.db.database import Database, prepare
from app.db.migrate import HEAD, migrate, scripts, version_of
from app.db.private_server.account import Unusable
from app.db.private_server.embedded import EmbeddedServer
from app.db.urls import arguments
from app.security.keyring import FIRST, Keyring
from app.security.repository import open_identities
from app.security.sealing import Said, seal
from tests.support.database.rows import all_tables
from tests.support.database.server import drop, empty

pytestmark = pytest.mark.anyio


def test_the_head_is_the_head_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_installed_service_finds_the_scripts() -> None:
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"migrations": "app/migrations"}
    assert (scripts() / "env.py").exists()


async def test_a_database_at_head_is_only_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(module, "_upgrade")
    await migrate(database.owner_url)
    assert await version_of(database.owner_url) == HEAD


async def test_services_that_start_at_once_migrate_once(server: EmbeddedServer) -> None:
    name = await empty(server)
    try:
        url = server.url("owner", name)
        assert await version_of(url) is None
        await asyncio.gather(migrate(url), migrate(url))
        assert await version_of(url) == HEAD
    finally:
        await drop(server, name)


async def test_services_that_start_at_once_on_nothing_all_come_up(server: EmbeddedServer) -> None:
    """Tables and months: whoever comes second finds them made."""
    name = await empty(server)
    try:
        await asyncio.gather(*(prepare(server.url("owner", name)) for _ in range(6)))
        assert await version_of(server.url("owner", name)) == HEAD
    finally:
        await drop(server, name)


async def test_a_database_of_a_newer_release_is_refused_in_words(database: Database) -> None:
    owner = await asyncpg.connect(**arguments(database.owner_url))
    try:
        await owner.execute("UPDATE alembic_version SET version_num = '9001'")
        with pytest.raises(Unusable, match=f"at revision 9001 .* up to {HEAD}: a newer release"):
            await prepare(database.owner_url)
        assert await version_of(database.owner_url) == "9001"
    finally:
        await owner.close()


def _columns_stored(inspector: Inspector) -> dict[str, object]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return {
        table.name: [
            (column["name"], column["type"].compile(dialect), column["nullable"])
            for column in inspector.get_columns(table.name)
        ]
        + inspector.get_pk_constraint(table.name)["constrained_columns"]
        for table in all_tables()
    }


async def test_the_code_and_the_database_have_the_same_tables(database: Database) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    spoken_of = {
        table.name: [(column.name, column.type.compile(dialect), bool(column.nullable)) for column in table.columns]
        + [column.name for column in table.primary_key]
        for table in all_tables()
    }
    async with database.engine.connect() as connection:
        assert await connection.run_sync(lambda sync: _columns_stored(inspect(sync))) == spoken_of


async def test_there_are_no_other_tables(database: Database) -> None:
    owner = await asyncpg.connect(**arguments(database.owner_url))
    try:
        found = await owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition"
        )
    finally:
        await owner.close()
    assert {name for (name,) in found} == {*SQLModel.metadata.tables, "alembic_version"}


async def test_the_distributed_tables_can_be_told_apart_by_jurisdiction_alone(database: Database) -> None:
    async with database.engine.connect() as connection:
        indexes = await connection.run_sync(
            lambda sync: [i for table in ("record", "decision") for i in inspect(sync).get_indexes(table)]
        )
    assert len(indexes) == 4 + 8
    assert not any(index["unique"] for index in indexes)


async def test_alembic_is_imported_only_to_migrate(database: Database) -> None:
    program = (
        "import sys, app.db.database; assert not {'alembic', 'sqlmodel', 'sqlalchemy', 'asyncpg'} & set(sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0


async def test_identities_of_before_there_were_persons_stay_and_open(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their keys are wrapped by the key of that time; they have no reference."""
    name, key_id, decision = await empty(server), uuid4(), uuid4()
    ring = Keyring.open(tmp_path)
    sealed = seal(decision, "p1", "张某", "11010519491231002X")
    try:
        url = server.url("owner", name)
        with monkeypatch.context() as then:
            then.setattr(module, "HEAD", "0001")
            await migrate(url)
        owner = await asyncpg.connect(**arguments(url))
        wrapped = ring.master(FIRST).wrap(key_id, sealed.key)
        await owner.execute("INSERT INTO identity_key (id, wrapped) VALUES ($1, $2)", key_id, wrapped)
        await owner.execute("INSERT INTO identity VALUES ($1, 'p1', $2, $3)", decision, key_id, sealed.sealed)
        await owner.close()
        await migrate(url)
        database = Database(url, server.url("app", name))
        async with database.connect() as connection:
            (one,) = await open_identities(connection, ring, decision)
        await database.close()
        assert one.said == Said("张某", "11010519491231002X")
        assert (one.ref, one.sensitive, one.erased_at) == (None, False, None)
    finally:
        await drop(server, name)
