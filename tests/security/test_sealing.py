"""Identities open with their own key, for their own decision and person, unchanged; commitments say nothing."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from cryptography.exceptions import InvalidTag

from app.security.sealing import KEY_BYTES, Sealed, Sealer

DECISION = UUID("0198f000-0000-7000-8000-000000000001")
NAME, NUMBER = "张某", "11010519491231002x"
SAID = {"id_number": "11010519491231002X", "name": NAME}


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(bytes(range(KEY_BYTES)))


@pytest.fixture
def sealed(sealer: Sealer) -> Sealed:
    return sealer.seal(DECISION, "p1", NAME, NUMBER)


def test_what_is_sealed_opens_with_the_check_letter_in_upper_case(sealer: Sealer, sealed: Sealed) -> None:
    assert sealer.open(DECISION, "p1", sealed.sealed, sealed.key_id, sealed.wrapped) == SAID


@pytest.mark.parametrize(("decision", "person"), [(uuid4(), "p1"), (DECISION, "p2"), (DECISION, "p11")])
def test_it_does_not_open_for_another_decision_or_person(
    sealer: Sealer, sealed: Sealed, decision: UUID, person: str
) -> None:
    with pytest.raises(InvalidTag):
        sealer.open(decision, person, sealed.sealed, sealed.key_id, sealed.wrapped)


def test_it_does_not_open_with_a_key_of_another_name(sealer: Sealer, sealed: Sealed) -> None:
    with pytest.raises(InvalidTag):
        sealer.open(DECISION, "p1", sealed.sealed, uuid4(), sealed.wrapped)


def test_it_does_not_open_with_the_key_of_another_person(sealer: Sealer, sealed: Sealed) -> None:
    other = sealer.seal(DECISION, "p2", NAME, NUMBER)
    with pytest.raises(InvalidTag):
        sealer.open(DECISION, "p1", sealed.sealed, other.key_id, other.wrapped)


def test_it_does_not_open_for_another_service(sealed: Sealed) -> None:
    with pytest.raises(InvalidTag):
        Sealer(bytes(KEY_BYTES)).open(DECISION, "p1", sealed.sealed, sealed.key_id, sealed.wrapped)


def _changed(text: bytes, place: int) -> bytes:
    return text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]


def test_no_byte_can_be_changed(sealer: Sealer, sealed: Sealed) -> None:
    for place in range(len(sealed.sealed)):
        with pytest.raises(InvalidTag):
            sealer.open(DECISION, "p1", _changed(sealed.sealed, place), sealed.key_id, sealed.wrapped)
    for place in range(len(sealed.wrapped)):
        with pytest.raises(InvalidTag):
            sealer.open(DECISION, "p1", sealed.sealed, sealed.key_id, _changed(sealed.wrapped, place))


def test_the_same_identity_has_another_commitment_each_time(sealer: Sealer) -> None:
    made = [sealer.seal(DECISION, "p1", NAME, NUMBER) for _ in range(20)]
    for values in (
        {one.commitment for one in made},
        {one.sealed for one in made},
        {one.wrapped for one in made},
        {one.key_id for one in made},
    ):
        assert len(values) == 20


def test_who_knows_the_identity_but_not_the_salt_cannot_recognise_it(sealed: Sealed) -> None:
    said = orjson.dumps(SAID, option=orjson.OPT_SORT_KEYS)
    assert sealed.commitment != "sha256:" + hashlib.sha256(said).hexdigest()
    assert sealed.commitment != "sha256:" + hashlib.sha256(bytes(KEY_BYTES) + said).hexdigest()


def test_nothing_of_the_identity_stands_in_what_is_kept(sealed: Sealed) -> None:
    kept = sealed.sealed + sealed.wrapped + sealed.commitment.encode()
    assert NAME.encode() not in kept
    assert NUMBER[:17].encode() not in kept


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "identities.key"
    sealed = Sealer.load_or_create(path).seal(DECISION, "p1", NAME, NUMBER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_bytes()
    assert len(key) == KEY_BYTES
    again = Sealer.load_or_create(path)
    assert again.open(DECISION, "p1", sealed.sealed, sealed.key_id, sealed.wrapped) == SAID
    assert path.read_bytes() == key


def test_two_services_have_two_keys(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Sealer.load_or_create(tmp_path / name)
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_it_does_not_print_its_key() -> None:
    assert repr(Sealer(bytes(KEY_BYTES))) == "Sealer()"
