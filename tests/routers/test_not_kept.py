"""What tells of people is kept by nobody on the way, and who hangs up is no failure: over every route there is."""

from __future__ import annotations

import logging
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from app.http.auth import RequiredPermission
from app.main import ROUTERS
from app.security.callers import ROLES, Caller
from tests.support.callers import bearer
from tests.support.service import Service

pytestmark = pytest.mark.anyio

ANYBODY: Final = Caller("anybody", frozenset(ROLES), ("",))
ID: Final = "01a1f6ae-9900-780f-8b3c-5369bc707be7"
ROUTES: Final = [
    (method, route)
    for module in ROUTERS
    for route in module.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
]
every_route = pytest.mark.parametrize(
    ("method", "route"), ROUTES, ids=[f"{method} {route.path}" for method, route in ROUTES]
)


def address(route: APIRoute) -> str:
    """The address of something that is not there."""
    values = {"index": "0", "n": "1", "code": "999900"}
    names = {name: values.get(name, ID) for name in route.param_convertors}
    return route.path_format.format(**names)


def permission(route: APIRoute) -> RequiredPermission | None:
    found: RequiredPermission | None = getattr(route, "permission", None)
    return found


@every_route
async def test_nothing_personal_is_kept(service: Service, method: str, route: APIRoute) -> None:
    if permission(route) is None and route.path != "/v1/assessments":
        pytest.skip("it tells of nobody")
    for headers in (bearer(ANYBODY), {}):
        for body in (None, b"{}", b"["):
            response = await service.http.request(method, address(route), content=body, headers=headers)
            assert response.headers.get("cache-control") == "no-store", response.status_code


@every_route
@pytest.mark.parametrize("sent", [None, b"", b'{"jurisdiction": '], ids=["at once", "before the body", "within it"])
async def test_who_hangs_up_is_no_failure(
    service: Service, method: str, route: APIRoute, sent: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [] if sent is None else [{"type": "http.request", "body": sent, "more_body": True}]
    answer: list[Any] = []

    async def receive() -> Any:
        return asked.pop(0) if asked else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answer.append(message)

    headers = bearer(ANYBODY) | {"idempotency-key": "k"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": address(route),
        "raw_path": address(route).encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "state": {},
    }
    with caplog.at_level(logging.WARNING):
        await service.app(scope, receive, send)
    assert caplog.records == []
    statuses = [message["status"] for message in answer if message["type"] == "http.response.start"]
    assert 500 not in statuses
    if route.body_field is not None:
        assert statuses == []  # nobody is there to read it
