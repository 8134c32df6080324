"""What the tests of stored things share: a service with storage, bodies to send, and how its answers must look."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator  # in Rust: each answer of each test is compared
from sqlalchemy import text
from stdnum.cn import ric

from app.db.database import Database
from app.http.storage_gate import StorageGate
from app.main import create_app
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER, TOKENS, bearer
from tests.support.client import ID_NUMBER, NAME, assert_problem, example, traces
from tests.support.database.rows import all_tables
from tests.support.rules import rules

DECISIONS: Final = "/v1/decisions"
START: Final = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
ORIGIN: Final = "log.example/999900"


class Clock:
    """Time that goes on by a second whenever somebody looks."""

    def __init__(self) -> None:
        self.days = 0  # that passed meanwhile
        self._seconds = itertools.count()

    def __call__(self) -> dt.datetime:
        return START + dt.timedelta(days=self.days, seconds=next(self._seconds))


@dataclass
class Service:
    """The service with storage, as a client sees it. Every answer is compared with its documentation."""

    app: FastAPI
    storage: Storage
    http: httpx.AsyncClient
    _keys: itertools.count[int] = field(default_factory=itertools.count)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        caller: Caller | None = None,
        **headers: str,
    ) -> httpx.Response:
        """A request; `accept_language="en"` is a header. Somebody else decides than proposes, unless it is said who."""
        by_itself = DECIDER if path.endswith("/confirmations") else OFFICER
        sent = bearer(caller or by_itself) | {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["idempotency-key"] = key
        content = None if body is None else json.dumps(body).encode()
        response = await self.http.request(method, path, content=content, headers=sent)
        must_be_documented(method, urlsplit(path).path, response)
        assert traces(response.text) == []
        return response

    async def post(self, path: str, body: Any, status: int = 201, **more: Any) -> Json:
        response = await self.call("POST", path, body, **more)
        assert response.status_code == status, response.text
        answer: Json = response.json()
        return answer

    async def get(self, path: str, **more: Any) -> Json:
        response = await self.call("GET", path, **more)
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer

    async def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **more: Any) -> Json:
        """A problem, after which every table holds as many rows as before."""
        before = await self.rows()
        problem = assert_problem(await self.call(method, path, body, **more), status, code)
        assert await self.rows() == before
        return problem

    async def faults(self, method: str, path: str, body: Any = None, **more: Any) -> set[tuple[str, str]]:
        problem = await self.refused(422, "faulty_request", method, path, body, **more)
        return {(error["pointer"], error["code"]) for error in problem["errors"]}

    async def propose(self, body: Json | None = None, **changes: Any) -> Json:
        """A new proposal for a body, or for the household of the contract with its details."""
        key = f"key-{next(self._keys)}"
        return await self.post(DECISIONS, (body or proposal()) | changes, key=key)

    async def confirm(self, id_: str, *outcomes: Json, **more: Any) -> Json:
        return await self.post(f"{DECISIONS}/{id_}/confirmations", {"outcomes": list(outcomes)} | more)

    async def confirm_none(self, proposed: Json, how: str) -> Json:
        """Whatever is recommended is not granted: refused, or terminated (`how`)."""
        recommended = [one for one in proposed["assessment"]["results"] if one["status"] == "eligible"]
        said = [outcome(how, one["programme"], one["person"], reason="核查") for one in recommended]
        return await self.confirm(proposed["id"], *said)

    async def decide(self, body: Json | None = None, **changes: Any) -> str:
        """The id of a decision that an officer decided as recommended."""
        id_: str = (await self.propose(body, **changes))["id"]
        await self.confirm(id_)
        return id_

    async def follow(self, id_: str, how: str, body: Json | None = None, **changes: Any) -> Json:
        """A correction or succession (`how`) of a decision."""
        return await self.post(f"{DECISIONS}/{id_}/{how}", (body or proposal()) | {"reason": "有新情况"} | changes)

    def days_pass(self, days: int) -> None:
        """So much later whatever comes next is done."""
        clock = self.storage.decisions.now
        assert isinstance(clock, Clock)
        clock.days += days

    async def state(self, id_: str) -> str:
        state: str = (await self.get(f"{DECISIONS}/{id_}"))["state"]
        return state

    async def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        counts = " UNION ALL ".join(f"SELECT '{t.name}', count(*) FROM {t.name}" for t in all_tables())
        async with self.storage.database.engine.connect() as connection:
            return {name: int(count) for name, count in await connection.execute(text(counts))}

    async def job(self, body: Json) -> Json:
        """A bulk replay, done."""
        created = await self.post("/v1/replays", body, 202)
        while await self.storage.jobs.work_once():
            pass
        done = await self.get(f"/v1/replays/{created['id']}")
        assert done["state"] == "done"
        return done


def must_be_documented(method: str, path: str, response: httpx.Response) -> None:
    """Fails for an answer that is not as the document of the service says."""
    template = _template(path)
    if template is None:
        return
    kind = response.headers["content-type"]
    validator = _validator(template, method.lower(), str(response.status_code), kind.partition(";")[0])
    if "json" not in kind or "ndjson" in kind:
        return
    faults = [error.message[:300] for error in validator.iter_errors(response.json())]
    assert faults == [], f"{template} {method} {response.status_code}"


@cache
def document() -> Json:
    """The document of the service, which is the same whatever it stores with."""
    return create_app(rules()).openapi()


@cache
def _validator(template: str, method: str, status: str, kind: str) -> Draft202012Validator:
    answers = document()["paths"][template][method]["responses"]
    assert status in answers, f"{method} {template} does not document {status}"
    return Draft202012Validator(answers[status]["content"][kind]["schema"] | {"components": document()["components"]})


@cache
def _template(path: str) -> str | None:
    """The documented address that a path is of; a fixed one before one with a variable."""
    parts = path.split("/")
    found = [
        template
        for template in document()["paths"]
        if len(names := template.split("/")) == len(parts)
        and all(name.startswith("{") or name == part for name, part in zip(names, parts, strict=True))
    ]
    return min(found, key=lambda template: template.count("{"), default=None)


def app_on(storage: Storage) -> FastAPI:
    """The service with storage that is open. Its gate still has to be opened, in the event loop that serves."""
    app = create_app(rules(), tokens=TOKENS)
    app.state.generations = storage.generations

    async def opened() -> Storage:
        return storage

    app.state.gate = StorageGate(opened)
    return app


def storage_on(database: Database, folder: Path, clock: Clock | None = None) -> Storage:
    return Storage(database, folder, ORIGIN, RulesHistory(rules()), now=clock or Clock())


def identified(*people: str) -> list[Json]:
    """Identities that must never show, one number for each person."""
    numbers = {person: number_of(place) for place, person in enumerate(dict.fromkeys(people))}
    return [{"person": person, "name": NAME, "id_number": numbers[person]} for person in people]


def number_of(place: int) -> str:
    """ID numbers of people of one county and day; the first is ID_NUMBER."""
    body = ID_NUMBER[:14] + f"{2 + 2 * place:03d}"
    return body + ric.calc_check_digit(body + "0")


def proposal(**changes: Any) -> Json:
    """The household of the contract with all that a decision has beside it."""
    return example() | {
        "case": "C-17",
        "household_ref": "H-42",
        "kind": "initial",
        "accepted_on": "2026-08-10",
        "identities": identified("p1"),
        "provenance": {
            "/household/members/0/income/wage": {"source": "verified", "on": "2026-08-12", "evidence": "流水"}
        },
        "by": "officer-7",
        **changes,
    }


def late(**changes: Any) -> Json:
    """The household in 2024, when the standard of July was not yet published: 840 instead of 800, known from
    2024-09-10."""
    return proposal(**{"date": "2024-07-15", "known_at": "2024-07-15", "accepted_on": "2024-07-08"} | changes)


def outcome(outcome: str, programme: str = "dibao", person: str | None = None, **more: Any) -> Json:
    return {"programme": programme, "person": person, "outcome": outcome, **more}


def by_programme(results: list[Json]) -> Mapping[tuple[str, str | None], Json]:
    return {(result["programme"], result["person"]): result for result in results}
