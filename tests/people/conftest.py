"""A storage to ask, on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db.database import Database
from app.storage import Storage
from tests.support.storage import storage_on


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncIterator[Storage]:
    async with storage_on(database, tmp_path) as opened:
        yield opened
