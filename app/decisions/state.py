"""Where a decision stands, read off its records, and what may still be done with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from app.core.errors import Conflict
from app.rules.values.strict_json import Json

Key = tuple[str, str | None]  # of a result: the programme, and the person; None for the household
StateName = Literal["proposed", "confirmed", "departed", "withdrawn", "superseded"]


@dataclass(frozen=True)
class Follower:
    """A decision that corrects or succeeds this one."""

    id: UUID
    corrects: bool
    decided: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """That somebody of a decision's household is a member of another household, and as whom there.

    `superseder` is the decision that took the place of the other household's, if one did.
    """

    person: str
    state: DecisionState
    there: str
    superseder: DecisionState | None

    def stood(self, at: dt.datetime) -> bool:
        """Tell if the other household's decision stood at an instant."""
        decided, superseded = (one.decided_at if one else None for one in (self.state, self.superseder))
        return decided is not None and decided <= at and (superseded is None or superseded > at)


@dataclass
class DecisionState:
    """A decision with everything that was recorded about it since, oldest first."""

    decision: Json
    digest: bytes
    records: list[Json] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    predecessor: DecisionState | None = None  # what it corrects or succeeds
    household: dict[UUID, DecisionState] = field(default_factory=dict)  # the other decisions of its household
    elsewhere: list[Elsewhere] = field(default_factory=list)
    members: dict[str, str] = field(
        default_factory=dict
    )  # who is identified of it: the id there by the person's reference
    confirmation_index: int = 0  # in the log

    @property
    def confirmation(self) -> Json | None:
        return next((record for record in self.records if record["kind"] == "confirmation"), None)

    @property
    def decided_at(self) -> dt.datetime | None:
        """When an officer decided; None for a mere proposal."""
        confirmation = self.confirmation
        return dt.datetime.fromisoformat(confirmation["recorded_at"]) if confirmation else None

    @property
    def turn(self) -> tuple[dt.datetime, int] | None:
        """When an officer decided and, since many are recorded at one instant, at which index of the log."""
        return (self.decided_at, self.confirmation_index) if self.decided_at else None

    @property
    def withdrawn(self) -> bool:
        return any(record["kind"] == "withdrawal" for record in self.records)

    @property
    def superseded_by(self) -> UUID | None:
        """The decision that took this one's place. What is decided stands until another is decided."""
        decided = self.confirmation is not None
        return next((f.id for f in self.followers if f.decided or not (decided or f.withdrawn)), None)

    @property
    def name(self) -> StateName:
        confirmation = self.confirmation
        if self.superseded_by is not None:
            return "superseded"
        if confirmation is not None:
            name: StateName = confirmation["state"]
            return name
        return "withdrawn" if self.withdrawn else "proposed"

    @property
    def stands(self) -> bool:
        """Whether it is decided and no later decision took its place."""
        return self.confirmation is not None and self.superseded_by is None

    @property
    def undecided(self) -> set[Key]:
        """The results on which nothing is decided."""
        results = {(r["programme"], r["person"]) for r in self.decision["results"]["results"]}
        outcomes = self.confirmation["outcomes"] if self.confirmation else []
        return results - {(o["programme"], o["person"]) for o in outcomes}

    @property
    def leaves_something(self) -> bool:
        """Tell if there may be a result on which the decision says nothing."""
        return self.confirmation is None or bool(self.undecided) or self.decision["facts"]["programmes"] is not None

    def leaves(self, key: Key) -> bool:
        """Tell if the decision says nothing on a result, so that what stood before goes on: the result is undecided, or
        nobody asked for its programme."""
        asked = self.decision["facts"]["programmes"]
        return key in self.undecided or (asked is not None and key[0] not in asked)

    def has_event(self, kind: str, since: dt.date) -> bool:
        """Tell if something of this kind is on record that happened on a day or later."""
        events = (record for record in self.records if record["kind"] == "event")
        return any(one["event"] == kind and dt.date.fromisoformat(one["on"]) >= since for one in events)

    def must_be_open(self) -> None:
        """Conflict unless it is still a proposal."""
        if self.confirmation is not None:
            raise Conflict("already_decided")
        if self.withdrawn:
            raise Conflict("already_withdrawn")
        if self.superseded_by is not None:
            raise Conflict("already_corrected")

    def must_be_followable(self, *, corrects: bool) -> None:
        """Conflict unless a decision may correct or succeed it: no other does so already, and what is succeeded is
        decided."""
        if self.withdrawn:
            raise Conflict("already_withdrawn")
        if self.confirmation is None and not corrects:
            raise Conflict("not_decided")
        for follower in self.followers:
            if not follower.withdrawn:
                raise Conflict("already_corrected" if follower.corrects else "already_succeeded")
