"""A PostgreSQL server such as a deployment has one already: on TCP, with passwords."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.db.private_server import binaries
from app.db.private_server.account import account_for
from app.db.private_server.postmaster import postmaster_of

PASSWORD = "s3cret/of the owner"  # noqa: S105 of a server that lives for one test


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def given_server(folder: Path) -> Iterator[int]:
    """The port on loopback of a new server, whose superuser is `admin` with PASSWORD."""
    account, cluster, port = account_for(folder / "given"), folder / "given", free_port()
    programs = binaries.programs(account, folder, None)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    account.own(secret)
    cluster.mkdir(mode=0o700)
    account.own(cluster)
    options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--username=admin", "--no-sync", "--encoding=UTF8"]
    account.run([programs / "initdb", "-D", cluster, "--locale=C", *options], cwd=cluster)
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "fsync=off"]
    command = [str(programs / "postgres"), "-D", str(cluster), *settings, "-c", f"unix_socket_directories={cluster}"]
    with (folder / "given.log").open("wb") as log:
        process = account.spawn(command, cluster, log)
    try:
        while not ((found := postmaster_of(cluster)) and found.state == "ready"):
            assert process.poll() is None, (folder / "given.log").read_text()
            time.sleep(0.01)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
