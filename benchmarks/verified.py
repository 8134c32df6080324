"""The service as verifications are measured on it: a process of its own, what it costs, and what still waits in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pstats
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx
import orjson

from app.db.database import Database
from app.db.private_server.place import link_of
from app.db.private_server.postmaster import postmaster_of
from app.db.urls import arguments as connect_arguments
from app.rules.values.strict_json import Json
from app.security.verifiers import local_tokens
from app.settings import Settings
from benchmarks.load import HOST
from benchmarks.payloads import household_of_three, worked_example
from benchmarks.servers import ROOT, Server
from benchmarks.simulated import SOURCES, Simulator

Function = tuple[str, int, str]  # file, line, name, as the profiler knows it
PLACE: Final = "430500"
PERSONS: Final = 2  # of a household, each with a question of its own
_LOOK: Final = 0.02  # seconds between two looks at what still waits
_COUNTED: Final = ("do_ping", "do_execute", "do_executemany", "do_commit", "do_rollback")
_SERVE: Final = "from app.cli.main import main; main()"
_SERVE_PROFILED: Final = """
import cProfile, signal, sys, time
from app.cli.main import main
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
profile = cProfile.Profile(time.process_time)  # not what was waited for
file = sys.argv.pop()
try:
    profile.runcall(main)
finally:
    profile.dump_stats(file)
"""


def request(people: list[tuple[str, str]]) -> Json:
    """A household of two with consents, as it begins; `people` are names and ID numbers."""
    household = household_of_three()["household"]
    household |= {"members": household["members"][:PERSONS]}
    refs = [member["id"] for member in household["members"]]
    consent = {
        "sources": list(SOURCES),
        "purpose": "application",
        "until": "2099-12-31",
        "given_by": "guardian",
        "document_digest": f"sha256:{'5a' * 32}",
    }
    return household_of_three() | {
        "jurisdiction": PLACE,
        "household": household,
        "identities": [
            {"person": ref, "name": name, "id_number": number} for ref, (name, number) in zip(refs, people, strict=True)
        ],
        "purpose": "application",
        "persons": refs,
        "sources": list(SOURCES),
        "consents": [consent | {"person": ref} for ref in refs],
    }


@dataclass
class Cost:
    """Seconds of processor time in each process, and transactions of the service."""

    service: float
    database: float
    simulator: float
    transactions: int

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.service - other.service,
            self.database - other.database,
            self.simulator - other.simulator,
            self.transactions - other.transactions,
        )


class Watched:
    """The service's database seen from outside: which verifications still wait, and how much it did."""

    def __init__(self, connection: asyncpg.Connection[Any], pids: dict[str, int]) -> None:
        self._connection = connection
        self._pids = pids
        self._own = 0
        self._waiting: dict[UUID, asyncio.Event] = {}

    async def answered(self, id_: str) -> None:
        """Returns when every question of a verification is answered."""
        await self._waiting.setdefault(UUID(id_), asyncio.Event()).wait()

    async def look(self) -> None:
        """Looks again and again until cancelled."""
        while True:
            before = list(self._waiting)
            if before:
                open_ = await self._fetch(
                    "SELECT DISTINCT verification FROM verification_query WHERE state IN ('queued', 'sent')"
                )
                still = {row[0] for row in open_}
                for id_ in before:
                    if id_ not in still:
                        self._waiting.pop(id_).set()
            await asyncio.sleep(_LOOK)

    async def not_done(self) -> int:
        """How many questions ended otherwise than by their answers."""
        rows = await self._fetch("SELECT count(*) FROM verification_query WHERE state <> 'done'")
        return int(rows[0][0])

    async def cost(self) -> Cost:
        """What was spent since the processes began."""
        await asyncio.sleep(1.5)  # the database counts transactions a second late
        rows = await self._fetch(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )
        return Cost(
            _seconds(self._pids["service"]),
            _seconds_of_children(self._pids["database"]),
            _seconds(self._pids["simulator"]),
            int(rows[0][0]) - self._own,
        )

    async def _fetch(self, statement: str) -> list[Any]:
        self._own += 1
        return await self._connection.fetch(statement)


