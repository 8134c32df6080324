"""Results of a background job: page by page, or all of them as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.core.paging import Filter, cursor_after
from app.decisions.replay.jobs import ReplayJobs
from app.decisions.replay.repository import JobKind
from app.rules.values.strict_json import Json
from app.security.callers import Caller

NoteReading = Callable[[Iterable[UUID | str]], Awaitable[None]]
"""Writes down that decisions are read; may refuse the reading."""
Page = TypeVar("Page", bound=BaseModel)
_STREAMED_AT_ONCE: Final = 500


@dataclass(frozen=True)
class JobResults(Generic[Page]):
    """The results of one job in the order of their decisions, of one class if it is given.

    Every page is written down as read before it is handed out. Each method raises UnknownJob if there is no such job
    in the caller's areas, and what `note` raises.
    """

    model: type[Page]  # a page: items, and the cursor of the next page
    jobs: ReplayJobs
    caller: Caller
    job: UUID
    kind: JobKind
    class_: str | None
    note: NoteReading

    @property
    def name(self) -> str:
        """The name that ties a cursor to this job and class."""
        return Filter(ruleset=str(self.job), status=self.class_).name

    async def page(self, after: UUID | None, size: int) -> Page:
        """Returns at most `size` results after a decision, and the cursor of the next page."""
        found, last = await self._read(after, size)
        return self.model.model_validate({"items": found, "next": cursor_after(self, last) if last else None})

    async def ndjson(self) -> AsyncIterator[bytes]:
        """Returns all results as lines of JSON."""
        return (orjson.dumps(result) + b"\n" async for result in await self.all())

    async def all(self) -> AsyncIterator[Json]:
        """Returns all results. The first are read at once: what refuses them is raised before an answer has begun."""
        return self._from(*await self._read(None, _STREAMED_AT_ONCE))

    async def _from(self, found: list[Json], last: UUID | None) -> AsyncIterator[Json]:
        while True:
            for result in found:
                yield result
            if last is None:
                return
            found, last = await self._read(last, _STREAMED_AT_ONCE)

    async def _read(self, after: UUID | None, size: int) -> tuple[list[Json], UUID | None]:
        """Reads results, and the decision of the last one if there may be more."""
        found = await self.jobs.results(self.caller, self.job, after, size, self.class_, self.kind)
        await self.note([result["decision"] for result in found])
        return found, UUID(found[-1]["decision"]) if len(found) == size else None
