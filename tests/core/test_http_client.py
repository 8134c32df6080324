"""Asking others over HTTP: retried within limits, left alone when it keeps failing, never told more than is agreed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import httpx
import pytest
import respx

from app.core.http_client import (
    MOST_BYTES,
    CircuitOpen,
    Correspondent,
    Limits,
    OutboundFailed,
    OutboundRefused,
    OutboundUnavailable,
    get_json,
)

pytestmark = pytest.mark.anyio

ADDRESS = "https://platform.example"
QUICK = Limits(timeout=1, attempts=3, patience=5, first_wait=0.001, failures=100, pause=60)


def headers() -> Mapping[str, str]:
    return {"x-of": "the attempt"}


@pytest.fixture
def route() -> Iterator[respx.Route]:
    with respx.mock(assert_all_called=False) as router:
        yield router.post(f"{ADDRESS}/queries")


async def post(limits: Limits = QUICK, times: int = 1) -> list[bytes | type[Exception]]:
    """What some posts in a row bring."""
    correspondent, brought = Correspondent(ADDRESS, limits), list[bytes | type[Exception]]()
    for _ in range(times):
        try:
            brought.append(await correspondent.post("/queries", b"{}", headers))
        except OutboundFailed as error:
            brought.append(type(error))
    await correspondent.close()
    return brought


async def test_an_answer_is_given_back(route: respx.Route) -> None:
    route.respond(200, content=b"[]")
    assert await post() == [b"[]"]
    sent = route.calls[0].request
    assert (sent.content, sent.headers["content-type"], sent.headers["x-of"]) == (
        b"{}",
        "application/json",
        "the attempt",
    )


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 301, 307])
async def test_a_refusal_is_not_tried_again(route: respx.Route, status: int) -> None:
    route.respond(status, headers={"location": f"{ADDRESS}/elsewhere"})
    assert await post() == [OutboundRefused]
    assert route.call_count == 1


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
async def test_what_may_pass_is_tried_as_often_as_allowed(route: respx.Route, status: int) -> None:
    route.respond(status)
    assert await post() == [OutboundUnavailable]
    assert route.call_count == QUICK.attempts


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_no_answer_is_tried_again_until_there_is_one(route: respx.Route, error: type[Exception]) -> None:
    route.side_effect = [error("x"), error("x"), httpx.Response(200, content=b"1")]
    assert await post() == [b"1"]
    assert route.call_count == 3


async def test_patience_ends_before_the_attempts_do(route: respx.Route) -> None:
    route.respond(503)
    assert await post(Limits(attempts=1000, patience=0.3, first_wait=0.1, failures=10_000)) == [OutboundUnavailable]
    assert 1 < route.call_count < 10


async def test_headers_are_made_for_each_attempt(route: respx.Route) -> None:
    route.respond(503)
    made: list[int] = []

    def numbered() -> dict[str, str]:
        made.append(len(made))
        return {"x-of": str(made[-1])}

    correspondent = Correspondent(ADDRESS, QUICK)
    with pytest.raises(OutboundUnavailable):
        await correspondent.post("/queries", b"{}", numbered)
    await correspondent.close()
    assert [call.request.headers["x-of"] for call in route.calls] == ["0", "1", "2"]


async def test_after_failures_in_a_row_it_is_left_alone_and_then_tried_once(route: respx.Route) -> None:
    route.respond(503)
    limits = Limits(attempts=1, failures=3, pause=1, first_wait=0.001)
    correspondent = Correspondent(ADDRESS, limits)

    async def once() -> type[Exception] | bytes:
        try:
            return await correspondent.post("/queries", b"{}", headers)
        except OutboundFailed as error:
            return type(error)

    assert [await once() for _ in range(5)] == [OutboundUnavailable] * 3 + [CircuitOpen] * 2
    assert correspondent.left_alone
    assert route.call_count == 3
    await asyncio.sleep(1.05)
    assert [await once() for _ in range(2)] == [OutboundUnavailable, CircuitOpen]
    await asyncio.sleep(1.05)
    route.respond(200, content=b"1")
    assert [await once() for _ in range(2)] == [b"1"] * 2
    assert not correspondent.left_alone
    await correspondent.close()


async def test_a_refusal_is_no_failure_of_the_other_side(route: respx.Route) -> None:
    route.side_effect = [httpx.Response(code) for code in (503, 503, 422, 503, 503, 422)]
    limits = Limits(attempts=1, failures=3, pause=60)
    assert CircuitOpen not in await post(limits, times=6)


async def test_an_open_circuit_ends_the_attempts(route: respx.Route) -> None:
    route.respond(503)
    assert await post(Limits(attempts=10, failures=2, first_wait=0.001)) == [CircuitOpen]
    assert route.call_count == 2


async def test_an_answer_that_is_too_large_is_refused(route: respx.Route) -> None:
    route.respond(200, content=b"x" * MOST_BYTES)
    assert len((await post())[0]) == MOST_BYTES  # type: ignore[arg-type]
    route.respond(200, content=b"x" * (MOST_BYTES + 1))
    assert await post() == [OutboundRefused]


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, content=b"{"), httpx.ConnectError("x")])
async def test_json_is_had_whole_or_not_at_all(answer: httpx.Response | Exception) -> None:
    with respx.mock() as router:
        router.get(f"{ADDRESS}/keys").mock(side_effect=[answer])
        with pytest.raises(OutboundFailed):
            await get_json(f"{ADDRESS}/keys")


async def test_json_is_given_back() -> None:
    with respx.mock() as router:
        router.get(f"{ADDRESS}/keys").respond(200, content=b'{"keys": []}')
        assert await get_json(f"{ADDRESS}/keys") == {"keys": []}
