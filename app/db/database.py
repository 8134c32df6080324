"""The database of a deployment: opened when the service starts, closed when it ends."""

import asyncio
import contextlib
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
from app.settings import Limits, Settings

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CONNECTIONS: Final = 8  # to read with
WRITING: Final = 4  # to write with: no number of readers keeps a writer waiting
_CONNECT: Final = 2.0  # seconds within which a database that is well takes a connection
_CONNECTION_FREE: Final = 5.0  # seconds to wait for a connection that others have
_DOUBT: Final = 2.0  # seconds after which work with the database makes one look whether it answers at all
_ANSWER: Final = 0.8  # seconds within which a database that is well answers
_IDLE_IN_TRANSACTION: Final = 60.0  # seconds after which the database ends a transaction that nobody goes on with
_LAST_MOMENTS: Final = 2.0  # seconds for which a killed server may still look as if it ran
_PAUSE: Final = 0.05


class Database:
    """A database with its tables and months in place, and connections that may read and add, nothing else."""

    def __init__(
        self,
        owner_url: "URL",
        app_url: "URL",
        server: EmbeddedServer | None = None,
        *,
        app_role: str | None = None,
        statement_seconds: float = Limits().statement_seconds,
    ) -> None:
        """Use a prepared database. `app_role` is the role that connections take on where they log in as another."""
        self.owner_url: Final = owner_url
        self.engine: Final = _engine(app_url, app_role, CONNECTIONS, statement_seconds)
        self._writing: Final = _engine(app_url, app_role, WRITING, statement_seconds)
        self._probe: Final = Probe(app_url)
        self._looking: asyncio.Task[bool] | None = None
        self._doubts: set[asyncio.Task[None]] = set()
        self._away = False
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
            return await cls._given(given(settings.database_url), settings.statement_seconds)
        server = EmbeddedServer(settings.data, fsync=settings.fsync)
        try:
            await asyncio.to_thread(server.start)
            owner_url = server.url("owner")
            await prepare(owner_url)
            return cls(owner_url, server.url("app"), server, statement_seconds=settings.statement_seconds)
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
    async def _given(cls, url: "URL", statement_seconds: float) -> Self:
        await prepare(url, roles=True)
        return cls(url, url, app_role=APP, statement_seconds=statement_seconds)

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
        async with self._there(), self._writing.begin() as connection:
            taken(connection)  # of a transaction that was undone
            yield connection
            if leaves := taken(connection):
                await self.trail(connection, leaves)

    @asynccontextmanager
    async def _there(self) -> "AsyncIterator[None]":
        """Turn errors of an unreachable database into DatabaseAway, and restart a private server that went down.

        While it was last seen to be away nobody waits longer than it takes to look again.
        """
        if self._away and not await self.ready():
            raise DatabaseAway
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as patience:
                doubt = loop.call_later(_DOUBT, self._doubted, patience)
                try:
                    yield
                finally:
                    doubt.cancel()
        except Exception as error:
            from app.db.failures import unreachable

            if not unreachable(error):
                raise
            await self.ready()
            raise DatabaseAway from error

    def _doubted(self, patience: asyncio.Timeout) -> None:
        """Look whether the database answers at all, where work has taken long; if not, end that work."""

        async def look() -> None:
            if not await self.ready():
                with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                    patience.reschedule(0)

        self._doubts.add(task := asyncio.create_task(look()))
        task.add_done_callback(self._doubts.discard)

    async def close(self) -> None:
        """Close all connections, and stop a private server."""
        self._closed = True
        try:
            await self.disconnect()
        finally:
            if self._server:
                async with self._starting:
                    await asyncio.to_thread(self._server.stop)

    async def disconnect(self) -> None:
        """End the connections; what comes next opens its own."""
        await self._probe.close()
        await self._writing.dispose()
        await self.engine.dispose()

    async def ready(self) -> bool:
        """Tell if the database answers now. Restarts a private server that went down first. Who asks meanwhile gets the
        same answer."""
        if self._closed:
            return False
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> bool:
        self._away = not await self._comes_back()
        return not self._away

    async def _comes_back(self) -> bool:
        # The connections of a killed server answer for a moment after it: they are no sign that it takes new ones.
        if self._server is None or self._server.running():
            answer = await self._probe.answers()
            if answer is not False:
                return answer is True  # a server that says nothing stands still: it is not to be started again
        until = time.monotonic() + _LAST_MOMENTS
        while await self._revived():
            if await self._probe.answers():
                return True
            if time.monotonic() > until:
                break
            await asyncio.sleep(_PAUSE)
        return False

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


class Probe:
    """A connection of its own to ask whether the database answers: others may have all those that there are to work with."""

    def __init__(self, url: "URL") -> None:
        self._url = url
        self._connection: Any = None

    async def answers(self) -> bool | None:
        """Tell if the database answers; None if it says nothing in time."""
        asked = asyncio.create_task(self._asked())
        for seconds in (_ANSWER, _PAUSE):  # where this process was busy the answer may be there and not be read yet
            await asyncio.wait({asked}, timeout=seconds)
        if not asked.done():
            asked.cancel()
            await self.close()
            return None
        if asked.exception() is not None:
            await self.close()
        return asked.exception() is None

    async def _asked(self) -> None:
        import asyncpg

        if self._connection is None:
            self._connection = await asyncpg.connect(**arguments(self._url))
        await self._connection.fetchval("SELECT 1")

    async def close(self) -> None:
        """End the connection at once."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def _engine(url: "URL", role: str | None, connections: int, statement_seconds: float) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine

    # Both sides keep the time: a database that stands still ends nothing, and one that is cut off from here goes on.
    settings = {
        "statement_timeout": f"{int(statement_seconds * 1000)}",
        "idle_in_transaction_session_timeout": f"{int(_IDLE_IN_TRANSACTION * 1000)}",
    }
    if role:  # given when connecting, it is also what RESET ROLE goes back to
        settings["role"] = role
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_CONNECTION_FREE,
        pool_pre_ping=True,
        connect_args={"server_settings": settings, "command_timeout": statement_seconds, "timeout": _CONNECT},
        hide_parameters=True,
    )
