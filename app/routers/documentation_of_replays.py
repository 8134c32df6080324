"""What OpenAPI says of computing decisions again, one or many."""

from typing import Any, Final

from app.decisions.replay.differences import CLASSES
from app.http.admission_old import guarded
from app.http.documentation import GUARDED, PURPOSE, answered, body, parameter, problems
from app.routers.documentation_of_decisions import PATH_ID, SENT
from app.routers.documentation_of_searches import CURSOR, SIZE

NDJSON: Final = "application/x-ndjson"
_JOB: Final = parameter(
    "id_",
    {"type": "string", "maxLength": 36, "examples": ["01a1f6ae-9900-7924-9faa-bad8a09a3da6"]},
    "重算任务编号",
    "The job's id",
    "path",
)

REPLAY: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "重新计算一项认定",
        **guarded("decisions.replay"),
        "parameters": [PATH_ID, PURPOSE],
        "requestBody": body("ReplayParameters", {"against": "now"}),
    },
    "responses": answered("ReplayAnswer", "Whether it is the same, and what differs, in money by month")
    | problems(
        *(
            *GUARDED,
            *SENT,
            "unknown_decision",
            "unknown_ruleset",
            "unknown_division",
            "cannot_recompute",
            "rule_failure",
        ),
    ),
}
REPLAYS: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "批量重新计算（后台任务）",
        **guarded("replays.run"),
        "requestBody": body(
            "BulkReplay", {"against": "now", "filter": {"jurisdiction": "999900", "programme": "dibao"}}
        ),
    },
    "status_code": 202,
    "responses": answered("ReplayJobAnswer", "The job waits for its turn", 202)
    | problems(*GUARDED, *SENT, "unknown_ruleset"),
}
REPLAY_JOB: Final[dict[str, Any]] = {
    "openapi_extra": {"x-title-zh": "重算任务的进度与分类计数", **guarded("replays.run"), "parameters": [_JOB]},
    "responses": answered("ReplayJobAnswer", "How far it has come")
    | problems(*GUARDED, "unknown_job", "storage_unavailable"),
}
_RESULTS: Final = answered(
    "ReplayResults", "A page of results; as NDJSON, if that is accepted, all of them, one a line"
)
_RESULTS[200]["content"][NDJSON] = {"schema": {"$ref": "#/components/schemas/ReplayAnswer"}}
REPLAY_RESULTS: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "重算任务的结果",
        **guarded("replays.run"),
        "parameters": [
            _JOB,
            parameter("class", {"type": "string", "enum": list(CLASSES)}, "类别", "Only results of this class"),
            SIZE,
            CURSOR,
            PURPOSE,
        ],
    },
    "responses": _RESULTS | problems(*GUARDED, "faulty_request", "unknown_job", "storage_unavailable"),
}
