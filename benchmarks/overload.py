"""What becomes of a service that too much is asked of: `uv run python benchmarks/overload.py [readers|hang|headers|publication …] [--json]`.

A service of its own on loopback with a private database. Nothing here fails: it measures, before a change and after it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import asyncio
import contextlib
import datetime as dt
import itertools
import json
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import httpx
import orjson
from rich.console import Console

from app.security.callers import Role
from app.security.verifiers import local_tokens
from benchmarks.decided import folder
from benchmarks.load import HOST
from benchmarks.payloads import worked_example
from benchmarks.servers import Server

_SERVE: Final = "from app.cli.main import main; main()"
_DECIDED: Final = 400
_PATIENCE: Final = 120.0
_ROLES: Final[dict[str, Role]] = {"proposer": "caseworker", "publisher": "publisher"}
Figures = dict[str, Any]


def say(what: str) -> None:
    Console(stderr=True).print(what)


class Clients:
    """Callers of one service, each with a token of its own: `proposer`, `publisher`, and reviewers of any other name."""

    def __init__(self, server: Server, data: Path) -> None:
        self.server = server
        self.data = data
        self._keys = itertools.count()
        self._signer = local_tokens(data)
        self._tokens: dict[str, str] = {}

    async def ask(
        self, client: httpx.AsyncClient, who: str, method: str, path: str, body: Any = None
    ) -> httpx.Response:
        if who not in self._tokens:
            self._tokens[who] = self._signer.sign([_ROLES.get(who, "reviewer")], ["CN"], subject=who)
        headers = {"authorization": f"Bearer {self._tokens[who]}", "idempotency-key": f"o{next(self._keys)}"}
        return await client.request(method, path, json=body, headers=headers)

    @contextlib.asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        address = f"http://{HOST}:{self.server.port}"
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=_PATIENCE) as client:
            yield client


async def timed(work: Callable[[], Awaitable[httpx.Response]]) -> tuple[int | str, float]:
    """The status and the seconds; the kind of error where there was no answer."""
    started = time.perf_counter()
    try:
        answer: int | str = (await work()).status_code
    except httpx.HTTPError as error:
        answer = type(error).__name__
    return answer, time.perf_counter() - started


def told(times: list[float]) -> Figures:
    """Half, nearly all and the slowest, in milliseconds."""
    ordered = sorted(times) or [0.0]
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
        "slowest_ms": round(ordered[-1] * 1000, 1),
    }


async def decided(clients: Clients, count: int) -> None:
    """Stores decisions, each decided by a second person."""
    async with clients.client() as client:
        numbers = iter(range(count))

        async def work() -> None:
            for number in numbers:
                body = worked_example() | {"case": f"C-{number}", "household_ref": f"H-{number}"}
                proposed = await clients.ask(client, "proposer", "POST", "/v1/decisions", body)
                proposed.raise_for_status()
                path = f"/v1/decisions/{proposed.json()['id']}/confirmations"
                (await clients.ask(client, "decider", "POST", path, {"outcomes": []})).raise_for_status()

        await asyncio.gather(*(work() for _ in range(8)))


async def readers(clients: Clients, count: int, seconds: float) -> Figures:
    """Two writers alone, then beside many readers of /v1/screenings who wait as long as Retry-After says, then beside
    readers who ask again at once; and whether the service says that it is ready."""
    await decided(clients, _DECIDED)
    return {
        "alone": await _beside(clients, 0, seconds, patient=True),
        "beside_readers": await _beside(clients, count, seconds, patient=True),
        "beside_readers_who_do_not_wait": await _beside(clients, count, seconds, patient=False),
    }


async def _beside(clients: Clients, count: int, seconds: float, *, patient: bool) -> Figures:
    until = time.perf_counter() + seconds
    reads: Counter[int | str] = Counter()
    refusals: list[float] = []
    writes: list[float] = []
    failed: Counter[int | str] = Counter()
    ready: Counter[int | str] = Counter()
    asked: list[float] = []
    memory = 0.0

    async def read(client: httpx.AsyncClient, who: str) -> None:
        while time.perf_counter() < until:
            answer: list[httpx.Response] = []

            async def once(answer: list[httpx.Response] = answer) -> httpx.Response:
                answer.append(await clients.ask(client, who, "GET", "/v1/screenings?programme=old_age_allowance"))
                return answer[0]

            status, took = await timed(once)
            reads[status] += 1
            if status in (429, 503):
                refusals.append(took)
                if patient:
                    await asyncio.sleep(float(answer[0].headers.get("retry-after", "0")))

    async def write(client: httpx.AsyncClient) -> None:
        while time.perf_counter() < until:
            status, took = await timed(
                lambda: clients.ask(client, "proposer", "POST", "/v1/decisions", worked_example())
            )
            if status == 201:
                writes.append(took)
            else:
                failed[status] += 1

    async def watch(client: httpx.AsyncClient) -> None:
        nonlocal memory
        while time.perf_counter() < until:
            status, took = await timed(lambda: client.get("/readyz"))
            ready[status] += 1
            asked.append(took)
            memory = max(memory, clients.server.memory_mib())
            await asyncio.sleep(0.5)

    started = time.perf_counter()
    async with clients.client() as one, clients.client() as two, clients.client() as three:
        await asyncio.gather(
            *(read(one, f"reader-{n}") for n in range(count)), *(write(two) for _ in range(2)), watch(three)
        )
    took = time.perf_counter() - started
    return {
        "writes_per_s": round(len(writes) / seconds, 1),
        "writes": told(writes) | {"failed": dict(failed)},
        "reads": dict(reads),
        "refusals": told(refusals),
        "ready": dict(ready) | told(asked),
        "memory_mib": round(memory),
        "seconds_until_all_ended": round(took, 1),
    }


async def hang(clients: Clients, seconds: float) -> Figures:
    """Everything is asked while PostgreSQL stands still (SIGSTOP), and again once it goes on."""
    await decided(clients, 4)
    pids = _postgres(clients.data)
    async with clients.client() as client:

        async def asked() -> Figures:
            body = worked_example() | {"case": "C-h"}
            works = {
                "readyz": lambda: client.get("/readyz"),
                "proposal": lambda: clients.ask(client, "proposer", "POST", "/v1/decisions", body),
                "list": lambda: clients.ask(client, "decider", "GET", "/v1/decisions"),
                "screenings": lambda: clients.ask(client, "decider", "GET", "/v1/screenings"),
                "assessment": lambda: client.post("/v1/assessments", json=worked_example()),
            }
            found = await asyncio.gather(*(timed(work) for work in works.values()))
            return {name: [status, round(took, 2)] for name, (status, took) in zip(works, found, strict=True)}

        figures = {"before": await asked()}
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            figures |= {"stopped": await asked(), "stopped_again": await asked()}
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)
        started = time.perf_counter()
        while (await client.get("/readyz")).status_code != 200 and time.perf_counter() - started < seconds:
            await asyncio.sleep(0.05)
        figures["ready_again_s"] = round(time.perf_counter() - started, 2)
        figures["after"] = await asked()
    return figures


def _postgres(data: Path) -> list[int]:
    """The server of a data folder and its processes, itself last."""
    first = int((data / "postgres" / "postmaster.pid").resolve().read_text().splitlines()[0])
    children = [int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
    return [*children, first]


async def headers(clients: Clients, megabytes: int, many: int) -> Figures:
    """Headers without end, and connections that send a byte now and then: what is taken, and for how long."""
    before = clients.server.memory_mib()
    sent, answer = await _endless(clients, megabytes)
    figures: Figures = {
        "sent_mb": sent,
        "answer": answer,
        "memory_grew_mib": round(clients.server.memory_mib() - before),
    }
    slow = await asyncio.gather(*(_slow(clients, 30.0) for _ in range(many)), return_exceptions=True)
    closed = [one for one in slow if isinstance(one, float)]
    return figures | {
        "slow_connections": many,
        "slow_closed": len(closed),
        "slow_closed_after_s": round(max(closed, default=0.0), 1),
    }


async def _endless(clients: Clients, megabytes: int) -> tuple[float, str]:
    reader, writer = await asyncio.open_connection(HOST, clients.server.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    sent = 0
    with contextlib.suppress(OSError):
        while sent < megabytes * 2**20 and not reader.at_eof():
            line = b"X-%d: " % sent + b"a" * 8000 + b"\r\n"
            writer.write(line)
            await writer.drain()
            sent += len(line)
        writer.write(b"\r\n")
    with contextlib.suppress(OSError):
        first = await asyncio.wait_for(reader.readline(), 30)
        return round(sent / 2**20, 2), first.decode().strip() or "closed"
    return round(sent / 2**20, 2), "closed"


async def _slow(clients: Clients, patience: float) -> float | None:
    """The seconds until the service ended a connection that sends a byte each second; None if it did not."""
    reader, writer = await asyncio.open_connection(HOST, clients.server.port)
    started = time.perf_counter()
    writer.write(b"GET /healthz HTTP/1.1\r\nX: ")
    try:
        while time.perf_counter() - started < patience:
            writer.write(b"a")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(), 1.0)
                return time.perf_counter() - started
        return None
    except OSError:
        return time.perf_counter() - started
    finally:
        writer.close()


async def publication(clients: Clients, values: int) -> Figures:
    """A publication with thousands of values of one parameter: how long it takes, and how long others wait meanwhile."""
    first = dt.date(2027, 8, 1)
    notice = {"title": {"zh": "通知（虚构）", "en": "Notice (fictional)"}, "published": "2027-06-20", "articles": 1}
    entries = [
        {"from": (first + dt.timedelta(days=day)).isoformat(), "value": 960, "document": "n"} for day in range(values)
    ]
    body = {"jurisdiction": "999900", "documents": {"n": notice}, "values": {"dibao.standard.urban": entries}}
    waits: list[float] = []
    async with clients.client() as client:
        (await client.get("/readyz")).raise_for_status()
        submitted = asyncio.create_task(
            timed(lambda: clients.ask(client, "publisher", "POST", "/v1/publications", body))
        )
        while not submitted.done():
            waits.append((await timed(lambda: client.get("/healthz")))[1])
            await asyncio.sleep(0.02)
        status, took = await submitted
    return {"values": values, "status": status, "seconds": round(took, 1), "others_wait": told(waits)}


async def measured(what: list[str], seconds: float, count: int) -> Figures:
    works: dict[str, Callable[[Clients], Awaitable[Figures]]] = {
        "readers": lambda clients: readers(clients, count, seconds),
        "hang": lambda clients: hang(clients, seconds),
        "headers": lambda clients: headers(clients, 200, count),
        "publication": lambda clients: publication(clients, 13_000),
    }
    figures: Figures = {}
    for name in what or works:
        async with folder() as data:
            figures[name] = await _with_service(data, works[name])
        say(f"{name}: {json.dumps(figures[name], indent=1)}")
    return figures


async def _with_service(data: Path, work: Callable[[Clients], Awaitable[Figures]]) -> Figures:
    payload = data / "payload.json"
    payload.write_bytes(orjson.dumps(worked_example()))

    def command(port: int) -> list[str]:
        return [sys.executable, "-c", _SERVE, "serve", "--port", str(port), "--data", str(data / "served")]

    server = Server("doudi", command, "/v1/assessments", payload, data / "doudi.log", lambda _: True)
    try:
        server.start()
        clients = Clients(server, data / "served")
        async with clients.client() as client:
            while (await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.1)  # the database is made while the service already answers
        return await work(clients)
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["readers", "hang", "headers", "publication"], default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--count", type=int, default=100, help="how many readers, and slow connections")
    asked = parser.parse_args()
    figures = asyncio.run(measured(asked.what, asked.seconds, asked.count))
    if asked.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
