"""Finds a data folder's cluster, its owner and the programs that run it, or makes a new cluster."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.db.private_server import binaries, cluster
from app.db.private_server.account import Account, Unusable, account_for

# Where root keeps a cluster whose server could not enter the data folder. Nobody's parents are made readable for it.
ELSEWHERE: Final = Path("/var/lib/doudi")


@dataclass(frozen=True)
class Place:
    """An existing cluster with all that is needed to run it."""

    home: Path  # holds the cluster, who may come in, the log; the server's user reads it and cannot write to it
    cluster: Path
    account: Account
    programs: Path

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"


def link_of(data: Path) -> Path:
    """Give the path of a data folder's cluster, or of the link to it."""
    return data / "postgres"


def prepared(data: Path, *, fsync: bool) -> Place:
    """Find the cluster of a data folder, or make it. Raises Unusable if no server could run on it."""
    link = link_of(data)
    account = account_for(link)
    home = link.resolve().parent if link.exists() else _new_home(data, account)
    if not account.can_enter(home):
        raise Unusable(f"the database runs as {account.name}, and {account.name} cannot enter {home}")
    programs = binaries.programs(account, home, cluster.version_of(link))
    if not link.exists():
        cluster.create(home / "postgres", programs, account, fsync=fsync)
        if home != data.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(home / "postgres")
    return Place(home, link.resolve(), account, programs)


def _new_home(data: Path, account: Account) -> Path:
    """Choose the data folder if the server's user can enter it, else a new folder elsewhere."""
    if account.can_enter(data):
        return data.resolve()
    ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=f"{data.name}-", dir=ELSEWHERE))
    home.chmod(0o711)
    return home.resolve()
