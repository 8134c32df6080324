"""The tables. Values were checked before they come here; money is whole fen, hashes are bytes.

The migrations make the tables, with what cannot be said here: partitions, grants, triggers, indexes.
"""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

_TEXTS = ARRAY(Text)
_INSTANT = DateTime(timezone=True)

Table = type[SQLModel]
"""Any of the tables below."""


class Record(SQLModel, table=True):
    """A record: a decision, a confirmation, a withdrawal, an event, or an act of publishing. Never changed.

    Stored by `month`, the first day of the month of `recorded_at` in China, and by place.
    """

    jurisdiction: str = Field(sa_type=Text, primary_key=True)
    month: dt.date = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    decision: UUID  # what it is about; a decision's own id
    origin: str = Field(sa_type=Text)
    log_index: int = Field(sa_type=BigInteger)
    body: bytes
    digest: bytes
    recorded_at: dt.datetime = Field(sa_type=_INSTANT)


class Decision(SQLModel, table=True):
    """The columns that decisions are found by. The record holds the decision."""

    jurisdiction: str = Field(sa_type=Text, primary_key=True)
    month: dt.date = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=Text)
    case_number: str | None = Field(default=None, sa_type=Text)
    household_ref: str | None = Field(default=None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    date: dt.date
    accepted_on: dt.date | None = None
    ruleset: str = Field(sa_type=Text)
    engine: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    outcomes: list[str] = Field(sa_type=_TEXTS)  # "dibao:eligible"
    corrects: UUID | None = None
    succeeds: UUID | None = None


class LogNode(SQLModel, table=True):
    """A hash of a log's Merkle tree. Level 0 holds the leaves."""

    __tablename__: ClassVar[str] = "log_node"

    origin: str = Field(sa_type=Text, primary_key=True)
    level: int = Field(sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    position: int = Field(sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    hash: bytes


class Checkpoint(SQLModel, table=True):
    """A log's size and root as they were signed."""

    origin: str = Field(sa_type=Text, primary_key=True)
    size: int = Field(sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    body: str = Field(sa_type=Text)
    signature: bytes
    key: str = Field(sa_type=Text)


class Ruleset(SQLModel, table=True):
    """A ruleset that decisions used, with the digests of the packs it was made of."""

    hash: str = Field(sa_type=Text, primary_key=True)
    engine: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)
    packs: list[str] = Field(sa_type=_TEXTS)
    resolved: dict[str, Any] = Field(sa_type=JSONB)  # for which place, day and knowledge the packs come to it
    stored_at: dt.datetime = Field(sa_type=_INSTANT)


class Pack(SQLModel, table=True):
    """The text of a pack."""

    digest: str = Field(sa_type=Text, primary_key=True)
    division: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)


class Publication(SQLModel, table=True):
    """Packs that somebody submitted, and the packs they were compared with. `form`: pack, change or shipped."""

    id: UUID = Field(primary_key=True)
    form: str = Field(sa_type=Text)
    jurisdiction: str = Field(sa_type=Text)
    packs: list[str] = Field(sa_type=_TEXTS)  # by their digests
    base: list[str] = Field(sa_type=_TEXTS)  # the packs that stood along the path and below, by their digests
    note: str | None = Field(default=None, sa_type=Text)
    submitted_by: str = Field(sa_type=Text)
    submitted_at: dt.datetime = Field(sa_type=_INSTANT)


class PublicationOutcome(SQLModel, table=True):
    """The approval of a publication, with the instant it is known from, or its rejection. Outcomes are numbered."""

    __tablename__: ClassVar[str] = "publication_outcome"

    publication: UUID = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    outcome: str = Field(sa_type=Text)
    decided_by: str = Field(sa_type=Text)
    decided_at: dt.datetime = Field(sa_type=_INSTANT)
    known_from: dt.datetime | None = Field(default=None, sa_type=_INSTANT)  # none for what was there at first
    reason: str | None = Field(default=None, sa_type=Text)


class Scope(SQLModel, table=True):
    """The rules, figures and documents that a decision rests on, shared by all decisions that rest on the same."""

    id: str = Field(sa_type=Text, primary_key=True)
    ruleset: str = Field(sa_type=Text)
    programmes: list[str] = Field(sa_type=_TEXTS)
    rules: list[str] = Field(sa_type=_TEXTS)
    parameters: list[str] = Field(sa_type=_TEXTS)
    documents: list[str] = Field(sa_type=_TEXTS)


class Idempotency(SQLModel, table=True):
    """An idempotency key, the fingerprint of its request, and the record it led to."""

    key: str = Field(sa_type=Text, primary_key=True)
    request: bytes
    record: UUID
    month: dt.date
    at: dt.datetime = Field(sa_type=_INSTANT)


class Identity(SQLModel, table=True):
    """The name and ID number of a person of a decision, sealed with a key that can be destroyed."""

    decision: UUID = Field(primary_key=True)
    person: str = Field(sa_type=Text, primary_key=True)
    key: UUID
    sealed: bytes
    ref: str | None = Field(default=None, sa_type=Text)  # the same for one person in all decisions
    sensitive: bool


class IdentityKey(SQLModel, table=True):
    """A key of identities, wrapped with a master key. Deleting the row makes what it sealed unreadable."""

    __tablename__: ClassVar[str] = "identity_key"

    id: UUID = Field(primary_key=True)
    wrapped: bytes
    master: str = Field(sa_type=Text)


class MasterKey(SQLModel, table=True):
    """A master key in use, by the name of its file. The newest wraps and marks what is added."""

    __tablename__: ClassVar[str] = "master_key"

    id: str = Field(sa_type=Text, primary_key=True)
    since: dt.datetime = Field(sa_type=_INSTANT)


class KeyMark(SQLModel, table=True):
    """The mark of a key that something stored rests on, by the name of its file; of one name the newest counts."""

    __tablename__: ClassVar[str] = "key_mark"

    name: str = Field(sa_type=Text, primary_key=True)
    mark: str = Field(sa_type=Text, primary_key=True)  # of the log's key its public half, of others a keyed digest
    since: dt.datetime = Field(sa_type=_INSTANT)
    reason: str | None = Field(default=None, sa_type=Text)  # why it took the place of an earlier one


class PersonMark(SQLModel, table=True):
    """The keyed digest of an ID number, by which its person is found again."""

    __tablename__: ClassVar[str] = "person_mark"

    master: str = Field(sa_type=Text, primary_key=True)
    mark: bytes = Field(primary_key=True)
    ref: str = Field(sa_type=Text)


class Erasure(SQLModel, table=True):
    """The erasure of a person: when, by whom, and on which ground."""

    ref: str = Field(sa_type=Text, primary_key=True)
    at: dt.datetime = Field(sa_type=_INSTANT)
    subject: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)


class Trail(SQLModel, table=True):
    """A leaf of the trail: the table and the digest of a row as it was added. `said` by the first: what was there."""

    position: int = Field(sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    kind: str = Field(sa_type=Text)
    digest: bytes
    said: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))


