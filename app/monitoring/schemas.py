"""Requests and answers about reviews, alerts and screenings."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from app.core.canonical_json import with_exact_numbers
from app.decisions.replay.schemas import OpenFigure
from app.decisions.schemas import DECISION_EXAMPLE, Note
from app.monitoring.events import Facility, kinds
from app.rules.facts.forms import Day, Id, Money
from app.rules.facts.household import Facts, Member, Programme
from app.rules.schema_base import PRINTABLE, Shape, described
from app.verification.exchange.protocol import Quality
from app.verification.findings.compare import Kind
from app.verification.schemas import VERIFICATION_EXAMPLE, ExpectedEffect

ALERT_EXAMPLE: Final = "01a1f6ae-9900-7b1c-8d2e-3f4a5b6c7d8e"
_INSTANT: Final = "2026-11-20T02:00:00.000000Z"
_UNIT: Final = "CNY, as paid"


_REPORTED: Final = [id_ for id_, event in kinds().items() if event.reported]


def _kind(id_: str) -> str:
    if id_ not in _REPORTED:
        raise PydanticCustomError("literal_error", "there is no such kind of event")
    return id_


EventKind = Annotated[str, Field(max_length=64, json_schema_extra={"enum": _REPORTED}), AfterValidator(_kind)]


def _as_sent(raw: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Validates facts, and keeps them as they were sent."""
    read(raw)
    return with_exact_numbers(raw)


if TYPE_CHECKING:
    Joining = dict[str, Any]
else:
    Joining = Annotated[Member, WrapValidator(_as_sent)]


class EventReported(Facts):
    """What happened to somebody."""

    decision: Annotated[str, Field(max_length=36), PRINTABLE] | None = described(
        "认定编号",
        "The decision whose household it is; without one `person` is a reference, and every decided household of it is meant",
        "01a1f6ae-9900-780f-8b3c-5369bc707be7",
        default=None,
    )
    person: Id = described("人员", "The id of a member or an obligor, or a person's reference", "p2")
    kind: EventKind = described("事件", "What happened", "new_job")
    on: Day = described("发生日期", "On which day", "2026-10-12")
    value: Money | None = Field(
        default=None,
        description="What is known of an amount a month",
        examples=["2600.00"],
        json_schema_extra={"title_zh": "金额（每月）", "unit": "CNY/month"},
    )
    joins: Joining | None = described(
        "加入的人员",
        "Of a birth, a marriage or a move in: the facts of whoever joins the household, as of a member",
        {"id": "p4", "relation": "spouse", "birth_date": "1990-05-01", "income": {}},
        default=None,
    )
    facility: Facility | None = described(
        "机构类别",
        "Of who was admitted or discharged: a stay in a hospital changes no fact of itself, one in an institution does",
        "institution",
        default=None,
    )
    evidence: Annotated[Note, Field(max_length=500)] | None = described(
        "来源", "Where it is known from; without names and ID numbers", "村委会报告", default=None
    )


class AlertResolved(Facts):
    """That an alert is dealt with although no new decision follows."""

    reason: Note = described("理由", "Why; without names and ID numbers", "已入户核实，收入未变化")


class DecidedHousehold(Shape):
    """The decision that stands."""

    decision: str = described("认定编号", "The decision that stands", DECISION_EXAMPLE)
    jurisdiction: str = described("区划代码", "The place", "999900001000")
    case: str | None = described("案件编号", "The caller's number of the case", "C-2026-17")
    household_ref: str | None = described("家庭编号", "The caller's reference of the household", "H-0042")
    date: str = described("认定日期", "The day it was decided for", "2026-08-15")


class EffectInWords(ExpectedEffect):
    """What would change, with the words for it."""

    title: str = described("项目名称", "The programme in the language asked for", "最低生活保障")


