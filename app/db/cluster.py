"""A new cluster: made aside and put in place whole, with the two roles and the database in it."""

import shutil
from pathlib import Path
from typing import Final

from app.db.account import Account
from app.db.roles import APP, OWNER

DATABASE: Final = "doudi"

_SETUP: Final = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB;
CREATE ROLE {APP} LOGIN;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""


def create(cluster: Path, programs: Path, account: Account, *, fsync: bool) -> None:
    """Makes a cluster with UTF-8, byte order and checksums. One that was left half made is made again."""
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
    """The major version of PostgreSQL that wrote a cluster; None if there is none yet."""
    path = cluster / "PG_VERSION"
    return int(path.read_text()) if path.exists() else None


def access(home: Path, account: Account) -> dict[str, str]:
    """Writes who may come in, and gives the server's options that name the two files.

    Only through the socket, only the service's own user and the server's, only as one of the two roles. The files
    lie outside the cluster: the server's user reads them and cannot change them.
    """
    users = {account.name, "root"} if account.other else {account.name}
    identities = "".join(f'doudi "{user}" {role}\n' for user in sorted(users) for role in (OWNER, APP))
    texts = {"hba_file": "local all all peer map=doudi\n", "ident_file": identities}
    return {
        option: str(_written(home / f"{option.removesuffix('_file')}.conf", text)) for option, text in texts.items()
    }


def _written(path: Path, text: str) -> Path:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o644)
    return draft.replace(path)
