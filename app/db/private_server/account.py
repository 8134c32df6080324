"""The operating-system user that runs the private server."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

UNPRIVILEGED: Final = "nobody"


class Unusable(RuntimeError):
    """A private server cannot run here. The message tells whoever starts the service why."""


@dataclass(frozen=True)
class Account:
    """The user that runs the server. PostgreSQL refuses root, so root runs it as another user."""

    name: str
    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Tell if this user is not the user of this process."""
        return self.uid != os.geteuid()

    def run(self, command: Sequence[object], cwd: Path, text: str = "") -> str:
        """Run a program as this user and return its output. Raises Unusable, with its error output, if it fails."""
        # The commands are built here from our own paths.
        done = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            input=text,
            capture_output=True,
            text=True,
            cwd=cwd,
            user=self._uid,
            group=self._gid,
            extra_groups=[] if self.other else None,
        )
        if done.returncode:
            raise Unusable(f"{Path(str(command[0])).name} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def spawn(self, command: Sequence[str], cwd: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
        """Start a program as this user, in a session of its own, so that an interrupt from the terminal spares it."""
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cwd,
            start_new_session=True,
            user=self._uid,
            group=self._gid,
            extra_groups=[] if self.other else None,
        )

    def own(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Tell if this user may pass through a folder and all above it."""
        place = folder.resolve()
        return not self.other or all(self._may(part.stat(), stat.S_IXUSR) for part in (place, *place.parents))

    def can_run(self, program: Path) -> bool:
        """Tell if this user may run a program where it lies."""
        place = program.resolve()
        return self.can_enter(place.parent) and (not self.other or self._may(place.stat(), stat.S_IXUSR))

    def _may(self, of: os.stat_result, bit: int) -> bool:
        shift = 0 if of.st_uid == self.uid else 3 if of.st_gid == self.gid else 6
        return bool(of.st_mode & (bit >> shift))

    # What the process is to become: nothing else than it is, if that is this user already.

    @property
    def _uid(self) -> int | None:
        return self.uid if self.other else None

    @property
    def _gid(self) -> int | None:
        return self.gid if self.other else None


def account_for(cluster: Path) -> Account:
    """Choose the owner of an existing cluster; for a new one this process's user, or `nobody` if that is root.

    Raises Unusable if this process may not act as that user.
    """
    here = os.geteuid()
    uid = cluster.stat().st_uid if cluster.exists() else here
    if here not in (0, uid):
        raise Unusable(f"{cluster} belongs to {_named(uid).pw_name}; run the service as that user")
    entry = _unprivileged() if uid == 0 else _named(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise Unusable(f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED} to run it as") from None


def _named(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Unusable(f"the user {uid} has no name, and the database lets users in by name") from None
