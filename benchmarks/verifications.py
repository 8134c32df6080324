"""Verifications of the service, from consent to findings, beside the bare calls to the same simulated platform:
`uv run python benchmarks/verifications.py [--json] [--count 200] [--profile]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import asyncio
import datetime as dt
import json
import signal
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.rules.values.strict_json import Json
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.mapping.translate import Translator
from app.verification.exchange.protocol import Person, Query
from app.verification.exchange.signing import load_key
from app.verification.simulator.registers import Registers
from benchmarks.decided import folder
from benchmarks.simulated import DAY, SEED, SOURCES, Bare, Simulator, shared_key, simulator
from benchmarks.verified import PERSONS, PLACE, Service, profiled, request, serving

AT_ONCE: Final = 4  # households that are begun, read, or asked about by the bare client at a time
Figures = dict[str, float]
People = list[tuple[str, str]]  # names and ID numbers of a household


def households(count: int) -> list[People]:
    """Invented residents, each in one household."""
    residents = list(Registers.invented(SEED, PERSONS * count, DAY).residents.values())
    people = [(one.name, one.id_number) for one in residents]
    return [people[start : start + PERSONS] for start in range(0, len(people), PERSONS)]


class Run:
    """One run: everything on the same households, with the progress of each stage."""

    def __init__(self, asked: list[People], progress: Progress) -> None:
        self.asked = asked
        self.progress = progress

    async def each(self, name: str, call: Callable[[int], Awaitable[object]], at_once: int) -> tuple[float, Figures]:
        """A call for every household, so many at once: seconds for all, and milliseconds of one."""
        bar = self.progress.add_task(name, total=len(self.asked))
        waiting, times = iter(range(len(self.asked))), list[float]()

        async def some() -> None:
            for number in waiting:
                started = time.perf_counter()
                await call(number)
                times.append(time.perf_counter() - started)
                self.progress.advance(bar)

        started = time.perf_counter()
        await asyncio.gather(*(some() for _ in range(at_once)))
        return time.perf_counter() - started, percentiles(times)

    async def bare(self, platform: Simulator, key: Path, name: str) -> Figures:
        """The same questions handed over and their answers fetched, by a client that keeps and checks nothing."""
        translator = Translator(load_mapping("simulator"))
        async with httpx.AsyncClient(base_url=platform.address) as client:
            bare = Bare(client, load_key(key))

            async def ask(number: int) -> None:
                for name, id_number in self.asked[number]:
                    query = _query(name, id_number)
                    receipt = (await bare.post("/queries", query.id, translator.query_out(query))).json()
                    answer = (await bare.post("/reports", query.id, {"receipt": receipt["receipt"]})).json()
                    if len(answer["reports"]) != len(SOURCES):
                        raise SystemExit("the platform did not answer everything at once")

            seconds, times = await self.each(name, ask, AT_ONCE)
        return {"households_per_s": len(self.asked) / seconds} | _named("household", times)

    async def service(self, service: Service, *, callbacks: bool) -> Figures:
        """Begun, answered and read. With callbacks a caller begins the next household when one is answered; where answers
        are fetched all are begun first, since the first look is some seconds later by design."""
        ids, whole, begin = dict[int, str](), list[float](), list[float]()
        beginning = asyncio.Semaphore(AT_ONCE)
        how = "called back" if callbacks else "fetched"

        async def verify(number: int) -> None:
            async with beginning:
                started = time.perf_counter()
                ids[number] = await service.begin(request(self.asked[number]), f"verification-{number}")
                begin.append(time.perf_counter() - started)
            await service.watched.answered(ids[number])
            whole.append(time.perf_counter() - started)

        before = await service.watched.cost()
        seconds, _ = await self.each(how, verify, AT_ONCE if callbacks else len(self.asked))
        cost = await service.watched.cost() - before
        if await service.watched.not_done():
            raise SystemExit("some questions were not answered")
        found = list[Json]()

        async def read(number: int) -> None:
            found.append(await service.read(ids[number]))

        reading, read_times = await self.each(f"{how}: reading", read, AT_ONCE)
        _check(found)
        count = len(self.asked)
        return (
            {
                "verifications_per_s": count / seconds,
                "answers_per_s": count * PERSONS * len(SOURCES) / seconds,
            }
            | _named("begin", percentiles(begin))
            | _named("begin_to_answered", percentiles(whole))
            | {"reads_per_s": count / reading}
            | _named("read", read_times)
            | {
                "findings_per_read": sum(len(one["findings"]) for one in found) / count,
                "service_cpu_ms": cost.service / count * 1000,
                "database_cpu_ms": cost.database / count * 1000,
                "simulator_cpu_ms": cost.simulator / count * 1000,
                "transactions": cost.transactions / count,
            }
        )


def _query(name: str, id_number: str) -> Query:
    id_ = uuid4()
    return Query(
        id=str(id_),
        reference=id_.hex,
        purpose="application",
        business="dibao_urban",
        area=PLACE,
        persons=(Person(ref="p1", name=name, id_number=id_number),),
        sources=SOURCES,
        sent_at=dt.datetime.now(dt.UTC),
    )


def _check(found: list[Json]) -> None:
    for one in found:
        states = [query["state"] for query in one["queries"]]
        if len(states) != PERSONS * len(SOURCES) or not {"answered", "no_record"} >= set(states):
            raise SystemExit(f"not everything was answered: {states}")


def percentiles(seconds: list[float]) -> Figures:
    """In milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return {f"p{n}_ms": cuts[n - 1] * 1000 for n in (50, 95, 99)}


