"""Whoever alters the database is found out: each kind of change, made as the owner behind the triggers, is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from app.db.database import Database
from app.decisions.audit.database import check_database
from app.decisions.proofs.verify import Checked
from app.storage import Storage
from tests.support.callers import DECIDER
from tests.support.storage import ORIGIN, as_owner, propose, storage_on

pytestmark = pytest.mark.anyio
DECISIONS: Final = 6

# Each kind of change, by what must be found, and where: the index of a record, the size of a checkpoint.
BYTE: Final = "set_byte({column}, octet_length({column}) / 2, get_byte({column}, octet_length({column}) / 2) # 1)"
BODY: Final = f"UPDATE record SET body = {BYTE.format(column='body')} WHERE log_index = 3"
BOTH: Final = f"UPDATE record SET body = {BYTE.format(column='body')} WHERE log_index = 3; \
UPDATE record SET digest = sha256(body) WHERE log_index = 3"
CHANGES: Final = {
    "one byte of a record": (BODY, "record_digest", 3, None),
    "one byte of a record, its digest adapted": (BOTH, "leaf", 3, None),
    "one byte of a record, digest and leaf adapted": (
        BOTH + r"; UPDATE log_node SET hash = (SELECT sha256('\x00'::bytea || digest) FROM record WHERE log_index = 3)"
        " WHERE level = 0 AND position = 3",
        "node",
        None,
        None,
    ),
    "one byte of a digest": (
        f"UPDATE record SET digest = {BYTE.format(column='digest')} WHERE log_index = 2",
        "record_digest",
        2,
        None,
    ),
    "one byte of a leaf": (
        f"UPDATE log_node SET hash = {BYTE.format(column='hash')} WHERE level = 0 AND position = 4",
        "leaf",
        4,
        None,
    ),
    "one byte of a node": (
        f"UPDATE log_node SET hash = {BYTE.format(column='hash')} WHERE level = 1 AND position = 1",
        "node",
        None,
        None,
    ),
    "a node taken away": ("DELETE FROM log_node WHERE level = 2 AND position = 0", "node", None, None),
    "one byte of a signature": (
        f"UPDATE checkpoint SET signature = {BYTE.format(column='signature')} WHERE size = 5",
        "signature",
        None,
        5,
    ),
    "the root of a checkpoint": (
        'UPDATE checkpoint SET body = replace(body, \'"root":"sha256:\', \'"root":"sha256:0\') WHERE size = 5',
        "format",
        None,
        None,
    ),
    "the time of a checkpoint": (
        'UPDATE checkpoint SET body = regexp_replace(body, \'"time":"20\', \'"time":"21\') WHERE size = 5',
        "signature",
        None,
        5,
    ),
    "the key's name of a checkpoint": (
        "UPDATE checkpoint SET key = 'ed25519:00000000000000000000000000000000' WHERE size = 5",
        "key",
        None,
        5,
    ),
    "one byte of a ruleset": (
        "UPDATE ruleset SET content = replace(content, '92000', '93000')",
        "ruleset",
        None,
        None,
    ),
    "a ruleset taken away": ("DELETE FROM ruleset", "missing_ruleset", 0, None),
    "one byte of a pack": ("UPDATE pack SET body = replace(body, '920', '930')", "pack", None, None),
    "a pack taken away": ("DELETE FROM pack WHERE division = 'CN'", "missing_pack", None, None),
    "a record in the middle taken away": ("DELETE FROM record WHERE log_index = 2", "missing_record", 2, None),
    "the last record taken away": ("DELETE FROM record WHERE log_index = 6", "missing_record", 6, None),
    "every checkpoint taken away": ("DELETE FROM checkpoint", "uncovered", 0, None),
    "the last checkpoint taken away": ("DELETE FROM checkpoint WHERE size = 7", "uncovered", 6, None),
    "a record filed under another place": (
        "UPDATE record SET jurisdiction = '430500' WHERE log_index = 1",
        "record_columns",
        1,
        None,
    ),
    "a record said to be of another kind": (
        "UPDATE record SET kind = 'event' WHERE log_index = 1",
        "record_columns",
        1,
        None,
    ),
    "a decision found under another household": (
        "UPDATE decision SET household_ref = 'other' WHERE id = (SELECT id FROM record WHERE log_index = 1)",
        "search",
        1,
        None,
    ),
    "a decision that is found no more": (
        "DELETE FROM decision WHERE id = (SELECT id FROM record WHERE log_index = 1)",
        "search",
        1,
        None,
    ),
    "an idempotency key taken away": (
        "DELETE FROM idempotency WHERE record = (SELECT id FROM record WHERE log_index = 1)",
        "claim",
        1,
        None,
    ),
}


@pytest.fixture
async def storage(database: Database, tmp_path: Path) -> AsyncIterator[Storage]:
    """Six decisions, each in a batch of its own, and a confirmation: seven records under seven checkpoints."""
    async with storage_on(database, tmp_path) as storage:
        for number in range(DECISIONS):
            last = await propose(storage, f"k{number}", case=f"C-{number}")
        await storage.decisions.confirm(DECIDER, UUID(last), {}, None)
        yield storage


async def _checked(storage: Storage, *, recompute: bool = True) -> Checked:
    async with storage.database.engine.connect() as connection:
        return await check_database(connection, ORIGIN, storage.signer.public_key, recompute=recompute)


async def test_an_untouched_database_is_sound_and_every_decision_comes_to_itself(storage: Storage) -> None:
    checked = await _checked(storage)
    assert checked.findings == []
    assert checked.recomputed == DECISIONS


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_altered_is_named(storage: Storage, change: str) -> None:
    statements, code, index, size = CHANGES[change]
    await as_owner(storage.database, *statements.split("; "))
    found = await _checked(storage)
    assert not found.sound
    named = [one for one in found.findings if one.code == code]
    assert named, [one.message("en") for one in found.findings]
    if index is not None or size is not None:
        assert (named[0].index, named[0].size) == (index, size)


async def test_a_record_changed_with_all_that_hangs_on_it_is_named_by_its_recomputation(storage: Storage) -> None:
    """Even if hashes were put right everywhere, a decision does not follow from other facts."""
    await as_owner(
        storage.database,
        "UPDATE record SET body = convert_to(replace(convert_from(body, 'UTF8'), '9600.00', '9700.00'), 'UTF8')"
        " WHERE log_index = 3",
    )
    found = await _checked(storage)
    assert ("recomputation", 3) in [(one.code, one.index) for one in found.findings]


async def test_another_key_than_the_logs_is_found(storage: Storage, tmp_path: Path) -> None:
    async with storage.database.engine.connect() as connection:
        checked = await check_database(connection, ORIGIN, b"\x01" * 32, recompute=False)
    assert {one.code for one in checked.findings} == {"key"}


async def test_nothing_is_found_again_without_recomputing(storage: Storage) -> None:
    assert (await _checked(storage, recompute=False)).recomputed == 0


async def test_a_log_without_records_is_sound(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as empty:
        assert (await _checked(empty)).findings == []
