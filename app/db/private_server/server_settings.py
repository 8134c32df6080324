"""Settings of the private server: for a small machine, for exact work, and closed to everybody else."""

from pathlib import Path
from typing import Final

from app.db.private_server.account import Account
from app.db.private_server.sockets import PORT
from app.db.roles import APP, OWNER

_SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "96MB",
    "max_connections": "50",
    "max_wal_size": "1GB",
    "synchronous_commit": "on",
    "jit": "off",  # the queries are short
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people declare must not get into the log: not the statement that failed, not the row it failed on.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def options(home: Path, account: Account, *, fsync: bool) -> list[str]:
    """List the server's command-line options, which override its configuration files."""
    settings = _SETTINGS | {"fsync": "on" if fsync else "off"} | _access(home, account)
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _access(home: Path, account: Account) -> dict[str, str]:
    """Write who may connect to two files, and give the options that name the files.

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
