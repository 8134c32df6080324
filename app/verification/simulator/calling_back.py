"""Calling back: each report is posted to the address its query named, again and again until it is acknowledged."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import Final

from app.core.http_client import Correspondent, Limits, OutboundFailed
from app.verification.exchange.http import json_bytes
from app.verification.exchange.signing import sign
from app.verification.simulator.answering import Telling
from app.verification.simulator.platform import Asked, Simulated

MOST_TRIES: Final = 60
LONGEST_WAIT: Final = 5.0  # seconds
_AT_ONCE: Final = 16
_LIMITS: Final = Limits(timeout=10, attempts=1, failures=10**9)  # it never gives up on anybody, and waits by itself


class CallingBack:
    """The posts that are under way."""

    def __init__(self, platform: Simulated, key: bytes) -> None:
        self._platform = platform
        self._key = key
        self._correspondent = Correspondent("", _LIMITS)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()

    def start(self, asked: Asked) -> None:
        """Post all that a query will be told when it is due."""
        if asked.query.callback is None:
            return
        for telling in asked.tellings:
            for _ in range(2 if telling.twice else 1):
                task = asyncio.create_task(self._tell(asked.query.callback, telling))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave what has not been acknowledged."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._correspondent.close()

    async def _tell(self, address: str, telling: Telling) -> None:
        await asyncio.sleep(max(0.0, (telling.due - dt.datetime.now(dt.UTC)).total_seconds()))
        wait = 0.1
        for _ in range(MOST_TRIES):
            async with self._slots:
                if await self._post(address, telling):
                    self.counts["acknowledged"] += 1
                    return
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        self.counts["given_up"] += 1

    async def _post(self, address: str, telling: Telling) -> bool:
        if self._platform.behaviour.down:
            return False
        body = json_bytes(self._platform.words(telling))
        id_ = telling.report.id
        self.counts["posted"] += 1
        try:
            await self._correspondent.post(address, body, lambda: sign(self._key, id_, body, dt.datetime.now(dt.UTC)))
        except OutboundFailed:
            self.counts["refused"] += 1
            return False
        return True
