"""No endpoint passes over a query parameter that it does not know: a misspelt filter would list everything."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.core.ids import new_id
from app.http.hot_route import HotRoute
from app.http.route import Route
from tests.support.callers import OFFICER, bearer
from tests.support.service import Service

UNKNOWN: Final = ("/query/houshold_ref", "unknown_field")


def _endpoints(service: Service) -> list[tuple[str, str]]:
    routes = [route for route in service.app.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in routes for method in sorted(route.methods or ())]


def _address(path: str, id_: UUID) -> str:
    some = {"id_": str(id_), "code": "999900", "rule": "dibao.income_test", "ref": "0" * 32, "index": "0", "n": "1"}
    for name in ("id_", "code", "rule", "ref:path", "ref", "hash_", "index", "n"):
        path = path.replace(f"{{{name}}}", some.get(name.removesuffix(":path"), "sha256:" + "0" * 64))
    return path


@pytest.mark.anyio
async def test_every_endpoint_refuses_a_query_parameter_it_does_not_know(service: Service) -> None:
    id_ = new_id(dt.datetime.now(dt.UTC))
    passed_over = []
    endpoints = _endpoints(service)
    for method, path in endpoints:
        address = f"{_address(path, id_)}?houshold_ref=H-1&size=x"
        headers = bearer(OFFICER) | {"idempotency-key": "k"}
        response = await service.http.request(method, address, json={} if method == "POST" else None, headers=headers)
        if response.status_code != 422 or UNKNOWN not in _faults(response):
            passed_over.append(f"{method} {path}: {response.status_code} {response.text[:300]}")
    assert passed_over == []
    assert len(endpoints) > 50


def test_every_address_is_an_endpoint_that_looks_at_its_query(app: FastAPI) -> None:
    """Also those that a framework adds by itself."""
    assert [route for route in app.routes if not isinstance(route, Route | HotRoute)] == []
    assert {"/docs", "/openapi.json"} <= {route.path for route in app.routes if isinstance(route, APIRoute)}


@pytest.mark.anyio
async def test_the_name_of_an_unknown_parameter_is_not_repeated_if_it_might_be_anything(service: Service) -> None:
    response = await service.http.get("/v1/jurisdictions?11010519491231002X=1")
    assert _faults(response) == {("/query", "unknown_field")}


def _faults(response: httpx.Response) -> set[tuple[str, str]]:
    return {(one["pointer"], one["code"]) for one in response.json()["errors"]}
