"""Master keys: each in a file for its owner alone, wrapping keys so that only it unwraps them, marking numbers."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import uuid4

import pytest

from app.security.keyring import FIRST, KeyMissing, Keyring, MasterKey
from app.security.request_fingerprints import RequestMarks
from app.security.sealing import KEY_BYTES, SealedUnreadable
from app.security.secret_file import SecretRefused

NUMBER = "11010519491231002X"
KEY, KEY_ID = bytes(range(KEY_BYTES)), uuid4()


@pytest.fixture
def master() -> MasterKey:
    return MasterKey("identities", bytes(KEY_BYTES))


def test_a_folder_without_keys_gets_its_first_and_keeps_it(tmp_path: Path) -> None:
    wrapped = Keyring.open(tmp_path).master(FIRST).wrap(KEY_ID, KEY)
    path = tmp_path / "identities.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_bytes()
    assert len(secret) == KEY_BYTES
    assert Keyring.open(tmp_path).master(FIRST).unwrap(KEY_ID, wrapped) == KEY
    assert path.read_bytes() == secret


def test_a_key_that_was_added_is_found_by_a_ring_that_was_open_before(tmp_path: Path) -> None:
    running, rotating = Keyring.open(tmp_path), Keyring.open(tmp_path)
    added = rotating.add()
    assert running.master(added.id).unwrap(KEY_ID, added.wrap(KEY_ID, KEY)) == KEY
    assert stat.S_IMODE((tmp_path / f"{added.id}.key").stat().st_mode) == 0o600


def test_what_is_not_kept_is_gone(tmp_path: Path) -> None:
    ring = Keyring.open(tmp_path)
    added = ring.add()
    ring.keep([added.id])
    assert ring.names() == Keyring.open(tmp_path).names() == [added.id]
    with pytest.raises(KeyMissing):
        ring.master(FIRST)


@pytest.mark.parametrize("name", ["log", "requests", "identities-", "../identities", "identities-0000000g", ""])
def test_no_other_file_is_read_as_a_master_key(tmp_path: Path, name: str) -> None:
    ring = Keyring.open(tmp_path)
    (tmp_path / "log.key").write_bytes(bytes(KEY_BYTES))
    with pytest.raises(KeyMissing):
        ring.master(name)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    Keyring.open(tmp_path)
    (tmp_path / "identities.key").chmod(0o640)
    with pytest.raises(SecretRefused):
        Keyring.open(tmp_path)


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identities.key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(SecretRefused):
        Keyring.open(tmp_path)


def test_a_wrapped_key_opens_under_its_own_name_and_master_alone(master: MasterKey) -> None:
    wrapped = master.wrap(KEY_ID, KEY)
    assert master.unwrap(KEY_ID, wrapped) == KEY
    for other, name in ((master, uuid4()), (MasterKey("identities", KEY), KEY_ID)):
        with pytest.raises(SealedUnreadable):
            other.unwrap(name, wrapped)
    for place in range(len(wrapped)):
        with pytest.raises(SealedUnreadable):
            master.unwrap(KEY_ID, wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :])


def test_the_same_number_has_the_same_mark_under_one_key_and_another_under_another(master: MasterKey) -> None:
    assert master.mark(NUMBER) == master.mark(NUMBER)
    assert master.mark(NUMBER) != master.mark(NUMBER.replace("X", "1"))
    assert master.mark(NUMBER) != MasterKey("identities", KEY).mark(NUMBER)


def test_a_master_key_does_not_print_itself(master: MasterKey) -> None:
    assert repr(master) == "MasterKey('identities')"


def test_marks_of_requests_go_on_when_master_keys_change(tmp_path: Path) -> None:
    ring = Keyring.open(tmp_path)
    path, earlier = tmp_path / "requests.key", tmp_path / "identities.key"
    mark = RequestMarks.load_or_create(path, earlier).mark(b"request")
    ring.keep([ring.add().id])
    assert not earlier.exists()
    assert RequestMarks.load_or_create(path, earlier).mark(b"request") == mark


def test_marks_of_requests_from_before_their_key_had_a_file_stay(tmp_path: Path) -> None:
    """The master key marked them, by a key derived from it."""
    import hmac

    ring = Keyring.open(tmp_path)
    secret = (tmp_path / "identities.key").read_bytes()
    of_then = hmac.digest(hmac.digest(secret, b"requests", "sha256"), b"request", "sha256")
    assert (
        RequestMarks.load_or_create(tmp_path / "requests.key", tmp_path / "identities.key").mark(b"request") == of_then
    )
    assert ring.names() == [FIRST]
