"""The exchange with a platform that asks the registers: what goes out, what comes back, and what a backend can do.

Everything is validated when it is built; what is not as declared here is a ValidationError, and where it came from a
platform a Malformed (errors.py). Amounts are fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Protocol, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.canonical_json import canonical, digest_of, digest_text
from app.rules.engine.days import months_between
from app.rules.facts.forms import Code, Id, read_day, read_money, read_month
from app.rules.facts.request import china_day
from app.rules.schema_base import PRINTABLE
from app.rules.values.money import format_fen
from app.security.id_numbers import NotAnIdNumber, plain
from app.verification.exchange.errors import Malformed
from app.verification.registers.sources import Fact, shipped

Status = Literal["answered", "no_record", "unmatched", "error", "partial"]
Quality = Literal["exact", "weak", "none"]
MatchedOn = Literal["name", "id_number", "birth_date", "address"]
Purpose = Literal["application", "review", "monitoring"]
Business = Literal[
    "dibao_urban",
    "dibao_rural",
    "extreme_poverty_urban",
    "extreme_poverty_rural",
    "temporary_assistance",
    "edge_family",
    "rigid_expenditure_family",
    "low_income_family",
]

MOST_ITEMS: Final = 200
MOST_COUNT: Final = 10_000


def _id_number(text: str) -> str:
    try:
        return plain(text)
    except NotAnIdNumber:
        raise PydanticCustomError("not_an_id_number", "not an identity number") from None


def _name(text: str) -> str:
    if text != text.strip():
        raise PydanticCustomError("wrong_form", "a name has no space around it")
    return text


def _known_source(id_: str) -> str:
    if id_ not in shipped().sources:
        raise PydanticCustomError("not_allowed", "there is no such register")
    return id_


SourceId = Annotated[str, AfterValidator(_known_source)]
FactId = Annotated[str, Field(max_length=64), PRINTABLE]
IdNumber = Annotated[str, AfterValidator(_id_number), Field(repr=False)]
Name = Annotated[str, PRINTABLE, AfterValidator(_name), Field(min_length=1, max_length=100, repr=False)]


class Exchanged(BaseModel):
    """A part of the exchange: strict, unchangeable, and silent about what was wrong with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Person(Exchanged):
    """Who is asked about. `ref` is the person's id in the household; name and number are in memory and in transit only,
    and never shown by printing one."""

    ref: Id
    name: Name
    id_number: IdNumber


class Query(Exchanged):
    """One question to a platform: some persons, some registers, one purpose.

    `id` makes it one question however often it is sent. `reference` is what both sides call it in writing; it names
    neither case nor person. `callback` is the address for signed reports; without one the answers are fetched.
    """

    id: Id
    reference: Id
    purpose: Purpose
    business: Business
    area: Code
    persons: Annotated[tuple[Person, ...], Field(min_length=1, max_length=100)]
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    callback: Annotated[str, Field(max_length=500, pattern=r"^https?://[^\s/?#@]+(/[A-Za-z0-9._~/\-]*)?$")] | None = (
        None
    )
    sent_at: AwareDatetime

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for values in (
            self.sources,
            [person.ref for person in self.persons],
            [person.id_number for person in self.persons],
        ):
            if len(set(values)) < len(values):
                raise PydanticCustomError("duplicate_id", "a person and a register are named once")
        return self


class Receipt(Exchanged):
    """That a platform has a query: its own number for it, with which answers are fetched."""

    platform: Id
    query: Id
    number: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class Period(Exchanged):
    """Months in a row, the first and the last included."""

    first: str
    last: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if read_month(self.first) > read_month(self.last):
            raise PydanticCustomError("out_of_range", "the first month is not after the last")
        return self

    @property
    def months(self) -> int:
        """How many months it covers."""
        return months_between(_first_day(self.first), _first_day(self.last)) + 1


class Match(Exchanged):
    """How sure the register is that its entry is the person's. Exact means name and ID number; anything less is weak,
    whatever a platform calls it, and weak never decides anything."""

    quality: Quality
    on: tuple[MatchedOn, ...]

    @model_validator(mode="after")
    def _quality_is_what_matched(self) -> Self:
        both = {"name", "id_number"} <= set(self.on)
        if len(set(self.on)) < len(self.on) or self.quality != ("exact" if both else "weak" if self.on else "none"):
            raise PydanticCustomError("not_allowed", "the quality of a match is not what matched")
        return self


Value = int | bool | dt.date | str


