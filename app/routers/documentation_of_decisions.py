"""What OpenAPI says of the endpoints that record decisions, read one, and compute it again."""

from typing import Any, Final

from app.http.admission_old import guarded
from app.http.documentation import EXAMPLE, GUARDED, PURPOSE, answered, body, parameter, problems

_ID_EXAMPLE: Final = "01a1f6ae-9900-780f-8b3c-5369bc707be7"
PATH_ID: Final = parameter(
    "id_", {"type": "string", "maxLength": 36, "examples": [_ID_EXAMPLE]}, "认定编号", "The decision's id", "path"
)
_KEY: Final = {"type": "string", "pattern": "^[!-~]{1,200}$", "examples": ["3f0c9a52-1b7e-4c55-9a2e-77c1d0e2b6aa"]}
_KEY_ZH: Final = "幂等键：同一键和同一请求体只记录一次"
_KEY_EN: Final = "Says that two requests are one: the same key and body are recorded once and answered alike"

_DETAILS: Final[dict[str, Any]] = {
    "case": "C-2026-17",
    "household_ref": "H-0042",
    "kind": "initial",
    "accepted_on": "2026-08-10",
    "identities": [{"person": "p1", "name": "张某", "id_number": "11010519491231002X"}],
    "provenance": {"/household/members/0/income/wage": {"source": "verified", "on": "2026-08-12"}},
    "by": "officer-7",
}
PROPOSAL_EXAMPLE: Final = EXAMPLE | _DETAILS
_FOLLOWING_EXAMPLE: Final = PROPOSAL_EXAMPLE | {"kind": "change", "date": "2026-10-15", "reason": "家庭收入变化"}
_DEPARTURE: Final = {
    "programme": "dibao",
    "outcome": "granted",
    "amount": "2300.00",
    "reason": "入户核查时另有收入",
}

SENT: Final = ("not_json", "too_large", "faulty_request", "storage_unavailable")
_WRITTEN: Final = (*SENT, "key_reused", "log_broken")
_PROPOSED: Final = (
    *_WRITTEN,
    "outside_area",
    "too_many_members",
    "unknown_division",
    "cannot_recompute",
    "rule_failure",
)
_FOLLOWING: Final = ("unknown_decision", "already_withdrawn", "already_corrected", "already_succeeded")
_OPEN: Final = ("unknown_decision", "already_decided", "already_withdrawn", "already_corrected")

KEY: Final = parameter("Idempotency-Key", _KEY, _KEY_ZH, _KEY_EN, "header", required=False)


def _post(
    zh: str, permission: str, shape: str, example: Any, answer: str, description: str, *codes: str, about: bool = True
) -> dict[str, Any]:
    """A record that is added: about a decision, or, with a key that must be given, a first one."""
    key = parameter("Idempotency-Key", _KEY, _KEY_ZH, _KEY_EN, "header", required=not about)
    extra = {
        "x-title-zh": zh,
        **guarded(permission),
        "parameters": [PATH_ID, key] if about else [key],
        "requestBody": body(shape, example),
    }
    return {
        "openapi_extra": extra,
        "status_code": 201,
        "responses": answered(answer, description, 201) | problems(*GUARDED, *codes),
    }


PROPOSE: Final = _post(
    "提出认定",
    "decisions.propose",
    "DecisionRequest",
    PROPOSAL_EXAMPLE,
    "Proposed",
    "The proposal is recorded",
    *_PROPOSED,
    about=False,
)
CORRECT: Final = _post(
    "更正认定（原记录有误）",
    "decisions.propose",
    "FollowingRequest",
    _FOLLOWING_EXAMPLE | {"kind": "initial", "reason": "收入登记有误"},
    "Proposed",
    "The correction is recorded as a proposal",
    *_PROPOSED,
    *_FOLLOWING,
)
SUCCEED: Final = _post(
    "承接认定（情况变化）",
    "decisions.propose",
    "FollowingRequest",
    _FOLLOWING_EXAMPLE,
    "Proposed",
    "The succession is recorded as a proposal",
    *_PROPOSED,
    *_FOLLOWING,
    "not_decided",
)
CONFIRM: Final = _post(
    "确认，或者另作决定",
    "decisions.confirm",
    "Confirmation",
    {"outcomes": [_DEPARTURE], "by": "officer-2"},
    "Confirmed",
    "What the officer decided is recorded",
    *(*_WRITTEN, *_OPEN, "hearing_needed", "second_person_needed"),
)
WITHDRAW: Final = _post(
    "撤回",
    "decisions.withdraw",
    "Withdrawal",
    {"reason": "家庭撤回申请", "by": "officer-7"},
    "Withdrawn",
    "The withdrawal is recorded",
    *_WRITTEN,
    *_OPEN,
)
NOTE: Final = _post(
    "记录事项：告知、异议、入户、听取意见、送达",
    "decisions.note",
    "Event",
    {"kind": "hearing", "on": "2026-08-20", "note": "已当面听取意见", "by": "officer-7"},
    "Noted",
    "The event is recorded",
    *_WRITTEN,
    "unknown_decision",
)
READ: Final[dict[str, Any]] = {
    "openapi_extra": {"x-title-zh": "一项认定及其经过", **guarded("decisions.read"), "parameters": [PATH_ID, PURPOSE]},
    "responses": answered("DecisionPage", "The decision with its history")
    | problems(*GUARDED, "faulty_request", "unknown_decision", "storage_unavailable", "rule_failure"),
}
BUNDLE: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "离线核验所需的全部内容",
        **guarded("decisions.prove"),
        "parameters": [PATH_ID, PURPOSE],
    },
    "responses": answered("AuditBundle", "Everything that proves the decision")
    | problems(*GUARDED, "faulty_request", "unknown_decision", "cannot_recompute", "storage_unavailable"),
}
