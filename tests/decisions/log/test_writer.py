"""The log is written once, whole, in one order, or not at all."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core.errors import Conflict, LogBroken, StorageUnavailable, UnknownDecision
from app.core.ids import new_id
from app.db.database import Database
from app.db.private_server.embedded import EmbeddedServer
from app.decisions.log.batch import Draft, Submission, Written
from app.decisions.state import DecisionState
from app.http.storage_gate import StorageGate
from app.main import create_app
from app.rules.packs.library import UnknownDivision
from app.rules.request_faults import FaultyRequest
from app.security.request_fingerprints import Fingerprint
from app.settings import Settings
from app.storage import Storage
from tests.db.private_server.test_embedded import postmaster
from tests.support.callers import DECIDER, OFFICER, TOKENS, bearer
from tests.support.rules import rules
from tests.support.storage import ORIGIN, as_owner, counts, household, outcomes, propose, sound, storage_on

pytestmark = pytest.mark.anyio
CLIENTS = 50


# one key, one record


async def test_one_key_from_many_clients_at_once_makes_one_decision(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        app = create_app(rules(), tokens=TOKENS)
        gate = app.state.gate = StorageGate(lambda: _itself(storage))
        gate.open()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=bearer(OFFICER)) as client:
            asked = (
                client.post("/v1/decisions", json=household(), headers={"idempotency-key": "k"}) for _ in range(CLIENTS)
            )
            answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await sound(database, storage.signer.public_key) == 1


async def _itself(storage: Storage) -> Storage:
    return storage


async def test_a_key_stands_for_one_body(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        asked = (storage.decisions.propose(OFFICER, household(f"C-{number % 2}"), "k") for number in range(CLIENTS))
        found = await outcomes(*asked)
        refused = [one for one in found if isinstance(one, Conflict)]
        assert [one.code for one in refused] == ["key_reused"] * len(refused)
        assert len(refused) in (CLIENTS // 2, CLIENTS // 2 + 1)  # as either body came first
        assert len({one[0].id for one in found if isinstance(one, tuple)}) == 1
        with pytest.raises(Conflict, match="key_reused"):
            await storage.decisions.propose(OFFICER, household("C-2"), "k")
        assert await sound(database, storage.signer.public_key) == 1


async def test_a_key_for_one_act_is_no_key_for_another(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        id_ = UUID(await propose(storage, "k"))
        with pytest.raises(Conflict, match="key_reused"):
            await storage.decisions.confirm(DECIDER, id_, {}, "k")
        first = await storage.decisions.confirm(DECIDER, id_, {}, "c")
        again = await storage.decisions.confirm(DECIDER, id_, {}, "c")
        assert (first.id, first.repeated, again.id, again.repeated) == (first.id, False, first.id, True)
        assert again.record == first.record
        with pytest.raises(Conflict, match="already_decided"):
            await storage.decisions.confirm(DECIDER, id_, {}, "d")


# one order


async def test_two_processes_on_one_log_take_turns(database: Database, server: EmbeddedServer, tmp_path: Path) -> None:
    other = Database(database.owner_url, server.url("app", str(database.owner_url.database)))
    try:
        async with storage_on(database, tmp_path) as one, storage_on(other, tmp_path) as two:
            # In small waves, so that neither has everything in one batch.
            for wave in range(15):
                await asyncio.gather(
                    *(propose(one, f"one {wave} {number}") for number in range(3)),
                    *(propose(two, f"two {wave} {number}") for number in range(3)),
                    propose(one, f"both {wave}"),
                    propose(two, f"both {wave}"),
                )
            assert one.signer.public_key == two.signer.public_key
            assert await sound(database, one.signer.public_key) == 15 * 7
    finally:
        await other.close()


async def test_logs_of_one_database_do_not_meet(database: Database, tmp_path: Path) -> None:
    async with (
        storage_on(database, tmp_path, "log.example/a") as a,
        storage_on(database, tmp_path, "log.example/b") as b,
    ):
        ids = await asyncio.gather(*(propose(one, f"k{number}") for one in (a, b) for number in range(10)))
        assert len(set(ids)) == 20
    async with database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT origin, max(log_index), count(*) FROM record GROUP BY 1 ORDER BY 1"
        )
        assert [tuple(row) for row in rows] == [("log.example/a", 9, 10), ("log.example/b", 9, 10)]


async def test_what_waits_at_the_end_is_written_and_answered(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        await propose(storage, "first")
        waiting = [asyncio.create_task(propose(storage, f"k{number}")) for number in range(20)]
        while storage.writer._waiting.empty() and not any(task.done() for task in waiting):
            await asyncio.sleep(0)
        await storage.writer.close()
        answered = [task for task in waiting if task.done()]
        assert answered
        assert await sound(database, storage.signer.public_key) >= 1 + len(answered)
        await asyncio.gather(*waiting)  # those that came after begin anew


# nothing of what is refused


async def test_what_is_refused_leaves_nothing(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        id_ = UUID(await propose(storage, "k"))
        await storage.decisions.confirm(DECIDER, id_, {}, "c")
        await propose(storage, "other")
        before = await counts(database)
        unnamed = {"outcomes": [{"programme": "dibao", "outcome": "refused"}]}
        reason = {"reason": "收入登记有误"}
        open_ = UUID(await propose(storage, "other"))
        found = await outcomes(
            storage.decisions.propose(OFFICER, household("C-2"), "k"),
            storage.decisions.propose(OFFICER, household() | {"date": "soon"}, "n1"),
            storage.decisions.propose(OFFICER, household() | {"jurisdiction": "810000"}, "n2"),
            storage.decisions.confirm(DECIDER, id_, {}, "n3"),
            storage.decisions.confirm(DECIDER, open_, unnamed, "n4"),
            storage.decisions.confirm(DECIDER, new_id(dt.datetime.now(dt.UTC)), {}, "n5"),
            storage.decisions.withdraw(OFFICER, id_, reason, "n6"),
            storage.decisions.correct(OFFICER, new_id(dt.datetime.now(dt.UTC)), household() | reason, "n7"),
            storage.decisions.succeed(OFFICER, open_, household() | reason, "n8"),
        )
        assert [type(one) for one in found] == [
            Conflict,
            FaultyRequest,
            UnknownDivision,
            Conflict,
            FaultyRequest,
            UnknownDecision,
            Conflict,
            UnknownDecision,
            Conflict,
        ]
        assert await counts(database) == before
        assert await sound(database, storage.signer.public_key) == 3


async def test_a_batch_answers_each_rightly(database: Database, tmp_path: Path) -> None:
    """Good, refused, repeated and broken submissions in one transaction: each gets its own answer."""

    def broken(state: DecisionState | None, now: dt.datetime) -> Draft:
        raise UnknownDivision("810000")

    async with storage_on(database, tmp_path) as storage:
        id_ = UUID(await propose(storage, "k"))
        waiting = [
            storage.writer.append(Submission(broken, Fingerprint(b"r", b"r"), key="broken")),
            storage.decisions.confirm(DECIDER, id_, {}, "c1"),
            storage.decisions.confirm(DECIDER, id_, {}, "c2"),
            storage.decisions.confirm(DECIDER, id_, {}, "c1"),
            storage.decisions.note(OFFICER, id_, {"kind": "visit", "on": "2026-08-20"}, None),
            storage.decisions.note(OFFICER, id_, {"kind": "visit", "on": "2026-08-20"}, None),
        ]
        broken_one, first, second, again, visit, visit_again = await outcomes(*waiting)
        assert isinstance(broken_one, UnknownDivision)
        (decided,) = {one.id for one in (first, second, again) if isinstance(one, Written)}  # by whichever came first
        assert [isinstance(one, Conflict) for one in (first, again, second)] in (
            [False] * 2 + [True],
            [True] * 2 + [False],
        )
        assert {visit.id, visit_again.id, decided}.isdisjoint({id_})
        assert len({visit.id, visit_again.id, decided}) == 3
        assert await sound(database, storage.signer.public_key) == 4


async def test_many_acts_on_one_decision_at_once_decide_it_once(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        id_ = UUID(await propose(storage, "k"))
        reason = {"reason": "收入登记有误"}
        acts: list[Any] = [
            act
            for number in range(10)
            for act in (
                storage.decisions.confirm(DECIDER, id_, {}, f"c{number}"),
                storage.decisions.withdraw(OFFICER, id_, reason, f"w{number}"),
                storage.decisions.correct(OFFICER, id_, household() | reason, f"x{number}"),
            )
        ]
        found = await outcomes(*acts)
        kinds = sorted(
            (one if isinstance(one, Written) else one[0]).record["kind"]
            for one in found
            if not isinstance(one, Conflict)
        )
        assert kinds in (["confirmation"], ["withdrawal"], ["decision"], ["confirmation", "decision"])
        assert await sound(database, storage.signer.public_key) == 1 + len(kinds)


# a tree that is not what was signed


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE log_node SET hash = sha256(hash) WHERE (level, position) = (2, 0)",
        "DELETE FROM log_node WHERE (level, position) = (2, 0)",
        "DELETE FROM checkpoint WHERE size > 4",
        "DELETE FROM checkpoint",
    ],
)
async def test_nothing_is_appended_to_a_tree_that_was_altered(database: Database, tmp_path: Path, harm: str) -> None:
    async with storage_on(database, tmp_path) as storage:
        for number in range(5):
            await propose(storage, f"k{number}")
    await as_owner(database, harm)
    before = await counts(database)
    async with storage_on(database, tmp_path) as storage:
        found = await outcomes(*(propose(storage, f"new{number}") for number in range(3)))
        assert [type(one) for one in found] == [LogBroken] * 3
        assert await counts(database) == before


async def test_a_writer_sees_that_the_log_was_cut_behind_its_back(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        for number in range(5):
            await propose(storage, f"k{number}")
        await as_owner(database, "DELETE FROM checkpoint WHERE size = 5")
        with pytest.raises(LogBroken):
            await propose(storage, "new")


# a database that goes away


async def test_a_killed_database_loses_nothing_that_was_acknowledged(data: Path) -> None:
    settings = Settings(data=data, fsync=False, origin=ORIGIN)
    database = await Database.open(settings)
    try:
        async with storage_on(database, data) as storage:
            acknowledged = {"first": await propose(storage, "first")}
            for number in range(4):
                keys = [f"{number} {one}" for one in range(20)]
                waiting = [asyncio.create_task(propose(storage, key)) for key in keys]
                await asyncio.sleep(0.004 * number)
                os.kill(postmaster(data).pid, signal.SIGKILL)  # not waited for: the writer may have it back at once
                found = dict(zip(keys, await outcomes(*waiting), strict=True))
                failed = {type(one) for one in found.values() if not isinstance(one, str)}
                assert failed <= {StorageUnavailable}
                acknowledged |= {key: one for key, one in found.items() if isinstance(one, str)}
                for key in keys:  # the same key again, and it is the same record
                    acknowledged.setdefault(key, await propose(storage, key))
            for key, id_ in acknowledged.items():
                assert await propose(storage, key) == id_
            assert await sound(database, storage.signer.public_key) == len(acknowledged) == 81
    finally:
        await database.close()
