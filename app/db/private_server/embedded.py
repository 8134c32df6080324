"""A private PostgreSQL server in a data folder: no network, no password, and only the service's user comes in."""

from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal, Self

from app.db.private_server import place
from app.db.private_server.account import Unusable
from app.db.private_server.cluster import DATABASE
from app.db.private_server.lock import DataLock
from app.db.private_server.postmaster import postmaster_of
from app.db.private_server.server_process import ServerProcess
from app.db.private_server.sockets import PORT
from app.db.roles import APP, OWNER

if TYPE_CHECKING:
    from sqlalchemy import URL

_ROLES: Final = {"owner": OWNER, "app": APP}


class EmbeddedServer:
    """The server of a data folder, used by one service at a time.

    A server whose service was killed runs on, and the next service takes it over. `start` starts a server that was
    killed again; nothing committed is lost. Threads that start and stop it at once take turns.
    """

    def __init__(self, data: Path, *, fsync: bool = True) -> None:
        self._data = data.absolute()
        self._fsync = fsync
        self._lock = DataLock(self._data)
        self._process: ServerProcess | None = None
        self._one_by_one = RLock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, and wait until it takes connections. Raises Unusable if it cannot."""
        with self._one_by_one:
            self._data.mkdir(mode=0o711, parents=True, exist_ok=True)
            self._lock.take()
            try:
                if self._process is None:
                    self._process = ServerProcess(place.prepared(self._data, fsync=self._fsync), fsync=self._fsync)
                self._process.start()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stop the server once it has written everything down, and free the data folder for another service."""
        with self._one_by_one:
            try:
                if self._process:
                    self._process.stop()
            finally:
                self._process = None
                self._lock.release()

    def running(self) -> bool:
        """Tell if the server takes connections."""
        found = postmaster_of(place.link_of(self._data))
        return found is not None and found.state == "ready" and found.lives

    def url(self, role: Literal["owner", "app"], database: str = DATABASE) -> "URL":
        """Give the URL of one of the two roles; it outlasts a restart. Raises Unusable if there is no server."""
        from sqlalchemy import URL

        found = postmaster_of(place.link_of(self._data))
        if found is None:
            raise Unusable("the database server is not running")
        # The port too: else one from the environment would name the socket.
        query = {"host": str(found.sockets), "port": str(PORT)}
        return URL.create("postgresql+asyncpg", username=_ROLES[role], database=database, query=query)
