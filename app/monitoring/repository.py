"""SQL of alerts and of the decisions that may stand; and the keys under which the service begins verifications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from app.core.paging import Filter
from app.db import trail
from app.db.connection import Connection
from app.db.tables import Alert, AlertResolution, Decision, Record, Verification, VerificationReport
from app.decisions.granted_elsewhere import KIND as GRANTED_ELSEWHERE
from app.decisions.search_repository import conditions, placed
from app.rules.values.strict_json import Json

_WATCHING = ("review", "monitoring")


@dataclass(frozen=True)
class Raised:
    """One item of the list of alerts: an event that was reported, or a verification that registers answered."""

    id: UUID
    source: Literal["event", "verification"]


@dataclass(frozen=True)
class AlertRow:
    """An event as it was reported."""

    id: UUID
    jurisdiction: str
    decision: UUID
    person: str
    kind: str
    day: dt.date
    value: str | None
    evidence: str | None
    details: Json | None
    reported_at: dt.datetime
    reported_by: str

    @property
    def other(self) -> UUID | None:
        """The decision that supports the person in another household, of an alert that says so."""
        if self.kind != GRANTED_ELSEWHERE:
            return None
        return UUID(self.details["decision"] if self.details else self.value)  # older ones have it as their value


@dataclass(frozen=True)
class ResolutionRow:
    """That an alert was dealt with."""

    by: str
    at: dt.datetime
    reason: str


_ALERTS: Final = select(*(getattr(Alert, name) for name in AlertRow.__dataclass_fields__))


def of_review(decision: str, due: dt.date | None) -> str:
    """The key of the verification that a due review begins, once. No caller's key has a space."""
    return f"review {decision} {due}"


def of_alert(alert: UUID) -> str:
    """The key of the verification that an event begins, once. No caller's key has a space."""
    return f"alert {alert}"


async def may_stand(connection: Connection, where: Filter, after: UUID | None, size: int) -> list[UUID]:
    """Decisions that may stand, in the order they were made: exactly whether they do is read off their records."""
    decided, follower, later = aliased(Record), aliased(Decision), aliased(Record)
    confirmed = exists().where(col(decided.decision) == col(Decision.id), col(decided.kind) == "confirmation")
    followed = exists().where(
        or_(col(follower.corrects) == col(Decision.id), col(follower.succeeds) == col(Decision.id)),
        col(later.decision) == col(follower.id),
        col(later.kind) == "confirmation",
    )
    query = select(col(Decision.id)).where(*conditions(where), confirmed, ~followed, *_later(col(Decision.id), after))
    return list((await connection.execute(query.order_by(col(Decision.id)).limit(size))).scalars())


async def raised(connection: Connection, where: Filter, after: UUID | None, size: int) -> list[Raised]:
    """Events, and verifications that watch over a decision and were answered, in the order of their time."""
    answered = exists().where(col(VerificationReport.verification) == col(Verification.id))
    events = select(col(Alert.id).label("id"), literal("event").label("source")).where(  # type: ignore[var-annotated]  # it infers none
        *placed(where, col(Alert.jurisdiction)), *_later(col(Alert.id), after)
    )
    verifications = select(col(Verification.id), literal("verification")).where(
        col(Verification.decision).is_not(None),
        col(Verification.purpose).in_(_WATCHING),
        answered,
        *placed(where, col(Verification.jurisdiction)),
        *_later(col(Verification.id), after),
    )
    both = union_all(events, verifications).subquery()
    rows = await connection.execute(select(both.c.id, both.c.source).order_by(both.c.id).limit(size))
    return [Raised(*row) for row in rows]


async def alerts(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, AlertRow]:
    """Alerts by their ids, those that there are."""
    rows = await connection.execute(_ALERTS.where(col(Alert.id).in_(list(ids))))
    return {row[0]: AlertRow(*row) for row in rows}


async def open_events(connection: Connection, after: UUID | None, size: int) -> list[AlertRow]:
    """Alerts that nobody dealt with, oldest first."""
    resolved = exists().where(col(AlertResolution.alert) == col(Alert.id))
    query = _ALERTS.where(~resolved, *_later(col(Alert.id), after))
    return [AlertRow(*row) for row in await connection.execute(query.order_by(col(Alert.id)).limit(size))]


async def resolution(connection: Connection, alert: UUID) -> ResolutionRow | None:
    """The resolution of an alert; None while nobody dealt with it."""
    rows = await connection.execute(
        select(col(AlertResolution.subject), col(AlertResolution.at), col(AlertResolution.reason)).where(
            col(AlertResolution.alert) == alert
        )
    )
    row = rows.first()
    return ResolutionRow(*row) if row else None


async def add(connection: Connection, rows: list[AlertRow]) -> list[UUID]:
    """Adds events of one report; one that is there already with the same details is that one. Their ids, in order."""
    if not rows:
        return []
    await connection.execute(insert_new(Alert).on_conflict_do_nothing(), [vars(row) for row in rows])
    key = tuple_(col(Alert.decision), col(Alert.person), col(Alert.kind), col(Alert.day))
    same = key.in_([(row.decision, row.person, row.kind, row.day) for row in rows])
    details = rows[0].details
    told = col(Alert.details).is_(None) if details is None else col(Alert.details) == details
    found = await connection.execute(select(col(Alert.id)).where(same, told).order_by(col(Alert.id)))
    ids = list(found.scalars())
    trail.leave(connection, Alert, [vars(row) for row in rows if row.id in ids])
    return ids


async def resolve(connection: Connection, alert: UUID, made: ResolutionRow) -> bool:
    """Adds the resolution of an alert. False, and nothing is added, if somebody dealt with it before."""
    if await resolution(connection, alert) is not None:
        return False
    row = {"alert": alert, "subject": made.by, "at": made.at, "reason": made.reason}
    await trail.add(connection, AlertResolution, [row])
    return True


def _later(column: Mapped[UUID], after: UUID | None) -> list[ColumnElement[bool]]:
    return [] if after is None else [column > after]
