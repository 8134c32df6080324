"""A token is taken only if it is wholly right; each way of being wrong is refused alike."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.rules.values.strict_json import Json
from app.security.callers import ROLES, Caller
from app.security.tokens import AUDIENCE, LEEWAY, LOCAL_ISSUER, IssuedTokens, LocalTokens, TokenRefused

pytestmark = pytest.mark.anyio
NOW: Final = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
INSTANT: Final = int(NOW.timestamp())
KEY: Final = bytes(range(32))
ISSUER: Final = "https://login.example"
LOCAL: Final = LocalTokens(KEY, lambda: NOW)


def part(value: Any) -> bytes:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def signed(header: Any, claims: Any, key: bytes = KEY) -> str:
    """A token signed with HMAC-SHA256, whatever its header says."""
    text = part(header) + b"." + part(claims)
    return (text + b"." + part(hmac.digest(key, text, "sha256"))).decode()


def header(**changes: Any) -> Json:
    kid = json.loads(base64.urlsafe_b64decode(LOCAL.sign(["auditor"], ["CN"]).split(".")[0] + "=="))["kid"]
    return {"alg": "HS256", "kid": kid, "typ": "JWT"} | changes


def claims(**changes: Any) -> Json:
    said = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": "officer-7",
        "iat": INSTANT,
        "exp": INSTANT + 60,
        "roles": ["caseworker"],
        "areas": ["999900001000"],
    } | changes
    return {name: value for name, value in said.items() if value is not ...}


async def test_a_right_token_says_who_calls() -> None:
    assert await LOCAL.verify(signed(header(), claims())) == Caller(
        "officer-7", frozenset({"caseworker"}), ("999900001",)
    )


async def test_a_token_that_was_signed_here_is_taken_here() -> None:
    caller = await LOCAL.verify(LOCAL.sign(["reviewer", "auditor"], ["430500", "CN"], "n-1"))
    assert caller == Caller("n-1", frozenset({"reviewer", "auditor"}), ("", "4305"))


async def test_without_a_subject_each_token_speaks_for_somebody_new() -> None:
    subjects = {(await LOCAL.verify(LOCAL.sign(["publisher"], ["CN"]))).subject for _ in range(20)}
    assert len(subjects) == 20


async def test_a_role_that_is_not_known_allows_nothing() -> None:
    assert (await LOCAL.verify(signed(header(), claims(roles=["root"])))).roles == frozenset()


@pytest.mark.parametrize("seconds", [-LEEWAY + 1, 0, 1])
async def test_clocks_may_differ_a_little(seconds: int) -> None:
    await LOCAL.verify(signed(header(), claims(exp=INSTANT + seconds)))
    await LOCAL.verify(signed(header(), claims(iat=INSTANT + LEEWAY, nbf=INSTANT + LEEWAY)))


WRONG_CLAIMS: Final[dict[str, Json]] = {
    "expired": {"exp": INSTANT - LEEWAY},
    "without an end": {"exp": ...},
    "an end that is a text": {"exp": str(INSTANT + 60)},
    "an end that is true": {"exp": True},
    "no end ever": {"exp": None},
    "an end that is no number": {"exp": float("nan")},
    "an endless end": {"exp": float("inf")},
    "an end beyond all numbers": {"exp": 10**400},
    "from tomorrow": {"iat": INSTANT + LEEWAY + 1},
    "not begun": {"nbf": INSTANT + LEEWAY + 1},
    "without a beginning": {"iat": ...},
    "another audience": {"aud": "another"},
    "without an audience": {"aud": ...},
    "another issuer": {"iss": "another"},
    "without an issuer": {"iss": ...},
    "without a subject": {"sub": ...},
    "a subject that is a number": {"sub": 7},
    "a subject with spaces": {"sub": "officer 7"},
    "an endless subject": {"sub": "x" * 121},
    "a subject that is an ID number": {"sub": "11010519491231002X"},
    "a subject with an ID number in it": {"sub": "user:11010519491231002X"},
    "without roles": {"roles": ...},
    "roles in a text": {"roles": "caseworker"},
    "without areas": {"areas": ...},
    "an area of no form": {"areas": ["99990"]},
    "an area that is a number": {"areas": [999900]},
    "an area in full-width digits": {"areas": ["９９９９００"]},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
async def test_claims_that_are_not_right_are_refused(wrong: Json) -> None:
    with pytest.raises(TokenRefused):
        await LOCAL.verify(signed(header(), claims(**wrong)))


WRONG_HEADERS: Final[dict[str, Json]] = {
    "unsigned": {"alg": "none"},
    "no algorithm": {"alg": None},
    "a stronger one": {"alg": "HS512"},
    "an asymmetric one": {"alg": "RS256"},
    "another key": {"kid": "another"},
    "no key": {"kid": None},
    "a critical header": {"crit": ["exp"]},
    "an empty critical header": {"crit": []},
    "another type": {"typ": "id+jwt"},
}


@pytest.mark.parametrize("wrong", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
async def test_headers_that_are_not_right_are_refused(wrong: Json) -> None:
    with pytest.raises(TokenRefused):
        await LOCAL.verify(signed(header(**wrong), claims()))


GOOD: Final = signed(header(), claims())
BROKEN: Final = {
    "nothing": "",
    "no token": "token",
    "two parts": GOOD.rpartition(".")[0],
    "no signature": GOOD.rpartition(".")[0] + ".",
    "another's signature": signed(header(), claims(), bytes(32)),
    "another's claims": GOOD.split(".")[0] + "." + part(claims(areas=["CN"])).decode() + "." + GOOD.split(".")[2],
    "a header that is a list": signed([], claims()),
    "claims that are a list": signed(header(), []),
    "claims that are no JSON": signed(header(), b"{"),
    "claims that are no text": signed(header(), b"\xff\xfe"),
    "deep nesting": signed(header(), b"[" * 3000),
    "padding": GOOD + "==",
    "a line break": GOOD + "\n",
    "five parts": GOOD + ".x.y",
    "far too long": GOOD + "A" * 9000,
}


@pytest.mark.parametrize("token", BROKEN.values(), ids=BROKEN)
async def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        await LOCAL.verify(token)


async def test_every_changed_bit_is_noticed() -> None:
    for place in range(0, len(GOOD), 7):
        other = "A" if GOOD[place] != "A" else "B"
        changed = GOOD[:place] + other + GOOD[place + 1 :]
        if changed.split(".")[2] != GOOD.split(".")[2] and base64.urlsafe_b64decode(
            changed.split(".")[2] + "=="
        ) == base64.urlsafe_b64decode(GOOD.split(".")[2] + "=="):
            continue  # the last character has bits that say nothing
        with pytest.raises(TokenRefused):
            await LOCAL.verify(changed)


# tokens of an identity provider

RSA: Final = rsa.generate_private_key(65537, 2048)
EC: Final = ec.generate_private_key(ec.SECP256R1())


def _number(value: int, size: int) -> str:
    return part(value.to_bytes(size, "big")).decode()


def rsa_key(**changes: Any) -> Json:
    numbers = RSA.public_key().public_numbers()
    return {"kty": "RSA", "kid": "r1", "n": _number(numbers.n, 256), "e": _number(numbers.e, 3)} | changes


def ec_key(**changes: Any) -> Json:
    numbers = EC.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "kid": "e1",
        "x": _number(numbers.x, 32),
        "y": _number(numbers.y, 32),
    } | changes


class Keys:
    """The keys an issuer publishes."""

    def __init__(self, *keys: Json) -> None:
        self.keys = {key["kid"]: key for key in keys}

    async def key(self, kid: str) -> Mapping[str, Any] | None:
        return self.keys.get(kid)


def issued(*keys: Json) -> IssuedTokens:
    return IssuedTokens(ISSUER, AUDIENCE, Keys(*keys), lambda: NOW)


def rs256(head: Json | None = None, **changes: Any) -> str:
    text = part({"alg": "RS256", "kid": "r1"} | (head or {})) + b"." + part(claims(iss=ISSUER, **changes))
    return (text + b"." + part(RSA.sign(text, padding.PKCS1v15(), hashes.SHA256()))).decode()


def es256(head: Json | None = None, **changes: Any) -> str:
    text = part({"alg": "ES256", "kid": "e1"} | (head or {})) + b"." + part(claims(iss=ISSUER, **changes))
    r, s = decode_dss_signature(EC.sign(text, ec.ECDSA(hashes.SHA256())))
    return (text + b"." + part(r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()


async def test_tokens_of_the_provider_are_taken() -> None:
    verifier = issued(rsa_key(), ec_key(use="sig", alg="ES256"))
    assert (await verifier.verify(rs256())).subject == "officer-7"
    assert (await verifier.verify(es256())).areas == ("999900001",)


PUBLIC_PEM: Final = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
NOT_ISSUED: Final[dict[str, tuple[str, tuple[Json, ...]]]] = {
    "the public key as a secret": (signed({"alg": "HS256", "kid": "r1"}, claims(iss=ISSUER), PUBLIC_PEM), (rsa_key(),)),
    "a key for secrets": (
        signed({"alg": "HS256", "kid": "o"}, claims(iss=ISSUER)),
        ({"kty": "oct", "kid": "o", "k": part(KEY).decode()},),
    ),
    "unsigned": (signed({"alg": "none", "kid": "r1"}, claims(iss=ISSUER)), (rsa_key(),)),
    "an unknown key": (rs256({"kid": "r2"}), (rsa_key(),)),
    "no key named": (rs256({"kid": None}), (rsa_key(),)),
    "a key of another kind": (rs256({"kid": "e1"}), (ec_key(),)),
    "a key for encryption": (rs256(), (rsa_key(use="enc"),)),
    "a key for another algorithm": (rs256(), (rsa_key(alg="RS512"),)),
    "another curve": (es256(), (ec_key(crv="P-384"),)),
    "a longer hash": (rs256({"alg": "RS512"}), (rsa_key(),)),
    "a critical header": (rs256({"crit": ["b64"], "b64": False}), (rsa_key(),)),
    "a key it brings itself": (rs256({"kid": "own", "jwk": rsa_key()}), (ec_key(),)),
    "a broken key": (rs256(), ({"kty": "RSA", "kid": "r1"},)),
    "another audience": (rs256(aud="another"), (rsa_key(),)),
    "another issuer": (rs256().replace("x", "x"), ()),
    "expired": (rs256(exp=INSTANT - 3600), (rsa_key(),)),
    "our own local token": (GOOD, (rsa_key(),)),
}


@pytest.mark.parametrize(("token", "keys"), NOT_ISSUED.values(), ids=NOT_ISSUED)
async def test_what_the_provider_did_not_issue_for_us_is_refused(token: str, keys: tuple[Json, ...]) -> None:
    with pytest.raises(TokenRefused):
        await issued(*keys).verify(token)


async def test_a_refusal_holds_nothing_of_the_token() -> None:
    for token in (*BROKEN.values(), signed(header(), claims(sub="11010519491231002X ", exp=INSTANT - 90))):
        with pytest.raises(TokenRefused) as refused:
            await LOCAL.verify(token)
        assert refused.value.args == ()
        assert refused.value.__cause__ is None


def test_the_id_of_the_local_key_does_not_tell_the_key() -> None:
    assert header()["kid"] not in (KEY.hex()[:16], hashlib.sha256(KEY).hexdigest()[:16])


def test_roles_are_those_of_the_contract() -> None:
    assert ROLES == ("caseworker", "reviewer", "auditor", "publisher", "system")
