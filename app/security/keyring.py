"""The master keys, each in a file of its own. They wrap the keys of identities and mark ID numbers.

The database says which of them are in use (repository.py). A service that meets the name of an unknown key reads that
key's file, so keys can change under running services.
"""

from __future__ import annotations

import hmac
import re
import secrets
from pathlib import Path
from typing import Final
from uuid import UUID

from app.security.sealing import KEY_BYTES, SealedUnreadable, locked, unlocked
from app.security.secret_file import SecretRefused, load, load_or_create

FIRST: Final = "identities"  # the name of a deployment's first key
_NAME: Final = re.compile(rf"{FIRST}(-[0-9a-f]{{8}})?", re.ASCII)


class KeyMissing(SealedUnreadable):
    """A master key is in use, and its file is not here."""


class MasterKey:
    """A master key and its name."""

    def __init__(self, id_: str, secret: bytes) -> None:
        self.id = id_
        self._secret = secret
        self._marks = hmac.digest(secret, b"persons", "sha256")

    def wrap(self, key_id: UUID, key: bytes) -> bytes:
        """Encrypt the key of an identity for storage, bound to the name of that key."""
        return locked(self._secret, key, key_id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """Decrypt what `wrap` encrypted. Raises SealedUnreadable for another master key or another name."""
        return unlocked(self._secret, wrapped, key_id.bytes)

    def mark(self, id_number: str) -> bytes:
        """Compute the keyed digest by which an ID number is found again.

        Without the key nobody can try all numbers against it.
        """
        return hmac.digest(self._marks, id_number.encode(), "sha256")

    @property
    def check(self) -> str:
        """A keyed digest by which the key is known again, and which says nothing of it."""
        return hmac.digest(self._secret, b"check", "sha256").hex()

    def __repr__(self) -> str:
        return f"MasterKey({self.id!r})"


class Keyring:
    """The master keys in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, MasterKey] = {}

    @classmethod
    def open(cls, folder: Path) -> Keyring:
        """Read the keys of a folder; make one if there is none. Raises SecretRefused for files that others may read."""
        ring = cls(folder)
        if not ring.names():
            load_or_create(ring._path(FIRST), _secret)
        for name in ring.names():
            ring.master(name)
        return ring

    def names(self) -> list[str]:
        """List the names of the keys that have a file."""
        return sorted(path.stem for path in self.folder.glob(f"{FIRST}*.key") if _NAME.fullmatch(path.stem))

    def master(self, name: str) -> MasterKey:
        """Read a key by its name. Raises KeyMissing without a file, SecretRefused for a file that is not to be used."""
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
        """Make a new key in a new file."""
        name = f"{FIRST}-{secrets.token_hex(4)}"
        load_or_create(self._path(name), _secret)
        return self.master(name)

    def keep(self, names: list[str]) -> None:
        """Delete the files of all other keys: what only those can decrypt is unreadable from now on."""
        for name in self.names():
            if name not in names:
                self._path(name).unlink(missing_ok=True)
                self._known.pop(name, None)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.key"


def _secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
