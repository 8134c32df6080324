"""What is sent to compute decisions again, one or many, and what that answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.decisions.replay.affected_months import Ending
from app.decisions.replay.differences import ReplayClass
from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE, Named, Reference
from app.decisions.state import StateName
from app.rules.engine.outcomes import Status
from app.rules.facts.forms import Day
from app.rules.facts.household import Facts, Programme
from app.rules.facts.request import Instant
from app.rules.schema_base import Shape, described

JobState = Literal["queued", "running", "done", "failed"]
JOB_EXAMPLE = "01a1f6ae-9900-7924-9faa-bad8a09a3da6"
_INSTANT = "2026-11-20T02:00:00+00:00"
_UNIT = "CNY/month, CNY/year, CNY/once, …"


class ReplayParameters(Facts):
    """Against what a decision is computed again: `against` alone, or any of the others; its own record if empty."""

    against: Literal["record", "now"] | None = described(
        "对照对象", "`record`: the stored rules; `now`: all that is known now", "now", default=None
    )
    known_at: Instant | None = described(
        "知悉时间", "With what was known by then", "2024-10-01T00:00:00+08:00", default=None
    )
    date: Day | None = described("日期", "Another day whose law and standards decide", "2026-09-01", default=None)
    ruleset: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None = described(
        "规则集", "Exactly these rules and figures, of a ruleset that a decision used", DIGEST_EXAMPLE, default=None
    )
    parameters: dict[str, Any] | None = described(
        "参数", "Other figures, as in options.parameters", {"dibao.standard": {"urban": "950.00"}}, default=None
    )


class ReplayFilter(Facts):
    """Which decisions are computed again: those that fit everything that is named."""

    jurisdiction: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None = described(
        "区划代码", "This place and all below it", "999900", default=None
    )
    case: Reference | None = described("案件编号", "The caller's number of the case", "C-2026-17", default=None)
    household_ref: Reference | None = described("家庭编号", "The caller's reference", "H-0042", default=None)
    start: Day | None = described("起", "Decided for this day or later", "2024-07-01", default=None, alias="from")
    until: Day | None = described("止", "Decided for this day or earlier", "2024-09-30", default=None)
    programme: Programme | None = described("项目", "With a result on this programme", "dibao", default=None)
    status: Status | None = described("结论", "With a result of this status", "eligible", default=None)
    ruleset: Named | None = described("规则集", "By exactly these rules and figures", DIGEST_EXAMPLE, default=None)
    rule: Named | None = described("规则", "Resting on this rule", "dibao.income_test", default=None)
    parameter: Named | None = described("参数", "Resting on this figure", "dibao.standard", default=None)
    document: Named | None = described("文件", "Resting on this document", "model-city-rules", default=None)
    engine: Named | None = described("引擎版本", "Computed by this version of the engine", "1", default=None)


class BulkReplay(ReplayParameters):
    """Many decisions computed again in the background."""

    filter: ReplayFilter | None = described(
        "范围", "Which decisions; all of them if absent", {"jurisdiction": "999900", "programme": "dibao"}, default=None
    )


class OpenFigure(Shape):
    """A figure that is not settled."""

    min: str | None = described("下限", "At least this; null for no bound", "0.00", unit=_UNIT)
    max: str | None = described("上限", "At most this; null for no bound", "640.00", unit=_UNIT)


class AmountKept(Shape):
    """An amount as a record keeps it."""

    figure: str | OpenFigure | None = described(
        "金额", "The amount, or its bounds while it is open", "1930.00", unit=_UNIT
    )
    unit: str = described("单位", "CNY/month, CNY/year or CNY/once", "CNY/month")
    from_month: str | None = described("起发月份", "The month of the first payment", "2024-08")


class ResultSide(Shape):
    """One side of a result that differs."""

    status: Status = described("结论", "The recommendation", "eligible")
    amount: AmountKept | None = described("金额", "What it pays; null without cash and for refusals")

    @classmethod
    def of(cls, side: dict[str, Any] | None) -> ResultSide | None:
        """Reads a side of a difference (differences.py); None for a side without such a result."""
        return None if side is None else cls.model_validate(side)


class RuleSide(Shape):
    """A line or a test on both sides; null where a side has none."""

    rule: str = described("规则", "The rule's id", "dibao.difference")
    recorded: dict[str, Any] | None = described("所记录", "As recorded", {"amount": "1370.00"})
    now: dict[str, Any] | None = described("重算", "As computed now", {"amount": "1490.00"})


class ReplayDifference(Shape):
    """A result that differs, in money by month. It is not a debt: what follows from it is for a person to decide."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    rule: str = described("规则", "The first rule in which the two differ", "dibao.difference")
    recorded: ResultSide | None = described("所记录", "As recorded; null if there was no such result")
    now: ResultSide | None = described("重算", "As computed now; null if there is no such result")
    months: list[str] = described(
        "月份",
        "The months it counts for. None if the decision never stood, or a made-up day, ruleset or figure was asked for",
        ["2024-08", "2024-09"],
    )
    per_month: str | None = described(
        "每月差额",
        "Now less recorded; negative if too much was granted; null if not monthly or not settled",
        "148.00",
        unit="CNY/month",
    )
    total: str | None = described("合计差额", "Over all its months; null if not settled", "1628.00", unit="CNY")
    ends: Ending | None = described(
        "终止原因",
        "Why the months end: `succeeded` by a later decision, `rules_changed` what is due from then on, up to "
        "`this_month`, or the decision `never_stood`; null where months are not counted",
        "rules_changed",
    )
    rules: list[RuleSide] = described("规则对照", "Every line and test that differs")


