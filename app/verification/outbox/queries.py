"""A query to a platform as it is stored: the states it goes through, and the changes from one to the next.

    queued -> sent       the platform took it
    queued -> expired    the consent ended before
    queued -> failed     there is no platform, it refuses, or the attempts are used up
    sent   -> done       the platform has nothing more to say
    sent   -> timed_out  no answer in time
    either -> done       every register answered, perhaps before the receipt came
    either -> failed     the person was erased

A query that cannot go on now is postponed in the state it has.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final, Literal
from uuid import UUID

from app.rules.values.strict_json import Json

Waiting = Literal["queued", "sent"]
Ending = Literal["done", "failed", "timed_out", "expired"]
QueryState = Waiting | Ending
Problem = Literal[
    "consent_ended",
    "internal",
    "left_out",  # the platform says that it has nothing more to say, and did not say everything
    "malformed",
    "no_answer",
    "no_platform",
    "person_erased",
    "platform_refused",
    "platform_unavailable",
    "report_contradicts",
]


# Statuses of a report that is all a register has to say; after `partial` more comes.
WHOLE: Final = ("answered", "no_record", "unmatched", "error")


@dataclass(frozen=True)
class QueryRow:
    """A query to a platform and how far it has come. `attempts` counts since something last went well."""

    id: UUID
    verification: UUID
    person: str
    sources: tuple[str, ...]
    until: dt.date
    created_at: dt.datetime
    state: QueryState
    attempts: int
    sent_at: dt.datetime | None
    receipt: Json | None
    problem: Problem | None


@dataclass(frozen=True)
class Gathering:
    """Others may join the query until an instant: not an attempt."""

    next_at: dt.datetime
    attempts: int


@dataclass(frozen=True)
class HandedOver:
    """The platform took the query and gave a receipt for it."""

    sent_at: dt.datetime
    receipt: Json
    next_at: dt.datetime
    state: Waiting = "sent"
    attempts: int = 0
    problem: None = None


@dataclass(frozen=True)
class Postponed:
    """The query is worked on again at an instant."""

    next_at: dt.datetime
    problem: Problem | None


@dataclass(frozen=True)
class Ended:
    """Nothing more is done for the query."""

    state: Ending
    problem: Problem | None = None


Change = Gathering | HandedOver | Postponed | Ended


def columns(change: Change) -> Json:
    """The columns of a query that a change writes."""
    return asdict(change)


@dataclass(frozen=True)
class Patience:
    """How long and how often a platform is asked."""

    lease: dt.timedelta = dt.timedelta(minutes=2)  # for which a process has a query alone
    first_wait: dt.timedelta = dt.timedelta(seconds=5)
    longest_wait: dt.timedelta = dt.timedelta(hours=1)
    attempts: int = 100  # to hand a query over, which with these waits is four days
    answers_within: dt.timedelta = dt.timedelta(days=30)

    def wait(self, attempts: int) -> dt.timedelta:
        """Twice as long each time, up to the longest."""
        doubled: dt.timedelta = self.first_wait * 2 ** min(attempts, 20)
        return min(doubled, self.longest_wait)

    def again(self, query: QueryRow, problem: Problem | None, now: dt.datetime) -> Postponed | Ended:
        """A query that did not get further: postponed, later each time. Handing over is given up after the last
        attempt; answers to a query that was sent are waited for as long as they may take."""
        attempts = query.attempts + 1
        if query.state == "queued" and attempts >= self.attempts:
            return Ended("failed", problem)
        return Postponed(now + self.wait(attempts), problem)


USUAL: Final = Patience()
