"""A database is opened ready for use, answers, recovers, and can be one that was given."""

import pytest
from sqlalchemy import text

from app.db.database import Database

pytestmark = pytest.mark.anyio


async def test_the_service_works_as_the_app_role(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT current_user"))).scalar_one() == "doudi_app"
