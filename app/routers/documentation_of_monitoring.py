"""What OpenAPI says of the endpoints about reviews, alerts and screenings."""

from __future__ import annotations

from typing import Any, Final

from app.decisions.answers import DECISION_EXAMPLE
from app.http.admission_old import guarded
from app.http.documentation import DAY, GUARDED, PURPOSE, answered, body, parameter, problems
from app.monitoring.answers import ALERT_EXAMPLE
from app.routers.documentation_of_decisions import SENT
from app.routers.documentation_of_searches import BELOW, CURSOR, HOUSEHOLD, SIZE
from app.rules.language.vocabulary import PROGRAMMES


def _list(zh: str, permission: str, parameters: list[dict[str, Any]], shape: str, answer: str) -> dict[str, Any]:
    return {
        "openapi_extra": {
            "x-title-zh": zh,
            **guarded(permission),
            "parameters": [BELOW, *parameters, SIZE, CURSOR, PURPOSE],
        },
        "responses": answered(shape, answer)
        | problems(*GUARDED, "faulty_request", "rule_failure", "storage_unavailable"),
    }


REVIEWS: Final = _list(
    "到期应当复核的家庭",
    "reviews.read",
    [
        HOUSEHOLD,
        parameter("due", DAY, "到期日", "Due on this day or before; today if absent"),
        parameter(
            "undated",
            {"type": "string", "enum": ["true", "false"]},
            "含未公布周期的",
            "With those for which nothing published gives an interval, too",
        ),
    ],
    "ReviewList",
    "What is due, in the order in which it was decided",
)
SCREENINGS: Final = _list(
    "可能符合条件而未享受的人员（政策找人）",
    "screenings.read",
    [
        HOUSEHOLD,
        parameter("on", DAY, "日期", "On which day; today if absent"),
        parameter("programme", {"type": "string", "enum": list(PROGRAMMES)}, "项目", "Of this programme alone"),
    ],
    "ScreeningList",
    "Households, in the order in which they were decided",
)
ALERTS: Final = _list(
    "预警",
    "alerts.read",
    [parameter("state", {"type": "string", "enum": ["open", "all"]}, "状态", "`all`: those dealt with, too")],
    "AlertList",
    "Alerts in the order of their time",
)
REPORT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "报告家庭变化",
        **guarded("alerts.report"),
        "requestBody": body(
            "EventReported",
            {"decision": DECISION_EXAMPLE, "person": "p2", "kind": "new_job", "on": "2026-10-12", "value": "2600.00"},
        ),
    },
    "status_code": 202,
    "responses": answered("EventTaken", "It is taken", 202)
    | problems(*GUARDED, *SENT, "unknown_decision", "already_succeeded", "not_decided"),
}
RESOLVE: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "处理预警",
        **guarded("alerts.resolve"),
        "parameters": [
            parameter(
                "id_",
                {"type": "string", "maxLength": 36, "examples": [ALERT_EXAMPLE]},
                "预警编号",
                "The alert",
                "path",
            ),
            PURPOSE,
        ],
        "requestBody": body("AlertResolved", {"reason": "已入户核实，收入未变化"}),
    },
    "status_code": 201,
    "responses": answered("Alert", "The alert, dealt with", 201)
    | problems(*GUARDED, *SENT, "unknown_alert", "already_resolved", "rule_failure"),
}
