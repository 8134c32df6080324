"""What is sent to verify: about whom, by whose consent, and what a person makes of a finding."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.decisions.schemas import DIGEST_EXAMPLE, Note
from app.rules.facts.household import Day, Facts, Id
from app.rules.schema_base import described
from app.verification.exchange.protocol import Purpose
from app.verification.findings.settle import Action
from app.verification.registers.sources import shipped


def _register(id_: str) -> str:
    if id_ not in shipped().sources:
        raise PydanticCustomError("literal_error", "there is no such register")
    return id_


OF_A_HOUSEHOLD: Final = (
    "jurisdiction",
    "date",
    "known_at",
    "programmes",
    "household",
    "options",
    "identities",
    "provenance",
)

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

    decision: Annotated[str, Field(max_length=36)] | None = described(
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
