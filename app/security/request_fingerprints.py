"""Keyed fingerprints of requests, which tell a repeated request from another. Neither their key nor how they are made ever
changes, since they are stored for ever."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from app.core.canonical_json import canonical_plain, with_exact_numbers
from app.security.secret_file import load, load_or_create

_BYTES: Final = 32


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a request: without the nulls that say nothing. Before they were left out it was kept as sent."""

    kept: bytes
    as_sent: bytes

    def fits(self, known: bytes) -> bool:
        """Tell if a fingerprint that was kept is of this request."""
        return known in (self.kept, self.as_sent)


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

    def of(self, what: list[str], sent: Any, *read: BaseModel) -> Fingerprint:
        """Fingerprint a body by what is done with it and by the models it was read into."""

        def marked(body: Any) -> bytes:
            return self.mark(canonical_plain([*what, with_exact_numbers(body)]))

        return Fingerprint(marked(without_idle_nulls(sent, *read)), marked(sent))

    @property
    def check(self) -> str:
        """A keyed digest by which the key is known again, and which says nothing of it."""
        return self.mark(b"check").hex()

    def __repr__(self) -> str:
        return "RequestMarks()"


def without_idle_nulls(sent: Any, *read: Any) -> Any:
    """Leave out each null that the models read as they read its absence; an unknown wage is not a wage left out."""
    if isinstance(sent, list):
        of_items = [[one[place] for one in read if isinstance(one, list | tuple)] for place in range(len(sent))]
        return [without_idle_nulls(item, *models) for item, models in zip(sent, of_items, strict=True)]
    if not isinstance(sent, dict):
        return sent
    fields = {
        field.alias or name: (getattr(model, name), field)
        for model in read
        if isinstance(model, BaseModel)
        for name, field in type(model).model_fields.items()
    }
    kept = {}
    for name, item in sent.items():
        value, field = fields.get(name, (None, None))
        if item is not None or field is None or value != field.get_default(call_default_factory=True):
            kept[name] = without_idle_nulls(item, value)
    return kept


def _derived(earlier: Path) -> bytes:
    return hmac.digest(load(earlier), b"requests", "sha256")
