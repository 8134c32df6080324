"""The lock on a data folder: one service at a time."""

import fcntl
import os
from pathlib import Path

from app.db.private_server.account import Unusable


class DataLock:
    """A lock that this process holds until it releases it or ends, however it ends."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self) -> None:
        """Take the lock, unless this process holds it. Raises Unusable if another service does."""
        if self._file is not None:
            return
        file = os.open(self._data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise Unusable(f"another doudi service is using the data folder {self._data}") from None
        self._file = file

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
