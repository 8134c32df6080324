"""What is appended to the log, and the rows it becomes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from app.core.months import month_of
from app.db.tables import Table
from app.decisions.proofs.merkle import Frontier, leaf_hash
from app.decisions.records import body_and_digest
from app.decisions.state import DecisionState
from app.rules.values.strict_json import Json
from app.security.identities import NewIdentity
from app.security.request_fingerprints import Fingerprint


@dataclass(frozen=True)
class Draft:
    """A record to append, with what is found by it and what is sealed beside it."""

    id: UUID
    decision: UUID
    jurisdiction: str
    record: Json
    search: Json | None = None  # the columns of a decision, for decisions
    identities: list[NewIdentity] = field(default_factory=list)
    beside: list[tuple[Table, Json]] = field(default_factory=list)  # rows of other tables
    alerts: list[Json] = field(default_factory=list)


@dataclass
class Submission:
    """What somebody wants recorded. `draft` is called under the log's lock with the state of the decision `about`;
    it raises Conflict or FaultyRequest if that state does not allow it.

    `rests_on` counts the publications that were settled when it was made; more of them since, and it is RulesChanged.
    """

    draft: Callable[[DecisionState | None, dt.datetime], Draft]
    request: Fingerprint
    about: UUID | None = None
    rests_on: int | None = None
    settles: bool = False  # a publication: it is counted
    weighs_household: bool = False  # the state knows the other decisions of the household
    key: str = field(default_factory=lambda: f"own:{secrets.token_hex(16)}")


@dataclass(frozen=True)
class Written:
    """A record and its place in the log. `repeated` if it had been there before."""

    id: UUID
    record: Json
    digest: bytes
    origin: str
    index: int
    repeated: bool = False

    @property
    def leaf(self) -> bytes:
        return leaf_hash(self.digest)


class Rows:
    """The rows of a batch as they gather, and the tree they grow."""

    def __init__(self, origin: str, now: dt.datetime, frontier: Frontier) -> None:
        self.origin = origin
        self.now = now
        self.frontier = frontier
        self.records: list[Json] = []
        self.decisions: list[Json] = []
        self.nodes: list[Json] = []
        self.claims: list[Json] = []
        self.identities: list[NewIdentity] = []
        self.beside: list[tuple[Table, Json]] = []
        self.alerts: list[Json] = []

    def add(self, submission: Submission, draft: Draft) -> Written:
        body, digest = body_and_digest(draft.record)
        index, month = self.frontier.size, month_of(self.now)
        self.frontier, complete = self.frontier.append(leaf_hash(digest))
        place = {"jurisdiction": draft.jurisdiction, "month": month, "id": draft.id}
        self.records.append(
            place
            | {
                "kind": draft.record["kind"],
                "decision": draft.decision,
                "origin": self.origin,
                "log_index": index,
                "body": body,
                "digest": digest,
                "recorded_at": self.now,
            }
        )
        if draft.search is not None:
            self.decisions.append(place | draft.search)
        self.nodes += [
            {"origin": self.origin, "level": level, "position": position, "hash": node}
            for level, position, node in complete
        ]
        self.claims.append(
            {
                "key": submission.key,
                "request": submission.request.kept,
                "record": draft.id,
                "month": month,
                "at": self.now,
            }
        )
        self.identities += draft.identities
        self.beside += draft.beside
        self.alerts += draft.alerts
        # As it will be read: whoever sends a key again gets the same bytes, down to the order of the fields.
        return Written(draft.id, orjson.loads(body), digest, self.origin, index)
