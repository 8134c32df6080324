"""What the service answers about decisions: one decision, records about it, lists, samples, timelines."""

from typing import Any, Literal

from app.decisions.schemas import (
    DECISION_EXAMPLE,
    DIGEST_EXAMPLE,
    PERSON_EXAMPLE,
    DecisionKind,
    EventKind,
    OutcomeKind,
    Source,
)
from app.decisions.state import StateName
from app.rules.explain.schemas import Assessment, Deadline
from app.rules.facts.household import Programme
from app.rules.schema_base import Shape, described

_INSTANT = "2026-11-20T02:00:00.000000Z"


class LogPlace(Shape):
    """Where a record stands in the log."""

    origin: str = described("日志名称", "The name of the log", "doudi")
    index: int = described("序号", "The record's place, counted from 0", 12)
    leaf: str = described("叶节点", "The hash of its leaf in the Merkle tree (RFC 9162)", DIGEST_EXAMPLE)


class Proved(Shape):
    """What names a record and proves that it was not changed."""

    digest: str = described("摘要", "SHA-256 of the record's canonical text", DIGEST_EXAMPLE)
    log: LogPlace = described("日志位置", "Where the record stands in the log")


class Clock(Shape):
    """By when a result is to be decided."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    deadline: Deadline = described("办理时限", "The term of the law")
    due: str | None = described(
        "截止日期",
        "The last day for the decision; null without `accepted_on`, or beyond the years whose working days are known",
        "2026-09-20",
    )


class DecisionHead(Shape):
    """What a decision is, and why it was made."""

    id: str = described("编号", "The decision's id (UUIDv7)", DECISION_EXAMPLE)
    state: StateName = described("状态", "Where it stands", "proposed")
    kind: DecisionKind = described("认定类别", "Why it is decided", "initial")
    case: str | None = described("案件编号", "The caller's number of the case", "C-2026-17")
    household_ref: str | None = described("家庭编号", "The caller's reference of the household", "H-0042")
    accepted_on: str | None = described("受理日期", "The day the application was accepted", "2026-08-10")
    by: str | None = described("经办人", "The officer who proposed", "officer-7")
    caller: str | None = described(
        "提交者", "Whose token recorded it; null in records made before tokens were asked for", "caseworker-1f0c22a4"
    )
    corrects: str | None = described("所更正的认定", "The decision whose record was wrong", DECISION_EXAMPLE)
    succeeds: str | None = described("所承接的认定", "The decision it goes on from", DECISION_EXAMPLE)
    reason: str | None = described("理由", "Why it corrects or succeeds another", "收入登记有误")
    recorded_at: str = described("记录时间", "When it was recorded", _INSTANT)
    assessment: Assessment | None = described(
        "认定结果",
        "The recommendation in words, rendered from the stored rules; null where they cannot be run here any more",
    )
    clocks: list[Clock] = described("期限", "For each result with a term, the last day for the decision")


class IdentityCommitment(Shape):
    """That a person is identified, without saying who it is."""

    person: str = described("人员", "The id of a member or an obligor", "p1")
    commitment: str = described("承诺值", "A salted hash; it says nothing once the salt is erased", DIGEST_EXAMPLE)
    ref: str | None = described(
        "人员索引号",
        "Stands for the same person in every decision; null for decisions from before there were any",
        PERSON_EXAMPLE,
    )
    sensitive: bool = described("敏感个人信息", "Whether it is a child of an age whose data is sensitive", False)


class IdentityNow(IdentityCommitment):
    """The same, and whether it was erased since."""

    erased_on: str | None = described(
        "删除日期", "The day on which name and number were erased; null if they are not", None
    )


class GrantedElsewhere(Shape):
    """That somebody of the household is granted support in another household."""

    code: Literal["granted_elsewhere"] = described("代码", "Always granted_elsewhere", "granted_elsewhere")
    title: str = described("说明", "The warning in the language asked for", "此人在另一家庭中正在享受救助")
    person: str = described("人员", "The member's id in this household", "p1")
    decision: str | None = described(
        "另一认定", "The decision that grants it; null for a caller who may not see it", DECISION_EXAMPLE
    )


class Warned(Shape):
    """What an officer should know before anything is paid."""

    warnings: list[GrantedElsewhere] = described(
        "注意事项", "Who is granted support in another household; left out if nobody is", default=None
    )


class Proposed(DecisionHead, Proved, Warned):
    """A proposal that was recorded."""

    state: Literal["proposed"] = described("状态", "Always proposed", "proposed")
    assessment: Assessment = described("认定结果", "The recommendation, as an assessment answers it")
    identities: list[IdentityCommitment] = described("身份承诺", "Who is identified; names and numbers are not here")


class Decided(Shape):
    """What is decided on one result."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    outcome: OutcomeKind = described("决定", "What is decided", "granted")
    amount: str | None = described(
        "金额",
        "In the unit of the result; null where nothing is paid",
        "2374.00",
        unit="CNY/month, CNY/year or CNY/once",
    )
    unit: str | None = described("单位", "CNY/month, CNY/year or CNY/once; null where nothing is paid", "CNY/month")
    reason: str | None = described("理由", "The officer's reason, if one was given", "入户核查有异")
    departs: bool = described("与建议不一致", "Whether it is otherwise than the engine recommends", False)


