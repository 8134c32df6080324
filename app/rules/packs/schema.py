"""Models of a pack file: documents, parameters, dated values, rules, programmes and remedies.

Every value and every version of a rule is dated and rests on a document; a
formula is parsed (app/rules/language) against the vocabulary and everything the packs above declare.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer

from app.rules.facts.household import Programme
from app.rules.packs.forms import Citation, Dated, Day, Number, Section, Text, read_figure
from app.rules.packs.schema_beside import ChangeAllowed, Choice, Referral, Remedy, Safeguard, WrittenNotice

Unit = Literal["CNY", "CNY/month", "CNY/year", "months", "number", "bool"]
EntityName = Literal["household", "member", "obligor"]
Per = Literal["month", "year", "once"]
Index = Literal[
    "residence",
    "level",
    "placement",
    "severity",
    "spending",
    "self_care",
    "education",
    "age",
    "persons",
    "months",
    "purpose",
    "class",
    "child",
]
AssumptionKind = Literal["choice", "inferred", "reported", "carried", "memory", "supplied", "convention"]
Status = Literal["published", "inferred", "reported"]


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
    address: str | None = None  # of the official page
    comes_before: list[str] = []  # older documents on the same matter, in whose place or above which this one stands

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
    by: Index | None = None
    above: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: list[Number] = []
    set_by: Literal["nation", "province", "prefecture", "county"] = "county"
    basis: list[Citation] = []
    supply: bool = False
    instead_of: str | None = None  # another way to print the same: only one of them counts

    def allows(self, number: Fraction) -> bool:
        """Tells if a figure, money in yuan, is within the parameter's domain."""
        return (
            (self.above is None or number > self.above)
            and (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
            and (not self.one_of or number in self.one_of)
        )


class Value(Dated):
    """A dated value: one figure, a range, a table, bands by a number, a word, or a formula over other values.

    `reported`: somebody named the official page and its figure, the page itself was not seen. Such a value counts only
    for a caller who accepts it. `quote` is the sentence that prints the figure.
    """

    value: Annotated[Fraction | bool | None, BeforeValidator(read_figure)] = None
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
    status: Status = "published"
    quote: str | None = None


class Lead(Section):
    """A figure that somebody collected without the official text: it is shown beside a gap and never counts."""

    start: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    value: Number | None = None
    per: Per | None = None
    document: str
    quote: str
    grade: Literal["B", "C"] = "C"


class Ground(Section):
    """One of several grounds of a rule: where its condition (a rule) holds, its own articles speak of the person; those
    of the condition if it names none."""

    when: str
    basis: list[Citation] = []


class RuleVersion(Dated):
    formula: str | None = None
    basis: list[Citation] = []
    grounds: list[Ground] = []
    published: Day | None = None

    def cited(self) -> list[Citation]:
        """Returns the articles of the rule and of each of its grounds, each once."""
        return list(dict.fromkeys([*self.basis, *(one for ground in self.grounds for one in ground.basis)]))


class Opening(Section):
    """Permission for lower levels to replace a rule, with the articles that give it."""

    to: list[Literal["province", "prefecture", "county"]]
    basis: list[Citation]
    parameter: str | None = None


class RuleDeclaration(Section):
    title: Text
    unmet: Text | None = None  # what is said where the condition fails
    settles: bool = False  # where it fails, the other tests have no meaning
    where: list[str] = []  # a test that is asked only where the place prints one of these
    gives_way_to: list[str] = []  # without any of `where`, it is asked as well, unless the place prints one of these
    per_head: str | None = None  # the count of people that both sides of the comparison are multiplied by
    entity: EntityName = Field(default="household", alias="for")
    unit: Unit = "bool"
    formula: str | None = None
    closure: bool = False
    cases: bool = False  # an open answer is followed through as two cases wherever it is used
    open: Opening | None = None
    for_places: bool = False  # no result of the nation's uses it; a place may name it in a programme of its own
    versions: Annotated[list[RuleVersion], Field(min_length=1)]


class Assumption(Section):
    """Something a result rests on that is not in the text of the law; stated when the condition (a rule) holds."""

    kind: AssumptionKind
    id: str
    when: str | None = None
    paid: bool = False  # said only beside an amount
    figure: str | None = None  # said only while this figure stands as the nation's own
    start: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    message: Text


class Caution(Section):
    """A warning to the caller; given when the condition (a rule) holds; with `open` where it is open instead."""

    id: str
    when: str
    open: bool = False
    start: Day | None = Field(default=None, alias="from")
    basis: list[Citation] = []
    message: Text


class Step(Section):
    """A statement on the procedure with its basis; with `open` also made where its condition is open."""

    value: str | int
    unit: Literal["working_days", "days", "months"] | None = None
    when: str | None = None
    open: bool = False
    basis: list[Citation] = []

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave `open` out where it is not set: the hash of rulesets from before there was one stays what it is."""
        written: dict[str, Any] = dump(self)
        if not self.open:
            del written["open"]
        return written


class Procedure(Section):
    authority: list[Step] = []
    pay_first: list[Step] = []
    deadline: list[Step] = []
    public_notice_days: list[Step] = []
    review_months: list[Step] = []


class ProgrammeVersion(Dated):
    """One version of a programme: its group, tests, amount and procedure."""

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
    above: list[Programme] = []  # who is granted one of them loses nothing by this status' end
    open: Opening | None = None
    versions: list[ProgrammeVersion]
    assumptions: list[Assumption] = []
    warnings: list[Caution] = []
    summary: dict[str, Text] = {}


class PackContent(Section):
    division: str | None = None
    name: Text | None = None
    parent: str | None = None
    level: Literal["nation", "province", "prefecture", "county"] | None = None
    fictional: bool = False
    # The nation's: from 2 on, records keep what decided alone; from 3 on, no figure of a form that a place does not print.
    edition: Annotated[int, Field(ge=1, le=3)] = 1
    notes: list[Text] = []
    documents: dict[str, Document] = {}
    parameters: dict[str, ParameterDeclaration] = {}
    questions: dict[str, Text] = {}
    values: dict[str, list[Value]] = {}
    leads: dict[str, list[Lead]] = {}
    rules: dict[str, RuleDeclaration] = {}
    replaces: dict[str, Replacement] = {}
    programmes: dict[Programme, ProgrammeDeclaration] = {}
    replaces_programmes: dict[Programme, ProgrammeReplacement] = {}
    referrals: dict[str, Referral] = {}
    choices: dict[str, Choice] = {}
    changes: dict[str, ChangeAllowed] = {}
    safeguards: dict[str, Safeguard] = {}
    written_notices: dict[str, WrittenNotice] = {}
    remedies: dict[str, Remedy] = {}
