"""The answer to an assessment, as models: what OpenAPI shows and what tests hold every answer against."""

from typing import Any, Literal

from app.rules.facts.household import Programme
from app.rules.packs.schema import AssumptionKind
from app.rules.packs.schema_beside import ReferredTo
from app.rules.schema_base import Shape, described


class Range(Shape):
    """A number that can still be open: `value` is set when `min` equals `max`; `max` null means no bound."""

    value: str | None = described("数值", "The number, in `unit`; null while it is open", "1730.00")
    min: str | None = described("下限", "At least this, in `unit`; null for no bound", "1730.00")
    max: str | None = described("上限", "At most this, in `unit`; null for no bound", "1730.00")
    unit: str = described("单位", "CNY/month, CNY/year, CNY/once, CNY, months or count", "CNY/month")


class Amount(Range):
    """What is paid."""

    from_month: str | None = described("起发月份", "The month of the first payment", "2026-09")


class Basis(Shape):
    """A document and article in force on the day."""

    document: str = described("文件", "Title or number of the document", "社会救助法")
    article: str | None = described("条款", "Its article", "18")
    start: str | None = described("施行日期", "From when the document is in force", "2026-07-01", alias="from")


class FigureSource(Shape):
    """A published figure a test rests on, with its document."""

    parameter: str = described("参数", "The parameter's id", "dibao.standard")
    document: str = described("文件", "The document's name in its pack", "model-city-rules")
    title: str = described("文件名称", "The document's title")
    article: str | None = described("条款", "Its article")


class PerHead(Shape):
    """Both sides of a comparison of totals a head, as a family knows them: floored to the fen, shown and never used."""

    persons: int = described("人数", "How many people the totals are for", 3)
    left: Range = described("左边", "The figure a head")
    right: Range = described("右边", "The line a head")


class TestResult(Shape):
    """A condition that carried the result."""

    rule: str = described("规则", "The rule's id", "dibao.income_test")
    holds: bool | None = described("是否满足", "Whether it holds; null while it is open", True)
    title: str = described("名称", "What it asks, in the language asked for")
    said: str = described("说法", "The condition as it came out: its title, or what is said where it fails")
    left: Range | None = described("左边", "The figure compared; null for a test without two sides")
    relation: str | None = described("关系", "How the sides are compared", "<")
    right: Range | None = described("右边", "The line it is compared with; null for a test without two sides")
    per_head: PerHead | None = described("人均", "Both sides a head, where totals of the people counted are compared")
    basis: list[Basis] = described("依据", "Articles in force on the day, of the ground that held if it has several")
    figures: list[FigureSource] = described("所用标准", "The published figures it rests on")


class Line(Shape):
    """A part of the amount."""

    rule: str = described("规则", "The rule's id; `….rounding` for what rounding changed", "dibao.difference")
    title: str = described("名称", "What is paid, in the language asked for")
    amount: Range = described("金额", "The part, in its unit")
    basis: list[Basis] = described("依据", "Articles in force on the day")


class AssumptionMade(Shape):
    """Something the result rests on that is not the law's own word."""

    kind: AssumptionKind = described("种类", "What sort of assumption", "supplied")
    id: str = described("编号", "What it is about", "dibao.standard")
    message: str = described("说明", "The assumption in words")


class Caution(Shape):
    """Something the caller must see to."""

    id: str = described("编号", "The caution's id")
    message: str = described("说明", "The caution in words")
    basis: list[Basis] = described("依据", "Articles in force on the day")


class ReferralMade(Shape):
    """What another department owes to the holder of a status; it decides by its own conditions."""

    id: str = described("编号", "The referral's id", "medical.costs")
    to: ReferredTo = described("转介", "Which help is meant, and so which department", "medical")
    title: str = described("内容", "What is owed, in the language asked for")
    basis: list[Basis] = described("依据", "Articles in force on the day")


class Deadline(Shape):
    """A term of the procedure."""

    value: int = described("期限", "How many, in `unit`", 20)
    unit: Literal["working_days", "days"] | None = described("单位", "Working days or days", "working_days")


