"""Nobody's name or number is in a log, an exception, an address, a folder's name or what the simulator prints."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.http_client import Limits
from app.verification.exchange.errors import NoPlatform
from app.verification.exchange.folders import FileExchange
from app.verification.exchange.http import HttpJson
from app.verification.exchange.mapping.mapping import load_mapping
from app.verification.exchange.platforms import (
    Null,
)
from app.verification.exchange.protocol import Callback, Person, Query, Receipt
from app.verification.exchange.signing import sign
from tests.support.verification.exchange import KEY, NOW, query
from tests.support.verification.simulator import listening, receiver, simulator, until

pytestmark = pytest.mark.anyio

CANARY = Person(ref="p1", name="欧阳金丝雀", id_number="119999195001019991")
RECEIPT = Receipt(platform="simulator", query="q-1", number="n-1")
ONCE = Limits(timeout=1, attempts=2, patience=1, first_wait=0.001)


def asked() -> Query:
    return query(persons=(CANARY,))


def names_nobody(text: str) -> None:
    for secret in (CANARY.name, CANARY.id_number, CANARY.id_number[:-1]):
        assert secret not in text


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything any library logs, looked through at the end."""
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for record in caplog.records:
        names_nobody(f"{record.name} {record.getMessage()} {record.__dict__}")


async def failing(call: Any) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  whichever it is
        await call
    names_nobody(f"{caught.value!r} {caught.value.__cause__!r}")
    names_nobody("".join(traceback.format_exception(caught.value)))


@pytest.mark.parametrize(
    "answer",
    [
        503,
        422,
        (200, b""),
        (200, b"{"),
        (200, f'{{"receipt": "{CANARY.name}"}}'.encode()),
        (200, f'{{"{CANARY.id_number}": 1}}'.encode()),
        (200, f'{{"reports": "{CANARY.name}", "complete": "{CANARY.id_number}"}}'.encode()),
        (200, f'{{"reports": [], "complete": "{CANARY.id_number}"}}'.encode()),
    ],
)
async def test_whatever_a_platform_answers(answer: Any, logged: pytest.LogCaptureFixture) -> None:
    paths: list[str] = []

    def hostile(path: str, headers: dict[str, str], body: bytes) -> Any:
        paths.append(f"{path} {headers}")
        return answer

    async with listening(hostile) as address:
        backend = HttpJson(load_mapping("simulator"), address, KEY, ONCE)
        await failing(backend.submit(asked()))
        await failing(backend.poll(asked(), RECEIPT))
        await backend.close()
    assert {path.split()[0] for path in paths} == {"/queries", "/reports"}
    for path in paths:
        names_nobody(path)


async def test_whatever_a_callback_says(logged: pytest.LogCaptureFixture) -> None:
    backend = HttpJson(load_mapping("simulator"), "http://127.0.0.1:1", KEY, ONCE)
    for body in (
        b"",
        CANARY.name.encode(),
        f'{{"report_id": "r-1", "query_id": "q-1", "person": "{CANARY.name}", "{CANARY.name}": 1}}'.encode(),
        f'{{"report_id": "{CANARY.name}", "items": [{{"fact": "{CANARY.id_number}"}}]}}'.encode(),
        f'{{"query_id": "{CANARY.id_number}"}}'.encode(),
    ):
        for headers in (sign(KEY, "r-1", body, NOW), {"doudi-report": CANARY.name}):
            with pytest.raises(ValueError) as caught:  # noqa: PT011
                backend.accept(Callback(headers, body), asked(), NOW)
            names_nobody("".join(traceback.format_exception(caught.value)) + repr(caught.value))
    await backend.close()


async def test_files_are_named_after_nobody(tmp_path: Path, logged: pytest.LogCaptureFixture) -> None:
    backend = FileExchange(load_mapping("simulator"), tmp_path / "outbox", tmp_path / "inbox")
    await backend.submit(asked())
    for path in tmp_path.rglob("*"):
        names_nobody(str(path))
    (tmp_path / "closed").write_text("")
    await failing(FileExchange(load_mapping("simulator"), tmp_path / "closed", tmp_path).submit(asked()))


@pytest.mark.slow
async def test_the_simulator_prints_nobody(tmp_path: Path, logged: pytest.LogCaptureFixture) -> None:
    async with simulator(tmp_path, "--malformed", ".5", "--errors", ".3") as running, receiver(running) as received:
        await received.backend.submit(received.callback(asked()))
        await until(lambda: len(received.taken) == 12)
        for path, headers, _ in received.requests:
            names_nobody(f"{path} {headers}")
    names_nobody("\n".join(running.said))


async def test_without_a_platform_each_call_says_so() -> None:
    backend = Null()
    for call in (backend.submit(asked()), backend.submit_all([asked()]), backend.poll(asked(), RECEIPT)):
        with pytest.raises(NoPlatform):
            await call
    with pytest.raises(NoPlatform):
        backend.accept(Callback({}), asked(), NOW)
