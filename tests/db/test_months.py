"""Every month has its partition, and what comes in without one is not lost."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from app.core.months import month_of
from app.db.database import Database
from tests.support.database.rows import row

PARTITIONS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'record'::regclass"


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-07-31T15:59:59+00:00", "2026-07-01"),
        ("2026-07-31T16:00:00+00:00", "2026-08-01"),
        ("2026-08-01T00:00:00+08:00", "2026-08-01"),
        ("2025-12-31T23:59:59-08:00", "2026-01-01"),
    ],
)
def test_a_month_begins_at_midnight_in_china(instant: str, month: str) -> None:
    assert month_of(dt.datetime.fromisoformat(instant)) == dt.date.fromisoformat(month)


def test_an_instant_names_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        month_of(dt.datetime(2026, 8, 1))  # noqa: DTZ001 what is refused


async def value(database: Database, statement: str) -> object:
    async with database.engine.begin() as connection:
        return (await connection.execute(text(statement))).scalar_one()


@pytest.mark.anyio
async def test_an_opened_database_has_its_months(database: Database) -> None:
    assert await value(database, PARTITIONS) == 1 + 1 + 1 + 24  # the default, the last, this one, those to come


@pytest.mark.anyio
async def test_the_app_makes_months_once(database: Database) -> None:
    assert await value(database, "SELECT ensure_months('2040-11-30', 3)") == 6
    assert await value(database, "SELECT ensure_months('2040-12-01', 3)") == 2
    assert await value(database, "SELECT ensure_months('2040-11-30', 4)") == 0
    bounds = await value(
        database, "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'decision_204012'"
    )
    assert bounds == "FOR VALUES FROM ('2040-12-01') TO ('2041-01-01')"


@pytest.mark.anyio
async def test_rows_without_a_month_are_kept_and_stay_where_they_are(database: Database) -> None:
    table = SQLModel.metadata.tables["record"]
    async with database.engine.begin() as connection:
        await connection.execute(insert(table).values(row(table, month=dt.date(2050, 2, 1))))
    assert await value(database, "SELECT tableoid::regclass::text FROM record") == "record_default"
    assert await value(database, "SELECT ensure_months('2050-01-01', 3)") == 5
    assert await value(database, "SELECT count(*) FROM record WHERE month = '2050-02-01'") == 1
    async with database.engine.begin() as connection:
        await connection.execute(insert(table).values(row(table, month=dt.date(2050, 2, 1))))
    assert await value(database, "SELECT count(*) FROM record WHERE tableoid = 'record_default'::regclass") == 2


@pytest.mark.anyio
@pytest.mark.parametrize("asked", ["NULL, 1", "'2026-01-01', NULL", "'2026-01-01', -1", "'2026-01-01', 1201"])
async def test_nonsense_is_refused(database: Database, asked: str) -> None:
    with pytest.raises(DBAPIError, match="ensure_months takes"):
        await value(database, f"SELECT ensure_months({asked})")


@pytest.mark.anyio
async def test_what_the_app_shadows_is_not_used(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.execute(text("CREATE TEMP TABLE record_default (month date)"))
        await connection.execute(text("INSERT INTO record_default VALUES ('2060-01-01')"))
        assert (await connection.execute(text("SELECT ensure_months('2060-01-01', 1)"))).scalar_one() == 2


@pytest.mark.anyio
async def test_a_day_is_looked_for_in_one_partition(database: Database) -> None:
    async with database.engine.connect() as connection:
        plan = await connection.execute(
            text("EXPLAIN SELECT FROM record WHERE jurisdiction = '1' AND month = '2026-12-01'")
        )
        assert sum(" on record_" in line for line in plan.scalars()) == 1
