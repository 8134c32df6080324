"""A request's body as plain values, within the size that is allowed."""

from typing import Any, Final

from fastapi import Request

from app.problems import Problem
from app.rules.json_text import parse_json

MAX_BYTES: Final = 1024 * 1024


async def json_body(request: Request) -> Any:
    """The body's JSON. Problem `too_large` beyond 1 MiB, NotJson for anything that is not JSON."""
    return parse_json(await raw_body(request))


async def raw_body(request: Request) -> bytes:
    """The body as it was sent. Problem `too_large` beyond 1 MiB."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MAX_BYTES:
        raise Problem("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise Problem("too_large")
    return bytes(body)
