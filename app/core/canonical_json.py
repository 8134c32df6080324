"""One text for one value (RFC 8785), and the digest of that text."""

import hashlib
import re
from typing import Any, Final

import orjson
import rfc8785

DIGEST_SIZE: Final = 32
_TEXT: Final = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value, in UTF-8. ValueError for what JSON cannot hold exactly."""
    return rfc8785.dumps(value)


def digest_of(body: bytes) -> bytes:
    """The SHA-256 of a text, 32 bytes."""
    return hashlib.sha256(body).digest()


def digest_text(digest: bytes) -> str:
    """A digest as it is written: "sha256:" and 64 hexadecimal digits. ValueError if it has not 32 bytes."""
    if len(digest) != DIGEST_SIZE:
        raise ValueError(f"a SHA-256 digest has {DIGEST_SIZE} bytes")
    return f"sha256:{digest.hex()}"


def digest_bytes(text: str) -> bytes:
    """The digest that a text names, the inverse of digest_text. ValueError for any other text."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError("a digest is written sha256: and 64 hexadecimal digits, in lower case")
    return bytes.fromhex(found[1])


def canonical_plain(value: Any) -> bytes:
    """As `canonical`, in a hundredth of the time, for what records are made of.

    Texts, whole numbers up to 2**53, true, false and null, in lists and objects whose keys are ASCII: there sorting by
    code point and by UTF-16 agree, and no number has two forms. TypeError for a value of another kind.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
