"""Personal data sealed under keys that can be destroyed, and commitments that say nothing without their salt."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.rules.errors import CodedError
from app.rules.values.strict_json import Json

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealedUnreadable(CodedError):
    """What is sealed does not open: it was changed where it lies, or the key that seals it is not here."""

    code = "sealed_unreadable"


@dataclass(frozen=True)
class Sealed:
    """A person's identity: the commitment that goes into the record, the sealed text, and the key that opens it.

    The key is wrapped with a master key before it is stored; the number is marked (keyring.py) and not stored.
    """

    person: str
    commitment: str
    key_id: UUID
    sealed: bytes
    key: bytes = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True)
class Said:
    """The name and the ID number of an identity."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)


def seal(decision: UUID, person: str, name: str, id_number: str) -> Sealed:
    """Seal an identity under a fresh key, so that it opens for this decision and person alone."""
    salt = secrets.token_bytes(KEY_BYTES)
    said = orjson.dumps({"id_number": id_number, "name": name}, option=orjson.OPT_SORT_KEYS)
    commitment = "sha256:" + hashlib.sha256(salt + said).hexdigest()
    key = secrets.token_bytes(KEY_BYTES)
    sealed = locked(key, salt + said, _context(decision, person))
    return Sealed(person, commitment, uuid4(), sealed, key, id_number)


def committed(decision: UUID, person: str, sealed: bytes, key: bytes) -> str:
    """Compute the commitment that a record makes to a sealed identity. Raises SealedUnreadable as `opened` does."""
    return "sha256:" + hashlib.sha256(unlocked(key, sealed, _context(decision, person))).hexdigest()


def opened(decision: UUID, person: str, sealed: bytes, key: bytes) -> Said:
    """Open a sealed identity. Raises SealedUnreadable if anything was changed."""
    said: Json = orjson.loads(unlocked(key, sealed, _context(decision, person))[KEY_BYTES:])
    return Said(said["name"], said["id_number"])


def locked(key: bytes, text: bytes, context: bytes) -> bytes:
    """Encrypt a text with AES-256-GCM, bound to a context; a fresh nonce stands before the result."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, context)


def unlocked(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Decrypt what `locked` encrypted. Raises SealedUnreadable for another key or context, or if anything was
    changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError):  # the latter where less is left than a nonce
        raise SealedUnreadable from None


def _context(decision: UUID, person: str) -> bytes:
    return decision.bytes + person.encode()
