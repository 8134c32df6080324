"""Brings a database's tables to what this version of the service needs."""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.db.partitions import SHAPING
from app.db.private_server.account import Unusable
from app.db.urls import arguments

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

HEAD: Final = "0011"


async def migrate(owner_url: "URL") -> None:
    """Bring the tables to HEAD: one query if they are there already. Services that start at once take turns.

    Raises Unusable for tables of a newer release.
    """
    if await version_of(owner_url) != HEAD:
        await _upgrade(owner_url)


async def version_of(url: "URL") -> str | None:
    """Read the revision of a database; None for a database without tables."""
    import asyncpg

    connection = await asyncpg.connect(**arguments(url))
    try:
        if not await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL"):
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def scripts() -> Path:
    """Find the folder of the migrations: in the installed package, or beside it in the repository."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.exists() else package.parent / "migrations"


async def _upgrade(owner_url: "URL") -> None:
    # Imported only here: it is rarely needed and slows the start. In a thread: other requests are served meanwhile.
    await asyncio.to_thread(import_module, "alembic.command")

    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(owner_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({SHAPING})"))
            _must_know(await version_of(owner_url))
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


def _must_know(revision: str | None) -> None:
    if revision is not None and not any((scripts() / "versions").glob(f"{revision}_*.py")):
        raise Unusable(
            f"the tables are at revision {revision} and this release knows them up to {HEAD}: a newer release has used "
            "this database; start that one or a later one"
        )


def _run(connection: "Connection") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, HEAD)
