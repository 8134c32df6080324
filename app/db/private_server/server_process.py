"""Takes over a private server that was left behind, or launches one, and stops it."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from app.db.private_server import server_settings, sockets
from app.db.private_server.account import Unusable
from app.db.private_server.place import Place
from app.db.private_server.postmaster import Postmaster, postmaster_of

PATIENCE: Final = 120.0  # seconds: recovery after a crash reads the journal again
_PAUSE: Final = 0.01
_NEXT_TRY: Final = 0.2
_LAST_MOMENTS: Final = 0.5
_LONGEST_LOG: Final = 1_000_000
# What passes by itself: processes of a killed server that are still going, a server that is just starting.
_PASSING: Final = ("is still in use", "already exists")


class ServerProcess:
    """The server of one place. The folder of its socket stays the same when the server is restarted."""

    def __init__(self, place: Place, *, fsync: bool) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        options = server_settings.options(place.home, place.account, fsync=fsync)
        self._command = [str(place.programs / "postgres"), "-D", str(place.cluster), *options]
        self._sockets: Path | None = None

    def start(self) -> None:
        """Start the server and wait until it takes connections. Raises Unusable with the end of its log."""
        until = time.monotonic() + PATIENCE
        self._shorten_log()
        while not (self._taken_over(until) or self._launched(until)):
            time.sleep(_NEXT_TRY)

    def stop(self) -> None:
        """Stop the server once it has written everything down."""
        found = postmaster_of(self._place.cluster)
        if self._process:
            _end(self._process)
            self._process = None
        elif found and found.lives:
            self._stop_other()
        sockets.forget(self._sockets, self._place.cluster)
        self._sockets = None

    # a server left behind by a service that was killed

    def _taken_over(self, until: float) -> bool:
        """Take over a server that runs with these settings, and stop any other. False if there is none to take over."""
        found = postmaster_of(self._place.cluster)
        if found is None or not found.lives:
            if self._process and not self._ended(self._process):
                return self._ready(self._process.pid, until)  # too busy to be heard, perhaps
            self._process = None
            self._disown(found)
            return False
        if found.state == "stopping" or found.command != self._with_sockets(found.sockets):
            self._stop_other()
            sockets.forget(found.sockets, self._place.cluster)
            return False
        self._sockets = found.sockets
        return self._ready(found.pid, until)

    def _stop_other(self) -> None:
        """Stop a server as its own user, so that its files cannot make root end some other process."""
        stop = [self._place.programs / "pg_ctl", "stop", "-D", self._place.cluster]
        try:
            self._place.account.run([*stop, "-m", "fast", "-t", f"{PATIENCE:.0f}"], cwd=self._place.cluster)
        except Unusable:
            found = postmaster_of(self._place.cluster)
            if found and found.lives:
                raise

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for a server that no longer listens; False if it goes on.

        A killed server may have a moment to live, and is not to be left a zombie.
        """
        try:
            process.wait(_LAST_MOMENTS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _disown(self, dead: Postmaster | None) -> None:
        """Let a new server start although the file of a dead one still stands.

        The file must stay: by it a new server sees whether parts of the old one still hold its memory. But where the
        old number has passed to another program the new server would take that for the old one. It does not mind the
        number of the process that starts it, so that is written there.
        """
        path = self._place.cluster / "postmaster.pid"
        if dead is None:
            if path.exists() and not path.stat().st_size:
                path.unlink()  # the machine went down while it was written
            return
        if dead.sockets != self._sockets:
            sockets.forget(dead.sockets, self._place.cluster)
        if self._goes_away(dead):
            return
        if path.exists():
            _, _, rest = path.read_text().partition("\n")
            with open(os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW), "w") as file:
                file.write(f"{os.getpid()}\n{rest}")

    def _goes_away(self, dead: Postmaster) -> bool:
        """Wait for a dead server's process number to become free; False if it stays taken."""
        until = time.monotonic() + _LAST_MOMENTS
        while dead.number_taken and time.monotonic() < until:
            time.sleep(_PAUSE)
        return not dead.number_taken

    # a new server

    def _launched(self, until: float) -> bool:
        """Launch a server and wait until it is ready; False if it gave up for a reason that passes by itself.

        Raises Unusable for any other reason.
        """
        place = self._place
        self._sockets = self._sockets or sockets.folder_for(place.cluster, place.account)
        with open(os.open(place.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            start = log.tell()
            self._process = place.account.spawn(self._with_sockets(self._sockets), place.cluster, log)
        if self._ready(self._process.pid, until):
            return True
        self._process = None
        said = place.log.read_bytes()[start:].decode(errors="replace")
        if time.monotonic() > until or not any(words in said for words in _PASSING):
            raise Unusable(f"the database server did not start:\n{said[-2000:].strip()}")
        return False

    def _ready(self, pid: int, until: float) -> bool:
        """Wait until a server takes connections; False if it ends instead. Raises Unusable when time is over."""
        while time.monotonic() < until:
            found = postmaster_of(self._place.cluster)
            if found and found.pid == pid and found.state == "ready":
                return True
            if self._process.poll() is not None if self._process else not (found and found.lives):
                return False
            time.sleep(_PAUSE)
        raise Unusable(f"the database server was not ready after {PATIENCE:.0f} seconds; its log is {self._place.log}")

    def _with_sockets(self, folder: Path) -> list[str]:
        return [*self._command, "-c", f"unix_socket_directories={folder}"]

    def _shorten_log(self) -> None:
        log = self._place.log
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server: open transactions are undone. A server that hangs is ended as in a crash."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()
