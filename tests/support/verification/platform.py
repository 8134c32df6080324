"""A platform in memory that does what a test tells it, and how its reports are sent."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from app.verification.exchange.errors import Malformed, OtherQuery, PlatformRefused
from app.verification.exchange.protocol import ONE_BY_ONE, Answers, Callback, HandingOver, Item, Query, Receipt, Report
from app.verification.exchange.signing import sign, verify
from app.verification.sealed_reports import report_of
from tests.support.verification.reports import DAY

KEY: Final = b"k" * 32


@dataclass
class FakePlatform:
    """Takes queries and answers what `says` holds; `fails` are raised first, one a call."""

    says: list[Report] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    malformed: int = 0
    complete: bool = False
    submitted: list[Query] = field(default_factory=list)
    polled: int = 0
    platform: str = "fake"
    handing_over: HandingOver = ONE_BY_ONE
    batches: list[list[str]] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()  # persons it does not take queries about

    async def submit(self, query: Query) -> Receipt:
        self.submitted.append(query)
        if self.fails:
            raise self.fails.pop(0)
        return Receipt(platform=self.platform, query=query.id, number=f"n-{query.id}")

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        persons = [query.persons[0].ref for query in queries]
        self.batches.append(persons)
        if self.refuses & set(persons):
            raise PlatformRefused
        return [await self.submit(query) for query in queries]

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        self.polled += 1
        if self.fails:
            raise self.fails.pop(0)
        faults = tuple(Malformed([]) for _ in range(self.malformed))
        return Answers(tuple(one for one in self.says if one.query == query.id), faults, self.complete)

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        verify(KEY, callback.headers, callback.body, now)
        try:
            said = orjson.loads(callback.body)
            report = report_of(said, now)
        except (KeyError, TypeError, ValueError):
            raise Malformed([]) from None
        if report.query != query.id:
            raise OtherQuery
        return report


def answer(query: Query, source: str, *items: Item, status: str = "answered", id_: str | None = None) -> Report:
    """What a register says to a query that was submitted."""
    at = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
    return Report.model_validate(
        {
            "id": id_ or f"{source}-{query.persons[0].ref}",
            "query": query.id,
            "source": source,
            "person": query.persons[0].ref,
            "status": status,
            "items": items,
            "as_of": DAY,
            "reported_at": at,
            "received_at": at,
        }
    )


def signed(report: Report, now: dt.datetime, key: bytes = KEY, **changes: Any) -> tuple[bytes, dict[str, str]]:
    """A report as a platform posts it: body and headers."""
    body = json.dumps(report.plain() | changes).encode()
    return body, sign(key, report.id, body, now)