class ReplayAnswer(Shape):
    """A decision computed again."""

    decision: str = described("认定编号", "The decision", DECISION_EXAMPLE)
    state: StateName = described("状态", "Where it stands", "confirmed")
    same: bool = described("相同", "Whether it comes to the recorded text, to the byte", False)
    digest_recorded: str = described("原摘要", "The digest of what is recorded", DIGEST_EXAMPLE)
    digest_now: str | None = described(
        "重算摘要", "The digest it would have now; null if it cannot be recomputed", DIGEST_EXAMPLE
    )
    engine_recorded: str = described("原引擎版本", "The engine that computed it", "1")
    engine_now: str | None = described("重算引擎版本", "The engine now; null if it cannot be recomputed", "1")
    ruleset_recorded: str = described("原规则集", "The ruleset it was computed by", DIGEST_EXAMPLE)
    ruleset_now: str | None = described(
        "重算规则集", "The ruleset now; null if it cannot be recomputed", DIGEST_EXAMPLE
    )
    class_: ReplayClass = described(
        "类别",
        "`same`: no money differs; `arrears`: the family was due more; `overpaid`: less; `other`: both, or not settled",
        "arrears",
        alias="class",
    )
    differences: list[ReplayDifference] = described("差异", "Every result that differs")
    problem: Literal["cannot_recompute"] | None = described(
        "问题", "Set where the stored rules cannot be run here: nothing is guessed", "cannot_recompute"
    )
    note: Literal["a_difference_is_not_a_debt"] = described("说明", "Always this", "a_difference_is_not_a_debt")


class ReplayProgress(Shape):
    """How far a job has come."""

    done: int = described("已完成", "Decisions computed again", 120, unit="decisions")
    total: int = described("总数", "Decisions of the filter", 200, unit="decisions")


class ReplayCounts(Shape):
    """Decisions by class."""

    same: int = described("无差额", "No money differs", 110, unit="decisions")
    arrears: int = described("少发", "The family was due more", 8, unit="decisions")
    overpaid: int = described("多发", "The family was due less", 1, unit="decisions")
    other: int = described("待人工判断", "Both, or not settled", 1, unit="decisions")


class ReplayJobAnswer(Shape):
    """A replay of many decisions."""

    id: str = described("编号", "The job's id", JOB_EXAMPLE)
    state: JobState = described("状态", "How it stands", "running")
    filter: dict[str, str] = described("范围", "Which decisions, as asked; empty for all", {"jurisdiction": "999900"})
    against: dict[str, Any] = described("对照", "Against what, as asked", {"against": "now"})
    progress: ReplayProgress = described("进度", "How far it has come")
    counts: ReplayCounts = described("分类计数", "What was found so far, by class")
    arrears_total: str = described(
        "少发合计", "Of decisions classed arrears, beyond what was found before", "1628.00", unit="CNY"
    )
    overpaid_total: str = described("多发合计", "Of decisions classed overpaid; negative", "-40.00", unit="CNY")
    problem: str | None = described("问题", "Why it failed; null unless it did", "UnknownDivision")
    created_at: str = described("创建时间", "When it was asked for", _INSTANT)
    updated_at: str = described("更新时间", "When it last went on", _INSTANT)


class ReplayResults(Shape):
    """What decisions of a job came to."""

    items: list[ReplayAnswer] = described("结果", "One for each decision, in the order they were recorded")
    next: str | None = described("下一页", "The cursor of the next page; null at the end", "WyI1NmQ3…")
