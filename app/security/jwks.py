"""The public keys of an identity provider, cached, and fetched again when a token names an unknown key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from app.security.tokens import KeysUnavailable

FRESH: Final = 3600.0  # seconds for which keys are good without asking
QUIET: Final = 30.0  # seconds between two questions, however many unknown keys are named


class PublishedKeys:
    """A JSON Web Key Set (RFC 7517) behind `fetch`, which may raise any error when the keys cannot be had."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Mapping[str, Any]] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def key(self, kid: str) -> Mapping[str, Any] | None:
        """Find a key by its id; None if the provider has none. An unknown id fetches the keys again, at most every
        half minute.

        Raises KeysUnavailable if no fetch succeeded within the last hour: a key may have been revoked since.
        """
        if not self._current() or kid not in self._keys:
            async with self._asking:
                if (not self._current() or kid not in self._keys) and self._may_ask():
                    await self._refresh()
        if not self._current():
            raise KeysUnavailable
        return self._keys.get(kid)

    def _current(self) -> bool:
        return self._fetched is not None and self._clock() - self._fetched < FRESH

    def _may_ask(self) -> bool:
        return self._asked is None or self._clock() - self._asked >= QUIET

    async def _refresh(self) -> None:
        self._asked = self._clock()
        try:
            keys = (await self._fetch())["keys"]
            self._keys = {key["kid"]: key for key in keys if isinstance(key, dict) and isinstance(key.get("kid"), str)}
        except Exception:
            return  # what is known stays as good as it is
        self._fetched = self._clock()
