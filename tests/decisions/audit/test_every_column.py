"""Whatever is changed by hand in a filled database, the start or the audit notices, or there is a reason why not."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Column, Table, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from app.core.errors import LogBroken
from app.db import tables, trail
from app.db.database import Database
from app.decisions.audit.database import check_database
from app.decisions.keys.folder import KeysAbsent, must_fit, settle
from app.decisions.stored_rules.published import must_be_as_signed
from app.publications.schemas import Approval, Rejection
from app.storage import Storage
from tests.publications.test_standing import PUBLISHER, SECOND, pack_with
from tests.support.callers import DECIDER, OFFICER
from tests.support.database.rows import all_tables, insert_only, row
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.service import START
from tests.support.storage import ORIGIN, household, storage_on

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OUTBOX: Final = "progress of a question to a platform: a wrong one is asked again or not at all, and shown as it is"
JOB: Final = "progress of a job, whose filter and results are proven; started anew it comes to the same"
NOTHING_NEED: Final = {
    "idempotency.key": "a key that is sent again is recorded again, visibly; no answer and no proof rests on it",
    "idempotency.request": "the fingerprint is keyed; with another one a repeated request is refused, and says so",
    "ruleset.stored_at": "nothing is computed from it and nothing shows it",
    "master_key.since": "orders two keys during a rotation: whichever comes last, both open",
    "key_mark.since": "orders marks of one name, of which there is one until a deliberate new beginning",
    "key_mark.reason": "a remark for people",
    **{f"verification_query.{name}": OUTBOX for name in trail.TRAILED["verification_query"]},
    **{f"replay_job.{name}": JOB for name in trail.TRAILED["replay_job"]},
}
REAL: Final = {"identity", "publication", "publication_outcome", "access_log"}  # filled by what the service does


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncIterator[Storage]:
    """A database with something in every table."""
    async with storage_on(database, tmp_path) as storage:
        await settle(database, tmp_path, ORIGIN, START)
        body = household("C-1") | {"household_ref": "H-1", "accepted_on": "2026-08-10"}
        first, _ = await storage.decisions.propose(OFFICER, body | {"identities": [identity("p1", ADULT)]}, "1")
        await storage.decisions.confirm(DECIDER, first.id, {}, None)
        again = copy.deepcopy(body) | {"reason": "有新情况", "identities": [identity("p1", OTHER)]}
        await storage.decisions.correct(OFFICER, first.id, again, None)
        for value in (940, 960, 980):
            submitted = await storage.publications.submit(
                PUBLISHER, pack_with("value: 920,", f"value: {value},") | {"note": "说明"}, None, "zh"
            )
            if value == 940:
                await storage.publications.reject(SECOND, UUID(submitted.id), Rejection(reason="有误"), {}, None, "zh")
            if value == 960:
                await storage.publications.approve(SECOND, UUID(submitted.id), Approval(note="同意"), {}, None, "zh")
        await storage.access.read(OFFICER, "decisions.read", decisions=[first.id], persons=["r"], household_ref="H-1")
        models = {
            one.__tablename__: one
            for one in vars(tables).values()
            if isinstance(one, type) and one is not SQLModel and issubclass(one, SQLModel)
        }
        async with database.begin() as connection:
            for name in sorted(trail.TRAILED.keys() - REAL):
                await trail.add(connection, models[name], [row(SQLModel.metadata.tables[name])])
        yield storage


def changed(column: Column[Any]) -> str:
    """Another value of a column, in SQL."""
    name, kind = f'"{column.name}"', column.type
    if isinstance(kind, ARRAY):
        return f"array_append({name}, {'gen_random_uuid()' if kind.item_type.python_type is UUID else chr(39) + 'other' + chr(39)})"
    return {
        "str": f"coalesce({name}, '') || 'x'",
        "int": f"{name} + 1000",
        "bytes": f"coalesce({name}, '') || '\\x01'::bytea",
        "date": f"coalesce({name}, '2026-01-01') + 40",
        "datetime": f"coalesce({name}, now()) + interval '40 days'",
        "UUID": "gen_random_uuid()",
        "bool": f"NOT {name}",
    }.get(kind.python_type.__name__, f"jsonb_build_object('other', {name})")


async def noticed(connection: AsyncConnection, storage: Storage, data: Path) -> bool:
    """Whether the service would not start, or the audit says what is wrong."""
    try:
        await must_fit(connection, data, ORIGIN)
        await must_be_as_signed(connection, storage.signer.public_key)
    except (KeysAbsent, LogBroken):
        return True
    key, ring = storage.signer.public_key, storage.keyring
    for recompute in (False, True):  # the second takes longer, and is seldom needed
        if not (await check_database(connection, ORIGIN, key, keyring=ring, recompute=recompute)).sound:
            return True
    return False


async def test_every_column(storage: Storage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = create_async_engine(storage.database.owner_url, poolclass=NullPool)
    unnoticed, columns = set(), 0
    try:
        async with engine.connect() as connection:
            assert not await noticed(connection, storage, tmp_path)
            await connection.rollback()
            for table in all_tables():
                for column in table.columns:
                    columns += 1
                    await change(connection, table, column)
                    if not await noticed(connection, storage, tmp_path):
                        unnoticed.add(f"{table.name}.{column.name}")
                    await connection.rollback()
    finally:
        await engine.dispose()
    with capsys.disabled():
        print(f"\nnoticed {columns - len(unnoticed)} of {columns} columns changed by hand")  # noqa: T201
    assert unnoticed == NOTHING_NEED.keys()


async def change(connection: AsyncConnection, table: Table, column: Column[Any]) -> None:
    """One value of one row, as the owner of the tables can change it."""
    if table.name in insert_only():
        await connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    which = f'SELECT tableoid, ctid FROM {table.name} ORDER BY "{column.name}" IS NULL, ctid LIMIT 1'
    done = await connection.execute(
        text(f'UPDATE {table.name} SET "{column.name}" = {changed(column)} WHERE (tableoid, ctid) = ({which})')
    )
    assert done.rowcount == 1, table.name