class ProcedureSteps(Shape):
    """How the decision is made."""

    authority: Literal["township", "county"] | None = described("决定机关", "Who decides", "county")
    pay_first: Literal["must", "may"] | None = described("先行救助", "Whether help comes before the paperwork", "may")
    deadline: Deadline | None = described("办理时限", "Within which the decision is due")
    public_notice_days: int | None = described("公示天数", "Days of public notice", 7, unit="days")
    review_months: int | None = described("复核间隔", "Months until the next review", 12, unit="months")
    basis: dict[str, list[Basis]] = described("依据", "Articles, for each step")


class GapLead(Shape):
    """A figure that somebody collected without the official text: to look for the notice by, never used."""

    key: str | None = described("分项", "Residence, level and the like; null for all", "urban")
    value: str | None = described("数值", "As printed, in `unit`; null for what is no single figure", "760.00")
    unit: str = described("单位", "CNY, CNY/month, CNY/year, months, number or bool", "CNY/month")
    source: str = described("来源", "Title of the document it is ascribed to")
    address: str | None = described("网址", "The official page it is ascribed to, not opened by this project")
    quote: str | None = described("摘录", "The sentence in which it was found")
    grade: Literal["B", "C"] = described(
        "等级", "B: reported of a named official page (`options.accept_reported`); C: a survey with known errors", "C"
    )
    as_of: str | None = described("时点", "The day from which it is said to hold; null if none is said", "2025-07-01")


class GapDetail(Shape):
    """A parameter nobody published, or an officer's question, with what is said of it elsewhere."""

    parameter: str = described("参数", "The parameter's or question's id", "dibao.standard")
    title: str = described("名称", "What it is, in the language asked for")
    leads: list[GapLead] = described("线索", "Figures collected without the official text, the nearest place first")


