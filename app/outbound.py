"""What the service asks of others over HTTP: the one place that knows the client."""

from __future__ import annotations

from typing import Any, Final

import httpx
import orjson

TIMEOUT: Final = 5.0  # seconds
LONG_TIMEOUT: Final = 120.0  # for what the other side computes
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


async def post_json(url: str, body: Any, token: str, language: str) -> tuple[int, Any]:
    """The status and the JSON with which an address answers a body. OutboundFailed if it does not, or not with JSON of at
    most 1 MiB; redirects are not followed, so that nobody else gets the token."""
    headers = {"authorization": f"Bearer {token}", "accept-language": language, "content-type": "application/json"}
    try:
        async with (
            httpx.AsyncClient(timeout=LONG_TIMEOUT) as client,
            client.stream("POST", url, content=orjson.dumps(body), headers=headers) as response,
        ):
            answer = bytearray()
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MOST_BYTES:
                    raise OutboundFailed
            return response.status_code, orjson.loads(answer)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise OutboundFailed from None
