"""An ID number and a name put into every place of every endpoint, valid and not: in no error, header or log, and the
number in no row either.

A fault of a publication quotes the publisher's own line: names cannot be told from its words there, an ID number is
refused unread. What is answered with success may repeat what was sent, as an assessment repeats the ids of its members.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.rules.values.strict_json import Json
from tests.support.byte_search import found_in
from tests.support.client import ID_NUMBER, NAME
from tests.support.database.rows import all_tables
from tests.support.service import Service, document, proposal

pytestmark = pytest.mark.anyio
CANARIES: Final = (ID_NUMBER, NAME)
HEADERS: Final = (
    "accept-language",
    "purpose",
    "idempotency-key",
    "x-request-id",
    "traceparent",
    "user-agent",
    "cookie",
)


def operations(service: Service) -> Iterator[tuple[str, str, Json]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def with_canary(value: Any, canary: str) -> Iterator[Any]:
    """A body with the canary in place of each of its parts, one at a time, and as a name of a field."""
    yield canary
    if isinstance(value, dict):
        yield value | {canary: canary}
        for name, inner in value.items():
            yield from (value | {name: changed} for changed in with_canary(inner, canary))
    if isinstance(value, list):
        for place, inner in enumerate(value):
            for changed in with_canary(inner, canary):
                yield [*value[:place], changed, *value[place + 1 :]]


async def everything_stored(service: Service) -> bytes:
    found: list[bytes] = []
    async with service.storage.database.connect() as connection:
        for table in all_tables():
            for row in await connection.execute(select(table)):
                found += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("canary", CANARIES, ids=["number", "name"])
async def test_no_endpoint_lets_a_canary_through(service: Service, canary: str) -> None:
    """The logs are looked at by the fixture of this folder; errors are the answers; there are no metrics or traces."""
    made = await service.propose(proposal())  # sealed: from now on it is there to be found
    asked = 0
    for method, path, operation in operations(service):
        address = path.replace("{id_}", made["id"]).replace("{ref}", made["identities"][0]["ref"])
        address = address.replace("{code}", "999900").replace("{rule}", "dibao.difference").replace("{index}", "0")
        body = _example(operation)
        requests: list[tuple[str, Any, dict[str, str]]] = [(address, body, {name: quote(canary)}) for name in HEADERS]
        requests += [(path.replace(part, quote(canary)), body, {}) for part in _parts(path)]
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"] + [quote(canary)]
        requests += [(f"{address}?{name}={quote(canary)}", body, {}) for name in names]
        if body is not None:
            requests += [(address, changed, {}) for changed in with_canary(body, canary)]
        for number, (where, sent, headers) in enumerate(requests):
            keyed = {"idempotency-key": f"{path}-{number}"} | headers
            response = await service.http.request(
                method, where, content=None if sent is None else json.dumps(sent).encode(), headers=keyed
            )
            asked += 1
            assert response.status_code < 500, (method, where)
            shown = str(response.headers.raw).encode() + (response.content if response.is_error else b"")
            if canary == ID_NUMBER or path != "/v1/publications":
                assert found_in(shown, [canary]) == [], (method, path, number)
    assert asked > 500
    if canary == ID_NUMBER:  # a name that nobody is identified by cannot be told from other words
        assert found_in(await everything_stored(service), [canary]) == []


def _parts(path: str) -> list[str]:
    return [f"{{{part.split('}')[0]}}}" for part in path.split("{")[1:]]


def _example(operation: Json) -> Any:
    if "requestBody" not in operation:
        return None
    return operation["requestBody"]["content"]["application/json"]["example"]
