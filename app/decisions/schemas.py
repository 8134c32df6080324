"""What callers send about decisions: proposals, confirmations, withdrawals, events, filters; and the terms they share."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from app.core.ids import REF_PATTERN
from app.core.paging import Filter
from app.rules.engine.outcomes import Status
from app.rules.facts.forms import Day, Money
from app.rules.facts.household import Facts, Programme
from app.rules.facts.request import AssessmentRequest
from app.rules.schema_base import PRINTABLE, PROSE, WORD, described
from app.security import id_numbers
from app.security.names import unified

MOST_OF_A_NAME: Final = 100
MOST_PROVENANCE: Final = 500
MOST_OUTCOMES: Final = 200
DECISION_EXAMPLE: Final = "01a1f6ae-9900-780f-8b3c-5369bc707be7"
PERSON_EXAMPLE: Final = "6f1c0f7f0f3e4c1ab7a0d9f3f2f4f1aa"
DIGEST_EXAMPLE: Final = "sha256:5a06f992afad04757c8a5057878caf1749b3b0f4508b4f9580b9c24cdaba929f"


DecisionKind = Literal["initial", "review", "change", "termination"]
OutcomeKind = Literal["granted", "refused", "increased", "reduced", "suspended", "terminated"]
EventKind = Literal["notice", "objection", "visit", "hearing", "delivery"]
Source = Literal["declared", "verified", "settled", "assumed"]


def _no_id_number(text: str) -> str:
    """A reference stays in the record for ever: it must not be somebody's ID number."""
    if id_numbers.names_a_person(text, id_numbers.LIKE_ONE):
        raise PydanticCustomError("personal_data", "a reference must not be an ID number")
    return text


def _of_nobody(text: str) -> str:
    """Words stay in the record for ever, too."""
    if id_numbers.names_a_person(text):
        raise PydanticCustomError("personal_data", "no ID number may stand here")
    return text


def _sendable(name: str) -> str:
    """A name that a register can be asked for: something is left of it in its one form, and not too much."""
    if not 0 < len(unified(name)) <= MOST_OF_A_NAME:
        raise PydanticCustomError("wrong_form", "no name, or one that is too long in full")
    return name


def _checked(number: str) -> str:
    try:
        return id_numbers.plain(number)
    except id_numbers.NotAnIdNumber:
        raise PydanticCustomError("not_an_id_number", "not an identity number") from None


Reference = Annotated[str, Field(min_length=1, max_length=64), WORD, AfterValidator(_no_id_number)]
Named = Annotated[str, Field(min_length=1, max_length=200), PRINTABLE]
Note = Annotated[str, Field(min_length=1, max_length=2000), PROSE, AfterValidator(_of_nobody)]


Name = Annotated[str, Field(min_length=1, max_length=MOST_OF_A_NAME), PRINTABLE, AfterValidator(_sendable)]
IdNumber = Annotated[str, Field(pattern=id_numbers.PATTERN), AfterValidator(_checked)]


class Identity(Facts):
    """Who a member or an obligor is. Kept apart from the record, sealed under a key that can be destroyed."""

    person: Annotated[str, PRINTABLE] = described("人员编号", "The id of a member or an obligor", "p1")
    name: Name = described("姓名", "Full name", "张某")
    id_number: IdNumber = described(
        "公民身份号码",
        "Resident identity number of 18 characters (GB 11643), or that of a residence permit of the same form",
        "11999919840302018X",
    )


class Provenance(Facts):
    """Where a fact comes from."""

    source: Source = described(
        "来源", "`declared` by the family, `verified`, `settled` by a person, or `assumed`", "verified"
    )
    by: Reference | None = described("提出人", "Who says so: a reference of the caller's", "officer-7", default=None)
    on: Day | None = described("日期", "The day it was found out", "2026-08-12", default=None)
    evidence: Annotated[str, Field(min_length=1, max_length=500), PROSE, AfterValidator(_of_nobody)] | None = described(
        "凭据",
        "The document it rests on; for a supplied figure the notice that prints it",
        "工资流水 2026-02 至 2026-07",
        default=None,
    )


_PROVENANCE_EXAMPLE: Final = {
    "/household/members/0/income/wage": {"source": "verified", "on": "2026-08-12", "evidence": "工资流水"}
}

Identities = Annotated[
    Annotated[list[Identity], Field(max_length=200)] | None,
    described(
        "身份信息",
        "Names and ID numbers of members and obligors. Sealed apart from the record",
        [{"person": "p1", "name": "张某", "id_number": "11999919840302018X"}],
    ),
]
ProvenanceOfFacts = Annotated[
    Annotated[dict[str, Provenance], Field(max_length=MOST_PROVENANCE)] | None,
    described(
        "情况来源",
        "By JSON Pointer below /household or /options: where the fact comes from; a fact not named here was declared",
        _PROVENANCE_EXAMPLE,
    ),
]


