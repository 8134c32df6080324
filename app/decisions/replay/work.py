"""What a job does with a page of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.decisions.replay.job_rows import Job
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Worked:
    """Rows of results, and the job's counts with them."""

    rows: list[Json]
    counts: Json


class Work(Protocol):
    """One kind of work; it writes nothing but what belongs to the page's own transaction."""

    async def page(self, connection: AsyncConnection, job: Job, ids: list[UUID]) -> Worked: ...
