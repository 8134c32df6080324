"""More than the service takes on: a bounded queue, then 429 to one caller and 503 to all, each with when to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from app.core.errors import Overloaded, TooManyRequests
from app.http.doors import Door, Doors
from app.main import ROUTERS
from app.monitoring.screenings import Screenings
from app.settings import Limits
from tests.support.callers import caller
from tests.support.client import assert_problem
from tests.support.service import DECISIONS, Service, proposal

pytestmark = pytest.mark.anyio
SCREENINGS: Final = "/v1/screenings"

# What computes over many decisions or all packs, or lays out a document. All else is answered from a few rows, by a
# job in the background, or from what is in memory.
HEAVY: Final = {
    "GET /v1/reviews",
    "GET /v1/screenings",
    "GET /v1/alerts",
    "GET /v1/samples",
    "GET /v1/households/{ref:path}/timeline",
    "GET /v1/decisions/{id_}/notice.pdf",
    "GET /v1/replays/{id_}/results",
    "GET /v1/defects/{id_}/results",
    "POST /v1/publications",
    "GET /v1/publications/{id_}",
    "POST /v1/publications/{id_}/approvals",
}
LISTS_FROM_ROWS: Final = {"GET /v1/decisions", "GET /v1/publications", "GET /v1/access-log"}


def operations() -> Iterator[tuple[str, APIRoute]]:
    for module in ROUTERS:
        for route in module.router.routes:
            if isinstance(route, APIRoute):
                yield from ((f"{method} {route.path}", route) for method in route.methods or ())


def test_what_is_heavy_is_marked_so() -> None:
    assert {name for name, route in operations() if getattr(route, "heavy", False)} == HEAVY


def test_a_list_is_heavy_or_comes_from_rows() -> None:
    lists = {name for name, route in operations() if "cursor" in getattr(route, "query", ())}
    assert lists <= HEAVY | LISTS_FROM_ROWS


async def test_a_door_keeps_a_bounded_queue_in_its_order() -> None:
    door, seen, go_on = Door(1, 2), [], asyncio.Event()

    async def work(number: int) -> None:
        async with door.entered():
            seen.append(number)
            await go_on.wait()

    tasks = [asyncio.create_task(work(number)) for number in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await tasks[3]
    tasks[1].cancel()  # who no longer waits makes room
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(work(4)))
    go_on.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert seen == [0, 2, 4]
    door.must_have_room()


async def test_one_caller_has_a_share() -> None:
    doors = Doors(Limits(requests=9, caller_requests=2, heavy_requests=9, caller_heavy_requests=1))
    async with doors.entered("a", heavy=True), doors.entered("b", heavy=True), doors.entered("a", heavy=False):
        for heavy in (True, False):
            with pytest.raises(TooManyRequests):
                async with doors.entered("a", heavy=heavy):
                    pass
        async with doors.entered("b", heavy=False):
            pass
    async with doors.entered("a", heavy=True):
        pass


@asynccontextmanager
async def held(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Screenings that end when the block does."""
    go_on = asyncio.Event()

    async def page(*_: object) -> tuple[list[Any], None]:
        await go_on.wait()
        return [], None

    monkeypatch.setattr(Screenings, "page", page)
    yield
    go_on.set()


async def test_heavy_reads_are_refused_and_the_rest_goes_on(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.app.state.doors = Doors(Limits(heavy_requests=1, heavy_waiting=1, caller_heavy_requests=2))
    async with held(monkeypatch), asyncio.TaskGroup() as tasks:
        same = caller(role="reviewer", area="", subject="same")
        waiting = [tasks.create_task(service.call("GET", SCREENINGS, caller=same)) for _ in range(2)]
        while service.app.state.doors.heavy._waiting < 1:
            await asyncio.sleep(0)
        refused = await service.call("GET", SCREENINGS, caller=caller(role="reviewer", area=""))
        assert_problem(refused, 503, "overloaded")
        assert int(refused.headers["retry-after"]) > 0
        service.app.state.doors.heavy._most_waiting = 9
        share = await service.call("GET", SCREENINGS, caller=same)
        assert_problem(share, 429, "too_many_requests")
        assert int(share.headers["retry-after"]) > 0
        await service.propose()
        assert (await service.http.get("/readyz")).status_code == 200
        waiting[0].cancel()
        waiting[1].cancel()


async def test_what_takes_too_long_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.app.state.doors = Doors(Limits(heavy_request_seconds=0.05, request_seconds=0.05))
    async with held(monkeypatch):
        refused = await service.call("GET", SCREENINGS)
        assert_problem(refused, 503, "took_too_long")
        assert int(refused.headers["retry-after"]) > 0


async def test_a_proposal_that_was_given_up_is_recorded_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, written = asyncio.Event(), service.storage.writer._written

    async def slow(batch: Any) -> Any:
        await go_on.wait()
        return await written(batch)

    monkeypatch.setattr(service.storage.writer, "_written", slow)
    service.app.state.doors = Doors(Limits(request_seconds=0.3))
    assert_problem(await service.call("POST", DECISIONS, proposal(), key="k"), 503, "took_too_long")
    go_on.set()
    await service.storage.writer._waiting.join()
    service.app.state.doors = Doors(Limits())
    await service.post(DECISIONS, proposal(), key="k")
    assert (await service.rows())["record"] == 1
