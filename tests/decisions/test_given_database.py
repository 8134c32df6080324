"""Decisions in a PostgreSQL that a deployment has already: stored, computed again, checked, over two openings."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from app.decisions.audit.database import check_database
from app.rules.history import RulesHistory
from app.settings import Settings
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER
from tests.support.database.given_server import PASSWORD, given_server
from tests.support.rules import rules
from tests.support.storage import household

pytestmark = pytest.mark.anyio


async def test_decisions_are_kept_in_a_given_database(data: Path) -> None:
    with given_server(data) as port:
        url = URL.create("postgresql", "admin", PASSWORD, "127.0.0.1", port, "postgres")
        settings = Settings(database_url=url.render_as_string(hide_password=False), data=data / "service")
        storage = await Storage.open(settings, RulesHistory(rules()))
        try:
            written, _ = await storage.decisions.propose(OFFICER, household("C-1"), "k")
            await storage.decisions.confirm(DECIDER, written.id, {}, None)
        finally:
            await storage.close()
        storage = await Storage.open(settings, RulesHistory(rules()))
        try:
            again, _ = await storage.decisions.propose(OFFICER, household("C-1"), "k")
            assert (again.id, again.repeated) == (written.id, True)
            assert (await storage.replays.replay(OFFICER, written.id, {"against": "record"})).same
            async with storage.database.connect() as connection:
                checked = await check_database(connection, settings.origin, storage.signer.public_key)
            assert (checked.findings, checked.recomputed) == ([], 1)
        finally:
            await storage.close()
