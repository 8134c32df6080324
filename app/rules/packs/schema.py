"""Rule packs: what a division says, as data. Reading them, and their shapes.

A pack is a folder of YAML files, merged by section; the dated values of one parameter may stand in several files, so
that each notice can have one of its own. Every value and every version of a rule is dated and rests on a document; a
formula is parsed (language.py) against the vocabulary and everything the packs above declare.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.rules.facts.household import Programme
from app.rules.language.parser import FormulaError
from app.rules.packs.strict_yaml import PackError, YamlFile
from app.rules.values.money import parse_ratio

CONTENT: Final = Path(__file__).parents[1] / "content"


def _day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a date is written YYYY-MM-DD")
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _plain_number(value: object) -> object:
    return parse_ratio(value) if isinstance(value, str) else value


def _figure(value: object) -> object:
    if value in ("true", "false"):
        return value == "true"
    return _plain_number(value)


def _both_languages(value: dict[str, str]) -> dict[str, str]:
    if set(value) != {"zh", "en"}:
        raise ValueError("a text is given in zh and en")
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
Number = Annotated[Fraction, BeforeValidator(_plain_number)]
Text = Annotated[dict[str, str], AfterValidator(_both_languages)]
Citation = Annotated[tuple[str, str], Field(description="document and article")]
Unit = Literal["CNY", "CNY/month", "CNY/year", "months", "number", "bool"]
EntityName = Literal["household", "member", "obligor"]
Per = Literal["month", "year", "once"]
AssumptionKind = Literal["choice", "inferred", "carried", "memory", "supplied", "convention"]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Dated(Section):
    start: Day = Field(alias="from")
    until: Day | None = None

    def covers(self, date: dt.date) -> bool:
        return self.start <= date and (self.until is None or date <= self.until)


class Document(Section):
    """A law, a notice or a plan. `articles` is how many it has, or the names of its sections."""

    title: Text
    number: str | None = None
    issued: Day | None = None
    published: Day | None = None
    start: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    articles: int | list[str] | None = None
    memory: bool = False
    note: Text | None = None

    def has(self, article: str) -> bool:
        if isinstance(self.articles, int):
            return article.isdigit() and 1 <= int(article) <= self.articles
        return self.articles is None or article in self.articles

    def in_force(self, date: dt.date) -> bool:
        return (self.start is None or self.start <= date) and (self.until is None or date <= self.until)


class ParameterDeclaration(Section):
    """A figure or a choice the law leaves to a place: its unit, how it is given, and its domain."""

    title: Text
    unit: Unit
    by: Literal["residence", "level", "education", "age"] | None = None
    above: Number | None = None
    at_least: Number | None = None
    set_by: Literal["nation", "province", "prefecture", "county"] = "county"
    basis: list[Citation] = []
    supply: bool = False


class Value(Dated):
    """A dated value: one figure, a range, a table, bands by age, a word, or a formula over other values."""

    value: Annotated[Fraction | bool | None, BeforeValidator(_figure)] = None
    low: Number | None = None
    high: Number | None = None
    table: dict[str, Number] | None = None
    bands: dict[int, Number | tuple[Number, Number]] | None = None
    formula: str | None = None
    per: Per | None = None
    document: str
    article: str | None = None
    published: Day | None = None
    precision: Literal["day", "year"] = "day"
    status: Literal["published", "inferred"] = "published"


class RuleVersion(Dated):
    formula: str | None = None
    basis: list[Citation] = []
    published: Day | None = None


class Opening(Section):
    """That a lower level may replace a rule, and under which article."""

    to: list[Literal["province", "prefecture", "county"]]
    basis: list[Citation]
    parameter: str | None = None


class RuleDeclaration(Section):
    title: Text
    entity: EntityName = Field(default="household", alias="for")
    unit: Unit = "bool"
    formula: str | None = None
    closure: bool = False
    cases: bool = False  # an open answer is followed through as two cases wherever it is used
    open: Opening | None = None
    versions: Annotated[list[RuleVersion], Field(min_length=1)]


class Assumption(Section):
    """Something a result rests on that is not the law's own word; said when the condition (a rule) holds."""

    kind: AssumptionKind
    id: str
    when: str | None = None
    figure: str | None = None  # said only while this figure stands as the nation's own
    start: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    message: Text


