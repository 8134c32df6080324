"""An app that lives in one event loop, whichever loop or thread it is called from: what it opened stays usable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import FastAPI

T = TypeVar("T")
Message = dict[str, Any]


class Loop:
    """An event loop that runs in a thread of its own until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def run_from_another(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class InLoop:
    """An ASGI app: takes the whole request, has it answered in the loop, and hands the whole answer back."""

    def __init__(self, app: FastAPI, loop: Loop) -> None:
        self.app = app
        self.loop = loop

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        asked: list[Message] = [await receive()]
        while asked[-1].get("more_body"):
            asked.append(await receive())
        for message in await self.loop.run_from_another(self._answered(scope, asked)):
            await send(message)

    async def _answered(self, scope: Any, asked: list[Message]) -> list[Message]:
        answer: list[Message] = []

        async def receive() -> Message:
            return asked.pop(0) if asked else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            answer.append(message)

        await self.app(scope, receive, send)
        return answer
