"""Makes a cluster aside and puts it in place complete, with the two roles and the database in it."""

import shutil
from pathlib import Path
from typing import Final

from app.db.private_server.account import Account
from app.db.roles import APP, OWNER

DATABASE: Final = "doudi"

_SETUP: Final = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB;
CREATE ROLE {APP} LOGIN;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""


def create(cluster: Path, programs: Path, account: Account, *, fsync: bool) -> None:
    """Make a cluster with UTF-8, byte order and checksums. A half-made one is made again."""
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    options = ["--encoding=UTF8", "--locale=C", "--data-checksums", "--auth=reject", "--username=postgres"]
    options += [] if fsync else ["--no-sync"]
    account.run([programs / "initdb", "-D", draft, *options], cwd=draft)
    single = [programs / "postgres", "--single", "-D", draft, "-c", "exit_on_error=on", "-c", f"fsync={fsync}"]
    account.run([*single, "postgres"], cwd=draft, text=_SETUP)
    draft.rename(cluster)


def version_of(cluster: Path) -> int | None:
    """Read the major version of PostgreSQL that wrote a cluster; None without a cluster."""
    path = cluster / "PG_VERSION"
    return int(path.read_text()) if path.exists() else None
