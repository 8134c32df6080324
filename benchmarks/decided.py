"""Random decisions to measure with: households of the oracle on random days, in every place, stored many at a time."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from app.rules.history import RulesHistory
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.callers import COUNTRY, ROLES, Caller
from app.settings import Settings
from app.storage import Storage
from benchmarks.payloads import household_of_three
from tests.support.oracle.households import random_request

PLACES: Final = ("999900",) * 5 + ("430500", "442000", "150700", "610900", "500154")
AT_ONCE: Final = 64
OFFICER: Final = Caller("benchmark", frozenset(ROLES), (COUNTRY,))
_SEED: Final = 20261124


def bodies(count: int, *, complete: bool = False) -> Iterator[Json]:
    """Proposals, always the same. Half in Model City, half in places whose figures have gaps; in half of them facts
    are left out. With `complete` all are in Model City with every fact."""
    rng = random.Random(_SEED)
    for _ in range(count):
        body = random_request(rng, complete=complete or rng.random() < 0.5)
        yield body if complete else body | {"jurisdiction": rng.choice(PLACES)}


def of_one_day(count: int) -> Iterator[Json]:
    """Proposals of an ordinary morning: the household of three, case by case."""
    for number in range(count):
        yield household_of_three() | {"case": f"C-{number}"}


@asynccontextmanager
async def folder() -> AsyncIterator[Path]:
    """A data folder that the database's user can enter."""
    with tempfile.TemporaryDirectory(prefix="doudi-benchmark-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[Storage]:
    """A storage that waits for the disk; no job works in the background."""
    storage = await Storage.open(Settings(data=data, database_url=None), RulesHistory(Rules.shipped()))
    await storage.jobs.close()
    try:
        yield storage
    finally:
        await storage.close()


async def store(
    storage: Storage, waiting: Iterator[Json], name: str, done: Callable[[], object] = lambda: None
) -> None:
    """Proposes all, as many at a time as may be."""
    numbered = enumerate(waiting)

    async def work() -> None:
        for number, body in numbered:
            await storage.decisions.propose(OFFICER, body, f"{name}-{number}")
            done()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
