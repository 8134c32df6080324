"""Routes whose endpoint takes the request itself and nothing else: FastAPI need not resolve parameters for them."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.http.admission_old import PERMISSION, admit

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """Documented like any other; the request goes straight to the endpoint, once its caller may come in."""

    def get_route_handler(self) -> Endpoint:
        endpoint: Endpoint = self.endpoint
        permission: str | None = (self.openapi_extra or {}).get(PERMISSION)
        return endpoint if permission is None else _behind(permission, endpoint)


def _behind(permission: str, endpoint: Endpoint) -> Endpoint:
    async def admitted(request: Request) -> Response:
        await admit(request, permission)
        return await endpoint(request)

    return admitted
