"""Decisions stored, computed again and verified, each beside its floor: `uv run python benchmarks/decisions.py [--json]`.

The database is a private one that waits for the disk; HTTP is one worker on loopback.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import asyncio
import hashlib
import itertools
import json
import signal
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import asyncpg
import httpx
import orjson
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlmodel import col

from app.core.paging import Filter
from app.db.tables import Checkpoint, Decision, Record
from app.db.urls import arguments as connect_arguments
from app.decisions.audit.export import export
from app.decisions.proofs.check import check_export
from app.security.verifiers import local_tokens
from app.storage import Storage
from benchmarks.decided import OFFICER, bodies, folder, of_one_day, opened, store
from benchmarks.load import HOST
from benchmarks.payloads import worked_example
from benchmarks.servers import Server
from tools.verify_log import check

_CONNECTIONS: Final = 16
_SINGLE: Final = 300  # replays one by one, and inserts one by one
_SERVE: Final = "from app.cli.main import main; main()"
Figures = dict[str, float]


def say(what: str) -> None:
    Console(stderr=True).print(what)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


# over HTTP


async def over_http(data: Path, count: int) -> Figures:
    """A service of its own: proposals many at a time, then replays one by one."""
    payload = data / "payload.json"
    payload.write_bytes(orjson.dumps(worked_example()))

    def command(port: int) -> list[str]:
        return [sys.executable, "-c", _SERVE, "serve", "--port", str(port), "--data", str(data / "http")]

    server = Server("doudi", command, "/v1/assessments", payload, data / "doudi.log", lambda _: True)
    try:
        server.start()
        limits = httpx.Limits(max_connections=_CONNECTIONS)
        headers = {"authorization": f"Bearer {local_tokens(data / 'http').sign(['caseworker'], ['CN'])}"}
        address = f"http://{HOST}:{server.port}"
        async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=60) as client:
            return await _asked(client, count)
    finally:
        server.stop()


async def _asked(client: httpx.AsyncClient, count: int) -> Figures:
    ids: list[str] = []
    numbered = enumerate(of_one_day(count))

    async def work() -> None:
        for number, body in numbered:
            answer = await client.post("/v1/decisions", json=body, headers={"idempotency-key": f"h{number}"})
            answer.raise_for_status()
            ids.append(answer.json()["id"])

    async def all_at_once() -> None:
        await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))

    warm = {"idempotency-key": "warm"}  # the database is made while the service already answers
    (await client.post("/v1/decisions", json=worked_example(), headers=warm)).raise_for_status()
    seconds = await timed(all_at_once)
    figures = {"http_stored_per_s": count / seconds}
    for against in ("record", "now"):
        times = []
        for id_ in ids[:_SINGLE]:
            started = time.perf_counter()
            (await client.post(f"/v1/decisions/{id_}/replay", json={"against": against})).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
        cuts = statistics.quantiles(times, n=100)
        figures |= {f"replay_{against}_p50_ms": cuts[49], f"replay_{against}_p99_ms": cuts[98]}
    return figures


# in this process


async def stored_here(storage: Storage, count: int) -> Figures:
    """Of one day; then random ones, whose rules are new to the storage; and the same again, when they are known."""
    figures = {}
    for name, source in (("one_day", of_one_day), ("random_new", bodies), ("random_known", bodies)):
        seconds = await timed(lambda name=name, source=source: store(storage, source(count), name))  # type: ignore[misc]
        figures[f"stored_{name}_per_s"] = count / seconds
    return figures


async def floor(storage: Storage) -> Figures:
    """The bytes of the same records into one plain table: in the batches they came in, and one by one."""
    async with storage.database.engine.connect() as connection:
        rows = await connection.execute(select(col(Record.body)).order_by(col(Record.log_index)))
        records = [bytes(body) for body in rows.scalars()]
        sizes = list((await connection.execute(select(col(Checkpoint.size)).order_by(col(Checkpoint.size)))).scalars())
    owner = await asyncpg.connect(**connect_arguments(storage.database.owner_url))
    try:
        await owner.execute("CREATE TABLE plain (id bigserial PRIMARY KEY, body bytea NOT NULL)")
        batches = [records[start:end] for start, end in itertools.pairwise([0, *sizes])]
        batched = await timed(lambda: _inserted(owner, batches))
        single = await timed(lambda: _inserted(owner, [[record] for record in records[:_SINGLE]]))
    finally:
        await owner.close()
    return {
        "batches": len(batches),
        "record_bytes": sum(map(len, records)) / len(records),
        "plain_batched_per_s": len(records) / batched,
        "plain_single_per_s": min(_SINGLE, len(records)) / single,
    }


async def _inserted(owner: asyncpg.Connection[Any], batches: list[list[bytes]]) -> None:
    for batch in batches:
        async with owner.transaction():
            await owner.executemany("INSERT INTO plain (body) VALUES ($1)", [(record,) for record in batch])


async def one_by_one(storage: Storage) -> Figures:
    """Decisions that nobody else shares a commit with."""

    async def work() -> None:
        for number, body in enumerate(of_one_day(_SINGLE)):
            await storage.decisions.propose(OFFICER, body, f"single-{number}")

    return {"stored_single_per_s": _SINGLE / await timed(work)}


async def in_bulk(storage: Storage) -> Figures:
    """All that was stored, of one day and random."""
    figures = {}
    for against in ("record", "now"):
        job = await storage.jobs.create(Filter(), {"against": against})
        seconds = await timed(storage.jobs.work_once)
        found = await storage.jobs.job(OFFICER, job.id)
        if found.state != "done" or (against == "record" and found.counts != {"same": found.done}):
            raise SystemExit(f"the replay against {against} ended as {found.state}: {found.counts}")
        figures[f"bulk_{against}_per_s"] = found.done / seconds
    return figures


async def verified(storage: Storage, target: Path) -> Figures:
    """The whole log by both verifiers, beside the SHA-256 of the same records."""
    key = storage.signer.public_key
    started = time.perf_counter()
    async with storage.database.engine.connect() as connection:
        count = await export(connection, storage.writer.origin, key, target)
    figures = {"exported_per_s": count / (time.perf_counter() - started)}
    ways: dict[str, Callable[[], bool]] = {
        "check_export": lambda: check_export(target, key) == [],
        "verify_log": lambda: check(target, key).findings.faults() == 0,
        "sha256": lambda: _hashed(target / "records.jsonl"),
    }
    for name, way in ways.items():
        started = time.perf_counter()
        if not way():
            raise SystemExit(f"{name} finds faults")
        figures[f"{name}_per_s"] = count / (time.perf_counter() - started)
    return figures


def _hashed(path: Path) -> bool:
    with path.open("rb") as file:
        for line in file:
            hashlib.sha256(line).digest()
    return True


async def measure(count: int) -> Figures:
    figures: Figures = {"decisions": count}
    async with folder() as data:
        say("over HTTP")
        figures |= await over_http(data, count)
        async with opened(data / "here") as storage:
            say("in this process")
            figures |= await stored_here(storage, count)
            async with storage.database.engine.connect() as connection:
                scopes = (await connection.execute(select(col(Decision.scope)).distinct())).all()
            figures["scopes"] = len(scopes)
            say("the floor")
            figures |= await floor(storage)
            figures |= await one_by_one(storage)
            say("computing again")
            figures |= await in_bulk(storage)
            say("verifying")
            figures |= await verified(storage, data / "export")
    return figures | ratios(figures)


def ratios(found: Figures) -> Figures:
    """Each figure beside what bounds it."""
    pairs = {
        "stored / plain, in the same batches": ("stored_one_day_per_s", "plain_batched_per_s"),
        "stored / plain, one by one": ("stored_single_per_s", "plain_single_per_s"),
        "HTTP / in this process": ("http_stored_per_s", "stored_one_day_per_s"),
        "check_export / SHA-256": ("check_export_per_s", "sha256_per_s"),
        "verify_log / SHA-256": ("verify_log_per_s", "sha256_per_s"),
    }
    return {name: found[one] / found[other] for name, (one, other) in pairs.items()}


def show(figures: Figures) -> None:
    table = Table(title="Decisions", title_justify="left")
    table.add_column("Figure")
    table.add_column("", justify="right")
    for name, figure in figures.items():
        table.add_row(name, f"{figure:,.3f}" if figure < 10 else f"{figure:,.0f}")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, help="how many decisions")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then too
    figures = asyncio.run(measure(arguments.count))
    if arguments.json:
        print(json.dumps({name: round(figure, 4) for name, figure in figures.items()}, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main()