class GrantChangedSince(Shape):
    """A grant that the event changes."""

    programme: Programme = described("项目", "The programme", "dibao")
    title: str = described("项目名称", "The programme in the language asked for", "最低生活保障")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    months: list[str] = described("月份", "The months since, up to this one", ["2026-10", "2026-11"])
    per_month: str | None = described(
        "每月差额", "By how much each differs; null where it is not settled", "-1104.00", unit="CNY/month"
    )
    total: str | None = described("合计", "All of them", "-2208.00", unit="CNY")


class ReviewInterval(Shape):
    """A granted result and its interval."""

    programme: Programme = described("项目", "The programme", "dibao")
    title: str = described("项目名称", "The programme in the language asked for", "最低生活保障")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    decided_for: str = described("认定日期", "The day from which the interval runs", "2026-08-15")
    review_months: int | None = described(
        "复核周期（月）", "As the rules of that day gave it; null where nothing published gives one", 6
    )
    due: str | None = described("到期日", "The last day of the interval", "2027-02-15")


class Review(DecidedHousehold):
    """A household whose review is due."""

    due: str | None = described("到期日", "The earliest of its intervals; null where none is published", "2027-02-15")
    overdue_days: int | None = described("逾期天数", "How many days it is overdue today", 0)
    intervals: list[ReviewInterval] = described(
        "复核事项", "Everything that goes on by the decision, the earliest first"
    )
    verification: str | None = described("核对编号", "The re-check that the service began for it", VERIFICATION_EXAMPLE)
    estimated_on: str = described("测算日期", "The day for which the effects are computed: today", "2026-11-20")
    effects: list[EffectInWords] | None = described(
        "测算变化",
        "What the same facts come to now, beside what was recorded; null where the rules of now do not take them",
    )


class ReviewList(Shape):
    """What is due. A page may be short, or empty, and go on."""

    items: list[Review] = described("家庭", "The households")
    next: str | None = described("下一页", "The `cursor` of the next page; null at the end")


class LikelyEligible(Shape):
    """A result that is eligible by what is on record, and was not granted."""

    programme: Programme = described("项目", "The programme", "disability_living_subsidy")
    title: str = described("项目名称", "The programme in the language asked for", "困难残疾人生活补贴")
    person: str | None = described("人员", "The member's id; null for the household", "p2")
    before: Literal["not_asked", "refused", "undecided"] = described(
        "此前", "What became of it in the decision that stands", "not_asked"
    )
    before_title: str = described("此前说明", "The same in the language asked for", "此前未申请")
    amount: str | OpenFigure | None = described("金额", "What it comes to, or its bounds", "100.00", unit=_UNIT)
    unit: str | None = described("单位", "CNY/month, CNY/year or CNY; null for a status", "CNY/month")
    gaps: list[str] = described("未公布的标准", "Figures that are not published and enter it", [])


class Screening(DecidedHousehold):
    """A household in which somebody is likely eligible for what it does not get."""

    on: str = described("日期", "The day it was computed for", "2026-11-20")
    likely: list[LikelyEligible] = described("可能符合", "For what, and how much it comes to")


class ScreeningList(Shape):
    """Whom to call on. A page may be short, or empty, and go on."""

    items: list[Screening] = described("家庭", "The households")
    next: str | None = described("下一页", "The `cursor` of the next page; null at the end")


class AlertResolution(Shape):
    """That somebody dealt with an alert."""

    reason: str = described("理由", "Why no new decision follows", "已入户核实，收入未变化")
    by: str = described("处理人", "Who dealt with it", "staff-17")
    at: str = described("处理时间", "When", _INSTANT)


