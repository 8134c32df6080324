"""Queries to the simulated platform beside the bare HTTP calls: `uv run python benchmarks/verification.py [--json]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import asyncio
import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
from rich.console import Console
from rich.table import Table

from app.verification.exchange.http import HttpJson
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Person, Query
from app.verification.exchange.signing import load_key
from app.verification.simulator.registers import Registers
from benchmarks.simulated import DAY, SEED, SOURCES, Bare, shared_key, simulator

AT_ONCE: Final = 16
Call = Callable[[Query], Awaitable[object]]


def queries(count: int, name: str) -> list[Query]:
    """Each about one invented person in four registers."""
    residents = list(Registers.invented(SEED, count, DAY).residents.values())
    return [
        Query(
            id=f"{name}-{number}",
            reference=f"R-{number}",
            purpose="application",
            business="dibao_rural",
            area="999900",
            persons=(Person(ref="p1", name=one.name, id_number=one.id_number),),
            sources=SOURCES,
            sent_at=dt.datetime.now(dt.UTC),
        )
        for number, one in enumerate(residents)
    ]


async def measured(asked: list[Query], call: Call) -> dict[str, float]:
    """Calls a second, and the median and 99th percentile of one in milliseconds."""
    waiting, times = iter(asked), list[float]()

    async def some() -> None:
        for query in waiting:
            started = time.perf_counter()
            await call(query)
            times.append((time.perf_counter() - started) * 1000)

    started = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    taken = time.perf_counter() - started
    ranked = statistics.quantiles(times, n=100)
    return {"per_second": len(times) / taken, "median_ms": ranked[49], "p99_ms": ranked[98]}


async def run(count: int) -> dict[str, dict[str, float]]:
    """Submitting and polling through the backend, and the same bodies posted by the bare client."""
    mapping = load_mapping("simulator")
    translator, figures = Translator(mapping), dict[str, dict[str, float]]()
    with tempfile.TemporaryDirectory() as folder:
        path = shared_key(Path(folder))
        key = load_key(path)
        async with simulator(path, count) as running, httpx.AsyncClient(base_url=running.address) as client:
            backend, bare = HttpJson(mapping, running.address, key), Bare(client, key)
            asked, plain = queries(count, "q"), queries(count, "bare")
            receipts = {query.id: await backend.submit(query) for query in asked}
            raws = {query.id: translator.query_out(query) for query in plain}
            figures["submit, bare"] = await measured(plain, lambda q: bare.post("/queries", q.id, raws[q.id]))
            figures["submit"] = await measured(queries(count, "again"), backend.submit)
            polls = {query.id: {"receipt": receipts[query.id].number} for query in asked}
            figures["poll, bare"] = await measured(asked, lambda q: bare.post("/reports", q.id, polls[q.id]))
            figures["poll"] = await measured(asked, lambda q: backend.poll(q, receipts[q.id]))
            await backend.close()
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=1000)
    chosen = parser.parse_args()
    figures = asyncio.run(run(chosen.count))
    if chosen.json:
        print(json.dumps(figures, indent=2))
        return
    table = Table("", "a second", "median ms", "p99 ms")
    for name, row in figures.items():
        table.add_row(name, *(f"{value:.1f}" for value in row.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
