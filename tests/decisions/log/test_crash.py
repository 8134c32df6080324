"""Killed under load, the service and its database lose nothing that was acknowledged and keep nothing twice.

`--crash-rounds` is how often something is killed; the default is for every run of the tests.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from app.core.canonical_json import digest_text
from app.db.database import Database
from app.decisions.audit import export as bundles
from app.decisions.log import repository as log_repository
from app.decisions.proofs.check import check_export
from app.settings import Settings
from tests.conftest import CRASH_ROUNDS
from tests.support.crash import Told, run
from tests.support.storage import sound, storage_on
from tools.verify_log import main as verify

pytestmark = pytest.mark.anyio
SEED = 20261124


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_or_doubled(
    data: Path, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = request.config.getoption("--crash-rounds")
    told, killed = run(data, rounds, SEED)
    with capsys.disabled():
        if rounds > CRASH_ROUNDS:
            sys.stderr.write(f"\n{dict(killed)}: {len(told.acknowledged)} acknowledged, {told.repeated} asked again,")
            sys.stderr.write(f" on the way {dict(told.failures)}\n")
    assert told.faults == []
    assert sum(killed.values()) == rounds
    settings = Settings(data=data)
    database = await Database.open(settings)
    try:
        async with storage_on(database, data, settings.origin) as storage:
            key = storage.signer.public_key
            assert await sound(database, key, settings.origin) == len(told.acknowledged)
            await _everything_is_there(database, told)
            async with database.engine.connect() as connection:
                await bundles.export(connection, settings.origin, key, tmp_path / "export")
    finally:
        await database.close()
    assert check_export(tmp_path / "export", key) == []
    assert verify([str(tmp_path / "export"), "--key", base64.b64encode(key).decode()]) == 0


async def _everything_is_there(database: Database, told: Told) -> None:
    """Each acknowledged record stands at its index with its digest, and no other record stands anywhere."""
    wanted = {one.index: one for one in told.acknowledged.values()}
    assert len(wanted) == len(told.acknowledged)
    async with database.engine.connect() as connection:
        for index, one in wanted.items():
            stored = await log_repository.record_at(connection, Settings().origin, index)
            assert stored is not None
            assert (str(stored.id), digest_text(stored.digest)) == (one.id, one.digest)
