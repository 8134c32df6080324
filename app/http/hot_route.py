"""The one route that FastAPI does not validate for: POST /v1/assessments, where that would cost as much as the engine.

FastAPI documents it by its models; tests/rules/test_api.py holds its answers against them.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.http.body import raw_body
from app.http.problems import may_raise, problem_responses, unknown_query_faults
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import parse_json

_NOT_KEPT: Final = (b"cache-control", b"no-store")


class HotRoute(APIRoute):
    """Hands the request and its JSON straight to the endpoint, and the endpoint's bytes straight to the caller."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.responses = {**self.responses, **problem_responses(*may_raise(endpoint))}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            unknown = unknown_query_faults(request, frozenset())
            try:
                response: Response = await endpoint(request, parse_json(await raw_body(request)))
            except FaultyRequest as error:
                raise FaultyRequest([*unknown, *error.faults]) from None
            if unknown:
                raise FaultyRequest(unknown)
            return response

        return handle


def json_response(content: Any) -> Response:
    """An answer as JSON bytes, not validated."""
    response = Response(orjson.dumps(content), media_type="application/json")
    response.raw_headers.append(_NOT_KEPT)
    return response
