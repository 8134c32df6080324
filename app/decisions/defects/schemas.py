"""What a defect notice says is wrong, and what the search for its effects answers."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from app.decisions.replay.affected_months import Ending
from app.decisions.replay.schemas import JOB_EXAMPLE, JobState, ReplayProgress, ResultSide
from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE, Named
from app.decisions.state import StateName
from app.rules.facts.forms import Day
from app.rules.facts.household import Facts, Programme
from app.rules.facts.request import Instant
from app.rules.schema_base import Shape, described

DefectClass = Literal["harmed", "benefited", "unchanged", "decided_otherwise", "unsettled"]
"""The effect of a defect on a result or a decision."""
DEFECT_CLASSES: Final[tuple[DefectClass, ...]] = (
    "harmed",
    "benefited",
    "unchanged",
    "decided_otherwise",
    "unsettled",
)
_INSTANT = "2026-11-20T02:00:00+00:00"


class Corrected(Facts):
    """What is right: one of these."""

    parameters: dict[str, Any] | None = described(
        "参数",
        "The right figures, as in options.parameters, for the days of the period",
        {"dibao.standard": {"rural": "660.00"}},
        default=None,
    )
    ruleset: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None = described(
        "规则集", "Exactly these rules and figures, of a ruleset that a decision used", DIGEST_EXAMPLE, default=None
    )
    known_at: Instant | None = described(
        "知悉时间", "What was known by then", "2024-10-01T00:00:00+08:00", default=None
    )
    engine: Named | None = described("引擎版本", "The engine that runs here, by its version", "1", default=None)


class DefectReport(Facts):
    """What is wrong: exactly one of rule, parameter, document and engine, in decisions for the days of a period."""

    rule: Named | None = described("规则", "The rule that is wrong", "dibao.income_test", default=None)
    parameter: Named | None = described("参数", "The figure that is wrong", "dibao.standard", default=None)
    document: Named | None = described("文件", "The document that is wrong", "model-city-rules", default=None)
    engine: Named | None = described("引擎版本", "The version of the engine that is wrong", "1", default=None)
    key: Named | None = described(
        "参数分项",
        "Only the figure of this residence or level; all of the parameter's if absent",
        "rural",
        default=None,
    )
    jurisdiction: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None = described(
        "区划代码", "Decisions of this place and all below it", "999900", default=None
    )
    start: Day = described("起", "Decisions for this day or later", "2024-07-01", alias="from")
    until: Day | None = described(
        "止", "Decisions for this day or earlier; without an end if absent", "2024-07-31", default=None
    )
    corrected: Corrected | None = described(
        "更正",
        "What is right; what is known now if absent",
        {"parameters": {"dibao.standard": {"rural": "660.00"}}},
        default=None,
    )


class DefectStated(Shape):
    """What is said to be wrong, as it was asked; one of rule, parameter, document and engine is there."""

    rule: str | None = described("规则", "The rule that is wrong", "dibao.income_test", default=None)
    parameter: str | None = described("参数", "The figure that is wrong", "dibao.standard", default=None)
    document: str | None = described("文件", "The document that is wrong", "model-city-rules", default=None)
    engine: str | None = described("引擎版本", "The version of the engine that is wrong", "1", default=None)
    key: str | None = described("参数分项", "The residence or level; null for all", "rural")
    jurisdiction: str | None = described("区划代码", "The place; null for all", "999900")
    start: str = described("起", "Decisions for this day or later", "2024-07-01", alias="from")
    until: str | None = described("止", "Decisions for this day or earlier; null without an end", "2024-07-31")
    corrected: dict[str, Any] | None = described(
        "更正", "What is right; null: what is known now", {"parameters": {"dibao.standard": {"rural": "660.00"}}}
    )


class DefectCounts(Shape):
    """Touched decisions by class."""

    harmed: int = described("受损", "The family got too little, or was wrongly refused", 8, unit="decisions")
    benefited: int = described("多得", "The family got too much, or was wrongly admitted", 1, unit="decisions")
    unchanged: int = described("不变", "Touched, but nothing that it came to differs", 40, unit="decisions")
    decided_otherwise: int = described(
        "另行决定", "It differs only where an officer departed from the recommendation", 1, unit="decisions"
    )
    unsettled: int = described("待人工判断", "Both, not settled, or it cannot be computed here", 0, unit="decisions")


class DefectMonth(Shape):
    """What a month makes, over all settled results; what is not paid monthly stands in the month of its decision."""

    month: str = described("月份", "The month", "2024-07")
    harmed: str = described("少发", "What families got too little", "148.00", unit="CNY")
    benefited: str = described("多发", "What families got too much; negative", "-40.00", unit="CNY")


class DefectAnswer(Shape):
    """A defect notice, and how far it has come."""

    id: str = described("编号", "The notice's id", JOB_EXAMPLE)
    state: JobState = described("状态", "How it stands", "running")
    defect: DefectStated = described("缺陷", "What is said to be wrong")
    progress: ReplayProgress = described("进度", "How many decisions that may be touched were looked at")
    touched: int = described("涉及", "How many of them are touched", 50, unit="decisions")
    counts: DefectCounts = described("分类计数", "Touched decisions by class")
    months: list[DefectMonth] = described("按月金额", "Money by month. A difference is not a debt")
    harmed_total: str = described("少发合计", "Over all months", "1628.00", unit="CNY")
    benefited_total: str = described("多发合计", "Over all months; negative", "-40.00", unit="CNY")
    problem: str | None = described("问题", "Why it failed; null unless it did", "UnknownDivision")
    created_at: str = described("创建时间", "When it was asked for", _INSTANT)
    updated_at: str = described("更新时间", "When it last went on", _INSTANT)


class DefectEffect(Shape):
    """What the defect did to one result."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    class_: DefectClass = described("类别", "What it did to this result", "harmed", alias="class")
    rule: str = described("规则", "The first rule in which the two differ", "dibao.difference")
    recorded: ResultSide | None = described("所记录", "As recorded; null if there was no such result")
    corrected: ResultSide | None = described("更正后", "As it should have come out; null if there is no such result")
    months: list[str] = described(
        "月份", "The months the decision stood for with this difference", ["2024-07", "2024-08"]
    )
    per_month: str | None = described(
        "每月差额",
        "What the family should have got less what was recommended; null if not monthly or not settled",
        "20.00",
        unit="CNY/month",
    )
    total: str | None = described("合计差额", "Over all its months; null if not settled", "40.00", unit="CNY")
    ends: Ending | None = described("终止原因", "Why the months end, as in a replay; null without months", "this_month")


