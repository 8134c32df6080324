"""What no record speaks of leaves a trail, and a rejected publication does not count, whoever turns it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app.core.errors import LogBroken
from app.db.database import Database
from app.decisions.audit.database import check_database
from app.decisions.proofs.findings import Finding
from app.publications.schemas import Rejection
from app.rules.history import RulesHistory
from app.storage import Storage
from tests.publications.test_standing import PUBLISHER, SECOND, pack_with
from tests.support.callers import OFFICER
from tests.support.rules import rules
from tests.support.storage import ORIGIN, as_owner, storage_on

pytestmark = pytest.mark.anyio


async def found(storage: Storage) -> list[Finding]:
    async with storage.database.connect() as connection:
        return (await check_database(connection, ORIGIN, storage.signer.public_key)).findings


async def test_a_rejected_publication_that_is_turned_stops_the_start(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        submitted = await storage.publications.submit(PUBLISHER, pack_with("value: 920,", "value: 5000,"), None, "zh")
        await storage.publications.reject(SECOND, UUID(submitted.id), Rejection(reason="有误"), {}, None, "zh")
    await as_owner(database, "UPDATE publication_outcome SET outcome = 'approved' WHERE outcome = 'rejected'")
    async with storage_on(database, tmp_path) as again:
        with pytest.raises(LogBroken):
            await again.standing.begin()
        assert ("publication", submitted.id) in {(one.code, one.subject) for one in await found(again)}
    assert RulesHistory(rules()).newest.packs["999900"] == again.generations.newest.packs["999900"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM access_log WHERE subject = 'officer-1'", "trail_gone"),
        ("DELETE FROM access_log", "trail_gone"),
        ("UPDATE access_log SET purpose = 'audit'", "trail_row"),
        (
            "INSERT INTO access_log SELECT gen_random_uuid(), at, subject, roles, areas, action, purpose, jurisdiction,"
            " sensitive, decisions, persons, household_ref FROM access_log LIMIT 1",
            "trail_row",
        ),
        ("DELETE FROM trail WHERE position = 1", "trail_gap"),
        ("UPDATE trail SET said = '{}' WHERE position = 0", "trail_gap"),
    ],
)
async def test_the_access_log_leaves_a_trail(database: Database, tmp_path: Path, change: str, code: str) -> None:
    async with storage_on(database, tmp_path) as storage:
        for _ in range(3):
            await storage.access.read(OFFICER, "decisions.read", household_ref="H")
        assert await found(storage) == []
        await as_owner(database, change.replace("officer-1", OFFICER.subject))
        assert code in {one.code for one in await found(storage)}


async def test_what_is_older_than_the_trail_is_said_to_be_unproven(database: Database, tmp_path: Path) -> None:
    """A database of a release without a trail: its rows are summed up when the trail begins."""
    async with storage_on(database, tmp_path) as storage:
        for _ in range(2):
            await storage.access.read(OFFICER, "decisions.read", household_ref="H")
        await as_owner(
            database,
            "DELETE FROM trail",
            "DELETE FROM log_node WHERE origin = '/trail'",
            "DELETE FROM checkpoint WHERE origin = '/trail'",
        )
    async with storage_on(database, tmp_path) as again:
        await again.trail.begin(database)
        await again.access.read(OFFICER, "decisions.read", household_ref="H")
        (said,) = await found(again)
        assert (said.code, said.size, said.subject, said.is_fault) == ("before_trail", 2, "access_log", False)
        await as_owner(database, "UPDATE access_log SET purpose = 'audit'")
        assert "trail_changed" in {one.code for one in await found(again)}
