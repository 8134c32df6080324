"""The algorithms a log may name, by name. One that is not here is refused, never passed over.

A further pair, such as SM3 and SM2, is one more entry in each table.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class UnknownAlgorithm(ValueError):
    """A name that stands for no algorithm known here."""


def _ed25519(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):  # ValueError: no key of this algorithm
        return False
    return True


Verifier = Callable[[bytes, bytes, bytes], bool]  # public key, signature, message

HASHES: Final[frozenset[str]] = frozenset({"sha256"})
SIGNATURES: Final[dict[str, Verifier]] = {"ed25519": _ed25519}


def require_hash(name: str) -> None:
    """UnknownAlgorithm unless the tree can be built with this hash."""
    if name not in HASHES:
        raise UnknownAlgorithm("the hash algorithm is not one of " + ", ".join(sorted(HASHES)))


def verifier(name: str) -> Verifier:
    """How signatures of this algorithm are checked. UnknownAlgorithm if it is none of ours."""
    if name not in SIGNATURES:
        raise UnknownAlgorithm("the signature algorithm is not one of " + ", ".join(sorted(SIGNATURES)))
    return SIGNATURES[name]


def key_id(algorithm: str, public_key: bytes) -> str:
    """The short name of a public key: its algorithm and half of the SHA-256 of its bytes."""
    return f"{algorithm}:{hashlib.sha256(public_key).hexdigest()[:32]}"
