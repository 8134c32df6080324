"""What OpenAPI says of defect notices."""

from typing import Any, Final

from app.decisions.defects.classes import CLASSES
from app.http.admission_old import guarded
from app.http.documentation import GUARDED, PURPOSE, answered, body, parameter, problems
from app.routers.documentation_of_decisions import SENT
from app.routers.documentation_of_replays import NDJSON
from app.routers.documentation_of_searches import CURSOR, SIZE

CSV: Final = "text/csv"
_ID: Final = parameter(
    "id_",
    {"type": "string", "maxLength": 36, "examples": ["01a1f6ae-9900-7924-9faa-bad8a09a3da6"]},
    "缺陷通知编号",
    "The defect notice's id",
    "path",
)
_EXAMPLE: Final = {
    "parameter": "dibao.standard",
    "key": "rural",
    "jurisdiction": "999900",
    "from": "2024-07-01",
    "until": "2024-07-31",
    "corrected": {"parameters": {"dibao.standard": {"rural": "660.00"}}},
}

DEFECTS: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "缺陷通知：查明错误的规则、标准、文件或者引擎影响了哪些认定（后台任务）",
        **guarded("defects.run"),
        "requestBody": body("DefectReport", _EXAMPLE),
    },
    "status_code": 202,
    "responses": answered("DefectAnswer", "The search waits for its turn", 202)
    | problems(*GUARDED, *SENT, "unknown_ruleset"),
}
DEFECT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "缺陷通知的进度、分类计数和按月金额",
        **guarded("defects.run"),
        "parameters": [_ID],
    },
    "responses": answered("DefectAnswer", "How far it has come")
    | problems(*GUARDED, "unknown_job", "storage_unavailable"),
}
_RESULTS: Final = answered(
    "DefectResults", "A page of touched decisions; as NDJSON or as a CSV list, if that is accepted, all of them"
)
_RESULTS[200]["content"][NDJSON] = {"schema": {"$ref": "#/components/schemas/DefectResult"}}
_RESULTS[200]["content"][CSV] = {"schema": {"type": "string"}}
DEFECT_RESULTS: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "缺陷通知涉及的认定",
        **guarded("defects.run"),
        "parameters": [
            _ID,
            parameter("class", {"type": "string", "enum": list(CLASSES)}, "类别", "Only decisions of this class"),
            SIZE,
            CURSOR,
            PURPOSE,
        ],
    },
    "responses": _RESULTS | problems(*GUARDED, "faulty_request", "unknown_job", "storage_unavailable"),
}
