"""What the service asks of others over HTTP: the one place that knows the client."""

from __future__ import annotations

from typing import Any, Final

import httpx
import orjson

TIMEOUT: Final = 5.0  # seconds
MOST_BYTES: Final = 1024 * 1024


class OutboundFailed(Exception):
    """The other side did not answer, or not as agreed. Nothing of what was sent or said is in here."""


async def get_json(url: str) -> Any:
    """What an address answers, as JSON. OutboundFailed for anything but 200 with JSON of at most 1 MiB; redirects are
    not followed."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as client, client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise OutboundFailed
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise OutboundFailed
            return orjson.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise OutboundFailed from None