def _named(name: str, figures: Figures) -> Figures:
    return {f"{name}_{figure}": value for figure, value in figures.items()}


@asynccontextmanager
async def prepared(count: int) -> AsyncIterator[tuple[Run, Path, Simulator, Path]]:
    """A run, a folder, a platform that answers at once, and the key shared with it."""
    with Progress(console=Console(stderr=True)) as progress:
        async with folder() as data:
            key = shared_key(data)
            async with simulator(key, PERSONS * count) as platform:
                yield Run(households(count), progress), data, platform, key


async def measure(count: int) -> dict[str, Figures]:
    """The bare calls stand on both sides of the service's, so that a drift of the machine falls on all alike."""
    async with prepared(count) as (run, data, platform, key):
        before = await run.bare(platform, key, "bare calls")
        figures = dict[str, Figures]()
        for name, callbacks in (("called back", True), ("fetched", False)):
            async with serving(data / name.replace(" ", "-"), platform, key, callbacks=callbacks) as service:
                figures[name] = await run.service(service, callbacks=callbacks)
        after = await run.bare(platform, key, "bare calls again")
    bare = {name: (before[name] + after[name]) / 2 for name in before}
    for found in figures.values():
        found["ratio"] = found["verifications_per_s"] / bare["households_per_s"]
    return {"bare": bare} | figures


async def profile(count: int) -> None:
    """Where the time of the service's process goes, from its start to its end, and what it asks of the database."""
    async with prepared(count) as (run, data, platform, key):
        path = data / "profile"
        async with serving(data / "profiled", platform, key, callbacks=True, profile=path) as service:
            await run.service(service, callbacks=True)

        seconds, calls = profiled(path)
    whole = sum(seconds.values())
    table = Table("Where", "% of the time", title=f"{count} verifications", title_justify="left")
    for name, spent in seconds.items():
        if spent > whole / 100:
            table.add_row(name, f"{100 * spent / whole:.0f}")
    for name, number in calls.items():
        table.add_row(f"{name}, a verification", f"{number / count:.1f}")
    Console().print(table)


def show(figures: dict[str, Figures]) -> None:
    table = Table(title="Verifications", title_justify="left")
    table.add_column("Figure")
    for name in figures:
        table.add_column(name, justify="right")
    for figure in dict.fromkeys(figure for column in figures.values() for figure in column):
        cells = (column.get(figure) for column in figures.values())
        table.add_row(figure, *("" if cell is None else _text(cell) for cell in cells))
    Console().print(table)


def _text(figure: float) -> str:
    return f"{figure:,.3f}" if figure < 10 else f"{figure:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="how many households")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--profile", action="store_true", help="only where the service's time goes")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then too
    if arguments.profile:
        asyncio.run(profile(arguments.count))
        return
    figures = asyncio.run(measure(arguments.count))
    if arguments.json:
        rounded = {name: {key: round(value, 4) for key, value in column.items()} for name, column in figures.items()}
        print(json.dumps(rounded, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main()
