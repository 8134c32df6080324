"""What OpenAPI says of publishing rules."""

from typing import Any, Final

from app.http.admission_old import guarded
from app.http.documentation import GUARDED, PURPOSE, answered, body, parameter, problems
from app.publications.submission import STATES
from app.routers.documentation_of_decisions import KEY, SENT
from app.routers.documentation_of_searches import CURSOR, SIZE

_ID: Final = parameter(
    "id_",
    {"type": "string", "maxLength": 36, "examples": ["01a1f6ae-9900-7924-9faa-bad8a09a3da6"]},
    "发布编号",
    "The publication's id",
    "path",
)
_PLACE: Final = {"type": "string", "pattern": "^(CN|[0-9]{2,12})$", "examples": ["999900"]}
_IMPACT: Final = parameter(
    "impact",
    {"type": "string", "enum": ["true", "false"]},
    "是否计算影响",
    "Whether to compute whom it touches among recorded decisions of the caller's areas",
)
EXAMPLE: Final = {
    "jurisdiction": "999900",
    "documents": {
        "model-city-notice-2027": {
            "title": {"zh": "示例市社会救助标准通知（虚构）", "en": "Model City notice (fictional)"},
            "published": "2027-06-20",
            "from": "2027-07-01",
            "articles": 3,
        }
    },
    "values": {
        "dibao.standard.urban": [
            {"from": "2027-07-01", "value": 960, "document": "model-city-notice-2027", "article": "1"}
        ]
    },
    "note": "2027年新标准",
}
_WRITTEN: Final = (*GUARDED, *SENT, "key_reused", "log_broken", "outside_area")
_SETTLED: Final = ("unknown_publication", "second_person_needed", "already_approved", "already_rejected")

SUBMIT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "提交规则发布",
        **guarded("publications.propose"),
        "parameters": [_IMPACT, KEY, PURPOSE],
        "requestBody": body("PublicationRequest", EXAMPLE),
    },
    "status_code": 201,
    "responses": answered("PublicationAnswer", "It waits for a second person", 201)
    | problems(*_WRITTEN, "faulty_publication", "standing_changed", "rule_failure"),
}
APPROVE: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "批准规则发布",
        **guarded("publications.approve"),
        "parameters": [_ID, KEY],
        "requestBody": body("Approval", {"note": "已与原文核对"}),
    },
    "status_code": 201,
    "responses": answered("PublicationAnswer", "It counts from `outcome.known_from` on", 201)
    | problems(*_WRITTEN, *_SETTLED, "standing_changed"),
}
REJECT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "驳回规则发布",
        **guarded("publications.approve"),
        "parameters": [_ID, KEY],
        "requestBody": body("Rejection", {"reason": "文件第2条与所录数值不符"}),
    },
    "status_code": 201,
    "responses": answered("PublicationAnswer", "It never counts", 201) | problems(*_WRITTEN, *_SETTLED),
}
LIST: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "规则发布列表",
        **guarded("publications.read"),
        "parameters": [
            parameter(
                "jurisdiction",
                _PLACE,
                "区划代码（含下级），或 CN",
                "This place and all below it, or CN",
                required=False,
            ),
            parameter("state", {"type": "string", "enum": list(STATES)}, "状态", "Only those in this state"),
            SIZE,
            CURSOR,
        ],
    },
    "responses": answered("PublicationList", "In the order they were submitted")
    | problems(*GUARDED, "faulty_request", "storage_unavailable"),
}
SHOW: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "一项规则发布及其比较",
        **guarded("publications.read"),
        "parameters": [
            _ID,
            _IMPACT,
            parameter(
                "before",
                {"type": "string", "maxLength": 36, "examples": ["01a1f6ae-9900-780f-8b3c-5369bc707be7"]},
                "影响计算的续点：上次答复的 next",
                "Where the impact goes on: the `next` of the answer before",
            ),
            PURPOSE,
        ],
    },
    "responses": answered("PublicationAnswer", "What it says, and what became of it")
    | problems(
        *GUARDED,
        "faulty_request",
        "unknown_publication",
        "nothing_before",
        "standing_changed",
        "storage_unavailable",
        "rule_failure",
    ),
}
