"""Signs and verifies bearer tokens; no other module does.

The library accepts much that must be refused here: tokens without an end or an audience, unknown critical headers, any
key for any algorithm. So: a fixed algorithm for each kind of key, a key that is known by its id, every claim required.
"""

from __future__ import annotations

import binascii
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from jose import jwk, jws, jwt
from jose.exceptions import JOSEError

from app.rules.errors import CodedError
from app.rules.values.strict_json import Json
from app.security.callers import ROLES, Caller, Role, area_of
from app.security.id_numbers import LIKE_ONE

LEEWAY: Final = 30  # seconds by which clocks may differ
MOST_CHARACTERS: Final = 8192
LOCAL_ISSUER: Final = "doudi"
AUDIENCE: Final = "doudi"
KEY_BYTES: Final = 32
LIFETIME: Final = dt.timedelta(hours=8)

_LOCAL: Final = "HS256"
_FAMILIES: Final = {"RS256": "RSA", "ES256": "EC"}  # PS256 is not known to the library
_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_SUBJECT: Final = re.compile(r"[!-~]{1,120}", re.ASCII)
_REQUIRED: Final = {f"require_{claim}": True for claim in ("aud", "iss", "sub")}  # the rest is looked at here

_END: Final = 2**53  # seconds; beyond it, and for what is no number, nothing is an instant


class TokenRefused(CodedError):
    """The token proves nothing. The error holds neither the reason nor anything of the token."""

    code = "unauthenticated"


class KeysUnavailable(CodedError):
    """The issuer's keys cannot be had now, so no token can be verified."""

    code = "keys_unavailable"


class Verifier(Protocol):
    """Finds the caller that a token speaks for."""

    async def verify(self, token: str) -> Caller:
        """Verify a token. Raises TokenRefused for a faulty token, KeysUnavailable if the keys cannot be had."""
        ...


class IssuedKeys(Protocol):
    """The public keys of an issuer."""

    async def key(self, kid: str) -> Mapping[str, Any] | None:
        """Find a JSON Web Key by its id; None if the issuer has none. Raises KeysUnavailable."""
        ...


class LocalTokens:
    """Tokens signed with the service's own key, for a deployment without an identity provider."""

    def __init__(self, key: bytes, now: Callable[[], dt.datetime]) -> None:
        self._key = key
        self._kid = hashlib.sha256(b"doudi token key" + key).hexdigest()[:16]
        self._now = now

    def sign(
        self,
        roles: Sequence[Role],
        areas: Sequence[str],
        subject: str | None = None,
        lifetime: dt.timedelta = LIFETIME,
    ) -> str:
        """Sign a token for roles in areas (GB/T 2260 codes or CN). Without a subject it speaks for a new one.

        Raises TokenRefused for claims that `verify` would refuse.
        """
        now = self._now()
        claims = {
            "iss": LOCAL_ISSUER,
            "aud": AUDIENCE,
            "sub": subject or f"{roles[0]}-{secrets.token_hex(4)}",
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "roles": list(roles),
            "areas": list(areas),
        }
        _caller(claims)
        return str(jws.sign(claims, self._key, headers={"kid": self._kid}, algorithm=_LOCAL))

    async def verify(self, token: str) -> Caller:
        header = _header(token)
        if header.get("alg") != _LOCAL or header.get("kid") != self._kid:
            raise TokenRefused
        return _verified(token, self._key, _LOCAL, LOCAL_ISSUER, AUDIENCE, self._now())


class IssuedTokens:
    """Tokens of an OpenID Connect provider, verified with the keys it publishes."""

    def __init__(self, issuer: str, audience: str, keys: IssuedKeys, now: Callable[[], dt.datetime]) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._now = now

    async def verify(self, token: str) -> Caller:
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in _FAMILIES or not isinstance(kid, str):
            raise TokenRefused
        key = await self._keys.key(kid)
        if key is None or not _fits(key, algorithm):
            raise TokenRefused
        public = {name: key[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in key}
        return _verified(token, public, algorithm, self._issuer, self._audience, self._now())


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Tell if a key is for signatures of this algorithm, as far as the key says so."""
    return (
        key.get("kty") == _FAMILIES[algorithm]
        and key.get("alg", algorithm) == algorithm
        and key.get("use", "sig") == "sig"
        and (algorithm != "ES256" or key.get("crv") == "P-256")
    )


def _header(token: str) -> Json:
    if len(token) > MOST_CHARACTERS or not _FORM.fullmatch(token):
        raise TokenRefused
    try:
        header: Json = jwt.get_unverified_header(token)
    except (JOSEError, ValueError, RecursionError):
        raise TokenRefused from None
    if "crit" in header or header.get("typ", "JWT") not in ("JWT", "at+jwt"):
        raise TokenRefused
    return header


def _verified(token: str, key: bytes | Json, algorithm: str, issuer: str, audience: str, now: dt.datetime) -> Caller:
    try:
        built = jwk.construct(key, algorithm)
        claims = jwt.decode(
            token,
            built,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            options={**_REQUIRED, "verify_at_hash": False, "verify_exp": False, "verify_nbf": False},
        )
    except (JOSEError, ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise TokenRefused from None
    _must_be_current(claims, now)
    return _caller(claims)


def _must_be_current(claims: Json, now: dt.datetime) -> None:
    """Raise TokenRefused unless the token has begun and not ended, by the service's clock.

    The library accepts a token that was issued tomorrow.
    """
    instant = now.timestamp()
    begins = max(_instant(claims, "iat"), _instant(claims, "nbf") if "nbf" in claims else 0.0)
    if _instant(claims, "exp") <= instant - LEEWAY or begins > instant + LEEWAY:
        raise TokenRefused


def _instant(claims: Json, name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _END:
        raise TokenRefused
    return value


def _caller(claims: Json) -> Caller:
    subject, roles, areas = claims["sub"], claims.get("roles"), claims.get("areas")
    if not (isinstance(subject, str) and _SUBJECT.fullmatch(subject)) or LIKE_ONE.search(
        subject
    ):  # it is recorded for ever
        raise TokenRefused
    if not (isinstance(roles, list) and isinstance(areas, list)):
        raise TokenRefused
    try:
        covered = tuple(sorted({area_of(area) for area in areas}))
    except (ValueError, AttributeError):
        raise TokenRefused from None
    return Caller(subject, frozenset(role for role in ROLES if role in roles), covered)
