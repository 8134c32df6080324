"""Identities open with their own key, for their own decision and person, unchanged; commitments say nothing."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

import orjson
import pytest

from app.security.sealing import KEY_BYTES, Said, Sealed, SealedUnreadable, opened, seal

DECISION = UUID("0198f000-0000-7000-8000-000000000001")
NAME, NUMBER = "张某", "11010519491231002X"
SAID = {"id_number": NUMBER, "name": NAME}


@pytest.fixture
def sealed() -> Sealed:
    return seal(DECISION, "p1", NAME, NUMBER)


def test_what_is_sealed_opens(sealed: Sealed) -> None:
    assert opened(DECISION, "p1", sealed.sealed, sealed.key) == Said(NAME, NUMBER)


@pytest.mark.parametrize(("decision", "person"), [(uuid4(), "p1"), (DECISION, "p2"), (DECISION, "p11")])
def test_it_does_not_open_for_another_decision_or_person(sealed: Sealed, decision: UUID, person: str) -> None:
    with pytest.raises(SealedUnreadable):
        opened(decision, person, sealed.sealed, sealed.key)


def test_it_does_not_open_with_the_key_of_another(sealed: Sealed) -> None:
    with pytest.raises(SealedUnreadable):
        opened(DECISION, "p1", sealed.sealed, seal(DECISION, "p1", NAME, NUMBER).key)


def test_no_byte_can_be_changed(sealed: Sealed) -> None:
    for place in range(len(sealed.sealed)):
        text = sealed.sealed[:place] + bytes([sealed.sealed[place] ^ 1]) + sealed.sealed[place + 1 :]
        with pytest.raises(SealedUnreadable):
            opened(DECISION, "p1", text, sealed.key)


def test_the_same_identity_has_another_commitment_each_time() -> None:
    made = [seal(DECISION, "p1", NAME, NUMBER) for _ in range(20)]
    for values in (
        {one.commitment for one in made},
        {one.sealed for one in made},
        {one.key for one in made},
        {one.key_id for one in made},
    ):
        assert len(values) == 20


def test_who_knows_the_identity_but_not_the_salt_cannot_recognise_it(sealed: Sealed) -> None:
    said = orjson.dumps(SAID, option=orjson.OPT_SORT_KEYS)
    assert sealed.commitment != "sha256:" + hashlib.sha256(said).hexdigest()
    assert sealed.commitment != "sha256:" + hashlib.sha256(bytes(KEY_BYTES) + said).hexdigest()


def test_nothing_of_the_identity_stands_in_what_is_kept(sealed: Sealed) -> None:
    kept = sealed.sealed + sealed.commitment.encode()
    assert NAME.encode() not in kept
    assert NUMBER[:17].encode() not in kept


def test_it_prints_neither_its_key_nor_whom_it_is_about(sealed: Sealed) -> None:
    shown = repr(sealed) + repr(opened(DECISION, "p1", sealed.sealed, sealed.key))
    assert NAME not in shown
    assert NUMBER not in shown
    assert repr(sealed.key) not in shown
