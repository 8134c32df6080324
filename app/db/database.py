"""The database of a deployment: opened when the service starts, closed when it ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from app.core.errors import DatabaseAway
from app.db.migrate import migrate
from app.db.partitions import SHAPING, ensure_months
from app.db.private_server.account import Unusable
from app.db.private_server.embedded import EmbeddedServer
from app.db.roles import APP, ensure_app_role
from app.db.trail import Leaf, taken
from app.db.urls import arguments, given
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CONNECTIONS: Final = 8
_ANSWER: Final = 3.0  # seconds within which a database that is well answers
_LAST_MOMENTS: Final = 2.0  # seconds for which a killed server may still look as if it ran
_PAUSE: Final = 0.05


class Database:
    """A database with its tables and months in place, and connections that may read and add, nothing else."""

    def __init__(
        self, owner_url: "URL", app_url: "URL", server: EmbeddedServer | None = None, *, app_role: str | None = None
    ) -> None:
        """Use a prepared database. `app_role` is the role that connections take on where they log in as another."""
        self.owner_url: Final = owner_url
        self.engine: Final = _engine(app_url, app_role)
        self.trail: Callable[[AsyncConnection, list[Leaf]], Awaitable[None]] = _nobody_signs
        self._server = server
        self._starting = asyncio.Lock()
        self._closed = False

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """Open and migrate the database that the settings name, or a private server in the data folder.

        Raises Unusable if neither can be had.
        """
        if settings.database_url:
            return await cls._given(given(settings.database_url))
        server = EmbeddedServer(settings.data, fsync=settings.fsync)
        try:
            await asyncio.to_thread(server.start)
            owner_url = server.url("owner")
            await prepare(owner_url)
            return cls(owner_url, server.url("app"), server)
        except BaseException:
            server.stop()
            raise

    @classmethod
    async def to_read(cls, settings: Settings) -> Self:
        """Open the database to look at it, also while a service is using it."""
        server = EmbeddedServer(settings.data)
        if not settings.database_url and server.running():
            return cls(server.url("owner"), server.url("app"))
        return await cls.open(settings)

    @classmethod
    async def _given(cls, url: "URL") -> Self:
        await prepare(url, roles=True)
        return cls(url, url, app_role=APP)

    @asynccontextmanager
    async def connect(self) -> "AsyncIterator[AsyncConnection]":
        """Open a connection to read with. Raises DatabaseAway if the database cannot be reached, or no longer."""
        async with self._there(), self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def begin(self) -> "AsyncIterator[AsyncConnection]":
        """Open a connection in a transaction, which is committed at the end, with the trail of the rows that leave one.

        Raises DatabaseAway as `connect` does: a commit that was under way may or may not have come through.
        """
        async with self._there(), self.engine.begin() as connection:
            taken(connection)  # of a transaction that was undone
            yield connection
            if leaves := taken(connection):
                await self.trail(connection, leaves)

    @asynccontextmanager
    async def _there(self) -> "AsyncIterator[None]":
        """Turn errors of an unreachable database into DatabaseAway, and restart a private server that went down."""
        try:
            yield
        except Exception as error:
            from app.db.failures import unreachable

            if not unreachable(error):
                raise
            await self.ready()
            raise DatabaseAway from error

    async def close(self) -> None:
        """Close all connections, and stop a private server."""
        self._closed = True
        try:
            await self.engine.dispose()
        finally:
            if self._server:
                async with self._starting:
                    await asyncio.to_thread(self._server.stop)

    async def ready(self) -> bool:
        """Tell if the database answers now. Restarts a private server that went down first."""
        if self._closed:
            return False
        # The connections of a killed server answer for a moment after it: they are no sign that it takes new ones.
        if (self._server is None or self._server.running()) and await self._answers():
            return True
        until = time.monotonic() + _LAST_MOMENTS
        while await self._revived():
            if await self._answers():
                return True
            if time.monotonic() > until:
                break
            await asyncio.sleep(_PAUSE)
        return False

    async def _answers(self) -> bool:
        from sqlalchemy import text

        try:
            async with asyncio.timeout(_ANSWER), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # whatever it is, the answer is no
            return False
        return True

    async def _revived(self) -> bool:
        """Restart a private server if it is down. False without one, or if it cannot run."""
        if self._server is None:
            return False
        async with self._starting:
            try:
                if not self._server.running() and not self._closed:
                    await asyncio.to_thread(self._server.start)
            except Unusable:
                return False
        return True


async def prepare(owner_url: "URL", *, roles: bool = False) -> None:
    """Make the tables and the partitions by month; with `roles`, the app role before them."""
    import asyncpg

    if roles:
        connection = await asyncpg.connect(**arguments(owner_url))
        try:
            await connection.execute(f"SELECT pg_advisory_lock({SHAPING})")  # until it is closed
            await ensure_app_role(connection)
        finally:
            await connection.close()
    await migrate(owner_url)
    connection = await asyncpg.connect(**arguments(owner_url))
    try:
        await ensure_months(connection)
    finally:
        await connection.close()


async def _nobody_signs(connection: "AsyncConnection", leaves: list[Leaf]) -> None:
    raise RuntimeError("rows that leave a trail are added where nobody signs it")


def _engine(url: "URL", role: str | None) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine

    # Given when connecting, the role is also what RESET ROLE goes back to.
    options: dict[str, Any] = {"server_settings": {"role": role}} if role else {}
    return create_async_engine(
        url, pool_size=CONNECTIONS, max_overflow=0, pool_pre_ping=True, connect_args=options, hide_parameters=True
    )
