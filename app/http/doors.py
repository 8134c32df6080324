"""How many requests are worked on at once: those beyond wait in a bounded queue, and those beyond that are refused."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from app.core.errors import Overloaded, TooManyRequests
from app.settings import Limits

T = TypeVar("T", bound=Callable[..., Any])


def heavy(endpoint: T) -> T:
    """Marks an endpoint that computes over many decisions or lays out a document: few of them run at once."""
    endpoint.is_heavy = True  # type: ignore[attr-defined]
    return endpoint


def unqueued(endpoint: T) -> T:
    """Marks an endpoint that is answered however much else is asked."""
    endpoint.is_unqueued = True  # type: ignore[attr-defined]
    return endpoint


class Door:
    """Lets in so many at once; so many more wait for their turn, in their order."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self._waiting = 0

    def must_have_room(self) -> None:
        """Refuses when nobody else may wait: Overloaded."""
        if self._turn.locked() and self._waiting >= self._most_waiting:
            raise Overloaded

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Waits for a turn, and keeps it. Overloaded when nobody else may wait."""
        self.must_have_room()
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()


class Shares:
    """How many requests of each caller are inside: one caller alone does not fill the service."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: Counter[str] = Counter()

    @contextmanager
    def taken(self, subject: str) -> Iterator[None]:
        """Counts a request of a caller while it is inside. TooManyRequests beyond the caller's share."""
        if self._inside[subject] >= self._most:
            raise TooManyRequests
        self._inside[subject] += 1
        try:
            yield
        finally:
            self._inside[subject] -= 1
            if not self._inside[subject]:
                del self._inside[subject]


class Doors:
    """The doors of one process, by what a request asks for."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.requests = Door(limits.requests, limits.waiting)
        self.heavy = Door(limits.heavy_requests, limits.heavy_waiting)
        self.large_households = Door(limits.heavy_requests, limits.heavy_waiting)
        self._shares = Shares(limits.caller_requests)
        self._heavy_shares = Shares(limits.caller_heavy_requests)

    def must_have_room(self, *, heavy: bool) -> None:
        """Refuses, before anybody is asked who it is, what no door has room for: Overloaded."""
        self.requests.must_have_room()
        if heavy:
            self.heavy.must_have_room()

    @asynccontextmanager
    async def entered(self, subject: str | None, *, heavy: bool) -> AsyncIterator[None]:
        """Waits for a turn, and keeps it. TooManyRequests beyond the caller's share, Overloaded when nobody else may
        wait."""
        async with AsyncExitStack() as stack:
            if subject is not None:
                stack.enter_context(self._shares.taken(subject))
            if heavy:
                if subject is not None:
                    stack.enter_context(self._heavy_shares.taken(subject))
                await stack.enter_async_context(self.heavy.entered())
            await stack.enter_async_context(self.requests.entered())
            yield
