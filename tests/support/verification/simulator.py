"""A simulator in a process of its own, and a receiver of callbacks, both on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.core.http_client import Limits
from app.verification.exchange.errors import Forged, Malformed, OtherQuery, Stale
from app.verification.exchange.http import HttpJson
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.protocol import Callback, Query, Report
from tests.support.verification.exchange import DAY, KEY

PATIENT = Limits(timeout=5, attempts=20, patience=20, first_wait=0.01, failures=1000)


@dataclass
class Running:
    """A simulator that listens, and all it printed."""

    address: str
    said: list[str]
    folder: Path

    def backend(self, key: bytes = KEY, limits: Limits = PATIENT, platform: str | Path = "simulator") -> HttpJson:
        return HttpJson(load_mapping(platform), self.address, key, limits)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with httpx.AsyncClient(base_url=self.address) as client:
            answer = await client.request(method, f"/control/{path}", json=body)
            answer.raise_for_status()
            return answer.json() if answer.content else None


@contextlib.asynccontextmanager
async def simulator(folder: Path, *options: str) -> AsyncIterator[Running]:
    """`doudi verification-simulator` on a free port, stopped at the end."""
    key = folder / "shared.key"
    key.write_bytes(KEY)
    key.chmod(0o600)
    started = [sys.executable, "-c", "from app.cli.main import main; main()", "verification-simulator", "--port", "0"]
    started += ["--callback-key", str(key), "--seed", "7", "--people", "40", "--as-of", DAY.isoformat(), *options]
    process = await asyncio.create_subprocess_exec(*started, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    said = [(await asyncio.wait_for(process.stdout.readline(), 60)).decode() for _ in range(2)]
    address = next((word for word in said[-1].split() if word.startswith("http://")), "")
    try:
        assert address, said
        yield Running(address, said, folder)
    finally:
        process.terminate()
        rest, _ = await process.communicate()
        said += rest.decode().splitlines()


@dataclass
class Receiver:
    """The service's side of callbacks: takes what is good, and answers as docs/verification.md says."""

    backend: HttpJson
    queries: dict[str, Query] = field(default_factory=dict)
    taken: list[Report] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> int:
        self.requests.append((path, headers, body))
        query = self.queries.get(path.rsplit("/", 1)[-1])
        if query is None:
            return 404
        try:
            self.taken.append(self.backend.accept(Callback(headers, body), query, dt.datetime.now(dt.UTC)))
        except Forged:
            return 401
        except OtherQuery:
            return 404
        except Stale:
            return 410
        except Malformed:
            return 422
        return 200

    def callback(self, query: Query) -> Query:
        """The query with an address for its answers."""
        asked = query.model_copy(update={"callback": f"{self.address}/v/{query.id}"})
        self.queries[query.id] = asked
        return asked


@contextlib.asynccontextmanager
async def listening(
    answer: Callable[[str, dict[str, str], bytes], int | tuple[int, bytes]],
) -> AsyncIterator[str]:
    """A server on loopback that answers POSTs with a status and perhaps a body."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                said = answer(head[0].split()[1], headers, body)
                status, text = (said, b"") if isinstance(said, int) else said
                writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: {len(text)}\r\n\r\n".encode() + text)
                await writer.drain()
        writer.close()

    connections: set[asyncio.StreamWriter] = set()

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        await served(reader, writer)
        connections.discard(writer)

    server = await asyncio.start_server(kept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.close()
        for writer in connections:
            writer.close()
        await asyncio.sleep(0)  # their handlers end


@contextlib.asynccontextmanager
async def receiver(running: Running) -> AsyncIterator[Receiver]:
    """A receiver of what a simulator posts back."""
    received = Receiver(running.backend())
    async with listening(received.answer) as address:
        received.address = address
        try:
            yield received
        finally:
            await received.backend.close()


async def until(done: Callable[[], bool | Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until something is so, and fail if it is not in time."""
    async with asyncio.timeout(seconds):
        while True:
            result = done()
            if result if isinstance(result, bool) else await result:
                return
            await asyncio.sleep(0.02)