class Caution(Section):
    """Something the caller must see to; said when the condition (a rule) holds."""

    id: str
    when: str
    start: Day | None = Field(default=None, alias="from")
    basis: list[Citation] = []
    message: Text


class Step(Section):
    """A statement on the procedure with its basis."""

    value: str | int
    unit: Literal["working_days", "days", "months"] | None = None
    when: str | None = None
    basis: list[Citation] = []


class Procedure(Section):
    authority: list[Step] = []
    pay_first: list[Step] = []
    deadline: list[Step] = []
    public_notice_days: list[Step] = []
    review_months: list[Step] = []


class ProgrammeVersion(Dated):
    """Who is in the programme's group, the tests, and how much."""

    group: str | None = None
    tests: list[str] = []
    amount: str | None = None
    lines: list[str] = []
    first_month: Literal["same", "next", "place"] = "next"
    procedure: Procedure = Procedure()
    basis: list[Citation] = []
    published: Day | None = None


class Replacement(Section):
    """A lower level's own versions of a rule that the nation leaves open."""

    formula: str | None = None
    versions: Annotated[list[RuleVersion], Field(min_length=1)]


class ProgrammeReplacement(Section):
    versions: Annotated[list[ProgrammeVersion], Field(min_length=1)]


class ProgrammeDeclaration(Section):
    title: Text
    entity: Literal["household", "member"] = Field(alias="for")
    unit: Literal["CNY/month", "CNY/year", "CNY/once"] | None = None
    decisive: str | None = None
    open: Opening | None = None
    versions: list[ProgrammeVersion]
    assumptions: list[Assumption] = []
    warnings: list[Caution] = []
    summary: dict[str, Text] = {}


class Safeguard(Dated):
    """What must be on record before an officer may decide against a family."""

    title: Text
    event: Literal["hearing"]
    outcomes: list[Literal["refused", "reduced", "suspended", "terminated"]]
    basis: list[Citation]


class NoticeDeadline(Section):
    """Within how many days something must be done."""

    value: int
    unit: Literal["working_days", "days"]


class WrittenNotice(Dated):
    """That the family is told in writing of some outcomes, with the reasons; `programmes` absent: of all."""

    programmes: list[Programme] | None = None
    outcomes: list[Literal["refused", "reduced", "suspended", "terminated"]]
    deadline: NoticeDeadline | None = None
    basis: list[Citation]


class RemedyVersion(Dated):
    """Before whom and by when, where a document that is held says so; `programmes` absent: against all decisions."""

    programmes: list[Programme] | None = None
    where: Text | None = None
    deadline: NoticeDeadline | None = None
    basis: list[Citation]


class Remedy(Section):
    """A way to seek review. `law` is the document that says the rest."""

    title: Text
    law: str
    versions: Annotated[list[RemedyVersion], Field(min_length=1)]


class PackContent(Section):
    division: str | None = None
    name: Text | None = None
    parent: str | None = None
    level: Literal["nation", "province", "prefecture", "county"] | None = None
    fictional: bool = False
    notes: list[Text] = []
    documents: dict[str, Document] = {}
    parameters: dict[str, ParameterDeclaration] = {}
    questions: dict[str, Text] = {}
    values: dict[str, list[Value]] = {}
    rules: dict[str, RuleDeclaration] = {}
    replaces: dict[str, Replacement] = {}
    programmes: dict[Programme, ProgrammeDeclaration] = {}
    replaces_programmes: dict[Programme, ProgrammeReplacement] = {}
    safeguards: dict[str, Safeguard] = {}
    written_notices: dict[str, WrittenNotice] = {}
    remedies: dict[str, Remedy] = {}


@dataclass(frozen=True)
class _Part:
    """A file that gives something of a list, and how many entries those before it give."""

    file: YamlFile
    first: int


