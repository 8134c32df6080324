"""Marks of requests, by which a repeated one is told from another. Their key never changes: marks are kept for ever."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from typing import Final

from app.security.secret_file import load, load_or_create

_BYTES: Final = 32


class RequestMarks:
    """Tells one request from another, and says nothing of it without the service's key: a plain digest of a request
    would tell for ever whether it was about somebody."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load_or_create(cls, path: Path, earlier: Path) -> RequestMarks:
        """With the key in a file, made anew if there is none. A folder from before that file marked with a key derived
        from the one in `earlier`: it goes on with that. SecretRefused for a file that others may read."""
        return cls(load_or_create(path, lambda: _derived(earlier) if earlier.exists() else secrets.token_bytes(_BYTES)))

    def mark(self, request: bytes) -> bytes:
        return hmac.digest(self._key, request, "sha256")

    def __repr__(self) -> str:
        return "RequestMarks()"


def _derived(earlier: Path) -> bytes:
    return hmac.digest(load(earlier), b"requests", "sha256")
