"""A request's body as plain values, within the size that is allowed."""

from typing import Any, Final

from fastapi import Request

from app.http.problems import ProblemError
from app.rules.values.strict_json import parse_json

MAX_BYTES: Final = 1024 * 1024


async def json_body(request: Request) -> Any:
    """The body's JSON. ProblemError `too_large` beyond 1 MiB, NotJson for anything that is not JSON."""
    return parse_json(await raw_body(request))


async def raw_body(request: Request) -> bytes:
    """The body as it was sent. ProblemError `too_large` beyond 1 MiB."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MAX_BYTES:
        raise ProblemError("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise ProblemError("too_large")
    return bytes(body)
