"""Requests and answers of publications: what is submitted, approved or rejected, and what is shown of it."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE, Note
from app.rules.facts.household import Facts
from app.rules.schema_base import Shape, described

MOST_FILES: Final = 100
State = Literal["pending", "approved", "rejected"]
Kind = Literal["added", "changed", "ended", "removed"]
Effect = Literal["gain", "loss", "mixed", "unchanged", "undetermined"]

_INSTANT: Final = "2026-11-20T02:00:02+00:00"
_FILE_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,59}\.yaml$"
_NAMES_A_PLACE: Final = r"^(CN|[1-9][0-9]{5})$"
_VALUE: Final = {"from": "2027-07-01", "value": 960, "document": "notice-2027", "article": "1"}
_DOCUMENT: Final = {"title": {"zh": "通知", "en": "Notice"}, "published": "2027-06-20", "articles": 3}


def _pack(value: object) -> str | dict[str, str]:
    """Reads one text, or texts by the names of their files. Checked as one, so that a fault has one place."""
    if type(value) is str:
        return value
    if type(value) is not dict or not all(type(text) is str for text in value.values()):
        raise PydanticCustomError("pack_type", "a text, or texts by file")
    if not 0 < len(value) <= MOST_FILES:
        raise PydanticCustomError("too_long" if value else "too_short", "some files, not too many")
    if not all(re.fullmatch(_FILE_NAME, name) for name in value):
        raise PydanticCustomError("string_pattern_mismatch", "names of files")
    return value


Pack = Annotated[
    str | dict[str, str],
    PlainValidator(_pack),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": MOST_FILES,
                    "propertyNames": {"pattern": _FILE_NAME},
                    "additionalProperties": {"type": "string"},
                },
            ]
        }
    ),
]


class PublicationRequest(Facts):
    """One of: a whole pack; a change as a YAML text; a change as documents and values."""

    jurisdiction: Annotated[str, Field(pattern=_NAMES_A_PLACE)] = described(
        "区划代码", "GB/T 2260 code of six digits, or CN for the nation's own pack", "999900"
    )
    pack: Pack | None = described(
        "规则包",
        "The YAML text of the whole pack, or the texts of its files by name",
        'division: "999900"…',
        default=None,
    )
    change: str | None = described(
        "变更（YAML）",
        "The YAML text of new documents and values; they join those that stand",
        "values:\n  dibao.rounding:\n    - {from: 2027-07-01, value: 1, document: model-city-rules}\n",
        default=None,
    )
    documents: dict[str, Any] | None = described(
        "文件", "New documents, in the words of a pack", {"notice-2027": _DOCUMENT}, default=None
    )
    values: dict[str, Any] | None = described(
        "标准",
        "New dated values by parameter, in the words of a pack",
        {"dibao.standard.urban": [_VALUE]},
        default=None,
    )
    note: Note | None = described("说明", "Why, in words", "按市政府公布的新标准", default=None)


class Approval(Facts):
    """That a second person approves."""

    note: Note | None = described("说明", "Remarks", "已与原文核对", default=None)


class Rejection(Facts):
    """That a second person rejects, and why."""

    reason: Note = described("理由", "Why it is rejected", "文件第2条与所录数值不符")


PUBLICATION_EXAMPLE: Final = {
    "jurisdiction": "999900",
    "documents": {
        "model-city-notice-2027": {
            "title": {"zh": "示例市社会救助标准通知（虚构）", "en": "Model City notice (fictional)"},
            "published": "2027-06-20",
            "from": "2027-07-01",
            "articles": 3,
        }
    },
    "values": {
        "dibao.standard.urban": [
            {"from": "2027-07-01", "value": 960, "document": "model-city-notice-2027", "article": "1"}
        ]
    },
    "note": "2027年新标准",
}


class ValueSide(Shape):
    """A dated value as a pack says it."""

    start: str = described("起", "The first day it holds", "2027-07-01", alias="from")
    until: str | None = described("止", "The last day, if it is said", "2027-12-31")
    published: str | None = described("公布日期", "The day it was made public, if the value says one", "2027-06-20")
    figure: str = described("数值", "As it is written", "960")
    per: str | None = described("期间", "month, year or once, where it is said", "year")
    document: str = described("文件", "The document's name in its pack", "model-city-notice-2027")
    article: str | None = described("条款", "Its article", "1")


class ValueChange(Shape):
    """A value on both sides; null where a side has none."""

    value: str = described("参数", "The parameter, with its key", "dibao.standard.urban")
    kind: Kind = described("变化", "added, changed, ended or removed", "added")
    title: str = described("名称", "Its title, in the language asked for", "低保标准（每人每月）")
    unit: str | None = described("单位", "The parameter's unit", "CNY/month")
    left: ValueSide | None = described("原有", "As it stands")
    right: ValueSide | None = described("提交", "As submitted")


class Cited(Shape):
    """A document and its article."""

    document: str = described("文件", "The document's name in its pack", "社会救助法")
    article: str | None = described("条款", "Its article", "18")


class RuleVersionSide(Shape):
    """A version of a rule as a pack says it."""

    start: str = described("起", "The first day it holds", "2027-07-01", alias="from")
    until: str | None = described("止", "The last day, if it is said", "2027-12-31")
    published: str | None = described("公布日期", "The day it was made public, if the version says one", "2027-06-20")
    formula: str | None = described("公式", "Its formula", "round_up(dibao.difference + dibao.uplift, 1)")
    basis: list[Cited] = described("依据", "What it rests on")


class RuleChange(Shape):
    """A rule's version on both sides; null where a side has none."""

    rule: str = described("规则", "The rule's id", "dibao.amount")
    kind: Kind = described("变化", "added, changed, ended or removed", "changed")
    title: str = described("名称", "Its title, in the language asked for", "低保金")
    left: RuleVersionSide | None = described("原有", "As it stands")
    right: RuleVersionSide | None = described("提交", "As submitted")


