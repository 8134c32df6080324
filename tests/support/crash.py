"""A service under load whose processes are killed, and clients that send the same key until they have an answer."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from app.db.private_server.postmaster import postmaster_of
from app.rules.values.strict_json import Json
from app.security.verifiers import local_tokens
from tests.support.oracle.households import random_request
from tests.support.storage import household

Victim = Literal["service", "database", "both"]

HOST: Final = "127.0.0.1"
VICTIMS: Final[tuple[Victim, ...]] = ("service", "database", "both")
_SERVE: Final = "from app.cli.main import main; main()"
_PATIENCE: Final = 60.0  # seconds within which everything answers again
_ANSWER: Final = 40.0
_PAUSE: Final = 0.1
_CREATED: Final = 201
_UNAVAILABLE: Final = 503
_IDENTITY: Final = {"identities": [{"person": "p1", "name": "张某", "id_number": "11999919840302018X"}]}


@dataclass
class Service:
    """`doudi serve` on one data folder, as a process of its own."""

    data: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        with (self.data / "service.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", _SERVE, "serve", "--port", str(self.port), "--data", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """How it ended when it was asked to."""
        return self._end(signal.SIGTERM)

    def kill_database(self) -> bool:
        """Whether there was a server to kill."""
        found = postmaster_of(self.data / "postgres")
        if found is None or not found.lives:
            return False
        os.kill(found.pid, signal.SIGKILL)
        return True

    def said(self) -> str:
        return (self.data / "service.log").read_text(errors="replace")[-3000:]

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(_PATIENCE)


@dataclass(frozen=True)
class Acknowledged:
    """What a client was told."""

    id: str
    digest: str
    index: int


@dataclass
class Told:
    """What all clients together were told, by key."""

    acknowledged: dict[str, Acknowledged] = field(default_factory=dict)
    repeated: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    bearer: str = ""


class Client(threading.Thread):
    """Proposes, decides what it proposed, and asks again for what it has; never gives up on a key."""

    def __init__(self, number: int, service: Service, told: Told, seed: int) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.service = service
        self.told = told
        self.rng = random.Random(f"{seed}/{number}")
        self.sent: list[tuple[str, str, Json]] = []
        self.open: list[str] = []

    def run(self) -> None:
        try:
            while not self.told.stop.is_set():
                self._act()
        except Exception as error:
            self.told.faults.append(f"client {self.number}: {error!r}")

    def _act(self) -> None:
        choice = self.rng.random()
        if choice < 0.2 and self.sent:
            self._send(*self.rng.choice(self.sent))
            self.told.repeated += 1
            return
        key = f"{self.number}-{len(self.sent)}"
        if choice < 0.45 and self.open:
            path, body = f"/v1/decisions/{self.open.pop()}/confirmations", {"by": f"officer-{self.number}"}
        else:
            path, body = "/v1/decisions", self._proposal(key)
        self.sent.append((path, key, body))
        found = self._send(path, key, body)
        if found is not None and path == "/v1/decisions":
            self.open.append(found.id)

    def _proposal(self, key: str) -> Json:
        if self.rng.random() < 0.2:
            return household() | {"case": key} | _IDENTITY
        return random_request(self.rng, complete=False) | {"case": key}

    def _send(self, path: str, key: str, body: Json) -> Acknowledged | None:
        """The answer, however long it takes; it must be the one that was given before."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = self._answer(path, key, body)
            if found is not None:
                before = self.told.acknowledged.setdefault(key, found)
                if before != found:
                    self.told.faults.append(f"{key}: {before} became {found}")
                return found
            time.sleep(_PAUSE)
        self.told.faults.append(f"{key}: no answer in {_PATIENCE:.0f} seconds")
        return None

    def _answer(self, path: str, key: str, body: Json) -> Acknowledged | None:
        connection = http.client.HTTPConnection(HOST, self.service.port, timeout=_ANSWER)
        try:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Authorization": self.told.bearer}
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.told.failures[type(error).__name__] += 1
            return None
        finally:
            connection.close()
        answer = json.loads(text)
        if status == _CREATED:
            return Acknowledged(answer["id"], answer["digest"], answer["log"]["index"])
        self.told.failures[f"{status} {answer['code']}"] += 1
        if status != _UNAVAILABLE:
            self.told.faults.append(f"{key} {path}: {status} {answer['code']}")
            self.told.stop.set()
        return None


def run(data: Path, rounds: int, seed: int, clients: int = 6) -> tuple[Told, Counter[Victim]]:
    """Kills at seeded moments; at the end every key has its answer, and the service has ended as it was asked to."""
    service, told, killed = Service(data), Told(), Counter[Victim]()
    told.bearer = f"Bearer {local_tokens(data).sign(['caseworker'], ['CN'])}"
    rng = random.Random(seed)
    service.start()
    threads = [Client(number, service, told, seed) for number in range(clients)]
    try:
        for thread in threads:
            thread.start()
        _await_progress(service, told)
        for number in range(rounds):
            time.sleep(rng.uniform(0.0, 0.8))
            victim = VICTIMS[number % len(VICTIMS)]
            _kill(service, victim)
            killed[victim] += 1
            if rng.random() < 0.8:  # else the next comes in the middle of the recovery
                _await_progress(service, told)
        _await_progress(service, told)
        told.stop.set()
        for thread in threads:
            thread.join(_PATIENCE)
            assert not thread.is_alive()
        assert service.stop() == -signal.SIGTERM, service.said()  # uvicorn passes on what it was asked with
    finally:
        told.stop.set()
        service.kill()
    return told, killed


def _kill(service: Service, victim: Victim) -> None:
    if victim in ("database", "both"):
        service.kill_database()
    if victim in ("service", "both"):
        service.kill()
        service.start()


def _await_progress(service: Service, told: Told) -> None:
    """Until something new is acknowledged."""
    before, until = len(told.acknowledged), time.monotonic() + _PATIENCE
    while len(told.acknowledged) < before + 10:
        assert not told.faults, told.faults[:5]
        assert time.monotonic() < until, service.said()
        assert service.process is not None
        assert service.process.poll() is None, service.said()
        time.sleep(0.01)
