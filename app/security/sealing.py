"""Personal data sealed under keys that can be destroyed, and commitments that say nothing without their salt."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security.secret_file import SecretRefused, load_or_create

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
Json = dict[str, Any]


@dataclass(frozen=True)
class Sealed:
    """A person's identity: the commitment that goes into the record, the sealed text and the wrapped key beside it."""

    person: str
    commitment: str
    key_id: UUID
    sealed: bytes
    wrapped: bytes


class Sealer:
    """Seals under a fresh key for each person of a decision; the keys are wrapped with the service's own."""

    def __init__(self, master: bytes) -> None:
        self._master = AESGCM(master)
        self._marks = hmac.digest(master, b"requests", "sha256")

    @classmethod
    def load_or_create(cls, path: Path) -> Sealer:
        """With the key in this file, made anew, readable by the service alone, if there is none. SecretRefused if others
        may read it, or it does not hold a key."""
        master = load_or_create(path, lambda: secrets.token_bytes(KEY_BYTES))
        if len(master) != KEY_BYTES:
            raise SecretRefused(f"{path} does not hold a key of {KEY_BYTES} bytes")
        return cls(master)

    def seal(self, decision: UUID, person: str, name: str, id_number: str) -> Sealed:
        """An identity, sealed so that it opens for this decision and person alone."""
        salt = secrets.token_bytes(KEY_BYTES)
        said = orjson.dumps({"id_number": id_number.upper(), "name": name}, option=orjson.OPT_SORT_KEYS)
        commitment = "sha256:" + hashlib.sha256(salt + said).hexdigest()
        key, key_id = secrets.token_bytes(KEY_BYTES), uuid4()
        sealed = _locked(AESGCM(key), salt + said, _context(decision, person))
        return Sealed(person, commitment, key_id, sealed, _locked(self._master, key, key_id.bytes))

    def open(self, decision: UUID, person: str, sealed: bytes, key_id: UUID, wrapped: bytes) -> Json:
        """The name and ID number. InvalidTag if anything was changed."""
        key = _unlocked(self._master, wrapped, key_id.bytes)
        text = _unlocked(AESGCM(key), sealed, _context(decision, person))
        said: Json = orjson.loads(text[KEY_BYTES:])
        return said

    def mark(self, text: bytes) -> bytes:
        """Tells one text from another, and says nothing of it without the service's key: a plain digest of a request
        would tell for ever whether it was about somebody."""
        return hmac.digest(self._marks, text, "sha256")

    def __repr__(self) -> str:
        return "Sealer()"


def _context(decision: UUID, person: str) -> bytes:
    return decision.bytes + person.encode()


def _locked(cipher: AESGCM, text: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, text, context)


def _unlocked(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
