"""Request bodies: at most 1 MiB of JSON, no key twice, numbers as they were written, whatever the content type says."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, HTTPException, Request
from pydantic import ValidatorFunctionWrapHandler, WrapValidator
from starlette.requests import ClientDisconnect

from app.rules.values.strict_json import parse_json

MAX_BYTES: Final = 1024 * 1024


class StrictRequest(Request):
    """A request whose `json()` reads strictly; FastAPI validates declared bodies from it."""

    async def body(self) -> bytes:
        """The body as it was sent. HTTPException 413 beyond 1 MiB."""
        if not hasattr(self, "_body"):
            self._body = await raw_body(self)
        return self._body

    async def json(self) -> Any:
        """The body's JSON, parsed once. NotJson for anything that is not JSON."""
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


async def raw_body(request: Request) -> bytes:
    """The body as it was sent. HTTPException 413 beyond 1 MiB."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MAX_BYTES:
        raise HTTPException(413)
    body = bytearray()
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        if len(body) + len(chunk) > MAX_BYTES:
            raise HTTPException(413)
        if not message.get("more_body", False):
            return bytes(body + chunk) if body else chunk
        body += chunk


async def json_body(request: Request) -> Any:
    """The body's JSON. HTTPException 413 beyond 1 MiB, NotJson for anything that is not JSON."""
    return await request.json()  # strictly: every route but the hot one hands over a StrictRequest


RawJson = Annotated[Any, Depends(json_body)]
"""The body's JSON before any model reads it: for fingerprints, and for intakes that name every fault of sense as well."""


def _as_sent(value: Any, _: ValidatorFunctionWrapHandler) -> Any:
    return value


T = TypeVar("T")
AsSent = Annotated[T, WrapValidator(_as_sent)]
"""A body that FastAPI documents by its model and hands over as it was sent: the domain's intake reads it by that same
model, so that faults of form and faults of sense are named together."""
