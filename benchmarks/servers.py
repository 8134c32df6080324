"""Servers as processes of their own: started, asked once, measured, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.load import HOST

ROOT: Final = Path(__file__).resolve().parents[1]
_START_TIMEOUT: Final = 60.0
_STOP_TIMEOUT: Final = 10.0
_POLL: Final = 0.002


class ServerFailure(RuntimeError):
    """A server that does not start or does not answer as it should."""


@dataclass
class Server:
    """One server with one worker on a free loopback port."""

    name: str
    command: Callable[[int], list[str]]  # by port
    path: str
    payload: Path
    log: Path
    right: Callable[[bytes], bool]  # whether an answer is what it should be
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    first_answer: bytes = b""
    start_seconds: float = 0.0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for the first answer. ServerFailure if it is not the right one."""
        self.port = _free_port()
        started = time.perf_counter()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(self.port),
                cwd=ROOT,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.first_answer = self._await_answer(started + _START_TIMEOUT)
        self.start_seconds = time.perf_counter() - started
        if not self.right(self.first_answer):
            raise ServerFailure(f"{self.name}: not the right answer: {self.first_answer[:300]!r}")

    def stop(self) -> None:
        """End the process and its workers."""
        if self.process is None:
            return
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is not None:
                break
            os.killpg(self.process.pid, signal_)
            try:
                self.process.wait(_STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def memory_mib(self) -> float:
        """Resident memory of the worker: the process itself, or the child that serves for it."""
        assert self.process is not None  # noqa: S101  it was started
        return _resident_mib((_children(self.process.pid) or [self.process.pid])[-1])

    def _await_answer(self, deadline: float) -> bytes:
        payload = self.payload.read_bytes()
        while time.perf_counter() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                return self._post(payload)
            except ConnectionRefusedError:
                time.sleep(_POLL)
        raise ServerFailure(f"{self.name} does not answer:\n{self.log.read_text(errors='replace')[-2000:]}")

    def _post(self, payload: bytes) -> bytes:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_START_TIMEOUT)
        try:
            connection.request("POST", self.path, payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise ServerFailure(f"{self.name}: status {response.status}: {answer[:300]!r}")
        return answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ServerFailure(f"process {pid} has ended")