class DefectResult(Shape):
    """A decision that the defect touched."""

    decision: str = described("认定编号", "The decision", DECISION_EXAMPLE)
    case: str | None = described("案件编号", "The caller's number of the case", "C-2026-17")
    household_ref: str | None = described("家庭编号", "The caller's reference", "H-0042")
    jurisdiction: str = described("区划代码", "The place", "999900")
    date: str = described("日期", "The day whose law and standards decided", "2024-07-15")
    state: StateName = described("状态", "Where the decision stands", "confirmed")
    class_: DefectClass = described("类别", "What the defect did to the family", "harmed", alias="class")
    total: str | None = described("合计", "Over all its results; null if not settled", "40.00", unit="CNY")
    results: list[DefectEffect] = described("逐项", "Every result that should have come out otherwise")
    problem: Literal["cannot_recompute"] | None = described(
        "问题", "Set where the stored rules cannot be run here: nothing is guessed", "cannot_recompute"
    )
    note: Literal["a_difference_is_not_a_debt"] = described("说明", "Always this", "a_difference_is_not_a_debt")


class DefectResults(Shape):
    """Touched decisions."""

    items: list[DefectResult] = described("结果", "One for each touched decision, in the order they were recorded")
    next: str | None = described("下一页", "The cursor of the next page; null at the end", "WyI1NmQ3…")
