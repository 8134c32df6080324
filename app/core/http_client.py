"""Outgoing HTTP, with limits, retries and a circuit breaker. No other module knows the HTTP client.

Addresses name no person. Errors and logs hold nothing of a body: they tell the kind of a failure alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson
import stamina
from circuitbreaker import CircuitBreaker

TIMEOUT: Final = 5.0  # seconds
LONG_TIMEOUT: Final = 120.0  # for what the other side computes
MOST_BYTES: Final = 1024 * 1024
_AGAIN: Final = frozenset({408, 425, 429})  # a refusal for now, as every answer from 500 on


class OutboundFailed(Exception):
    """The other side did not answer, or not as agreed. The error holds nothing of either body."""


class OutboundRefused(OutboundFailed):
    """The other side refused the request with an HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class OutboundUnavailable(OutboundFailed):
    """The other side did not answer in time, or asked to try again later."""


class CircuitOpen(OutboundUnavailable):
    """The other side failed so often lately that it was not asked."""


@dataclass(frozen=True)
class Limits:
    """Limits on requests to one side, in seconds and attempts."""

    timeout: float = 10.0
    attempts: int = 3
    patience: float = 60.0  # for all attempts together
    first_wait: float = 0.2
    failures: int = 10  # in a row, after which it is left alone
    pause: float = 30.0  # for how long


USUAL: Final = Limits()


class Correspondent:
    """A client for one address that takes POSTs: retries within limits, and pauses after repeated failures.

    A body may arrive more than once, so it has to mean the same each time.
    """

    def __init__(self, address: str, limits: Limits = USUAL) -> None:
        self._limits = limits
        self._client = httpx.AsyncClient(base_url=address, timeout=limits.timeout)
        self._breaker = CircuitBreaker(limits.failures, limits.pause, OutboundUnavailable, name=address)

    @property
    def left_alone(self) -> bool:
        """Tell if its circuit is open."""
        return bool(self._breaker.opened)

    async def post(self, path: str, body: bytes, headers: Callable[[], Mapping[str, str]]) -> bytes:
        """Post JSON and return the answer's body. Raises OutboundRefused, OutboundUnavailable or CircuitOpen.

        `headers` is called for each attempt, since headers may hold the time.
        """
        limits = self._limits
        async for attempt in stamina.retry_context(
            on=_may_be_tried_again,
            attempts=limits.attempts,
            timeout=limits.patience,
            wait_initial=limits.first_wait,
            wait_jitter=limits.first_wait,
        ):
            with attempt:
                if self.left_alone:  # the breaker itself looks only where it decorates a function
                    raise CircuitOpen
                answer: bytes = await self._breaker.call_async(self._once, path, body, headers())
                return answer
        raise AssertionError("stamina makes at least one attempt")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _once(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        sent = {**headers, "content-type": "application/json"}
        try:
            async with self._client.stream("POST", path, content=body, headers=sent) as response:
                if response.status_code in _AGAIN or response.is_server_error:
                    raise OutboundUnavailable
                if not response.is_success:
                    raise OutboundRefused(response.status_code)
                return await _limited(response)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise OutboundUnavailable from None


def _may_be_tried_again(error: Exception) -> bool:
    return isinstance(error, OutboundUnavailable) and not isinstance(error, CircuitOpen)


async def _limited(response: httpx.Response) -> bytes:
    """Read a body of at most 1 MiB. Raises OutboundRefused beyond: it would not be smaller another time."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise OutboundRefused(response.status_code)
    return bytes(body)


async def get_json(url: str) -> Any:
    """Get JSON of at most 1 MiB; redirects are not followed. Raises OutboundFailed for any other answer than 200."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as client, client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise OutboundFailed
            return orjson.loads(await _limited(response))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise OutboundFailed from None


async def post_json(url: str, body: Any, token: str, language: str) -> tuple[int, Any]:
    """Post JSON with a bearer token; return the status and the JSON of the answer, at most 1 MiB.

    Raises OutboundFailed for any other answer. Redirects are not followed, so that nobody else gets the token.
    """
    headers = {"authorization": f"Bearer {token}", "accept-language": language, "content-type": "application/json"}
    try:
        async with (
            httpx.AsyncClient(timeout=LONG_TIMEOUT) as client,
            client.stream("POST", url, content=orjson.dumps(body), headers=headers) as response,
        ):
            return response.status_code, orjson.loads(await _limited(response))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise OutboundFailed from None