class DocumentChange(Shape):
    """A document that is new, gone or described otherwise."""

    document: str = described("文件", "Its name in the pack", "model-city-notice-2027")
    kind: Kind = described("变化", "added, changed or removed", "added")
    title: str = described("名称", "Its title, in the language asked for", "示例市社会救助标准通知（虚构）")
    number: str | None = described("文号", "Its number", "示例〔2027〕1号")
    published: str | None = described("公布日期", "The day it was made public", "2027-06-20")


class Comparison(Shape):
    """A pack beside the one that stood when it was submitted."""

    values: list[ValueChange] = described("标准", "Values, one by one")
    rules: list[RuleChange] = described("规则", "Versions of rules, one by one")
    programmes: list[str] = described("项目", "Programmes that are made otherwise", ["dibao"])
    documents: list[DocumentChange] = described("文件", "Documents, one by one")
    other: list[str] = described("其他", "Other sections of the pack that differ", ["name"])


class Touched(Shape):
    """A decision that would come to something else. Not what anybody is owed: a person decides."""

    decision: str = described("认定编号", "The decision's id", DECISION_EXAMPLE)
    effect: Literal["gain", "loss", "mixed", "undetermined"] = described("影响", "To whose good", "gain")
    day: str | None = described("日期", "The first day on which it does", "2027-07-01")
    month: str | None = described(
        "每月差额", "By how much a month; null where it is not settled", "120.00", unit="CNY/month"
    )


class EffectCounts(Shape):
    """Decisions by what the publication does to them."""

    gain: int = described("增加", "More, or something where nothing was", 12)
    loss: int = described("减少", "Less, or nothing where something was", 0)
    mixed: int = described("增减兼有", "More of one thing and less of another", 0)
    unchanged: int = described("不变", "The same", 30)
    undetermined: int = described("待定", "Not settled on either side", 1)


class ImpactAnswer(Shape):
    """Whom a publication touches: of each household the latest decided decision of the caller's areas that stands."""

    decisions: int = described("认定总数", "Decisions of the place in the caller's areas, of every state", 57)
    seen: int = described("已查看", "How many of them were looked at, the newest first", 57)
    complete: bool = described("是否查完", "Whether there were no more", True)
    next: str | None = described("续点", "Where looking goes on (`before`); null at the end", DECISION_EXAMPLE)
    counts: EffectCounts = described("分类计数", "Decisions by effect")
    gained_month: str = described("每月增加", "What is more, together", "1440.00", unit="CNY/month")
    lost_month: str = described("每月减少", "What is less, together", "0.00", unit="CNY/month")
    net_month: str = described("每月净额", "The one less the other", "1440.00", unit="CNY/month")
    touched: list[Touched] = described("受影响的认定", "Those that would come to something else, at most 100")
    touched_in_all: int = described("受影响总数", "How many those are in all, as far as was looked", 13)


class Outcome(Shape):
    """What a second person decided."""

    by: str | None = described("决定人", "Who decided; shipped for what came with the service", "reviewer-3")
    at: str | None = described("决定时刻", "When", _INSTANT)
    known_from: str | None = described(
        "知悉起点", "From when it counts; null for a rejection and for what was there from the beginning", _INSTANT
    )
    reason: str | None = described("说明", "Remarks, or why it was rejected", "已与原文核对")


class PublicationRow(Shape):
    """A publication in a list."""

    id: str = described("编号", "The publication's id", "01a1f6ae-9900-7924-9faa-bad8a09a3da6")
    form: Literal["shipped", "pack", "change"] = described(
        "形式", "What came with the service, a pack, a change", "change"
    )
    jurisdiction: str = described("区划代码", "The place, or CN", "999900")
    state: State = described("状态", "pending, approved or rejected", "pending")
    packs: list[str] = described("规则包", "The packs by the digests of their texts", [DIGEST_EXAMPLE])
    submitted_by: str = described("提交人", "Who submitted it; shipped for what came with the service", "publisher-1")
    submitted_at: str = described("提交时刻", "When", _INSTANT)
    note: str | None = described("说明", "Why, in words", "2027年新标准")
    outcome: Outcome | None = described("结果", "What became of it; null while it is pending")


class PublicationList(Shape):
    """Publications in the order they were submitted."""

    items: list[PublicationRow] = described("发布", "The publications of this page")
    next: str | None = described(
        "下一页", "The cursor of the next page of the same query; null at the end", "WyI1NmQ3…"
    )


class PlausibilityWarning(Shape):
    """A figure that deserves a look. It stops nothing."""

    file: str = described("文件", "The file of the pack", "999900/published-0001.yaml")
    line: int = described("行", "From 1", 5)
    column: int = described("列", "From 1", 7)
    message: str = described("说明", "What is unusual, in the language asked for")


class PublicationAnswer(PublicationRow):
    """A publication: what it says, beside what it was compared with, and whom it touches if that was asked for."""

    name: str | None = described("地区", "The place's name; null for what came with the service", "示例市（虚构）")
    comparison: Comparison | None = described("比较", "Beside what stood; null for what came with the service")
    current: bool | None = described(
        "比较是否仍然有效", "While it is pending: whether what it was compared with still stands", True
    )
    warnings: list[PlausibilityWarning] = described("提示", "Figures that deserve a look")
    files: dict[str, str] = described("全文", "The pack's files by name", {"999900/pack.yaml": "division: …"})
    impact: ImpactAnswer | None = described("影响", "Whom it touches; null unless it was asked for")
