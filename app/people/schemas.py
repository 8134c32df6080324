"""What is sent about persons: whom to look for, and why somebody is erased."""

from __future__ import annotations

from typing import Literal

from app.decisions.schemas import IdNumber, Name
from app.rules.facts.household import Facts
from app.rules.schema_base import described

Ground = Literal["purpose_achieved", "period_ended", "consent_withdrawn", "unlawful", "other_law"]


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
