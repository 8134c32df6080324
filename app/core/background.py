"""Work that goes on in the background of the service until the service closes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any


class Background:
    """Tasks that begin together and end together."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, *works: Coroutine[Any, Any, None]) -> None:
        """Begin the tasks."""
        self._tasks += [asyncio.create_task(work) for work in works]

    async def close(self) -> None:
        """Cancel the tasks, wherever they are, and wait until each has ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


async def work_for_ever(
    log: logging.Logger, work_once: Callable[[], Awaitable[bool]], wake: asyncio.Event, pause: float
) -> None:
    """Call `work_once` until it returns False, wait for `wake` or for `pause` seconds, and begin again.

    An error ends a round, never the work: its kind is logged, and the next round tries again.
    """
    while True:
        wake.clear()
        try:
            while await work_once():
                pass
        except Exception as error:
            log.error("the work was interrupted: %s", type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), pause)
