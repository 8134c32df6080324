"""The route of every endpoint but the hot one: lets nobody in without permission, before a body is read; reads bodies
strictly; documents what its dependencies demand and can raise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import wraps
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Header, Path
from fastapi.routing import APIRoute

from app.core.errors import TookTooLong
from app.http.auth import RequiredPermission
from app.http.body import StrictRequest
from app.http.doors import Doors
from app.http.params import first_law_day
from app.http.problems import may_raise, problem_responses, unknown_parameters, unknown_query_faults
from app.rules.request_faults import FaultyRequest


class Route(APIRoute):
    """A declared endpoint. Its answer leaves out what the model of the answer was not given."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        options["response_model_exclude_unset"] = True
        options["strict_content_type"] = False
        super().__init__(path, _refusing_unknown_parameters(endpoint), **options)
        fields = get_flat_params(self.dependant)
        self.query = frozenset(one.alias for one in fields if not isinstance(one.field_info, Path | Header))
        dependencies = list(_flat(self.dependant))
        self.permission = next((one for one in dependencies if isinstance(one, RequiredPermission)), None)
        if self.permission is not None:
            self.openapi_extra = dict(self.openapi_extra or {}) | self.permission.documented()
        self.heavy = bool(getattr(endpoint, "is_heavy", False))
        self.unqueued = bool(getattr(endpoint, "is_unqueued", False))
        codes = [code for one in dependencies for code in may_raise(one)]
        codes += [] if self.unqueued else ["took_too_long"]
        codes += [] if self.permission is None else ["too_many_requests"]
        if self.body_field is not None:
            codes += ["not_json", "too_large", "faulty_request"]
        self.responses = {**self.responses, **problem_responses(*codes, *may_raise(endpoint))}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if self.unqueued:
                return await answer(request)
            doors: Doors = request.app.state.doors
            doors.must_have_room(heavy=self.heavy)
            seconds = doors.limits.heavy_request_seconds if self.heavy else doors.limits.request_seconds
            try:
                async with asyncio.timeout(seconds) as deadline:
                    return await answer(request, doors)
            except TimeoutError:
                if not deadline.expired():
                    raise
                raise TookTooLong from None

        async def answer(request: Request, doors: Doors | None = None) -> Response:
            unknown_parameters.set(unknown_query_faults(request, self.query))
            first_law_day.set(request.app.state.generations.newest.rules.library.first_day)
            strict = StrictRequest(_without_content_type(request), request.receive)
            caller = None if self.permission is None else await self.permission(strict)
            if self.body_field is not None:
                await strict.json()  # FastAPI would take an empty body for one that was not sent
            if doors is None:
                return await handler(strict)
            async with doors.entered(caller.subject if caller else None, heavy=self.heavy):
                response = await handler(strict)
            if self.permission is not None:
                response.headers.setdefault("cache-control", "no-store")  # it tells of people
            return response

        return handle


def _refusing_unknown_parameters(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, called only if the query names nothing it does not know: a misspelt filter must not list everything."""

    @wraps(endpoint)
    async def call(*args: Any, **values: Any) -> Any:
        if faults := unknown_parameters.get():
            raise FaultyRequest(faults)
        return await endpoint(*args, **values)

    return call


def _flat(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """The callables an endpoint depends on, the endpoint itself left out."""
    for one in dependant.dependencies:
        if one.call is not None:
            yield one.call
        yield from _flat(one)


def _without_content_type(request: Request) -> Any:
    """The scope without what the caller calls its body: every body is read as JSON."""
    headers = [header for header in request.scope["headers"] if header[0] != b"content-type"]
    return {**request.scope, "headers": headers}
