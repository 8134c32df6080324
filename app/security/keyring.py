"""The master keys, each in a file of its own. They wrap the keys of identities and mark ID numbers.

Which of them are in use stands in the database (keys_in_use.py): a service that meets the name of a key it does not
know reads its file, so that keys change under running services.
"""

from __future__ import annotations

import hmac
import re
import secrets
from pathlib import Path
from typing import Final
from uuid import UUID

from app.security.sealing import KEY_BYTES, locked, unlocked
from app.security.secret_file import SecretRefused, load, load_or_create

FIRST: Final = "identities"  # the name of a deployment's first key
_NAME: Final = re.compile(rf"{FIRST}(-[0-9a-f]{{8}})?", re.ASCII)


class KeyMissing(LookupError):
    """There is no file of a master key that is in use."""


class MasterKey:
    """One master key."""

    def __init__(self, id_: str, secret: bytes) -> None:
        self.id = id_
        self._secret = secret
        self._marks = hmac.digest(secret, b"persons", "sha256")

    def wrap(self, key_id: UUID, key: bytes) -> bytes:
        """A key of an identity as it is stored, bound to its name."""
        return locked(self._secret, key, key_id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """The inverse. InvalidTag for a key that another master wrapped, or of another name."""
        return unlocked(self._secret, wrapped, key_id.bytes)

    def mark(self, id_number: str) -> bytes:
        """The same for the same number, and nothing to whoever has not the key, who could try all numbers otherwise."""
        return hmac.digest(self._marks, id_number.encode(), "sha256")

    def __repr__(self) -> str:
        return f"MasterKey({self.id!r})"


class Keyring:
    """The master keys of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, MasterKey] = {}

    @classmethod
    def open(cls, folder: Path) -> Keyring:
        """With the keys of a folder, a first one made if it has none. SecretRefused for files that others may read."""
        ring = cls(folder)
        if not ring.names():
            load_or_create(ring._path(FIRST), _secret)
        for name in ring.names():
            ring.master(name)
        return ring

    def names(self) -> list[str]:
        """The keys that have a file."""
        return sorted(path.stem for path in self.folder.glob(f"{FIRST}*.key") if _NAME.fullmatch(path.stem))

    def master(self, name: str) -> MasterKey:
        """A key by its name. KeyMissing if there is no such file; SecretRefused for one that is not to be used."""
        if name not in self._known:
            path = self._path(name)
            if not _NAME.fullmatch(name) or not path.exists():
                raise KeyMissing(name)
            secret = load(path)
            if len(secret) != KEY_BYTES:
                raise SecretRefused(f"{path} does not hold a key of {KEY_BYTES} bytes")
            self._known[name] = MasterKey(name, secret)
        return self._known[name]

    def add(self) -> MasterKey:
        """A new key, in its file."""
        name = f"{FIRST}-{secrets.token_hex(4)}"
        load_or_create(self._path(name), _secret)
        return self.master(name)

    def keep(self, names: list[str]) -> None:
        """Removes every other key: what only those open is unreadable from now on."""
        for name in self.names():
            if name not in names:
                self._path(name).unlink(missing_ok=True)
                self._known.pop(name, None)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.key"


def _secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
