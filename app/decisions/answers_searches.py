"""The shapes of lists of decisions and of a household's timeline, for OpenAPI; checked by tests."""

from app.decisions.answers import DECISION_EXAMPLE
from app.decisions.schemas import DIGEST_EXAMPLE, DecisionKind
from app.decisions.state import StateName
from app.rules.facts.household import Programme
from app.rules.schema_base import Shape, described, schemas


class DecisionRow(Shape):
    """A decision in a list."""

    id: str = described("编号", "The decision's id", DECISION_EXAMPLE)
    state: StateName = described("状态", "Where it stands", "confirmed")
    jurisdiction: str = described("区划代码", "The place it was asked for", "999900")
    case: str | None = described("案件编号", "The caller's number of the case", "C-2026-17")
    household_ref: str | None = described("家庭编号", "The caller's reference of the household", "H-0042")
    kind: DecisionKind = described("认定类别", "Why it was decided", "initial")
    date: str = described("日期", "The day whose law and standards decided", "2026-08-15")
    accepted_on: str | None = described("受理日期", "The day the application was accepted", "2026-08-10")
    ruleset: str = described("规则集", "The hash of its rules and values", DIGEST_EXAMPLE)
    engine: str = described("引擎版本", "The engine's version", "1")
    outcomes: list[str] = described("建议结论", "Programme and status of each kind of result", ["dibao:eligible"])
    corrects: str | None = described("所更正的认定", "The decision whose record was wrong", DECISION_EXAMPLE)
    succeeds: str | None = described("所承接的认定", "The decision it goes on from", DECISION_EXAMPLE)


class DecisionList(Shape):
    """Decisions in the order they were recorded."""

    items: list[DecisionRow] = described("认定", "The decisions of this page")
    next: str | None = described(
        "下一页", "The cursor of the next page of the same query; null at the end", "WyI1NmQ3…"
    )


class SampleItem(Shape):
    """A decision that was drawn."""

    id: str = described("编号", "The decision's id", DECISION_EXAMPLE)
    state: StateName = described("状态", "Where it stands", "confirmed")


class Sample(Shape):
    """A sample that anyone can draw again: those whose SHA-256 of `seed:id` is smallest."""

    seed: str = described("种子", "The seed it was drawn with", "2026-11")
    size: int = described("数量", "How many were asked for", 20)
    items: list[SampleItem] = described("样本", "The decisions drawn, in the order of their hashes")
    next: None = described("下一页", "Always null: the sample is complete")


class Entitlement(Shape):
    """What a decision grants in a month."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    amount: str = described("金额", "What is paid in the month", "2374.00", unit="CNY/month")


class TimelineMonth(Shape):
    """One month of a household."""

    month: str = described("月份", "The month", "2026-09")
    decision: str = described("认定编号", "The decision that stood in it", DECISION_EXAMPLE)
    entitlements: list[Entitlement] = described("待遇", "What it grants, by programme and person")
    total: str = described("合计", "All of it together", "2584.00", unit="CNY/month")


class TimelineDecision(Shape):
    """One decision of a household."""

    id: str = described("编号", "The decision's id", DECISION_EXAMPLE)
    state: StateName = described("状态", "Where it stands", "confirmed")
    date: str = described("日期", "The day whose law and standards decided", "2026-08-15")
    kind: DecisionKind = described("认定类别", "Why it was decided", "initial")


class Timeline(Shape):
    """What a household was entitled to, month by month."""

    household_ref: str = described("家庭编号", "The caller's reference of the household", "H-0042")
    months: list[TimelineMonth] = described("逐月待遇", "From the first month a decision speaks for up to this month")
    decisions: list[TimelineDecision] = described(
        "认定", "Every decision of the household, withdrawn and replaced ones too"
    )


SEARCH_SCHEMAS = schemas(DecisionList, Sample, Timeline)
