"""Verifications by a service that is killed three times, of a platform that errs, repeats, is late and malformed: each
ends in the one right state, none is lost and none applied twice.

`--verifications` is how many; the default is for every run of the tests.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.db.database import Database
from app.db.tables import VerificationQuery
from app.rules.values.strict_json import Json
from app.security.id_numbers import birth_date
from app.security.verifiers import local_tokens
from app.settings import Settings
from app.verification import repository
from app.verification.case_file import received
from app.verification.exchange.protocol import Report
from app.verification.outbox import repository as exchange
from app.verification.sealed_reports import keys_of
from app.verification.simulator.behaviour import Behaviour, fate
from tests.conftest import VERIFICATIONS
from tests.support.client import example
from tests.support.storage import storage_on
from tests.support.verification.exchange import RESIDENTS
from tests.support.verification.simulator import simulator

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
HOST: Final = "127.0.0.1"
SEED: Final = 7  # the simulator's, of which everything that goes wrong follows
SOURCES: Final = ["tax", "banks"]
FAULTS: Final = {"errors": 0.2, "duplicates": 0.1, "late": 0.1, "malformed": 0.05, "partial": 0.1}
PEOPLE: Final = 40
KILLS: Final = 3


def body(number: int) -> Json:
    """A household of one invented resident."""
    resident = RESIDENTS[number % PEOPLE]
    member = example()["household"]["members"][0] | {"birth_date": birth_date(resident.id_number).isoformat()}
    consent = {
        "person": "p1",
        "sources": SOURCES,
        "purpose": "application",
        "until": "2099-12-31",
        "given_by": "guardian",
        "document_digest": f"sha256:{'5a' * 32}",
    }
    return example() | {
        "jurisdiction": "430500",
        "household": {"residence": "urban", "members": [member], "assets": {}},
        "identities": [{"person": "p1", "name": resident.name, "id_number": resident.id_number}],
        "purpose": "application",
        "persons": ["p1"],
        "sources": SOURCES,
        "consents": [consent],
    }


@dataclass
class Killed:
    """`doudi serve` on one data folder and one port, again and again."""

    data: Path
    platforms: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    begun: dict[int, str] = field(default_factory=dict)

    async def start(self) -> None:
        log = (self.data / "service.log").open("ab")
        environment = os.environ | {"DOUDI_PLATFORMS": str(self.platforms)}
        started = [sys.executable, "-c", "from app.cli.main import main; main()"]
        started += ["serve", "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(  # noqa: S603
            started, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
        )
        log.close()
        await self.ready()

    async def ready(self) -> None:
        async with asyncio.timeout(90), httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"http://{HOST}:{self.port}/readyz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        token = local_tokens(self.data).sign(["caseworker", "reviewer"], ["CN"], "staff-17")
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{self.port}", headers=headers, timeout=30) as client:
            yield client

    async def begin(self, client: httpx.AsyncClient, number: int) -> None:
        """The same key until there is an answer."""
        while True:
            try:
                headers = {"idempotency-key": f"verification-{number}"}
                answer = await client.post("/v1/verifications", json=body(number), headers=headers)
                if answer.status_code == 202:
                    self.begun[number] = answer.json()["id"]
                    return
                assert answer.status_code == 503, answer.text
            except httpx.TransportError:
                await asyncio.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


async def test_each_ends_in_one_right_state(
    data: Path, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    count = request.config.getoption("--verifications")
    options = [text for name, share in FAULTS.items() for text in (f"--{name}", str(share))]
    started = time.monotonic()
    async with simulator(tmp_path, "--latency", "0.05", "--lateness", "3", *options) as running:
        service = Killed(data, tmp_path / "platforms.yaml", free_port())
        service.platforms.write_text(
            f'callbacks: "http://{HOST}:{service.port}"\n'
            f'platforms: {{"430500": {{mapping: simulator, address: "{running.address}", key: shared.key}}}}\n'
        )
        await service.start()
        try:
            await _under_fire(service, count)
            begun = time.monotonic() - started
            await _all_said(data)
        finally:
            service.stop()
    took = time.monotonic() - started
    states = await _checked(data, service.begun)
    if count > VERIFICATIONS:
        with capsys.disabled():
            sys.stderr.write(f"\n{count} begun in {begun:.0f} s, all said after {took:.0f} s: {dict(states)}\n")


async def _under_fire(service: Killed, count: int) -> None:
    """Four clients begin verifications while the service is killed three times, evenly spread."""
    waiting = asyncio.Queue[int]()
    for number in range(count):
        waiting.put_nowait(number)

    async def send() -> None:
        async with service.client() as client:
            while not waiting.empty():
                await service.begin(client, waiting.get_nowait())

    sending = [asyncio.create_task(send()) for _ in range(4)]
    for kill in range(1, KILLS + 1):
        while len(service.begun) < count * kill // (KILLS + 1):
            await asyncio.sleep(0.05)
            for task in sending:
                if task.done() and task.exception():
                    task.result()
        service.kill()
        await service.start()
    await asyncio.gather(*sending)
    assert len(service.begun) == len(set(service.begun.values())) == count


async def _all_said(data: Path) -> None:
    """Nothing waits any more."""
    database = await Database.to_read(Settings(data=data))
    try:
        async with asyncio.timeout(1200):
            while await _open(database):
                await asyncio.sleep(0.5)
    finally:
        await database.engine.dispose()


async def _open(database: Database) -> int:
    async with database.engine.connect() as connection:
        waiting = select(func.count()).where(col(VerificationQuery.state).in_(("queued", "sent")))
        return int(await connection.scalar(waiting) or 0)


async def _checked(data: Path, begun: dict[int, str]) -> Counter[str]:
    """Every state is the one that the simulator's own draw leads to, and what was said is kept once and whole."""
    behaviour, states = Behaviour(**FAULTS), Counter[str]()
    settings = Settings(data=data)
    database = await Database.open(settings)
    try:
        async with storage_on(database, data, settings.origin) as storage:
            for number, id_ in begun.items():
                held = RESIDENTS[number % PEOPLE].entries
                async with database.connect() as connection:
                    case = await repository.case(connection, UUID(id_))
                    (query,) = await exchange.queries(connection, case.id)
                    keys = await keys_of(connection, storage.keyring, case.id)
                    reports = [received(row, keys)[0] for row in await exchange.reports(connection, case.id)]
                assert query.state == "done"
                for source in SOURCES:
                    said = [one for one in reports if one.source == source]
                    drawn = fate(behaviour, SEED, str(query.id), "p1", source)
                    right = "error" if drawn.error else "answered" if held.get(source) else "no_record"
                    (whole,) = [one for one in said if one.status != "partial"]
                    assert whole.status == right
                    assert len(said) == 1 + (_is_told_in_parts(drawn.partial, whole))
                    if right == "answered":
                        assert [one.plain() for one in whole.items] == [one.plain() for one in held[source]]
                    states[whole.status] += 1
    finally:
        await database.close()
    return states


def _is_told_in_parts(partial: bool, whole: Report) -> bool:
    return partial and len(whole.items) > 1