class RecordedAbout(Proved):
    """What every record about a decision has."""

    id: str = described("编号", "The record's id (UUIDv7)", DECISION_EXAMPLE)
    decision: str = described("认定编号", "The decision it is about", DECISION_EXAMPLE)
    jurisdiction: str = described("区划代码", "The place of the decision", "999900")
    recorded_at: str = described("记录时间", "When it was recorded", _INSTANT)
    by: str | None = described("记录人", "Who says so", "officer-2")
    caller: str | None = described(
        "提交者", "Whose token recorded it; null in records made before tokens were asked for", "caseworker-1f0c22a4"
    )


class Confirmed(RecordedAbout, Warned):
    """A confirmation that was recorded."""

    kind: Literal["confirmation"] = described("种类", "Always confirmation", "confirmation")
    state: Literal["confirmed", "departed"] = described(
        "状态", "`departed` if the officer decided otherwise than recommended", "confirmed"
    )
    decision_digest: str = described("认定摘要", "The digest of the proposal that was decided", DIGEST_EXAMPLE)
    outcomes: list[Decided] = described("决定", "What is decided on every result; what stays open is not here")


class Withdrawn(RecordedAbout):
    """A withdrawal that was recorded."""

    kind: Literal["withdrawal"] = described("种类", "Always withdrawal", "withdrawal")
    reason: str = described("理由", "Why the proposal is withdrawn", "家庭撤回申请")


class Noted(RecordedAbout):
    """An event that was recorded."""

    kind: Literal["event"] = described("种类", "Always event", "event")
    event: EventKind = described("事项", "What happened", "hearing")
    on: str = described("日期", "The day it happened", "2026-08-20")
    note: str | None = described("备注", "A short note", "已当面听取意见")


class FactsKept(Shape):
    """The facts as they were sent."""

    household: dict[str, Any] = described("家庭", "The household of the request")
    programmes: list[Programme] | None = described("项目", "The programmes asked for; null for all", ["dibao"])
    options: dict[str, Any] | None = described("选项", "The options of the request, without how much is explained")


class ProvenanceKept(Shape):
    """Where a fact comes from; what was not said is left out."""

    source: Source = described("来源", "How it is known", "verified")
    by: str = described("提出人", "Who says so", "officer-7", default=None)
    on: str = described("日期", "The day it was found out", "2026-08-12", default=None)
    evidence: str = described("凭据", "The document it rests on", "工资流水", default=None)


class FollowedBy(Shape):
    """A decision that corrects or succeeds this one."""

    decision: str = described("认定编号", "The later decision", DECISION_EXAMPLE)
    how: Literal["correction", "succession"] = described("方式", "How it follows", "succession")
    state: Literal["proposed", "decided", "withdrawn"] = described("状态", "Where the later one stands", "decided")


class HistoryEntry(Proved):
    """One record of a decision's history."""

    kind: Literal["decision", "confirmation", "withdrawal", "event"] = described("种类", "What was recorded", "event")
    id: str = described("编号", "The record's id", DECISION_EXAMPLE)
    recorded_at: str = described("记录时间", "When it was recorded", _INSTANT)
    by: str | None = described("记录人", "Who says so", "officer-2")
    caller: str | None = described(
        "提交者", "Whose token recorded it; null in records made before tokens were asked for", "caseworker-1f0c22a4"
    )
    state: Literal["confirmed", "departed"] = described("状态", "Of a confirmation", "confirmed", default=None)
    event: EventKind = described("事项", "Of an event: what happened", "hearing", default=None)
    on: str = described("日期", "Of an event: the day", "2026-08-20", default=None)
    note: str | None = described("备注", "Of an event: the note", "已当面听取意见", default=None)
    reason: str = described("理由", "Of a withdrawal: why", "家庭撤回申请", default=None)


class DecisionPage(DecisionHead, Proved, Warned):
    """A decision with its history."""

    facts: FactsKept = described("家庭情况", "The facts it rests on")
    results: dict[str, Any] = described("结果", "The recommendation as the record keeps it: codes and values, no words")
    provenance: dict[str, ProvenanceKept] = described("情况来源", "By JSON Pointer: where facts come from")
    identities: list[IdentityNow] = described("身份承诺", "Who is identified; names and numbers are not here")
    superseded_by: str | None = described("取代者", "The decision that took its place", DECISION_EXAMPLE)
    followed_by: list[FollowedBy] = described("后续认定", "Every decision that corrects or succeeds it")
    outcomes: list[Decided] | None = described("决定", "What the officer decided; null while it is a proposal")
    history: list[HistoryEntry] = described("经过", "Every record about it, oldest first")


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
