"""What OpenAPI says of the endpoints about persons and about who read what of them."""

from __future__ import annotations

from typing import Any, Final

from app.core.ids import REF_PATTERN
from app.decisions.answers import DECISION_EXAMPLE, PERSON_EXAMPLE
from app.http.admission_old import guarded
from app.http.documentation import DAY, GUARDED, PURPOSE, answered, body, parameter, problems
from app.people.purposes import shipped
from app.routers.documentation_of_decisions import PATH_ID, SENT
from app.routers.documentation_of_searches import CURSOR, SIZE

_PURPOSES: Final = list(shipped().purposes)
_REF: Final = {"type": "string", "pattern": REF_PATTERN, "examples": [PERSON_EXAMPLE]}
_NAMED_PURPOSE: Final = {"type": "string", "enum": _PURPOSES, "examples": ["case_handling"]}


def _guarded(zh: str, permission: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"x-title-zh": zh, **guarded(permission), "parameters": parameters}


SEARCH: Final[dict[str, Any]] = {
    "openapi_extra": _guarded("按公民身份号码查找人员", "persons.search", [PURPOSE])
    | {"requestBody": body("PersonSearch", {"id_number": "11010519491231002X", "name": "张某"})},
    "responses": answered("PersonList", "The person, or nobody") | problems(*GUARDED, *SENT),
}
IDENTITIES: Final[dict[str, Any]] = {
    "openapi_extra": _guarded("查阅认定中的姓名和公民身份号码", "identities.read", [PATH_ID, PURPOSE]),
    "responses": answered("Identities", "Names and ID numbers of those who are not erased")
    | problems(*GUARDED, "faulty_request", "unknown_decision", "storage_unavailable"),
}
ERASE: Final[dict[str, Any]] = {
    "openapi_extra": _guarded(
        "删除一个人员的个人信息",
        "persons.erase",
        [parameter("ref", {"type": "string", "examples": [PERSON_EXAMPLE]}, "人员索引号", "The person", "path")],
    )
    | {"requestBody": body("ErasureRequest", {"reason": "purpose_achieved"})},
    "responses": answered("Erased", "The person is erased, now or before")
    | problems(*GUARDED, *SENT, "unknown_person_ref", "recorded_elsewhere"),
}
STATUSES: Final[dict[str, Any]] = {
    "openapi_extra": _guarded(
        "查询一个人员的救助身份（供其他部门）",
        "statuses.read",
        [
            parameter("person", _REF, "人员索引号", "The person", required=True),
            parameter("on", DAY, "日期", "On which day; not one that is yet to come", required=True),
            parameter("purpose", _NAMED_PURPOSE, "查询目的", "For what it is asked", required=True),
        ],
    ),
    "responses": answered("Statuses", "For each status the purpose may ask about, whether it holds")
    | problems(*GUARDED, "faulty_request", "storage_unavailable"),
}
ACCESS_LOG: Final[dict[str, Any]] = {
    "openapi_extra": _guarded(
        "查阅个人信息的访问记录",
        "access_log.read",
        [
            parameter("from", DAY, "起", "Read on this day or later"),
            parameter("until", DAY, "止", "Read on this day or earlier"),
            parameter(
                "subject",
                {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["staff-17"]},
                "查阅人",
                "By whom",
            ),
            parameter(
                "decision", {"type": "string", "examples": [DECISION_EXAMPLE]}, "认定编号", "About this decision"
            ),
            parameter("person", _REF, "人员索引号", "About this person"),
            parameter("purpose", _NAMED_PURPOSE, "目的", "For this purpose"),
            SIZE,
            CURSOR,
        ],
    ),
    "responses": answered("AccessLogPage", "Entries in the order they were written")
    | problems(*GUARDED, "faulty_request", "storage_unavailable"),
}
