"""The storage as the endpoints reach it: it opens while the service already answers what needs none."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

from app.core.errors import StorageUnavailable
from app.http.problems import raises
from app.rules.history import RulesHistory
from app.settings import Settings

if TYPE_CHECKING:
    from app.storage import Storage

log: Final = logging.getLogger("doudi.storage")
_PATIENCE: Final = 30.0  # seconds a request waits for storage that is still opening
_ANSWER: Final = 0.9  # seconds within which to say whether the storage is ready


class StorageGate:
    """Opens the storage once, in the background; `failed` is told if it cannot be opened."""

    def __init__(
        self, opener: Callable[[], Awaitable[Storage]] | None, failed: Callable[[Exception], None] = lambda _: None
    ) -> None:
        self._opener = opener
        self._failed = failed
        self._task: asyncio.Task[Storage] | None = None

    def open(self) -> None:
        if self._opener is not None:
            self._task = asyncio.create_task(self._opened(self._opener))

    async def _opened(self, opener: Callable[[], Awaitable[Storage]]) -> Storage:
        try:
            return await opener()
        except Exception as error:
            log.error("the storage could not be opened: %s", type(error).__name__)
            self._failed(error)
            raise

    async def storage(self) -> Storage:
        """The open storage. StorageUnavailable if there is none, or if it does not open in time."""
        if self._task is None:
            raise StorageUnavailable
        try:
            return await asyncio.wait_for(asyncio.shield(self._task), _PATIENCE)
        except Exception as error:
            raise StorageUnavailable from error

    async def ready(self) -> bool | None:
        """True if the storage is open and its database ready, else False; None if the service runs without storage."""
        if self._task is None:
            return None
        if not self._task.done() or self._task.exception() is not None:
            return False
        try:  # a private server that is being started again goes on with it
            return await asyncio.wait_for(self._task.result().database.ready(), _ANSWER)
        except TimeoutError:
            return False

    async def close(self) -> None:
        if self._task is not None:
            with contextlib.suppress(Exception):
                await (await self._task).close()


def opener(settings: Settings, generations: RulesHistory) -> Callable[[], Awaitable[Storage]]:
    """Opens the storage that settings name. What it needs is imported only then and in a thread: it takes a while, and
    what needs no storage is served meanwhile."""

    async def opened() -> Storage:
        await asyncio.to_thread(import_module, "app.storage")
        from app.storage import Storage

        return await Storage.open(settings, generations)

    return opened


@raises("storage_unavailable", "sealed_unreadable")
async def storage_of(request: Request) -> Storage:
    gate: StorageGate = request.app.state.gate
    return await gate.storage()


if TYPE_CHECKING:
    StorageDep = Annotated[Storage, Depends(storage_of)]
else:  # the storage is imported only once the service answers
    StorageDep = Annotated[Any, Depends(storage_of)]


async def _optional_storage(request: Request) -> Storage | None:
    try:
        return await storage_of(request)
    except StorageUnavailable:
        return None


if TYPE_CHECKING:
    OptionalStorageDep = Annotated[Storage | None, Depends(_optional_storage)]
else:
    OptionalStorageDep = Annotated[Any, Depends(_optional_storage)]
