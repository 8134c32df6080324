"""What is stored stays: the app may not change it, and the owner is stopped too."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from app.db.database import Database
from app.db.partitions import ensure_months
from app.db.urls import arguments
from tests.support.database.rows import KEEPS_CHANGING, all_tables, insert_only, row

pytestmark = pytest.mark.anyio
PARTITIONS = ("record_202608", "record_default", "decision_202608", "decision_default")


async def fill(database: Database) -> None:
    """A row in every table, written as the app; the next month's rows land in the default partition."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT ensure_months('2026-08-01', 1)"))
        for table in all_tables():
            await connection.execute(insert(table).values(row(table)))
        for name in ("record", "decision"):
            table = SQLModel.metadata.tables[name]
            stray = row(table, month=table.c.month.type.python_type(1999, 1, 1))
            await connection.execute(insert(table).values(stray))


def changes(table: str) -> list[str]:
    column = SQLModel.metadata.tables[table.split("_20")[0].removesuffix("_default")].columns.keys()[-1]
    return [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"]


async def refusal(database: Database, statement: str) -> str:
    """What the app is told."""
    with pytest.raises(DBAPIError) as refused:
        async with database.engine.begin() as connection:
            await connection.execute(text(statement))
    return str(refused.value.orig)


async def test_the_app_reads_and_adds_and_nothing_else(database: Database) -> None:
    await fill(database)
    for table in insert_only():
        for statement in [*changes(table), f"DROP TABLE {table}", f"ALTER TABLE {table} DISABLE TRIGGER ALL"]:
            said = await refusal(database, statement)
            assert "permission denied" in said or "must be owner" in said, statement
        async with database.engine.connect() as connection:
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() >= 1


async def test_the_app_does_not_get_at_partitions(database: Database) -> None:
    await fill(database)
    for partition in PARTITIONS:
        for statement in [*changes(partition), f"DROP TABLE {partition}"]:
            said = await refusal(database, statement)
            assert "permission denied" in said or "must be owner" in said, statement


async def test_triggers_stop_the_owner_too(database: Database) -> None:
    await fill(database)
    owner = await asyncpg.connect(**arguments(database.owner_url))
    try:
        for table in [*insert_only(), *PARTITIONS]:
            for statement in changes(table):
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
                    await owner.execute(statement)
    finally:
        await owner.close()


async def test_months_to_come_are_kept_as_well(database: Database) -> None:
    owner = await asyncpg.connect(**arguments(database.owner_url))
    try:
        assert await ensure_months(owner) == 0
        assert await owner.fetchval("SELECT ensure_months('2031-05-17', 1)") == 2
        table = SQLModel.metadata.tables["record"]
        async with database.engine.begin() as connection:
            await connection.execute(insert(table).values(row(table, month=table.c.month.type.python_type(2031, 5, 1))))
        for statement in changes("record_203105"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
                await owner.execute(statement)
    finally:
        await owner.close()


async def test_a_key_of_identities_can_be_destroyed_and_not_changed(database: Database) -> None:
    await fill(database)
    assert "permission denied" in await refusal(database, "UPDATE identity_key SET wrapped = ''")
    assert "permission denied" in await refusal(database, "TRUNCATE identity_key")
    async with database.engine.begin() as connection:
        assert (await connection.execute(text("DELETE FROM identity_key"))).rowcount == 1


@pytest.mark.parametrize("table", ["person_mark", "master_key"])
async def test_marks_and_master_keys_are_destroyed_and_not_changed(database: Database, table: str) -> None:
    await fill(database)
    update, _, truncate = changes(table)
    for statement in (update, truncate):
        assert "permission denied" in await refusal(database, statement)
    async with database.engine.begin() as connection:
        assert (await connection.execute(text(f"DELETE FROM {table}"))).rowcount >= 1


async def test_a_replay_job_goes_on_and_is_not_removed(database: Database) -> None:
    await fill(database)
    assert "permission denied" in await refusal(database, "DELETE FROM replay_job")
    async with database.engine.begin() as connection:
        assert (await connection.execute(text("UPDATE replay_job SET done = done + 1"))).rowcount == 1


async def test_the_app_makes_no_tables_and_sees_no_version(database: Database) -> None:
    assert "permission denied" in await refusal(database, "CREATE TABLE mine (a int)")
    assert "permission denied" in await refusal(database, "SELECT * FROM alembic_version")


def test_only_five_tables_change() -> None:
    assert len(insert_only()) == len(all_tables()) - len(KEEPS_CHANGING) == 24
