"""Signatures over what a platform and the service tell each other: HMAC-SHA256 over time, id and body.

The key is shared with one platform alone. Forged and stale are told apart only after the signature is known to be good:
a bad one is forged whatever its time says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.security.secret_file import SecretRefused, load
from app.verification.exchange.errors import Forged, Stale

TIMESTAMP: Final = "doudi-timestamp"
REPORT: Final = "doudi-report"
SIGNATURE: Final = "doudi-signature"
SCHEME: Final = "v1="
TOLERANCE: Final = dt.timedelta(minutes=5)
SHORTEST_KEY: Final = 32  # bytes: as long as the digest

_SECONDS: Final = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
_ID: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,64}", re.ASCII)


def load_key(path: Path) -> bytes:
    """A platform's key from its file, white space at the end left out. SecretRefused if there is none, others may read
    it or it is shorter than 32 bytes."""
    if not path.is_file():
        raise SecretRefused(f"{path} is not there: the key shared with the platform belongs into it")
    key = load(path).rstrip()
    if len(key) < SHORTEST_KEY:
        raise SecretRefused(f"{path} is too short for a key: at least {SHORTEST_KEY} bytes")
    return key


def sign(key: bytes, id_: str, body: bytes, now: dt.datetime) -> dict[str, str]:
    """The headers that go with a body."""
    seconds = str(int(now.timestamp()))
    return {TIMESTAMP: seconds, REPORT: id_, SIGNATURE: SCHEME + _mac(key, seconds, id_, body)}


def verify(key: bytes, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> str:
    """The id that was signed with a body. Forged if the key did not sign this, Stale if it did at another time.

    Header names are in lower case. Digests are compared in constant time.
    """
    seconds, id_, signature = (headers.get(name, "") for name in (TIMESTAMP, REPORT, SIGNATURE))
    if not _SECONDS.fullmatch(seconds) or not _ID.fullmatch(id_):
        raise Forged
    expected = SCHEME + _mac(key, seconds, id_, body)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise Forged
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise Stale
    return id_


def _mac(key: bytes, seconds: str, id_: str, body: bytes) -> str:
    """Neither time nor id can hold the line breaks that part them, so no two messages are signed as the same text."""
    return hmac.new(key, f"{seconds}\n{id_}\n".encode() + body, hashlib.sha256).hexdigest()
