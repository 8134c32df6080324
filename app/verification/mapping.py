"""What one platform calls things: its fields, code tables and forms of values, read from one YAML file and checked.

Every field and every code is mapped or said to be `unmapped`: a name nobody has published is not made up. A file that
`extends` another takes what it does not say itself from that one, so that a province can complete what the ministry's
codes leave open. A mapping with gaps can be loaded and looked at; a backend takes only a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field

from app.rules.packs import Text
from app.rules.yaml_text import YamlFile
from app.verification.forms import (
    Amount,
    CodeList,
    Codes,
    Count,
    DateForm,
    Day,
    Form,
    Instant,
    InstantForm,
    MoneyUnit,
    Month,
    MonthForm,
    NumberForm,
)
from app.verification.protocol import Business, MatchedOn, Purpose, Quality, Status
from app.verification.reading import Section, checked, load
from app.verification.sources import shipped

PLATFORMS: Final = Path(__file__).with_name("platforms")
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


# What an exchange can do without: what the platform is told to no purpose of ours, and second ways to say something.
_DISPENSABLE: Final = frozenset(
    {
        "query.reference",
        "query.purpose",
        "query.business",
        "query.area",
        "query.callback",
        "query.sent_at",
        "person.ref",
        "report.person",
        "report.id_number",
        "item.match",
    }
)
_WHOLE_TABLES: Final = ("status", "matched_on")
_TOGETHER: Final = (("query", "person"), ("report", "item"))  # those that stand in one row


class Mapping:
    """One platform's names and forms, ready to use."""

    def __init__(self, file: YamlFile, content: Content) -> None:
        self.file = file
        self.content = content
        self.fields = content.fields
        formats = content.formats
        self.day, self.month, self.instant = Day(formats.date), Month(formats.month), Instant(formats.instant)
        self.amount, self.count = Amount(formats.money, formats.numbers), Count(formats.numbers)
        self.flag = Codes({True: formats.yes, False: formats.no})
        self.matched_on = CodeList(self.codes("matched_on"), formats.separator)
        self.sources = CodeList(self.codes("source"), formats.separator)

    @property
    def platform(self) -> str:
        """The id of the platform."""
        return self.content.platform

    def codes(self, table: str) -> Codes:
        """A code table, without what is unmapped."""
        return Codes({value: code for value, code in self._table(table).items() if code != UNMAPPED})

    def value(self, fact: str) -> Form:
        """How a value of a fact is written."""
        forms: dict[str, Form] = {
            "money": self.amount,
            "count": self.count,
            "flag": self.flag,
            "date": self.day,
            "choice": self.codes("choice"),
        }
        return forms[shipped().facts[fact].type]

    def can_ask(self, source: str) -> bool:
        """Whether the platform has a code for a register."""
        return self._table("source").get(source, UNMAPPED) != UNMAPPED

    def in_rows(self) -> Mapping:
        """The same for files, whose cells are texts also where JSON has numbers."""
        formats = self.content.formats.model_copy(update={"numbers": "text"})
        return Mapping(self.file, self.content.model_copy(update={"formats": formats}))

    @property
    def gaps(self) -> list[str]:
        """What an exchange needs and the file does not map, as `report.id` or `codes.status.error`."""
        sections = self.fields.model_dump()
        fields = [f"{s}.{name}" for s, names in sections.items() for name, their in names.items() if their == UNMAPPED]
        needed = [field for field in fields if field not in _DISPENSABLE]
        if {"report.person", "report.id_number"} <= set(fields):
            needed.append("report.person")
        tables = (*_WHOLE_TABLES, "match") if "item.match" not in fields else _WHOLE_TABLES
        for table in tables:
            needed += [f"codes.{table}.{value}" for value, their in self._table(table).items() if their == UNMAPPED]
        return needed

    def whole(self) -> Mapping:
        """The mapping itself, if an exchange can be made with it. PackError naming every gap otherwise."""
        if self.gaps:
            raise self.file.fault(f"not mapped, but needed for an exchange: {', '.join(self.gaps)}", ("fields",))
        return self

    def _table(self, name: str) -> dict[str, str]:
        table: dict[str, str] = getattr(self.content.codes, name)
        return table


def shipped_platforms() -> list[str]:
    """The ids of the mappings that come with the service."""
    return sorted(path.stem for path in PLATFORMS.glob("*.yaml"))


def load_mapping(platform: str | Path) -> Mapping:
    """The mapping of a platform that is shipped, or of a file. PackError at the first fault, with its line."""
    path = platform if isinstance(platform, Path) else PLATFORMS / f"{platform}.yaml"
    file = load(path)
    content = checked(file, Content, _with_base(file))
    if content.platform != path.stem:
        raise file.fault(f"the file of {content.platform} is called {content.platform}.yaml", ("platform",))
    for message, place in _faults(content):
        raise file.fault(message, place)
    return Mapping(file, content)


def _with_base(file: YamlFile) -> dict[str, Any]:
    data = file.data
    base = data.get("extends")
    if base is None:
        return data
    if base not in shipped_platforms():
        raise file.fault(f"there is no mapping {base} to extend", ("extends",))
    below = load(PLATFORMS / f"{base}.yaml").data
    if "extends" in below:
        raise file.fault(f"{base} extends another itself", ("extends",))
    return _merged(below, data)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merged(below[key], value) if both else value
    return merged


def _faults(content: Content) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield from _faults_of_tables(content.codes)
    for sections in _TOGETHER:
        names = [(s, n, t) for s in sections for n, t in getattr(content.fields, s).model_dump().items()]
        yield from _said_twice(((("fields", s, n), t) for s, n, t in names))
    if content.formats.yes == content.formats.no:
        yield "yes and no are written the same", ("formats", "no")


def _faults_of_tables(codes: CodeTables) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    known = shipped()
    choices = {choice for fact in known.facts.values() for choice in fact.choices}
    wanted: dict[str, Iterable[str]] = {
        "source": known.sources,
        "fact": known.facts,
        "status": get_args(Status),
        "match": get_args(Quality),
        "matched_on": get_args(MatchedOn),
        "business": get_args(Business),
        "purpose": get_args(Purpose),
        "choice": choices,
    }
    for name, values in wanted.items():
        table = getattr(codes, name)
        for value in table:
            if value not in values:
                yield f"{value} is not one of {', '.join(sorted(values))}", ("codes", name, value)
        for value in values:
            if value not in table:
                yield f"{value} has no code; say {UNMAPPED} if none is known", ("codes", name)
        yield from _said_twice(((("codes", name, value), code) for value, code in table.items()))


def _said_twice(
    named: Iterable[tuple[tuple[str | int, ...], str]],
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    seen: set[str] = set()
    for place, their in named:
        if their != UNMAPPED and their in seen:
            yield f"{their} stands for two things", place
        seen.add(their)
