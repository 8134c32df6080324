"""One JSON text for each value (RFC 8785), the SHA-256 of that text, and numbers as they were written."""

import hashlib
import re
from typing import Any, Final

import orjson
import rfc8785
from jiter import LosslessFloat

DIGEST_SIZE: Final = 32
_LARGEST_EXACT: Final = 2**53 - 1  # beyond it a JSON number is not the same everywhere
_TEXT: Final = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


def canonical(value: Any) -> bytes:
    """Write the canonical JSON of a value, in UTF-8. Raises ValueError for a value that JSON cannot hold exactly."""
    return rfc8785.dumps(value)


def digest_of(body: bytes) -> bytes:
    """Compute the SHA-256 of a text: 32 bytes."""
    return hashlib.sha256(body).digest()


def digest_text(digest: bytes) -> str:
    """Write a digest as "sha256:" and 64 hexadecimal digits. Raises ValueError for a digest that has not 32 bytes."""
    if len(digest) != DIGEST_SIZE:
        raise ValueError(f"a SHA-256 digest has {DIGEST_SIZE} bytes")
    return f"sha256:{digest.hex()}"


def digest_bytes(text: str) -> bytes:
    """Read a digest that `digest_text` wrote. Raises ValueError for any other text."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError("a digest is written sha256: and 64 hexadecimal digits, in lower case")
    return bytes.fromhex(found[1])


def canonical_plain(value: Any) -> bytes:
    """Write what `canonical` writes, in a hundredth of the time, for the values that records are made of.

    These are texts, whole numbers up to 2**53, true, false and null, in lists and objects whose keys are ASCII. There
    sorting by code point and by UTF-16 agree, and no number has two forms. Raises TypeError for other values.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def with_exact_numbers(value: Any) -> Any:
    """Turn a request's decimal numbers, and whole numbers from 2**53 on, into the texts they were written as.

    A record keeps facts as they were sent, in values that have one canonical text.
    """
    if isinstance(value, dict):
        return {key: with_exact_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_exact_numbers(item) for item in value]
    if type(value) is LosslessFloat or type(value) is float:
        return str(value)
    if type(value) is int and abs(value) > _LARGEST_EXACT:
        return str(value)
    return value
