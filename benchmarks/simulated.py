"""The simulated platform in a process of its own, and the bare calls to it: what any client of it needs at least."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from app.verification.exchange.http import json_bytes
from app.verification.exchange.signing import sign

DAY: Final = dt.date(2025, 6, 15)
SOURCES: Final = ("tax", "social_insurance", "banks", "vehicles")
SEED: Final = 1


@dataclass(frozen=True)
class Simulator:
    """One that listens."""

    address: str
    pid: int


def shared_key(folder: Path) -> Path:
    """A new key in a file that only its owner may read."""
    path = folder / "shared.key"
    path.write_text(secrets.token_hex(32))
    path.chmod(0o600)
    return path


@contextlib.asynccontextmanager
async def simulator(key: Path, people: int) -> AsyncIterator[Simulator]:
    """Started, with so many invented people, and stopped at the end."""
    started = [sys.executable, "-c", "from app.cli.main import main; main()", "verification-simulator", "--port", "0"]
    started += ["--callback-key", str(key), "--seed", str(SEED), "--people", str(people), "--as-of", DAY.isoformat()]
    process = await asyncio.create_subprocess_exec(*started, stdout=subprocess.PIPE)
    assert process.stdout is not None  # noqa: S101
    lines = [(await process.stdout.readline()).decode() for _ in range(2)]
    try:
        yield Simulator(lines[1].split()[0], process.pid)
    finally:
        process.terminate()
        await process.wait()


class Bare:
    """Posts what is ready to be posted, signed; nothing is made of the answer."""

    def __init__(self, client: httpx.AsyncClient, key: bytes) -> None:
        self._client = client
        self._key = key

    async def post(self, path: str, id_: str, raw: Any) -> httpx.Response:
        body = json_bytes(raw)
        headers = sign(self._key, id_, body, dt.datetime.now(dt.UTC))
        answer = await self._client.post(path, content=body, headers=headers)
        return answer.raise_for_status()
