"""The file that holds a private key: for its owner only, whole or not there at all."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

_MOST_BYTES: Final = 16 * 1024


class KeyRefused(ValueError):
    """The key file is not to be used as it is; the text says why, and nothing of what it holds."""


def load_or_create(path: Path) -> Ed25519PrivateKey:
    """The key in the file, made anew if there is none. KeyRefused if others may read it or it holds no such key.

    Whoever creates it at the same time as another loses: the file is put in place by a link, which never replaces one.
    """
    if not path.exists():
        _create(path)
    return _load(path)


def _create(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp: mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        return
    finally:
        os.unlink(name)


def _load(path: Path) -> Ed25519PrivateKey:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise KeyRefused(f"{path} is not a file")
        if mode & 0o077:
            raise KeyRefused(
                f"{path} can be reached by others than its owner; chmod 600 it, or better, replace the key"
            )
        pem = file.read(_MOST_BYTES)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyRefused(f"{path} holds no unencrypted private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} holds a key of another kind than Ed25519")
    return key
