"""What is sent to publish: a whole pack, or what a notice adds to the one that stands; approvals and rejections."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.decisions.intake import read_body
from app.decisions.schemas import Note, names_a_person
from app.rules.facts.household import Facts
from app.rules.request_faults import (
    Fault,
    FaultyRequest,
)

MOST_FILES: Final = 100
State = Literal["pending", "approved", "rejected"]
STATES: Final[tuple[State, ...]] = get_args(State)
FORMS: Final = ("pack", "change", "documents", "values")

_FILE_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,59}\.yaml$"
_NAMES_A_PLACE: Final = r"^(CN|[1-9][0-9]{5})$"
_VALUE: Final = {"from": "2027-07-01", "value": 960, "document": "notice-2027", "article": "1"}
_DOCUMENT: Final = {"title": {"zh": "通知", "en": "Notice"}, "published": "2027-06-20", "articles": 3}


def _pack(value: object) -> str | dict[str, str]:
    """One text, or texts by the names of their files. Checked as one, so that a fault has one place."""
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


def _said(zh: str, en: str, *examples: Any, **more: Any) -> Any:
    return Field(description=en, examples=list(examples) or None, json_schema_extra={"title_zh": zh}, **more)


class PublicationRequest(Facts):
    """One of: a whole pack; a change as a YAML text; a change as documents and values."""

    jurisdiction: Annotated[str, Field(pattern=_NAMES_A_PLACE)] = _said(
        "区划代码", "GB/T 2260 code of six digits, or CN for the nation's own pack", "999900"
    )
    pack: Pack | None = _said(
        "规则包",
        "The YAML text of the whole pack, or the texts of its files by name",
        'division: "999900"…',
        default=None,
    )
    change: str | None = _said(
        "变更（YAML）",
        "The YAML text of new documents and values; they join those that stand",
        "values:\n  dibao.rounding:\n    - {from: 2027-07-01, value: 1, document: model-city-rules}\n",
        default=None,
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

    note: Note | None = _said("说明", "Remarks", "已与原文核对", default=None)


class Rejection(Facts):
    """That a second person rejects, and why."""

    reason: Note = _said("理由", "Why it is rejected", "文件第2条与所录数值不符")


def read_publication(raw: Any) -> PublicationRequest:
    """The typed request. FaultyRequest with every fault of form, and unless it says exactly one thing.

    Rules are public and kept for ever, and a fault quotes its line: an ID number in them is refused unread.
    """
    if isinstance(raw, dict) and (named := [name for name in FORMS if names_a_person(str(raw.get(name)))]):
        raise FaultyRequest([Fault(f"/{name}", "personal_data") for name in named])
    body = read_body(raw, PublicationRequest)
    said = [name for name in FORMS if getattr(body, name) is not None]
    if not said:
        raise FaultyRequest([Fault("/pack", "required")])
    if len(said) > 1 and said != ["documents", "values"]:
        raise FaultyRequest([Fault(f"/{name}", "not_allowed") for name in said[1:]])
    return body
