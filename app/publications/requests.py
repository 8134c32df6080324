"""What is sent to publish: a whole pack, or what a notice adds to the one that stands; approvals and rejections."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field

from app.decisions.proposals import read_body
from app.decisions.requests import Note
from app.rules.facts import Facts
from app.rules.faults import Fault, FaultyRequest

MOST_FILES: Final = 100
State = Literal["pending", "approved", "rejected"]
STATES: Final[tuple[State, ...]] = get_args(State)
FORMS: Final = ("pack", "change", "documents", "values")

_FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}\.yaml$")]
_NAMES_A_PLACE: Final = r"^(CN|[1-9][0-9]{5})$"
_VALUE: Final = {"from": "2027-07-01", "value": 960, "document": "notice-2027", "article": "1"}
_DOCUMENT: Final = {"title": {"zh": "通知", "en": "Notice"}, "published": "2027-06-20", "articles": 3}


def _said(zh: str, en: str, *examples: Any, **more: Any) -> Any:
    return Field(description=en, examples=list(examples) or None, json_schema_extra={"title_zh": zh}, **more)


class PublicationRequest(Facts):
    """One of: a whole pack; a change as a YAML text; a change as documents and values."""

    jurisdiction: Annotated[str, Field(pattern=_NAMES_A_PLACE)] = _said(
        "区划代码", "GB/T 2260 code of six digits, or CN for the nation's own pack", "999900"
    )
    pack: str | Annotated[dict[_FileName, str], Field(min_length=1, max_length=MOST_FILES)] | None = _said(
        "规则包",
        "The YAML text of the whole pack, or the texts of its files by name",
        'division: "999900"…',
        default=None,
    )
    change: str | None = _said(
        "变更（YAML）", "The YAML text of new documents and values; they join those that stand", default=None
    )
    documents: dict[str, Any] | None = _said(
        "文件", "New documents, in the words of a pack", {"notice-2027": _DOCUMENT}, default=None
    )
    values: dict[str, Any] | None = _said(
        "标准",
        "New dated values by parameter, in the words of a pack",
        {"dibao.standard.urban": [_VALUE]},
        default=None,
    )
    note: Note | None = _said("说明", "Why, in words", "按市政府公布的新标准", default=None)


class Approval(Facts):
    """That a second person approves."""

    note: Note | None = _said("说明", "Remarks", default=None)


class Rejection(Facts):
    """That a second person rejects, and why."""

    reason: Note = _said("理由", "Why it is rejected", "文件第2条与所录数值不符")


def read_publication(raw: Any) -> PublicationRequest:
    """The typed request. FaultyRequest with every fault of form, and unless it says exactly one thing."""
    body = read_body(raw, PublicationRequest)
    said = [name for name in FORMS if getattr(body, name) is not None]
    if not said:
        raise FaultyRequest([Fault("/pack", "required")])
    if len(said) > 1 and said != ["documents", "values"]:
        raise FaultyRequest([Fault(f"/{name}", "not_allowed") for name in said[1:]])
    return body
