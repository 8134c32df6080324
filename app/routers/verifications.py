"""Verifications: begun and consented to by caseworkers, answered by platforms, resolved by persons."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request
from pydantic import WithJsonSchema

from app.http.auth import Permission, Purpose
from app.http.body import AsSent
from app.http.idempotency import OptionalKey
from app.http.openapi import example_body, titled
from app.http.params import id_in_path, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.rules.facts.examples import FAMILY_OF_THREE
from app.security.callers import Caller
from app.verification.errors import UnknownFinding, UnknownVerification
from app.verification.exchange.protocol import Callback
from app.verification.exchange.signing import REPORT, SIGNATURE, TIMESTAMP
from app.verification.schemas import (
    VERIFICATION_EXAMPLE,
    ConsentsAdded,
    ReportTaken,
    ResolutionSent,
    VerificationAnswer,
    VerificationBegun,
    VerificationRequest,
)

router = APIRouter(prefix="/v1/verifications", tags=["verifications"], route_class=Route)

_CONSENT: Final = {
    "person": "p1",
    "sources": ["tax", "vehicles"],
    "purpose": "application",
    "until": "2099-12-31",
    "given_by": "self",
    "document_digest": "sha256:5a06f992afad04757c8a5057878caf1749b3b0f4508b4f9580b9c24cdaba929f",
}
_IDENTITIES: Final = [{"person": "p1", "name": "张某", "id_number": "11999919840302018X"}]
_BEGINNING: Final = FAMILY_OF_THREE | {"identities": _IDENTITIES, "purpose": "application", "consents": [_CONSENT]}
_RESOLUTION: Final = {"action": "dismiss", "reason": "同名不同人，已核实行驶证", "evidence": "行驶证复印件"}
_REPORT: Final[dict[str, Any]] = {
    "required": True,
    "description": "A report in the platform's own words, as its mapping says",
    "content": {"application/json": {"schema": {"type": "object"}, "example": {"id": "r-1"}}},
}

MayRun = Annotated[Caller, Permission("verifications.run")]
VerificationId = Annotated[
    UUID, Depends(id_in_path(UnknownVerification, "核对编号", "The verification", VERIFICATION_EXAMPLE))
]
_NUMBER: Final = WithJsonSchema({"type": "string", "maxLength": 9, "examples": ["1"]})


def _signed(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "maxLength": 200, "examples": [example]})


@raises("unknown_finding")
async def finding_number(n: Annotated[str, _NUMBER, Path(**parameter("核对发现序号", "The finding's number"))]) -> int:
    """The number of a finding in the path. UnknownFinding for a text that is none."""
    if not (n.isascii() and n.isdigit() and len(n) <= 9):
        raise UnknownFinding
    return int(n)


@raises("too_large")
async def callback(
    request: Request,
    timestamp: Annotated[
        str | None,
        _signed("1795140000"),
        Header(alias=TIMESTAMP, **parameter("签名时间", "When it was signed, in seconds since 1970")),
    ] = None,
    report: Annotated[
        str | None, _signed("r-1"), Header(alias=REPORT, **parameter("报告编号", "The report's id"))
    ] = None,
    signature: Annotated[
        str | None,
        _signed("v1=00"),
        Header(alias=SIGNATURE, **parameter("签名", "HMAC-SHA256 over time, id and body (docs/verification.md)")),
    ] = None,
) -> Callback:
    """The signed request of a platform, its body to the byte: the signature is over that."""
    headers = {TIMESTAMP: timestamp, REPORT: report, SIGNATURE: signature}
    return Callback({name: text for name, text in headers.items() if text is not None}, await request.body())


@router.post(
    "",
    status_code=202,
    **titled("发起经济状况核对", "What is asked, and what waits for consent", **example_body(_BEGINNING)),
)
@raises("too_many_members", "unknown_division", "unknown_decision", "outside_area", "key_reused", "rule_failure")
async def begin(
    caller: MayRun, raw: AsSent[VerificationRequest], storage: StorageDep, key: OptionalKey = None
) -> VerificationBegun:
    """Registers are to be asked about a household. Nobody is asked about without consent."""
    return await storage.verifications.begin(caller, raw, key)


@router.post(
    "/{id_}/consents",
    status_code=202,
    **titled(
        "补充核对授权", "What is asked, and what still waits for consent", **example_body({"consents": [_CONSENT]})
    ),
)
async def consent(caller: MayRun, id_: VerificationId, body: ConsentsAdded, storage: StorageDep) -> VerificationBegun:
    """Consents that were given later: what they allow is asked now."""
    return await storage.verifications.consent(caller, id_, body)


@router.get("/{id_}", **titled("核对进度、发现和核定后的家庭", "Where it stands, what was found, and what is settled"))
@raises("faulty_request", "rule_failure")
async def read(
    caller: Annotated[Caller, Permission("verifications.read")],
    id_: VerificationId,
    storage: StorageDep,
    purpose: Purpose = None,
) -> VerificationAnswer:
    """Where each question stands, the findings that matter first, and the household as it is settled so far."""
    return await storage.verifications.read(caller, id_, purpose)


@router.post(
    "/{id_}/reports", **titled("核对平台回传报告（须签名）", "It is taken, now or before", requestBody=_REPORT)
)
@raises("report_forged", "report_elsewhere", "report_stale", "report_contradicts", "faulty_request")
async def report(id_: VerificationId, sent: Annotated[Callback, Depends(callback)], storage: StorageDep) -> ReportTaken:
    """What a platform found, signed with the key that is shared with it: that it needs no token is on purpose."""
    return await storage.verifications.report(id_, sent)


@router.post(
    "/{id_}/findings/{n}/resolution",
    **titled("处理一项核对发现", "As it stands now", **example_body(_RESOLUTION)),
)
@raises("rule_failure")
async def resolve(
    caller: Annotated[Caller, Permission("verifications.resolve")],
    id_: VerificationId,
    n: Annotated[int, Depends(finding_number)],
    body: ResolutionSent,
    storage: StorageDep,
    purpose: Purpose = None,
) -> VerificationAnswer:
    """A person settles a finding. Only this changes what a decision will rest on."""
    return await storage.verifications.resolve(caller, id_, n, body, purpose)