class AccessLog(SQLModel, table=True):
    """A reading of personal data in one jurisdiction: by whom, and for which purpose. It holds references only."""

    __tablename__: ClassVar[str] = "access_log"

    id: UUID = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=_INSTANT)
    subject: str = Field(sa_type=Text)
    roles: list[str] = Field(sa_type=_TEXTS)
    areas: list[str] = Field(sa_type=_TEXTS)
    action: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    jurisdiction: str = Field(sa_type=Text)
    sensitive: bool
    decisions: list[UUID] = Field(sa_type=ARRAY(Uuid))
    persons: list[str] = Field(sa_type=_TEXTS)
    household_ref: str | None = Field(default=None, sa_type=Text)


class ReplayJob(SQLModel, table=True):
    """A background job that computes decisions again, for a replay or a defect, and its progress."""

    __tablename__: ClassVar[str] = "replay_job"

    id: UUID = Field(primary_key=True)
    filter: dict[str, Any] = Field(sa_type=JSONB)
    against: dict[str, Any] = Field(sa_type=JSONB)
    state: str = Field(sa_type=Text)
    cursor: UUID | None = None
    total: int = Field(sa_type=BigInteger)
    done: int = Field(sa_type=BigInteger)
    counts: dict[str, Any] = Field(sa_type=JSONB)
    problem: str | None = Field(default=None, sa_type=Text)
    created_at: dt.datetime = Field(sa_type=_INSTANT)
    updated_at: dt.datetime = Field(sa_type=_INSTANT)
    kind: str = Field(default="replay", sa_type=Text)


class ReplayResult(SQLModel, table=True):
    """The result of one decision computed again in a job."""

    __tablename__: ClassVar[str] = "replay_result"

    job: UUID = Field(primary_key=True)
    decision: UUID = Field(primary_key=True)
    class_: str = Field(sa_column=Column("class", Text, nullable=False))
    body: dict[str, Any] = Field(sa_type=JSONB)


class Finding(SQLModel, table=True):
    """The difference that a job found for one month of one decision, in fen. `person` is empty for the household."""

    decision: UUID = Field(primary_key=True)
    programme: str = Field(sa_type=Text, primary_key=True)
    person: str = Field(sa_type=Text, primary_key=True)
    month: dt.date = Field(primary_key=True)
    job: UUID = Field(primary_key=True)
    fen: int = Field(sa_type=BigInteger)


