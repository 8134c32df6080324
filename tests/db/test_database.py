"""A database is opened ready for use, answers, recovers, and can be one that was given."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from app.db.database import CONNECTIONS, Database
from app.db.migrate import HEAD, version_of
from app.db.private_server.account import Unusable
from app.db.private_server.postmaster import postmaster_of
from app.db.urls import arguments, given
from app.settings import Settings
from tests.support.database.given_server import PASSWORD, given_server

pytestmark = pytest.mark.anyio


async def value(database: Database, statement: str) -> object:
    async with database.engine.connect() as connection:
        return (await connection.execute(text(statement))).scalar_one()


async def test_the_service_works_as_the_app_role(database: Database) -> None:
    assert await value(database, "SELECT current_user") == "doudi_app"
    assert await database.ready()


async def test_many_at_once_take_turns(database: Database) -> None:
    asked = (value(database, f"SELECT {number}") for number in range(5 * CONNECTIONS))
    assert await asyncio.gather(*asked) == list(range(5 * CONNECTIONS))


async def test_a_private_server_is_opened_closed_and_opened_again(data: Path) -> None:
    settings = Settings(data=data / "new", fsync=False)
    for _ in range(2):
        database = await Database.open(settings)
        try:
            assert await database.ready()
            assert await version_of(database.owner_url) == HEAD
        finally:
            await database.close()
        assert postmaster_of(data / "new" / "postgres") is None
        assert not await database.ready() or pytest.fail("a closed database does not answer")


async def test_what_the_environment_says_of_other_servers_does_not_matter(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "db.example", "PGDATA": "x", "PGUSER": "y", "PGPASSWORD": "z"}.items():
        monkeypatch.setenv(name, value)
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        assert await database.ready()
    finally:
        await database.close()


async def test_a_private_server_that_is_killed_comes_back(data: Path) -> None:
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        await asyncio.gather(*(value(database, "SELECT 1") for _ in range(CONNECTIONS)))
        found = postmaster_of(data / "postgres")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        while found.lives:  # until the system has ended it
            await asyncio.sleep(0.01)
        answers = await asyncio.gather(*(database.ready() for _ in range(3)))
        assert answers == [True] * 3
        assert await value(database, "SELECT count(*) FROM record") == 0
    finally:
        await database.close()


async def test_broken_connections_are_replaced(database: Database) -> None:
    await asyncio.gather(*(value(database, "SELECT 1") for _ in range(3)))
    owner = await asyncpg.connect(**arguments(database.owner_url.set(username="doudi_app")))
    try:
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await owner.close()
    assert await value(database, "SELECT 2") == 2


async def test_a_second_service_is_refused_and_the_first_goes_on(data: Path) -> None:
    settings = Settings(data=data, fsync=False)
    database = await Database.open(settings)
    try:
        with pytest.raises(Unusable, match="another doudi service"):
            await Database.open(settings)
        assert await database.ready()
    finally:
        await database.close()


# a database that was given


async def run(url: URL, *statements: str) -> None:
    connection = await asyncpg.connect(**arguments(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def address(port: int, user: str, database: str) -> URL:
    return URL.create("postgresql", user, PASSWORD, "127.0.0.1", port, database)


def settings_for(url: URL, data: Path) -> Settings:
    return Settings(database_url=url.render_as_string(hide_password=False), data=data / "unused")


async def test_a_given_database_is_used_and_nothing_is_started(data: Path) -> None:
    with given_server(data) as port:
        admin = address(port, "admin", "postgres")
        await run(admin, "CREATE ROLE keeper LOGIN CREATEROLE PASSWORD '" + PASSWORD + "'")
        await run(admin, "CREATE DATABASE welfare OWNER keeper")
        settings = settings_for(address(port, "keeper", "welfare"), data)
        for _ in range(2):
            database = await Database.open(settings)
            try:
                assert await database.ready()
                assert await value(database, "SELECT session_user || '/' || current_user") == "keeper/doudi_app"
                async with database.engine.connect() as connection:
                    await connection.execute(text("RESET ROLE"))
                    with pytest.raises(DBAPIError, match="permission denied"):
                        await connection.execute(text("DELETE FROM record"))
            finally:
                await database.close()
            assert not await database.ready() or pytest.fail("a closed database does not answer")
        assert not (data / "unused").exists()


async def test_an_administrator_may_have_made_the_role(data: Path) -> None:
    with given_server(data) as port:
        admin = address(port, "admin", "postgres")
        await run(admin, "CREATE ROLE plain LOGIN PASSWORD '" + PASSWORD + "'", "CREATE DATABASE welfare OWNER plain")
        settings = settings_for(address(port, "plain", "welfare"), data)
        with pytest.raises(Unusable, match=r"CREATE ROLE doudi_app; GRANT doudi_app TO plain;") as refused:
            await Database.open(settings)
        await run(admin, *str(refused.value).partition("run: ")[2].rstrip(";").split(";"))
        database = await Database.open(settings)
        try:
            assert await value(database, "SELECT current_user") == "doudi_app"
        finally:
            await database.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_url_may_be_written_as_is_usual(scheme: str) -> None:
    url = given(f"{scheme}://u:p%40@db.example:6432/name?sslmode=require")
    assert url.drivername == "postgresql+asyncpg"
    wanted = {"user": "u", "password": "p@", "host": "db.example", "port": 6432, "database": "name", "ssl": "require"}
    assert arguments(url) == wanted


@pytest.mark.parametrize("text", ["hunter2", "mysql://u:hunter2@db/name", "postgresql+psycopg2://u:hunter2@db/name"])
def test_a_faulty_url_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        given(text)
    assert "hunter2" not in str(refused.value)