class Item(Exchanged):
    """One finding of a register: money in fen, a count, yes or no, a day, or a choice, by what the fact declares.

    A fact over months has its period; one that holds on a day has none, and holds on the report's day.
    """

    fact: FactId
    value: Value
    period: Period | None = None
    match: Match

    @model_validator(mode="after")
    def _as_the_fact_declares(self) -> Self:
        fact = shipped().facts.get(self.fact)
        if fact is None:
            raise PydanticCustomError("not_allowed", "there is no such fact")
        if not _is_of(self.value, fact):
            raise PydanticCustomError("wrong_type", "the value is not of the fact's type")
        if self.period is None and fact.over == "months":
            raise PydanticCustomError("required", "a fact over months has a period")
        if self.period is not None and fact.over == "day":
            raise PydanticCustomError("not_allowed", "only a fact over months has a period")
        return self

    def plain(self) -> dict[str, Any]:
        """The item as JSON holds it, money as text with two decimals."""
        period = self.period and {"first": self.period.first, "last": self.period.last}
        match = {"quality": self.match.quality, "on": sorted(self.match.on)}
        return {"fact": self.fact, "value": _written(self), "period": period, "match": match}

    @classmethod
    def of_plain(cls, raw: dict[str, Any]) -> Item:
        """The item that `plain` wrote. ValidationError if it is none."""
        fact = shipped().facts.get(str(raw.get("fact")))
        value = raw.get("value")
        if fact is not None and isinstance(value, str):
            value = read_money(value) if fact.type == "money" else read_day(value) if fact.type == "date" else value
        match = dict(raw["match"], on=tuple(raw["match"]["on"]))
        return cls.model_validate({**raw, "value": value, "match": match})


class Report(Exchanged):
    """What one register says of one person, whole: it stands or falls as one.

    `answered` has items; `no_record` says that the register knows of none, `unmatched` that it knows no such person,
    `error` that it could not be asked; `partial` that more is coming under another report id.
    """

    id: Id
    query: Id
    source: SourceId
    person: Id
    status: Status
    items: Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)] = ()
    as_of: dt.date
    reported_at: AwareDatetime
    received_at: AwareDatetime

    @model_validator(mode="after")
    def _items_belong_to_the_status(self) -> Self:
        if self.items and self.status not in ("answered", "partial"):
            raise PydanticCustomError("not_allowed", "only an answer has items")
        if not self.items and self.status == "answered":
            raise PydanticCustomError("required", "an answer has items")
        if self.as_of > china_day(self.received_at):
            raise PydanticCustomError("in_the_future", "a register holds nothing on a day that is yet to come")
        if any(item.fact not in shipped().sources[self.source].facts for item in self.items):
            raise PydanticCustomError("not_allowed", "the register cannot speak on this fact")
        return self

    @property
    def digest(self) -> str:
        """The digest of what it says, the same however and whenever it arrived: same id and another digest is a
        conflict, same id and same digest a repeat."""
        return digest_text(digest_of(canonical(self.plain())))

    def plain(self) -> dict[str, Any]:
        """What it says as JSON holds it, without when it was received."""
        return {
            "id": self.id,
            "query": self.query,
            "source": self.source,
            "person": self.person,
            "status": self.status,
            "items": [item.plain() for item in self.items],
            "as_of": self.as_of.isoformat(),
            "reported_at": self.reported_at.astimezone(dt.UTC).isoformat(),
        }


@dataclass(frozen=True)
class Callback:
    """A request that claims to be a platform's: its headers (names in lower case) and its body, nothing of it believed."""

    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answers:
    """What a poll brought: whole reports, what could not be read, and whether the platform says that this is all. What
    is missing then, or was malformed and not said again, has to be asked anew."""

    reports: tuple[Report, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    complete: bool = False


@dataclass(frozen=True)
class HandingOver:
    """How a platform takes queries: so many at once, gathered for so long after the first."""

    most: int = 1
    gathered_for: dt.timedelta = dt.timedelta()


ONE_BY_ONE: Final = HandingOver()


class Backend(Protocol):
    """A way to a platform. It holds nothing that matters: queries and receipts are kept by whoever uses it.

    Raised: PlatformUnavailable (send the same again), PlatformRefused (do not), NoPlatform. A query is given again with
    each call because answers may name persons by their ID number alone.
    """

    @property
    def platform(self) -> str:
        """The id of the platform's mapping."""

    @property
    def handing_over(self) -> HandingOver:
        """Whether queries are worth gathering."""

    async def submit(self, query: Query) -> Receipt:
        """Hand over a query; the same query again gets a receipt for the same question."""

    async def submit_all(self, queries: Sequence[Query]) -> list[Receipt]:
        """Hand over many, as one batch where the platform takes batches; all or the failure of the first that failed."""

    async def poll(self, query: Query, receipt: Receipt) -> Answers:
        """What has been answered so far, what was fetched before included. Malformed if the answer as a whole is."""

    def accept(self, callback: Callback, query: Query, now: dt.datetime) -> Report:
        """The report of a callback. Forged, Stale, OtherQuery, Malformed; NoPlatform where there are no callbacks."""


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _is_of(value: Value, fact: Fact) -> bool:
    match fact.type:
        case "money":
            return type(value) is int and 0 <= value < 10**14
        case "count":
            return type(value) is int and 0 <= value <= MOST_COUNT
        case "flag":
            return type(value) is bool
        case "date":
            return type(value) is dt.date
        case "choice":
            return value in fact.choices


def _written(item: Item) -> str | int | bool:
    value = item.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if shipped().facts[item.fact].type == "money":
        return format_fen(int(value))
    return value
