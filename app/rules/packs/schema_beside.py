"""Models of what packs say beside rules and figures: referrals, choices, changes that may be shown, notices, remedies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.rules.facts.household import Programme
from app.rules.packs.forms import Citation, Dated, Day, Section, Text, read_fact

ReferredTo = Literal["medical", "education", "housing", "employment", "heating", "legal_aid", "funeral"]
ChangeableFact = Literal[
    "/date",
    "/household/members/*/disability/level",
    "/household/members/*/serious_illness",
    "/household/members/*/special_hardship",
    "/household/members/*/needs_long_term_care",
    "/household/members/*/self_care_failed",
    "/household/members/*/parents/father/term_months",
    "/household/members/*/parents/mother/term_months",
    "/household/obligors/*/disability/level",
]


class ReferralVersion(Dated):
    """Articles by which the holders of statuses are referred on, where the condition (a rule) does not fail."""

    programmes: Annotated[list[Programme], Field(min_length=1)]
    when: str | None = None
    basis: Annotated[list[Citation], Field(min_length=1)]
    published: Day | None = None


class Referral(Section):
    """What another department owes to the holder of a status; the latest version that names a programme holds for it."""

    to: ReferredTo
    title: Text
    versions: Annotated[list[ReferralVersion], Field(min_length=1)]


class ChoiceVersion(Dated):
    basis: Annotated[list[Citation], Field(min_length=1)]


class Choice(Section):
    """What law lets a family choose: whoever holds one status may have another by not making a claim (`forgo`)."""

    title: Text
    held: Annotated[list[Programme], Field(min_length=1)]
    pick: Programme
    forgo: Annotated[list[Literal["parents"]], Field(min_length=1)]
    versions: Annotated[list[ChoiceVersion], Field(min_length=1)]


class ChangeAllowed(Section):
    """A fact of which an answer may say what would change a result, and the values it may name, with the reason.

    The list of facts is closed: none whose change would be advice to hide income or assets, to stop work or to move out.
    """

    fact: ChangeableFact
    values: list[Annotated[bool | int, BeforeValidator(read_fact)]] = []
    months: Annotated[int, Field(ge=0, le=24)] = 0  # how far ahead, for a day
    title: Text


class Safeguard(Dated):
    """An event that must be on record before an officer may decide against a family."""

    title: Text
    event: Literal["hearing"]
    outcomes: list[Literal["refused", "reduced", "suspended", "terminated"]]
    basis: list[Citation]


class NoticeDeadline(Section):
    """A number of days within which a step must be taken."""

    value: int
    unit: Literal["working_days", "days"]


class WrittenNotice(Dated):
    """The duty to tell a family of outcomes in writing, with the reasons; without `programmes`, of all of them."""

    programmes: list[Programme] | None = None
    outcomes: list[Literal["refused", "reduced", "suspended", "terminated"]]
    deadline: NoticeDeadline | None = None
    basis: list[Citation]


class RemedyVersion(Dated):
    """Body and deadline of a remedy, where a held document gives them; without `programmes`, against all decisions."""

    programmes: list[Programme] | None = None
    where: Text | None = None
    deadline: NoticeDeadline | None = None
    basis: list[Citation]


class Remedy(Section):
    """A way to seek review; `law` is the document with everything else on it."""

    title: Text
    law: str
    versions: Annotated[list[RemedyVersion], Field(min_length=1)]
