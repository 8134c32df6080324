"""The file that holds the key which signs a log."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from app.security import secret_file
from app.security.secret_file import SecretRefused as KeyRefused

__all__ = ["KeyRefused", "load_or_create"]


def load_or_create(path: Path) -> Ed25519PrivateKey:
    """The key in the file, made anew if there is none. KeyRefused if others may read it or it holds no such key."""
    pem = secret_file.load_or_create(path, _made)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyRefused(f"{path} holds no unencrypted private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} holds a key of another kind than Ed25519")
    return key


def _made() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
