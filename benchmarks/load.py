"""A load generator for loopback: a fixed number of POSTs over connections kept open.

`python -m benchmarks.load --port 8000 --path /v1/assessments --payload body.json` prints its figures as JSON. It ends
after `--requests` answers or `--seconds`, whichever is first, and fails at any status but 200. Each connection sends
its next request once the last is answered, so a latency includes the wait behind the other connections.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
_ANSWER_TIMEOUT: Final = 30.0
_FEWEST: Final = 20
_HEAD_END: Final = b"\r\n\r\n"


class BadAnswer(RuntimeError):
    """A status other than 200, or an answer without a length."""


@dataclass
class Load:
    """One run: what is sent, how often, and how long each answer took."""

    port: int
    request: bytes
    left: int
    deadline: float
    latencies: list[float] = field(default_factory=list)

    def take(self) -> bool:
        """Whether one more request is to be sent."""
        if self.left <= 0 or time.perf_counter() >= self.deadline:
            return False
        self.left -= 1
        return True


class Connection:
    """A connection that opens again when the server closes it after an answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, request: bytes) -> None:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        self.writer.write(request)
        head = (await self.reader.readuntil(_HEAD_END)).lower()
        if not head.startswith((b"http/1.1 200 ", b"http/1.0 200 ")):
            raise BadAnswer(head.splitlines()[0].decode(errors="replace"))
        await self.reader.readexactly(_length(head))
        if b"\r\nconnection: close" in head:
            await self.close()

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            await self.writer.wait_closed()
        self.reader = self.writer = None


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"\r\ncontent-length:")
    if not found:
        raise BadAnswer("no Content-Length")
    return int(rest.partition(b"\r\n")[0])


def http_post(path: str, port: int, body: bytes) -> bytes:
    """A request's bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    return head.encode() + _HEAD_END + body


async def _work(load: Load) -> None:
    connection = Connection(load.port)
    while load.take():
        started = time.perf_counter()
        await asyncio.wait_for(connection.post(load.request), _ANSWER_TIMEOUT)
        load.latencies.append(time.perf_counter() - started)
    await connection.close()


async def _all(load: Load, connections: int) -> float:
    """Every connection until the load is done; the seconds it took."""
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_work(load))
    return time.perf_counter() - started


def run(arguments: argparse.Namespace) -> dict[str, float]:
    """Warm up, then the measured load."""
    request = http_post(arguments.path, arguments.port, arguments.payload.read_bytes())
    half = arguments.seconds / 2
    warm_up = Load(arguments.port, request, arguments.warm_up, time.perf_counter() + half)
    asyncio.run(_all(warm_up, arguments.connections))
    load = Load(arguments.port, request, arguments.requests, time.perf_counter() + half)
    busy = time.process_time()
    elapsed = asyncio.run(_all(load, arguments.connections))
    busy = time.process_time() - busy
    if len(load.latencies) < _FEWEST:
        raise SystemExit(f"{len(load.latencies)} answers in {half} s are too few to measure")
    cuts = statistics.quantiles(load.latencies, n=100)
    return {
        "requests": len(load.latencies),
        "per_second": len(load.latencies) / elapsed,
        "p50_ms": cuts[49] * 1000,
        "p99_ms": cuts[98] * 1000,
        "max_ms": max(load.latencies) * 1000,
        "generator_busy": busy / elapsed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--payload", type=Path, required=True, help="file with the body")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--warm-up", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20, help="at most, half of it for the warm-up")
    print(json.dumps(run(parser.parse_args())))


if __name__ == "__main__":
    main()