class DecisionDetails(Facts):
    """What a decision has beside the assessment it rests on."""

    case: Reference | None = described(
        "案件编号", "The caller's number of the case; never an ID number", "C-2026-17", default=None
    )
    household_ref: Reference | None = described(
        "家庭编号", "The caller's reference of the household; never an ID number", "H-0042", default=None
    )
    kind: DecisionKind = described("认定类别", "Why it is decided", "initial", default="initial")
    accepted_on: Day | None = described(
        "受理日期", "The day the application was accepted: the law's clocks run from it", "2026-08-10", default=None
    )
    identities: Identities = None
    provenance: ProvenanceOfFacts = None
    by: Reference | None = described(
        "经办人", "The officer who proposes: a reference of the caller's", "officer-7", default=None
    )


class FollowingDetails(DecisionDetails):
    """A decision that corrects or succeeds another."""

    reason: Note = described("理由", "Why the earlier decision is corrected or succeeded", "收入登记有误")


class DecisionRequest(AssessmentRequest, DecisionDetails):
    """A household, and what a decision has beside it"""


class FollowingRequest(AssessmentRequest, FollowingDetails):
    """A decision that corrects or succeeds another"""


class OfficerOutcome(Facts):
    """What an officer decides on one result."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: Annotated[str, PRINTABLE] | None = described(
        "人员", "The member's id; null for the household", "p1", default=None
    )
    outcome: OutcomeKind = described("决定", "What is decided", "granted")
    amount: Money | None = Field(
        default=None,
        description="In the unit of the programme; as recommended if absent",
        examples=["2374.00"],
        json_schema_extra={"title_zh": "金额", "unit": "CNY, CNY/month, CNY/year or CNY/once, as recommended"},
    )
    reason: Note | None = described(
        "理由", "Why the officer decides otherwise than recommended", "入户核查时另有收入", default=None
    )


class Confirmation(Facts):
    """What an officer decides on a proposal. A result that is not named is decided as recommended."""

    outcomes: Annotated[list[OfficerOutcome], Field(max_length=MOST_OUTCOMES)] = described(
        "逐项决定",
        "Results decided one by one; every other is decided as recommended",
        [{"programme": "dibao", "outcome": "granted", "amount": "2300.00", "reason": "入户核查时另有收入"}],
        default=[],
    )
    by: Reference | None = described(
        "决定人", "The officer who decides: a reference of the caller's", "officer-2", default=None
    )


class Withdrawal(Facts):
    """A proposal is given up."""

    reason: Note = described("理由", "Why the proposal is withdrawn", "家庭撤回申请")
    by: Reference | None = described("撤回人", "Who withdraws: a reference of the caller's", "officer-7", default=None)


class Event(Facts):
    """Something that happened in a case."""

    kind: EventKind = described("事项", "What happened", "hearing")
    on: Day = described("日期", "The day it happened", "2026-08-20")
    note: Note | None = described("备注", "A short note without names or ID numbers", "已当面听取意见", default=None)
    by: Reference | None = described("记录人", "Who says so: a reference of the caller's", "officer-7", default=None)


Words = Annotated[str, Field(min_length=1, max_length=64), PRINTABLE]


class DecisionFilter(BaseModel):
    """Which decisions a list or a sample is made of: those that fit everything that is named."""

    jurisdiction: Annotated[str, Field(pattern="^[0-9]{2,12}$")] | None = described(
        "区划代码，含下级", "This place and all below it", "999900", default=None
    )
    case: Words | None = described("案件编号", "The caller's number of the case", "C-2026-17", default=None)
    household_ref: Words | None = described(
        "家庭编号", "The caller's reference of the household", "H-0042", default=None
    )
    person: Annotated[str, Field(pattern=REF_PATTERN)] | None = described(
        "人员索引号", "In which this person is identified, by the person's reference", PERSON_EXAMPLE, default=None
    )
    start: Day | None = described(
        "认定日期起", "Decided for this day or later", "2026-08-15", default=None, alias="from"
    )
    until: Day | None = described("认定日期止", "Decided for this day or earlier", "2026-08-15", default=None)
    programme: Programme | None = described("项目", "With a result on this programme", default=None)
    status: Status | None = described("结论", "With a result of this status", default=None)
    ruleset: Annotated[str, Field(min_length=1, max_length=80), PRINTABLE] | None = described(
        "规则集", "By exactly these rules and figures", DIGEST_EXAMPLE, default=None
    )
    rule: Annotated[str, Field(min_length=1, max_length=100), PRINTABLE] | None = described(
        "规则", "Resting on this rule", "dibao.income_test", default=None
    )
    parameter: Annotated[str, Field(min_length=1, max_length=100), PRINTABLE] | None = described(
        "参数", "Resting on this figure", "dibao.standard", default=None
    )
    document: Annotated[str, Field(min_length=1, max_length=200), PRINTABLE] | None = described(
        "文件", "Resting on this document", "model-city-rules", default=None
    )
    engine: Annotated[str, Field(min_length=1, max_length=20), PRINTABLE] | None = described(
        "引擎版本", "Computed by this version of the engine", "1", default=None
    )

    def filter(self) -> Filter:
        """The filter that repositories read and cursors belong to, of all places."""
        return Filter(**dict(self))