class Result(Shape):
    """One programme, for the household or one person."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    status: Literal["eligible", "ineligible", "undetermined", "refer", "not_applicable"] = described(
        "结论",
        "`undetermined`: facts could still change it; `refer`: only an officer or an unpublished rule can settle it",
        "eligible",
    )
    title: str = described("项目名称", "The programme in the language asked for")
    amount: Amount | None = described("金额", "What is paid; null without cash and for refusals")
    lines: list[Line] = described("金额构成", "Parts that add up to the amount before rounding", default=[])
    tests: list[TestResult] = described("条件", "The tests that carried the result, failed ones first", default=[])
    summary: list[str] = described("说明", "Two or three plain sentences for the family", default=[])
    margin: Range | None = described("差距", "How far the decisive figure is from its line", default=None)
    missing: list[str] = described(
        "尚缺情况", "JSON Pointers of facts that still enter an open test or the amount", ["/household/assets"]
    )
    gaps: list[str] = described("未公布的标准", "Parameters nobody published that still enter")
    gap_details: list[GapDetail] = described("缺口说明", "The same gaps with titles and leads", default=[])
    assumptions: list[AssumptionMade] = described(
        "假定", "What decided something without being the law's word", default=[]
    )
    warnings: list[Caution] = described("注意事项", "What the caller must see to", default=[])
    procedure: ProcedureSteps | None = described(
        "办理程序", "Who decides, by when; null where no rule says", default=None
    )
    referrals: list[ReferralMade] = described(
        "转介", "What other departments owe to the holder of the status; only where it is held", default=[]
    )


class LeftOut(Shape):
    """A member who is not counted."""

    person: str = described("成员", "The member's id", "p4")
    reason: str = described("原因", "Why, as a code", "prison")
    title: str = described("原因说明", "Why, in words")
    basis: list[Basis] = described("依据", "Articles in force on the day")


class HouseholdFound(Shape):
    """The family as the rules see it."""

    counted: list[str] = described("计入成员", "Ids of the members who count")
    left_out: list[LeftOut] = described("不计入成员", "Everybody else, with the reason")
    open: list[str] = described("待定成员", "Ids of members of whom it is not settled whether they count")
    income_month: Range = described("家庭月收入", "Income of the household", unit="CNY/month")
    income_per_capita: Range = described("人均月收入", "Income per head, floored to the fen", unit="CNY/month")


class Jurisdiction(Shape):
    """The place whose rules decided."""

    code: str = described("区划代码", "GB/T 2260 code", "999900")
    name: str = described("名称", "Its name in the language asked for", "示例市（虚构）")
    fictional: bool = described("虚构", "True for the model city, which does not exist", True)
    path: list[str] = described("层级", "The divisions whose packs hold, the nation first", ["CN", "999900"])


class EvaluatedRule(Shape):
    """A rule that was evaluated (explain: full)."""

    rule: str = described("规则", "The rule's id", "dibao.income")
    person: str | None = described("人员", "The member's id; null for the household")
    title: str | None = described("名称", "What it says, in the language asked for")
    value: bool | Range | None = described("结果", "What it came to; null for an open condition")
    basis: list[Basis] = described("依据", "Articles in force on the day")


class Picked(Shape):
    """What a combination picks for one question."""

    question: str = described("问题", "The choice or the officer's question, by id", "child.claim")
    title: str = described("问题说明", "The question in the language asked for")
    person: str | None = described("人员", "The member it is about; null for the household", "p3")
    pick: str = described("选择", "A programme, or `yes` or `no` of an officer", "extreme_poverty_support")
    words: str = described("选择说明", "The pick in words")
    by: Literal["family", "officer"] = described("由谁决定", "Whose choice it is", "family")
    basis: list[Basis] = described("依据", "Articles that leave it to them, in force on the day")


class ChoiceMade(Shape):
    """One lawful combination, with its results and its money."""

    question: str = described("问题", "The ids of the questions it answers, joined by a comma", "child.claim")
    picked: list[Picked] = described("选择", "What is picked for each question and person")
    results: list[Result] = described("结论", "What the household is entitled to with these picks")
    total_month: Range = described("每月合计", "The eligible amounts of a month together", unit="CNY/month")


class ChangeShown(Shape):
    """The smallest change of one fact that makes a result eligible, computed by the engine.

    Only facts that time, a card, a court or an officer establishes are shown; never income, assets or spending.
    """

    pointer: str = described("位置", "JSON Pointer of the fact in the request", "/date")
    before: Any = described("现值", "The fact as it is; null if absent or unknown", "2026-08-15", alias="from")
    to: Any = described("变为", "The value that flips the result", "2027-03-01")
    programme: Programme = described("项目", "The programme", "extreme_poverty_support")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    status: Literal["eligible"] = described("结论", "The status with the change", "eligible")
    amount: Amount | None = described("金额", "What would be paid; null without cash")
    why: str = described("理由", "Who establishes the fact, in the language asked for")


class Improbable(Shape):
    """A fact or a supplied figure that seldom is so. It changes nothing: somebody should look at it again."""

    pointer: str = described("位置", "JSON Pointer into the request", "/household/members/0/birth_date")
    code: str = described("代码", "Why it deserves a look (docs/assumptions.md)", "very_old")
    message: str = described("说明", "The same in words, in the language asked for")


class Assessment(Shape):
    """What a household is entitled to."""

    jurisdiction: Jurisdiction = described("地区", "The place whose rules decided")
    date: str = described("日期", "The day whose law and standards decided", "2026-08-15")
    known_at: str = described("知悉时间", "Only what was known by then counted", "2026-11-21T10:00:00+08:00")
    ruleset: str = described("规则集", "The hash of the exact rules and values", "sha256:…")
    engine: str = described("引擎版本", "The engine's version", "1")
    household: HouseholdFound = described("家庭", "Who counts, and the income")
    results: list[Result] = described("结论", "One for each programme and person, in the order in which they decide")
    total_month: Range = described("每月合计", "The eligible amounts of a month together", unit="CNY/month")
    warnings: list[Improbable] | None = described(
        "疑点", "Facts and supplied figures that seldom are so; absent where there is none", default=None
    )
    choices: list[ChoiceMade] | None = described(
        "可以选择的方案", "Each lawful combination with its money (options.choices)", default=None
    )
    changes: list[ChangeShown] | None = described(
        "何种变化可改变结论", "The smallest changes that flip a result (options.changes)", default=None
    )
    rules: list[EvaluatedRule] | None = described("全部规则", "Every rule evaluated (explain: full)", default=None)