class Pack:
    """One division's pack: its content and where each part of it stands."""

    def __init__(self, code: str, files: list[YamlFile]) -> None:
        self.code = code
        self.files = files
        self._sources: dict[tuple[str, str], list[_Part]] = {}
        self.content = self._merge()
        if self.content.division != code:
            raise PackError(f"the pack in folder {code} must say division: {code}", files[0].name if files else code)

    @classmethod
    def load(cls, folder: Path) -> Pack:
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise PackError("the folder holds no YAML file", folder.name)
        return cls(folder.name, [YamlFile.load(path, f"{folder.name}/{path.name}") for path in paths])

    @classmethod
    def of_texts(cls, code: str, texts: dict[str, str]) -> Pack:
        """A pack from the texts of its files by name, as `texts` gives them. PackError with the faults of every file."""
        files: list[YamlFile] = []
        wrong: list[PackError] = []
        for name, text in texts.items():
            try:
                files.append(YamlFile(name, text))
            except PackError as error:
                wrong += error.all
        if wrong:
            raise PackError.together(wrong)
        return cls(code, files)

    @property
    def texts(self) -> dict[str, str]:
        """The text of each file by its name: all that the pack is made of."""
        return {file.name: file.text for file in self.files}

    def fault(self, message: str, section: str, key: str, *rest: str | int) -> PackError:
        """A fault at a place of this pack."""
        found = self._place(section, key, rest)
        if found is None:
            return PackError(message, self.code)
        file, path = found
        return file.fault(message, path)

    def formula_fault(self, error: FormulaError, section: str, key: str, *rest: str | int) -> PackError:
        """A fault in a formula of this pack, at its own line and column."""
        found = self._place(section, key, rest)
        if found is None:
            return PackError(error.message, self.code)
        file, path = found
        return file.fault_within(error.message, path, error.line, error.column)

    def source(self, section: str, key: str) -> str:
        parts = self._sources.get((section, key))
        return parts[0].file.name if parts else self.code

    def _place(
        self, section: str, key: str, rest: tuple[str | int, ...]
    ) -> tuple[YamlFile, tuple[str | int, ...]] | None:
        """The file a part of the pack stands in, and its path there: entries of a list are counted through all files."""
        parts = self._sources.get((section, key))
        if not parts:
            return None
        number = rest[0] if rest and isinstance(rest[0], int) else 0
        part = next(part for part in reversed(parts) if part.first <= number)
        if rest and isinstance(rest[0], int):
            rest = (number - part.first, *rest[1:])
        return part.file, (section, key, *rest)

    def _merge(self) -> PackContent:
        merged: dict[str, Any] = {}
        wrong: list[PackError] = []
        for file in self.files:
            try:
                content = self._validated(file)
                for section in content.model_fields_set:
                    self._add(merged, section, getattr(content, section), file)
            except PackError as error:
                wrong += error.all
        if wrong:
            raise PackError.together(wrong)
        return PackContent.model_construct(**{**_DEFAULTS, **merged})

    def _add(self, merged: dict[str, Any], section: str, value: Any, file: YamlFile) -> None:
        if not isinstance(value, dict) or section == "name":
            if section in merged:
                raise file.fault(f"{section} is said twice", (section,))
            merged[section] = value
            return
        target = merged.setdefault(section, {})
        for key, item in value.items():
            if section == "values":
                self._sources.setdefault((section, key), []).append(_Part(file, len(target.get(key, ()))))
                target[key] = [*target.get(key, ()), *item]
                continue
            if key in target:
                raise file.fault(f"{key} is said twice", (section, key))
            target[key] = item
            self._sources[(section, key)] = [_Part(file, 0)]

    def _validated(self, file: YamlFile) -> PackContent:
        given = {section: value for section, value in file.data.items() if value is not None}
        try:
            return PackContent.model_validate(given)
        except ValidationError as error:
            raise PackError.together([_of_form(file, one) for one in error.errors(include_url=False)]) from None


def _of_form(file: YamlFile, error: Any) -> PackError:
    path = tuple(part for part in error["loc"] if part != "[key]")
    names = " in ".join(str(part) for part in reversed(path[-2:]))
    return file.fault(f"{names}: {error['msg']}", path)


_DEFAULTS: Final = {name: field.get_default() for name, field in PackContent.model_fields.items()}


def load_packs(folder: Path = CONTENT) -> dict[str, Pack]:
    """Every pack below a folder, by code. PackError at the first fault of form."""
    packs = {path.name: Pack.load(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    if "CN" not in packs:
        raise PackError("there is no pack of the nation (CN)", str(folder))
    return packs
