"""The shape of a platform's file: fields, code tables, forms of values and paths."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from app.rules.packs.forms import Text
from app.verification.exchange.mapping.formats import DateForm, InstantForm, MoneyUnit, MonthForm, NumberForm
from app.verification.registers.yaml_file import Section

UNMAPPED: Final = "unmapped"

Their = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")]
CodeTable = dict[str, Their]


class Formats(Section):
    """How values are written. `wan` is ten thousand yuan; a number as `number` is JSON's own."""

    date: DateForm
    month: MonthForm
    instant: InstantForm
    money: MoneyUnit
    numbers: NumberForm
    yes: Their
    no: Their
    separator: Annotated[str, Field(pattern=r"^[,;|+/]$")]


class QueryFields(Section):
    """A query, and in it the list of persons; in rows each person and register has a row."""

    id: Their
    reference: Their
    purpose: Their
    business: Their
    area: Their
    persons: Their
    sources: Their
    callback: Their
    sent_at: Their


class PersonFields(Section):
    """A person of a query."""

    ref: Their
    name: Their
    id_number: Their


class ReportFields(Section):
    """A report, and in it the list of items. A person is named by its reference, its ID number or both."""

    id: Their
    query: Their
    source: Their
    person: Their
    id_number: Their
    status: Their
    items: Their
    as_of: Their
    reported_at: Their


class ItemFields(Section):
    """One finding. Without `match` its quality is what follows from `matched_on`."""

    fact: Their
    value: Their
    first: Their
    last: Their
    match: Their
    matched_on: Their


class ExchangeFields(Section):
    """What is said around reports: the receipt's number, the list of reports, whether that is all."""

    number: Their
    reports: Their
    complete: Their


class Fields(Section):
    query: QueryFields
    person: PersonFields
    report: ReportFields
    item: ItemFields
    exchange: ExchangeFields


class CodeTables(Section):
    source: CodeTable
    fact: CodeTable
    status: CodeTable
    match: CodeTable
    matched_on: CodeTable
    business: CodeTable
    purpose: CodeTable
    choice: CodeTable


class Paths(Section):
    """Where a platform takes queries and gives answers, below its address."""

    submit: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._\-]+)+$")]
    poll: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._\-]+)+$")]


class Content(Section):
    """A platform's file. `others` are names known to be used there that have no counterpart in the exchange."""

    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Text
    extends: str | None = None
    formats: Formats
    fields: Fields
    codes: CodeTables
    paths: Paths | Literal["unmapped"]
    ignored: tuple[Their, ...] = ()
    others: dict[Their, Text] = Field(default_factory=dict)