@dataclass(frozen=True)
class Service:
    """A service that answers, and its database seen from outside."""

    client: httpx.AsyncClient
    watched: Watched

    async def begin(self, body: Json, key: str) -> str:
        answer = await self.client.post("/v1/verifications", json=body, headers={"idempotency-key": key})
        id_: str = answer.raise_for_status().json()["id"]
        return id_

    async def read(self, id_: str) -> Json:
        answer = await self.client.get(f"/v1/verifications/{id_}")
        found: Json = answer.raise_for_status().json()
        return found


@contextlib.asynccontextmanager
async def serving(
    data: Path, platform: Simulator, key: Path, *, callbacks: bool, profile: Path | None = None
) -> AsyncIterator[Service]:
    """`doudi serve` on a data folder; its answers are posted to it, or fetched."""
    data.mkdir(mode=0o711)
    platforms, payload = data / "platforms.yaml", data / "payload.json"
    payload.write_bytes(orjson.dumps(worked_example()))

    def command(port: int) -> list[str]:
        back = f'callbacks: "http://{HOST}:{port}"\n' if callbacks else ""
        there = f'{{mapping: simulator, address: "{platform.address}", key: "{key}"}}'
        platforms.write_text(f'{back}platforms: {{"{PLACE}": {there}}}\n')
        serve = ["serve", "--port", str(port), "--data", str(data / "service")]
        plain = [sys.executable, "-c", _SERVE, *serve]
        return plain if profile is None else [sys.executable, "-c", _SERVE_PROFILED, *serve, str(profile)]

    environment = {"DOUDI_PLATFORMS": str(platforms)}
    log = data / "doudi.log"
    server = Server("doudi", command, "/v1/assessments", payload, log, lambda _: True, environment)
    try:
        server.start()
        async with _client(server.port, data / "service") as client:
            while (await client.get("/readyz")).status_code != httpx.codes.OK:  # the database is made meanwhile
                await asyncio.sleep(0.1)
            database = await Database.to_read(Settings(data=data / "service"))
            connection = await asyncpg.connect(**connect_arguments(database.owner_url))
            assert server.process is not None  # noqa: S101  it was started
            found = postmaster_of(link_of(data / "service"))
            assert found is not None  # noqa: S101  it answers
            pids = {"service": server.process.pid, "database": found.pid, "simulator": platform.pid}
            watched = Watched(connection, pids)
            looking = asyncio.create_task(watched.look())
            try:
                yield Service(client, watched)
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)
                await connection.close()
                await database.engine.dispose()
    finally:
        server.stop()


@contextlib.asynccontextmanager
async def _client(port: int, data: Path) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {local_tokens(data).sign(['caseworker', 'reviewer'], ['CN'])}"}
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", headers=headers, timeout=60) as client:
        yield client


def profiled(path: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of the processor by the package they were spent in, what builtin functions took being their callers'; and
    how often the database was asked."""
    stats: dict[Function, Any] = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]
    seconds, calls = Counter[str](), Counter[str]()
    for function, (_, count, own, _, callers) in stats.items():
        if function[0] != "~":
            seconds[_package(function)] += own
        else:
            for caller, (_, _, of_caller, _) in callers.items():
                seconds[_package(caller)] += of_caller
        if function[2] in _COUNTED and _package(function) == "sqlalchemy":
            calls[function[2]] += count
    return dict(seconds.most_common()), dict(calls)


def _package(function: Function) -> str:
    file = function[0]
    if "/site-packages/" in file:
        return file.split("/site-packages/")[1].split("/")[0]
    if file.startswith(f"{ROOT}/app/"):
        return ".".join(Path(file).relative_to(ROOT).parts[:2]).removesuffix(".py")
    return "standard library" if file != "~" else "builtins"


def _seconds(pid: int) -> float:
    """Of the processor, in user and system."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds_of_children(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _seconds(pid) + sum(_seconds(int(child)) for child in children)
