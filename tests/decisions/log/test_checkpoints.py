"""A checkpoint states what it should, its signature holds only for it, and the key stays where it is."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from app.core.canonical_json import canonical, digest_of
from app.decisions.proofs.algorithms import UnknownAlgorithm
from app.decisions.proofs.checkpoints import MalformedCheckpoint, SignedCheckpoint, Signer, verify_checkpoint
from app.security.secret_file import SecretRefused

ROOT = digest_of(b"a root")
TIME = dt.datetime(2026, 11, 3, 16, 15, 30, 120000, dt.timezone(dt.timedelta(hours=8)))
SEED = bytes(range(32))


@pytest.fixture
def private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(SEED)


@pytest.fixture
def signer(private: Ed25519PrivateKey) -> Signer:
    return Signer(private)


@pytest.fixture
def checkpoint(signer: Signer) -> SignedCheckpoint:
    return signer.sign("log.example/430500", 12, ROOT, TIME)


def with_body(private: Ed25519PrivateKey, **changes: Any) -> SignedCheckpoint:
    """A checkpoint whose body was changed before it was signed."""
    checkpoint = Signer(private).sign("log.example", 12, ROOT, TIME)
    body = canonical({**json.loads(checkpoint.body), **changes})
    return SignedCheckpoint(body.decode(), private.sign(body), checkpoint.key)


def test_a_checkpoint_is_canonical_and_states_its_tree(checkpoint: SignedCheckpoint) -> None:
    assert checkpoint.body == (
        '{"algorithms":{"hash":"sha256","signature":"ed25519"},"format":"doudi/checkpoint/1",'
        f'"origin":"log.example/430500","root":"sha256:{ROOT.hex()}","size":12,"time":"2026-11-03T08:15:30.120000Z"}}'
    )
    assert (checkpoint.size, checkpoint.root, checkpoint.origin) == (12, ROOT, "log.example/430500")


def test_the_key_id_is_half_a_digest_of_the_public_key(signer: Signer) -> None:
    assert signer.key_id == "ed25519:" + digest_of(signer.public_key).hex()[:32]


def test_the_signature_holds(checkpoint: SignedCheckpoint, signer: Signer) -> None:
    assert verify_checkpoint(checkpoint, signer.public_key)


def test_the_signature_holds_for_nothing_else(checkpoint: SignedCheckpoint, signer: Signer) -> None:
    other = Signer(Ed25519PrivateKey.generate())
    assert not verify_checkpoint(checkpoint, other.public_key)
    assert not verify_checkpoint(replace(checkpoint, key=other.key_id), signer.public_key)
    assert not verify_checkpoint(replace(checkpoint, key=other.key_id), other.public_key)
    assert not verify_checkpoint(replace(checkpoint, body=checkpoint.body.replace("12", "13")), signer.public_key)
    assert not verify_checkpoint(checkpoint, b"short")
    for bit in range(64 * 8):
        altered = bytearray(checkpoint.signature)
        altered[bit // 8] ^= 1 << bit % 8
        assert not verify_checkpoint(replace(checkpoint, signature=bytes(altered)), signer.public_key)


@pytest.mark.parametrize(
    "algorithms", [{"hash": "md5", "signature": "ed25519"}, {"hash": "sha256", "signature": "none"}]
)
def test_an_unknown_algorithm_is_refused(
    private: Ed25519PrivateKey, signer: Signer, algorithms: dict[str, str]
) -> None:
    with pytest.raises(UnknownAlgorithm, match=r"algorithm is not one of (sha256|ed25519)"):
        verify_checkpoint(with_body(private, algorithms=algorithms), signer.public_key)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": -1},
        {"size": 1.5},
        {"size": "12"},
        {"size": True},
        {"size": None},
        {"root": "sha256:00"},
        {"root": "sha256:" + "0" * 64 + "\n"},
        {"origin": ""},
        {"origin": "two words"},
        {"time": "yesterday"},
        {"format": "doudi/checkpoint/2"},
        {"algorithms": {"hash": "sha256"}},
        {"more": 1},
    ],
)
def test_a_body_of_another_form_is_refused(private: Ed25519PrivateKey, signer: Signer, changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedCheckpoint):
        verify_checkpoint(with_body(private, **changes), signer.public_key)


@pytest.mark.parametrize("body", ["", "[]", "\ud800", "{", "[" * 10_000, "1" * 10_000])
def test_a_body_that_is_no_object_is_refused(signer: Signer, body: str) -> None:
    with pytest.raises(MalformedCheckpoint):
        verify_checkpoint(SignedCheckpoint(body, b"", signer.key_id), signer.public_key)


def test_a_body_that_is_not_canonical_is_refused(private: Ed25519PrivateKey, checkpoint: SignedCheckpoint) -> None:
    body = checkpoint.body.replace(":12", ": 12")
    with pytest.raises(MalformedCheckpoint, match="canonical"):
        verify_checkpoint(
            replace(checkpoint, body=body, signature=private.sign(body.encode())), Signer(private).public_key
        )


def test_a_checkpoint_that_cannot_be_stated_is_not_signed(signer: Signer) -> None:
    for origin, size, root, time in (
        ("", 1, ROOT, TIME),
        ("log", -1, ROOT, TIME),
        ("log", 1, b"root", TIME),
        ("log", 1, ROOT, TIME.replace(tzinfo=None)),
    ):
        with pytest.raises(ValueError, match=r"."):
            signer.sign(origin, size, root, time)


# the key file


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.pem"
    first = Signer.load_or_create(path)
    assert Signer.load_or_create(path).public_key == first.public_key
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["log.pem"]


def test_a_key_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.pem"
    first = Signer.load_or_create(path)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert Signer.load_or_create(path).public_key == first.public_key
    assert os.listdir(tmp_path) == ["log.pem"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log.pem"
    Signer.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(SecretRefused, match="others than its owner"):
        Signer.load_or_create(path)


def test_a_file_without_such_a_key_is_refused(tmp_path: Path, private: Ed25519PrivateKey) -> None:
    path = tmp_path / "log.pem"
    encrypted = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"no key", encrypted, other):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(SecretRefused) as refused:
            Signer.load_or_create(path)
        assert refused.value.__cause__ is None
        assert content == b"" or content.decode() not in str(refused.value)


def test_the_private_key_does_not_show(private: Ed25519PrivateKey, signer: Signer) -> None:
    assert repr(signer) == f"Signer({signer.key_id})"
    assert SEED.hex() not in repr(vars(signer))
    assert repr(SEED) not in repr(vars(signer))
