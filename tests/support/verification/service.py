"""A service with a platform and a time that tests hold in their hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from app.db.database import Database
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.storage import Storage
from app.verification.exchange.platforms import Directory
from tests.support.callers import OFFICER, bearer
from tests.support.client import example
from tests.support.decisions.identities import ADULT, CHILD, OTHER
from tests.support.rules import rules
from tests.support.service import ORIGIN, Service, app_on
from tests.support.verification.platform import FakePlatform
from tests.support.verification.reports import NOW

PATH: Final = "/v1/verifications"
DIGEST: Final = "sha256:" + "5a" * 32
PEOPLE: Final = [
    {"person": "p1", "name": "张三丰", "id_number": ADULT},
    {"person": "p2", "name": "李四光", "id_number": OTHER},
    {"person": "p3", "name": "张小丰", "id_number": CHILD},
]


class Clock:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> dt.datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += dt.timedelta(**time)


class Verifying(Service):
    """A service whose platform and time a test holds in its hands."""

    platform: FakePlatform
    clock: Clock

    async def begin(self, *sources: str, consents: list[Json] | None = None, **changes: Any) -> Json:
        given = [consent("p2", *sources)] if consents is None else consents
        body = example() | {
            "identities": PEOPLE,
            "purpose": "application",
            "persons": ["p2"],
            "sources": list(sources) or ["vehicles"],
            "consents": given,
        }
        return await self.post(PATH, body | changes, 202)

    async def read(self, id_: str) -> Json:
        return await self.get(f"{PATH}/{id_}")

    async def works(self, rounds: int = 50) -> None:
        """Everything that is due is done."""
        for _ in range(rounds):
            if not await self.storage.outbox.work_once():
                return
        raise AssertionError("it never came to an end")

    async def state(self, id_: str) -> str:
        (query,) = (await self.read(id_))["queries"]
        return str(query["state"])

    async def told(self, id_: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.http.post(f"{PATH}/{id_}/reports", content=body, headers={"authorization": ""} | headers)


async def asked(verifying: Verifying, *sources: str) -> str:
    """A verification whose question was sent."""
    id_: str = (await verifying.begin(*sources))["id"]
    await verifying.works()
    return id_


def consent(person: str, *sources: str, **changes: Any) -> Json:
    return {
        "person": person,
        "sources": list(sources) or ["vehicles"],
        "purpose": "application",
        "until": "2026-12-31",
        "given_by": "self",
        "document_digest": DIGEST,
    } | changes


@asynccontextmanager
async def verifying_on(database: Database, folder: Path) -> AsyncIterator[Verifying]:
    """A service with a platform in memory. Its outbox waits until a test works on it."""
    platform, clock = FakePlatform(), Clock()
    storage = Storage(database, folder, ORIGIN, RulesHistory(rules()), now=clock, directory=Directory({"": platform}))
    app = app_on(storage)
    app.state.gate.open()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=bearer(OFFICER)) as http:
        service = Verifying(app, storage, http)
        service.platform, service.clock = platform, clock
        yield service
    await storage.close()