class Verification(SQLModel, table=True):
    """Questions to registers about a household: the household as it was declared, who asks, and for which purpose.

    `identified_by` is the id under which the identities of its persons are stored: the decision's or its own.
    """

    id: UUID = Field(primary_key=True)
    jurisdiction: str = Field(sa_type=Text)
    decision: UUID | None = None
    identified_by: UUID
    purpose: str = Field(sa_type=Text)
    body: dict[str, Any] = Field(sa_type=JSONB)  # what is assessed, and where its facts come from
    asked: list[dict[str, Any]] = Field(sa_type=JSONB)  # person, register, and the facts in question
    created_at: dt.datetime = Field(sa_type=_INSTANT)
    created_by: str = Field(sa_type=Text)
    key: str | None = Field(default=None, sa_type=Text)  # the idempotency key it came with
    mark: bytes | None = None  # of the request
    refresh_reason: str | None = Field(default=None, sa_type=Text)  # why registers are asked anew


class Consent(SQLModel, table=True):
    """The consent of a person, or of its guardian: which registers may be asked, for what, until when."""

    id: UUID = Field(primary_key=True)
    verification: UUID
    person: str = Field(sa_type=Text)
    sources: list[str] = Field(sa_type=_TEXTS)
    purpose: str = Field(sa_type=Text)
    until: dt.date
    given_by: str = Field(sa_type=Text)
    document_digest: str = Field(sa_type=Text)
    recorded_at: dt.datetime = Field(sa_type=_INSTANT)
    recorded_by: str = Field(sa_type=Text)


class VerificationReuse(SQLModel, table=True):
    """The reuse of another verification's report on the same person, in place of a new question."""

    __tablename__: ClassVar[str] = "verification_reuse"

    verification: UUID = Field(primary_key=True)
    person: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    from_verification: UUID
    at: dt.datetime = Field(sa_type=_INSTANT)


class VerificationQuery(SQLModel, table=True):
    """A question to a platform about one person, and its progress: the outbox."""

    __tablename__: ClassVar[str] = "verification_query"

    id: UUID = Field(primary_key=True)
    verification: UUID
    person: str = Field(sa_type=Text)
    sources: list[str] = Field(sa_type=_TEXTS)
    until: dt.date  # when the consent ends
    created_at: dt.datetime = Field(sa_type=_INSTANT)
    state: str = Field(sa_type=Text)
    attempts: int = Field(sa_type=SmallInteger)  # since something last went well
    next_at: dt.datetime = Field(sa_type=_INSTANT)
    sent_at: dt.datetime | None = Field(default=None, sa_type=_INSTANT)
    receipt: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    problem: str | None = Field(default=None, sa_type=Text)


class VerificationReport(SQLModel, table=True):
    """A register's report on a person, sealed under the key of the person's identity."""

    __tablename__: ClassVar[str] = "verification_report"

    verification: UUID = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    report: str = Field(sa_type=Text)  # the platform's id of it
    query: UUID
    person: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    as_of: dt.date
    received_at: dt.datetime = Field(sa_type=_INSTANT)
    mark: bytes  # of what it says: tells a repeat from a contradiction
    sealed: bytes


class VerificationResolution(SQLModel, table=True):
    """An officer's resolution of a finding, sealed like the report it is about."""

    __tablename__: ClassVar[str] = "verification_resolution"

    verification: UUID = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}, primary_key=True)
    finding: int = Field(sa_type=BigInteger)
    person: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    at: dt.datetime = Field(sa_type=_INSTANT)
    sealed: bytes


class Alert(SQLModel, table=True):
    """A reported event in a decided household, pseudonymous as the household's facts are."""

    id: UUID = Field(primary_key=True)
    jurisdiction: str = Field(sa_type=Text)
    decision: UUID
    person: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)  # app/monitoring/events.yaml
    day: dt.date
    value: str | None = Field(default=None, sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    reported_at: dt.datetime = Field(sa_type=_INSTANT)
    reported_by: str = Field(sa_type=Text)
    details: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB(none_as_null=True)
    )  # who joins; in what kind of facility


class AlertResolution(SQLModel, table=True):
    """An officer's note that an alert needs no new decision, and why."""

    __tablename__: ClassVar[str] = "alert_resolution"

    alert: UUID = Field(primary_key=True)
    subject: str = Field(sa_type=Text)
    at: dt.datetime = Field(sa_type=_INSTANT)
    reason: str = Field(sa_type=Text)
