"""Opens the database of a data folder for a command, also while a service is using it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.cli.terminal import failure
from app.db.database import Database
from app.db.private_server.account import Unusable
from app.decisions.proofs.checkpoints import Signer
from app.security.secret_file import SecretRefused
from app.settings import Settings, log_key

T = TypeVar("T")


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]], *, signed: bool = False) -> T:
    """Open the database, run `work` on it, close it, and return the result. Ends with code 1 if it cannot be opened.

    With `signed`, what `work` adds leaves its trail, under the log's key.
    """

    async def run() -> T:
        database = await Database.to_read(settings)
        try:
            if signed:
                from app.decisions.keys.folder import must_fit
                from app.decisions.log.trail import Trail

                async with database.connect() as connection:
                    await must_fit(connection, settings.data, settings.origin)
                database.trail = Trail(Signer.load_or_create(log_key(settings.data)))
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except (Unusable, SecretRefused) as error:
        raise failure(str(error)) from None
