"""Keyed fingerprints of requests, which tell a repeated request from another. Their key never changes, since they are
stored for ever."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from typing import Final

from app.security.secret_file import load, load_or_create

_BYTES: Final = 32


class RequestMarks:
    """Makes fingerprints with the service's key.

    A plain digest of a request would let anybody test, for ever, if it was about a certain person.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load_or_create(cls, path: Path, earlier: Path) -> RequestMarks:
        """Read the key from a file, or make it. Raises SecretRefused for a file that others may read.

        A folder from before that file used a key derived from the one in `earlier`, and goes on with it.
        """
        return cls(load_or_create(path, lambda: _derived(earlier) if earlier.exists() else secrets.token_bytes(_BYTES)))

    def mark(self, request: bytes) -> bytes:
        """Compute the fingerprint of a request: 32 bytes."""
        return hmac.digest(self._key, request, "sha256")

    @property
    def check(self) -> str:
        """A keyed digest by which the key is known again, and which says nothing of it."""
        return self.mark(b"check").hex()

    def __repr__(self) -> str:
        return "RequestMarks()"


def _derived(earlier: Path) -> bytes:
    return hmac.digest(load(earlier), b"requests", "sha256")
