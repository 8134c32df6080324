"""What OpenAPI says of the endpoints about verifications."""

from typing import Any, Final

from app.http.admission_old import guarded
from app.http.documentation import EXAMPLE, GUARDED, PURPOSE, answered, body, parameter, problems
from app.routers.documentation_of_decisions import KEY, SENT
from app.verification.answers import VERIFICATION_EXAMPLE
from app.verification.exchange.signing import REPORT as REPORT_ID
from app.verification.exchange.signing import SIGNATURE, TIMESTAMP

_ID: Final = parameter(
    "id_",
    {"type": "string", "maxLength": 36, "examples": [VERIFICATION_EXAMPLE]},
    "核对编号",
    "The verification",
    "path",
)
_N: Final = parameter(
    "n", {"type": "string", "maxLength": 9, "examples": ["1"]}, "核对发现序号", "The finding's number", "path"
)
_CONSENT: Final = {
    "person": "p1",
    "sources": ["tax", "vehicles"],
    "purpose": "application",
    "until": "2099-12-31",
    "given_by": "self",
    "document_digest": "sha256:5a06f992afad04757c8a5057878caf1749b3b0f4508b4f9580b9c24cdaba929f",
}
_IDENTITIES: Final = [{"person": "p1", "name": "张某", "id_number": "11010519491231002X"}]

BEGIN: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "发起经济状况核对",
        **guarded("verifications.run"),
        "parameters": [KEY],
        "requestBody": body(
            "VerificationRequest",
            EXAMPLE | {"identities": _IDENTITIES, "purpose": "application", "consents": [_CONSENT]},
        ),
    },
    "status_code": 202,
    "responses": answered("VerificationBegun", "What is asked, and what waits for consent", 202)
    | problems(
        *GUARDED,
        *SENT,
        "too_many_members",
        "unknown_division",
        "unknown_decision",
        "outside_area",
        "key_reused",
        "rule_failure",
    ),
}
CONSENT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "补充核对授权",
        **guarded("verifications.run"),
        "parameters": [_ID],
        "requestBody": body("ConsentsAdded", {"consents": [_CONSENT]}),
    },
    "status_code": 202,
    "responses": answered("VerificationBegun", "What is asked, and what still waits for consent", 202)
    | problems(*GUARDED, *SENT, "unknown_verification"),
}
READ: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "核对进度、发现和核定后的家庭",
        **guarded("verifications.read"),
        "parameters": [_ID, PURPOSE],
    },
    "responses": answered("VerificationAnswer", "Where it stands, what was found, and what is settled")
    | problems(*GUARDED, "faulty_request", "unknown_verification", "rule_failure", "storage_unavailable"),
}


def _signed(name: str, zh: str, en: str, example: str) -> dict[str, Any]:
    return parameter(name, {"type": "string", "maxLength": 200, "examples": [example]}, zh, en, "header")


REPORT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "核对平台回传报告（须签名）",
        "parameters": [
            _ID,
            _signed(TIMESTAMP, "签名时间", "When it was signed, in seconds since 1970", "1795140000"),
            _signed(REPORT_ID, "报告编号", "The report's id", "r-1"),
            _signed(SIGNATURE, "签名", "HMAC-SHA256 over time, id and body (docs/verification.md)", "v1=00"),
        ],
        "requestBody": {
            "required": True,
            "description": "A report in the platform's own words, as its mapping says",
            "content": {"application/json": {"schema": {"type": "object"}, "example": {"id": "r-1"}}},
        },
    },
    "responses": answered("ReportTaken", "It is taken, now or before")
    | problems(
        "report_forged",
        "report_elsewhere",
        "unknown_verification",
        "report_stale",
        "report_contradicts",
        "too_large",
        "faulty_request",
        "storage_unavailable",
    ),
}
RESOLVE: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "处理一项核对发现",
        **guarded("verifications.resolve"),
        "parameters": [_ID, _N, PURPOSE],
        "requestBody": body(
            "ResolutionSent", {"action": "dismiss", "reason": "同名不同人，已核实行驶证", "evidence": "行驶证复印件"}
        ),
    },
    "responses": answered("VerificationAnswer", "As it stands now")
    | problems(*GUARDED, *SENT, "unknown_verification", "unknown_finding", "rule_failure"),
}
