"""Opens the database of a data folder for a command, also while a service is using it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.cli.terminal import failure
from app.db.database import Database
from app.db.private_server.account import Unusable
from app.settings import Settings

T = TypeVar("T")


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Open the database, run `work` on it, close it, and return the result. Ends with code 1 if it cannot be opened."""

    async def run() -> T:
        database = await Database.to_read(settings)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except Unusable as error:
        raise failure(str(error)) from None
