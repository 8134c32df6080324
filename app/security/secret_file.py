"""Files that hold a secret: readable by their owner only, and complete or absent."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 16 * 1024


class SecretRefused(ValueError):
    """The file is not to be used as it is. The text says why, and repeats nothing of the secret."""


def load_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a secret, or make the file if there is none. Raises SecretRefused if others may read the file.

    Of two processes that make it at once the first wins: a link puts the file in place, and never replaces one.
    """
    if not path.exists():
        _create(path, make())
    return load(path)


def _create(path: Path, secret: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp: mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        return
    finally:
        os.unlink(name)


def load(path: Path) -> bytes:
    """Read a secret. Raises SecretRefused if others may read the file."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise SecretRefused(f"{path} is not a file")
        if mode & 0o077:
            raise SecretRefused(
                f"{path} can be reached by others than its owner; chmod 600 it, or better, replace the key"
            )
        return file.read(_MOST_BYTES)
