"""The shapes of answers, for OpenAPI: models that describe and are checked by tests, not used to serialise."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.rules.facts import Programme


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Range(Shape):
    """A number that can still be open: `value` is set when `min` equals `max`; `max` null means no bound."""

    value: str | None = Field(examples=["1730.00"])
    min: str | None
    max: str | None
    unit: str = Field(examples=["CNY/month"])


class Amount(Range):
    from_month: str | None = Field(examples=["2026-09"])


class Basis(Shape):
    """A document and article in force on the day."""

    document: str = Field(examples=["社会救助法"])
    article: str | None = Field(examples=["18"])
    start: str | None = Field(alias="from", examples=["2026-07-01"])


class FigureSource(Shape):
    """A published figure a test rests on, with its document."""

    parameter: str
    document: str
    title: str
    article: str | None


class TestResult(Shape):
    rule: str = Field(examples=["dibao.income_test"])
    holds: bool | None
    title: str
    left: Range | None
    relation: str | None = Field(examples=["<"])
    right: Range | None
    basis: list[Basis]
    figures: list[FigureSource]


class Line(Shape):
    rule: str
    title: str
    amount: Range
    basis: list[Basis]


class AssumptionMade(Shape):
    kind: Literal["choice", "inferred", "carried", "memory", "supplied", "convention"]
    id: str
    message: str


class Caution(Shape):
    id: str
    message: str
    basis: list[Basis]


class Deadline(Shape):
    value: int
    unit: Literal["working_days", "days"] | None


class ProcedureSteps(Shape):
    authority: Literal["township", "county"] | None
    pay_first: Literal["must", "may"] | None
    deadline: Deadline | None
    public_notice_days: int | None
    review_months: int | None
    basis: dict[str, list[Basis]]


class Result(Shape):
    programme: Programme
    person: str | None
    status: Literal["eligible", "ineligible", "undetermined", "refer", "not_applicable"]
    title: str
    amount: Amount | None
    lines: list[Line] = []
    tests: list[TestResult] = []
    summary: list[str] = []
    margin: Range | None = None
    missing: list[str]
    gaps: list[str]
    assumptions: list[AssumptionMade] = []
    warnings: list[Caution] = []
    procedure: ProcedureSteps | None = None


class LeftOut(Shape):
    person: str
    reason: str
    title: str
    basis: list[Basis]


class HouseholdFound(Shape):
    counted: list[str]
    left_out: list[LeftOut]
    open: list[str]
    income_month: Range
    income_per_capita: Range


class Jurisdiction(Shape):
    code: str
    name: str
    fictional: bool
    path: list[str]


class EvaluatedRule(Shape):
    rule: str
    person: str | None
    title: str | None
    value: bool | Range | None
    basis: list[Basis]


class Assessment(Shape):
    jurisdiction: Jurisdiction
    date: str
    known_at: str
    ruleset: str
    engine: str
    household: HouseholdFound
    results: list[Result]
    total_month: Range
    rules: list[EvaluatedRule] | None = None


class FaultFound(Shape):
    pointer: str = Field(description="JSON Pointer into the body", examples=["/household/members/0/income/wage"])
    code: str = Field(examples=["money_format"])
    message: str


class Problem(BaseModel):
    """RFC 9457. The submitted values are never repeated."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultFound] = []


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for model in (Assessment, Problem):
        schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
        found.update(schema.pop("$defs", {}))
        found[model.__name__] = schema
    return found


ANSWER_SCHEMAS = _schemas()
