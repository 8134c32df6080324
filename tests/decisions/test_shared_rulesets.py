"""Places without figures of their own share a ruleset; a decision is still computed again by its own place's packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.paging import Filter
from app.db.database import Database
from app.decisions import repository
from app.decisions.audit.export import bundle
from app.decisions.proofs.check import check_bundle
from app.decisions.replay.jobs import ReplayJobs
from app.decisions.replay.replayer import Against
from app.decisions.views import page
from tests.support.callers import OFFICER
from tests.support.storage import ORIGIN, household, storage_on

pytestmark = pytest.mark.anyio
PLACES = ("610900", "430500", "442000", "150700")
DATE = "2026-08-20"  # none of them has published a figure for it


async def test_each_decision_is_computed_again_by_its_own_packs(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        made = {
            place: (
                await storage.decisions.propose(OFFICER, household() | {"jurisdiction": place, "date": DATE}, place)
            )[0]
            for place in PLACES
        }
        assert len({written.record["ruleset"] for written in made.values()}) < len(PLACES)
        async with database.engine.connect() as connection:
            for place, written in made.items():
                state = await repository.state(connection, written.id)
                own = await repository.record(connection, written.id)
                assert own is not None
                assert (await storage.replayer.against_record(written.id, state, own.body)).same, place
                by_ruleset = Against(ruleset=written.record["ruleset"])
                found = await storage.replayer.against(written.id, state, by_ruleset, storage.decisions.now())
                assert (found.same, found.cls) == (True, "same"), place
                words = await storage.kept.recompute(written.record)
                assert words.answer["jurisdiction"]["code"] == place
                assert page([own], state, words, [], {}).facts.model_dump() == written.record["facts"]
                proof = await bundle(connection, ORIGIN, written.id, storage.signer.public_key)
                assert set(written.record["packs"]) <= {pack.digest for pack in proof.packs}
                assert check_bundle(proof, storage.signer.public_key) == []


async def test_a_job_that_cannot_be_done_fails_and_others_go_on(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a decision fails with: a job that is tried for ever keeps all others waiting."""
    async with storage_on(database, tmp_path) as storage:
        await storage.decisions.propose(OFFICER, household(), "k")
        jobs: ReplayJobs = storage.jobs
        bad = await jobs.create(Filter(), {"against": "record"})
        good = await jobs.create(Filter(), {"against": "record"})
        with monkeypatch.context() as broken:
            broken.setattr(storage.replayer, "against_record", _never)
            assert await jobs.work_once()
        assert await jobs.work_once()
        assert not await jobs.work_once()
        assert ((await jobs.job(OFFICER, bad.id)).state, (await jobs.job(OFFICER, bad.id)).problem) == (
            "failed",
            "AssertionError",
        )
        assert ((await jobs.job(OFFICER, good.id)).state, (await jobs.job(OFFICER, good.id)).counts) == (
            "done",
            {"same": 1},
        )


async def _never(*_: object) -> None:
    raise AssertionError
