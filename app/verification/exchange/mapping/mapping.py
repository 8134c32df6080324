"""One platform's names of fields, code tables and forms of values, read from one YAML file and checked.

Every field and every code is mapped or said to be `unmapped`: a name nobody has published is not made up. A file that
`extends` another takes what it does not say itself from that one, so that a province can complete what the ministry's
codes leave open. A mapping with gaps can be loaded and looked at; a backend takes only a whole one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from app.rules.packs.strict_yaml import YamlFile
from app.verification.exchange.mapping.checks import faults_of
from app.verification.exchange.mapping.formats import Amount, CodeList, Codes, Count, Day, Form, Instant, Month
from app.verification.exchange.mapping.schema import UNMAPPED, Content
from app.verification.registers.sources import shipped
from app.verification.registers.yaml_file import checked, load

PLATFORMS: Final = Path(__file__).with_name("platforms")

# What an exchange can do without: what the platform is told to no purpose of ours, and second ways to say something.
DISPENSABLE: Final = frozenset(
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
        """The form in which values of a fact are written."""
        forms: dict[str, Form] = {
            "money": self.amount,
            "count": self.count,
            "flag": self.flag,
            "date": self.day,
            "choice": self.codes("choice"),
        }
        return forms[shipped().facts[fact].type]

    def can_ask(self, source: str) -> bool:
        """True if the platform has a code for a register."""
        return self._table("source").get(source, UNMAPPED) != UNMAPPED

    def in_rows(self) -> Mapping:
        """The same for files, whose cells are texts also where JSON has numbers."""
        formats = self.content.formats.model_copy(update={"numbers": "text"})
        return Mapping(self.file, self.content.model_copy(update={"formats": formats}))

    @property
    def gaps(self) -> list[str]:
        """Names that an exchange needs and the file does not map, as `report.id` or `codes.status.error`."""
        sections = self.fields.model_dump()
        fields = [f"{s}.{name}" for s, names in sections.items() for name, their in names.items() if their == UNMAPPED]
        needed = [field for field in fields if field not in DISPENSABLE]
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
    for message, place in faults_of(content):
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
