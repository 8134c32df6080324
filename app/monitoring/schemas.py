"""What is sent to watch over people: events that were reported, and what a person made of an alert."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.decisions.schemas import Note
from app.monitoring.events import kinds
from app.rules.facts.household import Day, Facts, Id, Money
from app.rules.schema_base import described


def _kind(id_: str) -> str:
    if id_ not in kinds():
        raise PydanticCustomError("literal_error", "there is no such kind of event")
    return id_


Kind = Annotated[str, Field(max_length=64, json_schema_extra={"enum": list(kinds())}), AfterValidator(_kind)]


class EventReported(Facts):
    """What happened to somebody."""

    decision: Annotated[str, Field(max_length=36)] | None = described(
        "认定编号",
        "The decision whose household it is; without one `person` is a reference, and every decided household of it is meant",
        "01a1f6ae-9900-780f-8b3c-5369bc707be7",
        default=None,
    )
    person: Id = described("人员", "The id of a member or an obligor, or a person's reference", "p2")
    kind: Kind = described("事件", "What happened", "new_job")
    on: Day = described("发生日期", "On which day", "2026-10-12")
    value: Money | None = Field(
        default=None,
        description="What is known of an amount a month",
        examples=["2600.00"],
        json_schema_extra={"title_zh": "金额（每月）", "unit": "CNY/month"},
    )
    evidence: Annotated[Note, Field(max_length=500)] | None = described(
        "来源", "Where it is known from; without names and ID numbers", "村委会报告", default=None
    )


class AlertResolved(Facts):
    """That an alert is dealt with although no new decision follows."""

    reason: Note = described("理由", "Why; without names and ID numbers", "已入户核实，收入未变化")
