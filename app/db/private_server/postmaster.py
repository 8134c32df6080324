"""Reads what a running server says of itself in the file `postmaster.pid` of its cluster."""

import os
import shlex
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.db.private_server.sockets import SOCKET

_LINES: Final = 8  # process, cluster, start, port, socket folder, address, shared memory, state


@dataclass(frozen=True)
class Postmaster:
    """A server as its file describes it, running or not."""

    pid: int
    sockets: Path
    state: str
    command: list[str]

    @property
    def lives(self) -> bool:
        """Tell if the server's process exists and listens at its socket.

        A server listens from its beginning to its end; the process number alone may have passed to another program.
        """
        return _exists(self.pid) and _listens(self.sockets / SOCKET)

    @property
    def number_taken(self) -> bool:
        """Tell if a process with this number exists: the server, or another program once the server is dead."""
        return _exists(self.pid)


def postmaster_of(cluster: Path) -> Postmaster | None:
    """Read the server of a cluster from its file; None without a file, or while it is being written."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        command = shlex.split((cluster / "postmaster.opts").read_text())
    except FileNotFoundError:
        return None
    if len(lines) < _LINES:
        return None
    return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip(), command)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