class AlertFinding(Shape):
    """What a register found; it is resolved in its verification."""

    n: int = described("序号", "Its number in the verification", 1)
    person: str = described("人员编号", "About whom", "p2")
    pointer: str = described(
        "位置", "JSON Pointer of the fact it bears on, or of the person", "/household/assets/vehicles"
    )
    source: str = described("核对项目", "The register", "vehicles")
    source_title: str = described("核对项目名称", "The register in the language asked for", "车船登记")
    fact: str | None = described("发现事项", "What kind of finding; null for `unmatched`", "vehicles")
    fact_title: str | None = described(
        "发现事项名称", "The kind of finding in the language asked for; null for `unmatched`", "名下机动车（船）数量"
    )
    match: Quality = described("匹配程度", "`exact`: name and ID number; anything less is `weak`", "weak")
    kind: Kind = described("类别", "How it compares with what was declared", "undeclared")
    effects: list[EffectInWords] | None = described(
        "全部影响", "Every result that accepting it would change; null where that cannot be computed"
    )


class Alert(DecidedHousehold):
    """Something to be looked into. It changes nothing by itself."""

    id: str = described("预警编号", "The alert, or the verification that found it", ALERT_EXAMPLE)
    source: Literal["event", "verification"] = described(
        "来源", "`event`: it was reported; `verification`: a re-check of registers found it", "event"
    )
    at: str = described("时间", "When it was reported or last answered", _INSTANT)
    person: str = described("人员", "The id of a member or an obligor", "p2")
    kind: str | None = described(
        "事件", "What happened, as it was reported (docs/monitoring.md); null for a verification", "new_job"
    )
    event: str | None = described("事件", "The same as `kind`", "new_job")
    event_title: str | None = described(
        "事件名称", "The event in the language asked for; null for a verification", "就业"
    )
    on: str | None = described("发生日期", "On which day", "2026-10-12")
    value: str | None = described("金额（每月）", "The amount that was reported", "2600.00", unit="CNY/month")
    evidence: str | None = described("依据", "Where it is known from", "村委会报告")
    other_decision: str = described(
        "另一认定",
        "Of `granted_elsewhere`: the decision that supports the person in another household, for who may see it",
        DECISION_EXAMPLE,
        default=None,
    )
    reported_by: str = described("报告人", "Who reported it, or began the verification", "staff-17")
    verification: str | None = described(
        "核对编号", "The re-check begun for it, or that found it", VERIFICATION_EXAMPLE
    )
    findings: list[AlertFinding] = described(
        "核对发现", "What registers found and nobody resolved, those that matter first"
    )
    effect: EffectInWords | None = described(
        "主要影响", "The effect that matters most; null for none or not computable"
    )
    effects: list[EffectInWords] | None = described(
        "全部影响", "What would change if it is so; null where facts cannot say it"
    )
    since: list[GrantChangedSince] | None = described(
        "变化以来",
        "What was granted and would be another amount since the event, as the day it happened measures it; null where that"
        " cannot be computed, for findings that are no event, and once a later decision followed. A difference is not a debt",
    )
    months_overpaid: str | None = described(
        "多发合计", "What was granted for those months and would not be due", "2208.00", unit="CNY"
    )
    months_owed: str | None = described(
        "应补合计", "What would be due for those months and was not granted", "0.00", unit="CNY"
    )
    state: Literal["open", "followed", "resolved"] = described(
        "处理状态",
        "`followed`: a later decision took the place of this one; `resolved`: a person dealt with it",
        "open",
    )
    followed_by: str | None = described("后续认定", "The later decision", DECISION_EXAMPLE)
    resolution: AlertResolution | None = described("处理结果", "What a person made of it")


class AlertList(Shape):
    """What is to be looked into. A page may be short, or empty, and go on."""

    items: list[Alert] = described("预警", "The alerts")
    next: str | None = described("下一页", "The `cursor` of the next page; null at the end")


class EventTaken(Shape):
    """That a report of an event was taken."""

    taken: Literal[True] = described(
        "已收到", "Always true: it does not say whether the person is on record here", True
    )
    alerts: list[str] | None = described(
        "预警编号", "The alerts it became; null for a caller who may not read them", [ALERT_EXAMPLE]
    )
