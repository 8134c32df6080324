"""The folder of a server's socket: the cluster, or a short path where the system's limit asks for one."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from app.db.private_server.account import Account

PORT: Final = 5432  # there is no network; it names the socket
SOCKET: Final = f".s.PGSQL.{PORT}"
_LONGEST: Final = 100  # bytes of a socket's path that every system takes
_PREFIX: Final = "doudi-"


def folder_for(cluster: Path, account: Account) -> Path:
    """Choose a folder that only the server's user enters. A comma would end a path in PostgreSQL's setting."""
    if _fits(cluster) and "," not in str(cluster):
        return cluster
    base = tempfile.gettempdir()
    short = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base if _fits(Path(base, _PREFIX + "x" * 8)) else "/tmp"))  # noqa: S108 it is our own and 0700
    account.own(short)
    return short


def forget(folder: Path | None, cluster: Path) -> None:
    """Remove a short folder; a cluster stays."""
    if folder and folder != cluster and folder.name.startswith(_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET)) <= _LONGEST
