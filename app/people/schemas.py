"""Requests and answers about persons, their statuses, and who read what of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from app.core.canonical_json import canonical_plain, digest_of
from app.decisions.schemas import DECISION_EXAMPLE, PERSON_EXAMPLE, IdNumber, Name
from app.rules.facts.household import Facts, Programme
from app.rules.schema_base import Shape, described
from app.security.callers import Role

Ground = Literal["purpose_achieved", "period_ended", "consent_withdrawn", "unlawful", "other_law"]
_INSTANT: Final = "2026-11-20T02:00:00.000000Z"


class PersonSearch(Facts):
    """Whom to look for. Sent in a body: no ID number stands in an address."""

    id_number: IdNumber = described("公民身份号码", "The ID number of the person", "11010519491231002X")
    name: Name | None = described("姓名", "Its name, if that is to be the same", "张某", default=None)


class ErasureRequest(Facts):
    """Why a person is erased: one of the grounds of 个人信息保护法, article 47."""

    reason: Ground = described(
        "删除理由",
        "`purpose_achieved` (47(1)(1)), `period_ended` (47(1)(2)), `consent_withdrawn` (47(1)(3)), `unlawful`"
        " (47(1)(4)), or `other_law` (47(1)(5))",
        "purpose_achieved",
    )


@dataclass(frozen=True)
class AccessFilter:
    """Entries of the access log that fit everything that is named. `within`: the areas of the auditor."""

    within: tuple[str, ...]
    start: dt.date | None = None
    until: dt.date | None = None
    subject: str | None = None
    decision: UUID | None = None
    person: str | None = None
    purpose: str | None = None

    @property
    def name(self) -> str:
        """A digest that tells this filter from others, for cursors."""
        plain = [None if value is None else str(value) for value in vars(self).values()]
        return digest_of(canonical_plain(plain)).hex()[:16]


class PersonFound(Shape):
    """A person, by its reference."""

    ref: str = described("人员索引号", "Stands for the same person in every decision", PERSON_EXAMPLE)
    sensitive: bool = described("敏感个人信息", "Whether it was a child of an age whose data is sensitive", False)


class PersonList(Shape):
    """The persons that fit: one, or none."""

    items: list[PersonFound] = described("人员", "The person")
    next: str | None = described("下一页", "Always null", None)


class OpenedIdentity(Shape):
    """Who a member or an obligor is."""

    person: str = described("人员编号", "The id of a member or an obligor", "p1")
    ref: str | None = described("人员索引号", "Stands for the same person in every decision", PERSON_EXAMPLE)
    sensitive: bool = described("敏感个人信息", "Whether it is a child of an age whose data is sensitive", False)
    name: str | None = described("姓名", "Full name; null once erased", "张某")
    id_number: str | None = described("公民身份号码", "The ID number; null once erased", "11010519491231002X")
    erased_on: str | None = described("删除日期", "The day on which they were erased; null if they are not", None)


class Identities(Shape):
    """Who is identified in a decision."""

    decision: str = described("认定编号", "The decision", DECISION_EXAMPLE)
    identities: list[OpenedIdentity] = described("身份信息", "Everybody who is identified in it")


class Erased(Shape):
    """That a person is erased."""

    person: str = described("人员索引号", "The person", PERSON_EXAMPLE)
    erased_at: str = described("删除时间", "When it was first erased", _INSTANT)
    by: str = described("删除人", "Who erased it", "staff-17")
    reason: Ground = described("删除理由", "On which ground", "purpose_achieved")


class Status(Shape):
    """Whether a person has a status."""

    programme: Programme = described("项目", "The programme", "dibao")
    holds: bool | None = described("是否享有", "Whether it holds on that day; null if that is not known here", True)
    since: str | None = described("起始月份", "If it holds, from which month without a break", "2026-09")


class Statuses(Shape):
    """The statuses of a person that a purpose may ask about."""

    person: str = described("人员索引号", "The person", PERSON_EXAMPLE)
    on: str = described("日期", "The day", "2026-11-20")
    purpose: str = described("目的", "For what it was asked", "medical_assistance")
    statuses: list[Status] = described("身份", "One for each that the purpose may ask about")


class AccessEntry(Shape):
    """One reading of personal data, in one place."""

    at: str = described("时间", "When it was read", _INSTANT)
    subject: str = described("查阅人", "Who read", "staff-17")
    roles: list[Role] = described("角色", "The reader's roles", ["caseworker"])
    areas: list[str] = described("职责区划", "The reader's areas; CN for the whole country", ["430500"])
    action: str = described("操作", "By which permission", "identities.read")
    purpose: str = described("目的", "For what", "case_handling")
    jurisdiction: str = described(
        "区划代码", "The place of what was read; without a decision, the reader's area", "430500"
    )
    sensitive: bool = described("敏感个人信息", "Whether it was about a child of an age whose data is sensitive", False)
    decisions: list[str] = described("认定", "The decisions that were read", [DECISION_EXAMPLE])
    persons: list[str] = described("人员", "The references of the persons it was about", [PERSON_EXAMPLE])
    household_ref: str | None = described("家庭编号", "The household it was about", "H-0042")


class AccessLogPage(Shape):
    """Entries of the access log."""

    items: list[AccessEntry] = described("记录", "The entries of this page")
    next: str | None = described(
        "下一页", "The cursor of the next page of the same query; null at the end", "WyI1NmQ3…"
    )
