"""Checkpoints: what a log was at one time, signed. Whoever keeps one can tell if the log is ever rewritten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.canonical_json import canonical, digest_bytes, digest_text
from app.decisions.proofs.algorithms import key_id, require_hash, verifier
from app.rules.values.strict_json import parse_json
from app.security import secret_file
from app.security.secret_file import SecretRefused

FORMAT: Final = "doudi/checkpoint/1"
MOST_LEAVES: Final = 2**53 - 1  # what a JSON number holds exactly
ORIGIN: Final = r"^[!-~]{1,200}$"
INSTANT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"
DIGEST: Final = r"^sha256:[0-9a-f]{64}$"


class MalformedCheckpoint(ValueError):
    """The body is not that of a checkpoint of this format."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Algorithms(_Part):
    hash: str
    signature: str


class TreeHead(_Part):
    """What a checkpoint states; its canonical JSON is the body that is signed."""

    algorithms: Algorithms
    format: Literal["doudi/checkpoint/1"]
    origin: Annotated[str, Field(pattern=ORIGIN)]
    root: Annotated[str, Field(pattern=DIGEST)]
    size: Annotated[int, Field(ge=0, le=MOST_LEAVES)]
    time: Annotated[str, Field(pattern=INSTANT)]


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint as it is kept: the signed text, the signature, and the name of the key. MalformedCheckpoint
    or UnknownAlgorithm when something is asked of a body that does not state it."""

    body: str
    signature: bytes
    key: str

    @cached_property
    def head(self) -> TreeHead:
        """What the body states, whether or not the signature holds."""
        try:
            raw: Any = parse_json(self.body.encode())
            head = TreeHead.model_validate(raw)
        except (ValidationError, ValueError):
            raise MalformedCheckpoint("the body is not that of a checkpoint") from None
        require_hash(head.algorithms.hash)
        verifier(head.algorithms.signature)
        if canonical(raw) != self.body.encode():
            raise MalformedCheckpoint("the body is not canonical JSON")
        return head

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self.head.origin

    @property
    def size(self) -> int:
        """How many records it covers."""
        return self.head.size

    @property
    def root(self) -> bytes:
        """The root of the tree over them."""
        return digest_bytes(self.head.root)


class Signer:
    """Signs checkpoints with one Ed25519 key, which never leaves it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key: Final[bytes] = private.public_key().public_bytes_raw()
        self.key_id: Final[str] = key_id("ed25519", self.public_key)

    @classmethod
    def load_or_create(cls, path: Path) -> Signer:
        """The signer with the key in this file, made anew if there is none. SecretRefused if it is unsafe."""
        return cls(signing_key(path))

    def __repr__(self) -> str:
        return f"Signer({self.key_id})"

    def sign(self, origin: str, size: int, root: bytes, time: dt.datetime) -> SignedCheckpoint:
        """The signed checkpoint of a tree. ValueError for a time without a zone, or what no checkpoint can state."""
        if time.tzinfo is None:
            raise ValueError("the time of a checkpoint has a zone")
        head = TreeHead(
            algorithms=Algorithms(hash="sha256", signature="ed25519"),
            format=FORMAT,
            origin=origin,
            root=digest_text(root),
            size=size,
            time=time.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z",
        )
        body = canonical(head.model_dump())
        return SignedCheckpoint(body.decode(), self._private.sign(body), self.key_id)


def verify_checkpoint(checkpoint: SignedCheckpoint, public_key: bytes) -> bool:
    """Whether the key of this name signed this body. MalformedCheckpoint, UnknownAlgorithm for a body that is none."""
    algorithm = checkpoint.head.algorithms.signature
    if checkpoint.key != key_id(algorithm, public_key):
        return False
    return verifier(algorithm)(public_key, checkpoint.signature, checkpoint.body.encode())


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file, made anew if there is none. SecretRefused if others may read it or it holds no such key."""
    pem = secret_file.load_or_create(path, _new_key)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise SecretRefused(f"{path} holds no unencrypted private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SecretRefused(f"{path} holds a key of another kind than Ed25519")
    return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
