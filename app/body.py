"""A request's body as plain values: JSON numbers stay as they were written, duplicate keys are refused."""

from typing import Any, Final

import jiter
from fastapi import Request

from app.problems import Problem

MAX_BYTES: Final = 1024 * 1024


async def json_body(request: Request) -> Any:
    """The body's JSON. Problem `too_large` beyond 1 MiB, `not_json` for anything that is not JSON."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_BYTES:
        raise Problem("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise Problem("too_large")
    try:
        return jiter.from_json(
            bytes(body), allow_inf_nan=False, catch_duplicate_keys=True, float_mode="lossless-float", cache_mode="keys"
        )
    except ValueError:
        raise Problem("not_json") from None
