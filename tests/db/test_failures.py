"""A failure of the database is told from a fault in what was asked of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.db.database import Database
from app.db.failures import KINDS, unreachable


@pytest.mark.anyio
@pytest.mark.parametrize("wrong", ["SELECT 1/0", "SELECT nothing", "INSERT INTO pack VALUES (NULL, '', '')"])
async def test_what_is_wrong_with_a_statement_does_not_say_that_the_database_unreachable(
    database: Database, wrong: str
) -> None:
    with pytest.raises(KINDS) as failed:
        async with database.engine.begin() as connection:
            await connection.execute(text(wrong))
    assert not unreachable(failed.value)


@pytest.mark.anyio
async def test_a_connection_that_was_ended_says_that_the_database_unreachable(database: Database) -> None:
    with pytest.raises(KINDS) as failed:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert unreachable(failed.value)


class Refused(Exception):
    """As the driver says it: with the SQLSTATE of the server."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize("state", ["08006", "53300", "57P01", "57P03", "55000", "58030"])
def test_a_server_that_takes_nobody_unreachable(state: str) -> None:
    assert unreachable(DBAPIError("", {}, Refused(state)))


@pytest.mark.parametrize("state", ["22021", "23505", "42501", "55P03"])
def test_a_server_that_refuses_a_statement_is_there(state: str) -> None:
    assert not unreachable(DBAPIError("", {}, Refused(state)))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        FileNotFoundError(),
        TimeoutError(),
        NoConnectionFree(),
        InterfaceError("", {}, Refused(None)),
    ],
)
def test_without_a_connection_it_unreachable(error: Exception) -> None:
    assert unreachable(error)
