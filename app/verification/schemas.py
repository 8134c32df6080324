"""Models of every request and answer about verifications: beginning one, consents, findings, resolutions, reports."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.decisions.schemas import DECISION_EXAMPLE, DIGEST_EXAMPLE, PERSON_EXAMPLE, Identities, Note, ProvenanceOfFacts
from app.rules.engine.outcomes import Status
from app.rules.facts.forms import Day, Id
from app.rules.facts.household import Facts, Programme
from app.rules.facts.request import AssessmentRequest
from app.rules.schema_base import PRINTABLE, Shape, described
from app.verification.exchange.protocol import Purpose, Quality
from app.verification.findings.compare import Kind
from app.verification.findings.settle import Action
from app.verification.registers.sources import shipped


def _register(id_: str) -> str:
    if id_ not in shipped().sources:
        raise PydanticCustomError("literal_error", "there is no such register")
    return id_


VERIFICATION_EXAMPLE: Final = "01a1f6ae-9900-7c1d-8f6e-2a3b4c5d6e7f"
_INSTANT: Final = "2026-11-20T02:00:00.000000Z"
_POINTER: Final = "/household/assets/vehicles"

State = Literal[
    "waiting_consent",
    "queued",
    "sent",
    "partial",
    "answered",
    "no_record",
    "unmatched",
    "error",
    "timed_out",
    "expired",
]
Applied = Literal["applied", "repeated"]
GivenBy = Literal["self", "guardian"]
Register = Annotated[
    str, Field(max_length=64, json_schema_extra={"enum": list(shipped().sources)}), AfterValidator(_register)
]
Registers = Annotated[list[Register], Field(min_length=1, max_length=50)]
_CONSENT_EXAMPLE = {
    "person": "p1",
    "sources": ["tax", "vehicles"],
    "purpose": "application",
    "until": "2027-02-15",
    "given_by": "self",
    "document_digest": DIGEST_EXAMPLE,
}


class ConsentGiven(Facts):
    """That a person agrees to be asked about."""

    person: Id = described("人员编号", "The id of a member or an obligor", "p1")
    sources: Registers = described("核对项目", "In which registers", ["tax", "vehicles"])
    purpose: Purpose = described("核对目的", "For what: that of the verification", "application")
    until: Day = described("授权期限", "The last day on which it may be asked", "2027-02-15")
    given_by: GivenBy = described(
        "授权人", "The person itself, or its guardian, who must for a child under 14 (个人信息保护法 31)", "self"
    )
    document_digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] = described(
        "授权书摘要", "The digest of the signed document, which stays with whoever took it", DIGEST_EXAMPLE
    )


class VerificationDetails(Facts):
    """What a verification has beside the household, or the decision, that it is about."""

    decision: Annotated[str, Field(max_length=36), PRINTABLE] | None = described(
        "认定编号",
        "The decision whose household is verified; else the household is sent as to propose one",
        "01a1f6ae-9900-780f-8b3c-5369bc707be7",
        default=None,
    )
    persons: Annotated[list[Id], Field(min_length=1, max_length=90)] | None = described(
        "核对对象", "About whom; if absent, whoever the answer can depend on", ["p1", "p2"], default=None
    )
    sources: Registers | None = described(
        "核对项目", "In which registers; if absent, those whose answer can change a result", ["tax"], default=None
    )
    purpose: Purpose = described("核对目的", "For what it is asked", "application")
    consents: Annotated[list[ConsentGiven], Field(max_length=200)] = described(
        "授权", "Who agreed; nobody is asked about without", [_CONSENT_EXAMPLE], default=[]
    )
    refresh: bool = described(
        "重新核对",
        "Whether to ask anew where a valid report, or a fact that was verified, would do; needs a `reason`",
        False,
        default=False,
    )
    reason: Note | None = described(
        "重新核对理由", "With `refresh` alone: why; without names and ID numbers", "姓名已更正", default=None
    )


class VerificationRequest(AssessmentRequest, VerificationDetails):
    """About whom registers are to be asked: a household that is sent, or that of a decision"""

    # A decision takes the place of everything that an assessment asks: either is enough (intake.py).
    model_config = ConfigDict(
        json_schema_extra={
            "required": ["purpose"],
            "anyOf": [{"required": ["decision"]}, {"required": ["jurisdiction", "household"]}],
        }
    )

    identities: Identities = None
    provenance: ProvenanceOfFacts = None


OF_A_HOUSEHOLD: Final = VerificationRequest.model_fields.keys() - VerificationDetails.model_fields.keys()


class ConsentsAdded(Facts):
    """Consents that were given later."""

    consents: Annotated[list[ConsentGiven], Field(min_length=1, max_length=200)] = described(
        "授权", "Who agreed", [_CONSENT_EXAMPLE]
    )


class ResolutionSent(Facts):
    """What a person makes of a finding."""

    action: Action = described(
        "处理",
        "`accept_declared`: what was declared is right; `accept_found`: what the register says is; `set_value`: neither"
        " is, `value` is; `dismiss`: it is not about this person, or says nothing",
        "accept_declared",
    )
    value: Any = described(
        "核定值", "With `set_value` alone: the fact as the household is to have it", "9800.00", default=None
    )
    reason: Note = described("理由", "Why; without names and ID numbers", "同名不同人，已核实行驶证")
    evidence: Annotated[Note, Field(max_length=500)] | None = described(
        "凭据", "The document it rests on", "行驶证复印件", default=None
    )


class VerifiedPerson(Shape):
    """Somebody who is identified, so that registers can be asked."""

    person: str = described("人员编号", "The id of a member or an obligor", "p1")
    ref: str | None = described("人员索引号", "Stands for the same person in every decision", PERSON_EXAMPLE)
    erased: bool = described("已删除", "Whether it was erased: what was found about it is gone", False)


class RegisterAsked(Shape):
    """One register on one person."""

    person: str = described("人员编号", "The id of a member or an obligor", "p1")
    source: str = described("核对项目", "The register", "vehicles")
    pointers: list[str] = described("待核实情况", "JSON Pointers of the facts in question", [_POINTER])
    state: State = described(
        "状态",
        "`waiting_consent`: nothing was asked; `error`: it could not be asked, or said nothing; `timed_out`: no answer in"
        " time; `expired`: the report is no longer valid, or the consent ended before it was asked",
        "answered",
    )
    problem: str | None = described("障碍", "What stood in the way last, as a code", "platform_unavailable")
    attempts: int = described("尝试次数", "How often it was tried since the last success", 0)
    valid_until: str | None = described(
        "有效期", "Until when the report may be used; null where nothing is answered or published", "2027-02-18"
    )
    reused_from: str | None = described(
        "沿用自", "The verification whose report was used instead of asking again", VERIFICATION_EXAMPLE
    )


class VerificationBegun(Shape):
    """Where a verification stands."""

    id: str = described("核对编号", "The verification's id", VERIFICATION_EXAMPLE)
    jurisdiction: str = described("区划代码", "The place", "999900")
    decision: str | None = described(
        "认定编号", "The decision it is about; null for a household that was sent", DECISION_EXAMPLE
    )
    purpose: Purpose = described("核对目的", "For what it is asked", "application")
    created_at: str = described("开始时间", "When it was begun", _INSTANT)
    created_by: str = described("开始人", "Who began it", "staff-17")
    refresh_reason: str | None = described(
        "重新核对理由", "Why registers are asked anew; null where valid reports are taken over", "姓名已更正"
    )
    persons: list[VerifiedPerson] = described("人员", "Everybody who is identified")
    queries: list[RegisterAsked] = described("核对事项", "Each register on each person")
    waiting: dict[str, int] = described("状态计数", "How many stand where", {"answered": 3, "queued": 1})
    gaps: list[str] = described(
        "未公布的标准",
        "`verification.validity`: the place has not published how long a report is valid, so that none is reused",
        ["verification.validity"],
    )


class ExpectedEffect(Shape):
    """What accepting a finding would change, as the engine computes it."""

    programme: Programme = described("项目", "The programme", "dibao")
    person: str | None = described("人员", "The member's id; null for the household", "p1")
    status_now: Status | None = described("现结论", "The status as settled so far; null if it has none", "eligible")
    status: Status | None = described("采用后结论", "The status if the finding were accepted", "ineligible")
    amount_delta: str | None = described(
        "金额变化", "By how much the amount would differ; null where it is not settled", "-80.00", unit="CNY, as paid"
    )


class FoundPeriod(Shape):
    """The months a figure covers."""

    first: str = described("起始月份", "The first month", "2026-02")
    last: str = described("终止月份", "The last month", "2026-07")


class RegisterEntry(Shape):
    """One entry of the register."""

    found: Any = described("核对结果", "As the register says; money as text", "400.00")
    period: FoundPeriod | None = described("所属期间", "For figures over months")


class Resolved(Shape):
    """What a person made of a finding."""

    action: Action = described("处理", "What was decided", "dismiss")
    values: dict[str, Any] = described("核定情况", "Values of facts that were settled, by JSON Pointer", {_POINTER: 0})
    reason: str = described("理由", "Why", "同名不同人")
    evidence: str | None = described("凭据", "The document it rests on", "行驶证复印件")
    by: str = described("处理人", "Who decided", "staff-17")
    at: str = described("处理时间", "When", _INSTANT)


class RegisterFinding(Shape):
    """What a register found on one fact beside what was declared. It changes nothing until a person resolves it."""

    n: int = described("序号", "Its number in this verification", 1)
    person: str = described("人员编号", "About whom", "p2")
    pointer: str = described("位置", "JSON Pointer of the fact it bears on, or of the person", _POINTER)
    source: str = described("核对项目", "The register", "vehicles")
    fact: str | None = described("发现事项", "What kind of finding; null for `unmatched`", "vehicles")
    declared: Any = described("申报情况", "As declared; null while it is unknown", 0)
    found: Any = described("核对结果", "As the register says, its entries added up; money as text", 1)
    period: FoundPeriod | None = described("所属期间", "For figures over months: from the first to the last")
    entries: list[RegisterEntry] = described("核对明细", "What it adds up: each entry of the register")
    as_of: str = described("截止日期", "The day the register speaks of", "2026-11-18")
    received_on: str = described("收到日期", "The day it was received", "2026-11-20")
    match: Quality = described("匹配程度", "`exact`: name and ID number; anything less is `weak`", "weak")
    kind: Kind = described(
        "类别",
        "How it compares with what was declared; `other_time`: it is about months that say nothing of the case",
        "undeclared",
    )
    expired: bool = described("已过期", "Whether the report is no longer valid, so that it confirms nothing", False)
    would_be: dict[str, Any] | None = described(
        "采用后", "What accepting it makes of the facts; null there is: the fact would be open", {_POINTER: 1}
    )
    effect: ExpectedEffect | None = described(
        "主要影响", "The effect that matters most; null for none or not computable"
    )
    effects: list[ExpectedEffect] | None = described(
        "全部影响", "Every result that would change; null where that cannot be computed"
    )
    state: Literal["open", "resolved"] = described("处理状态", "Whether a person resolved it", "open")
    resolution: Resolved | None = described("处理结果", "The resolution that counts")


class VerificationAnswer(VerificationBegun):
    """Where it stands, what was found, and what is settled."""

    findings: list[RegisterFinding] = described("核对发现", "Those that matter first")
    settled: dict[str, Any] = described(
        "核定后的家庭",
        "The household with what registers confirmed and persons settled, and the provenance of each fact: the body of"
        " a proposal or a correction, to which identities are added",
    )


class ReportTaken(Shape):
    """That a report was taken."""

    verification: str = described("核对编号", "The verification", VERIFICATION_EXAMPLE)
    applied: Applied = described("处理", "`applied` the first time, `repeated` for the same again", "applied")
