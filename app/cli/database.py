"""What commands that work on stored things share: the data folder, and the database a service may be using."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.cli.terminal import failure
from app.db.database import Database
from app.db.private_server.account import Unusable
from app.settings import Settings

DataOption = Annotated[
    Path | None, typer.Option(help="The service's folder for what is stored; by default DOUDI_DATA, or else data.")
]
T = TypeVar("T")


def settings_of(data: Path | None) -> Settings:
    return Settings() if data is None else Settings(data=data)


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """What some work on the database comes to, also while a service is using it. Ends with 1 if it cannot be had."""

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
