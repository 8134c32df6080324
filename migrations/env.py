"""How Alembic runs: on a connection that the service gives it, or from its own command line with DATABASE_URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from app.db import tables  # noqa: F401 fills the metadata
from app.db.urls import given
from app.settings import Settings


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata)
    _run()


def _print() -> None:
    context.configure(dialect_name="postgresql", target_metadata=SQLModel.metadata, literal_binds=True)
    _run()


def _run() -> None:
    with context.begin_transaction():
        context.run_migrations()


async def _from_the_command_line() -> None:
    url = Settings().database_url
    if url is None:
        raise SystemExit("set DATABASE_URL; a private server is migrated by the service itself")
    engine = create_async_engine(given(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


if context.is_offline_mode():
    _print()
elif connection := context.config.attributes.get("connection"):
    _migrate(connection)
else:
    asyncio.run(_from_the_command_line())
