"""What OpenAPI says of the endpoints that find decisions: lists, samples, timelines."""

from typing import Any, Final

from app.core.paging import PAGE
from app.decisions.schemas import DIGEST_EXAMPLE
from app.http.admission_old import guarded
from app.http.asking_stored import MOST_ON_A_PAGE, STATUSES
from app.http.documentation import DAY, GUARDED, PURPOSE, answered, parameter, problems
from app.rules.language.vocabulary import PROGRAMMES


def _text(example: str, longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "examples": [example]}


SIZE: Final = parameter(
    "size",
    {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": PAGE, "examples": [20]},
    "最多返回的项数",
    "At most so many",
)
CURSOR: Final = parameter(
    "cursor", {"type": "string"}, "上一页的 next，查询条件须相同", "The `next` of the page before, of the same query"
)
_PLACE: Final = {"type": "string", "pattern": "^[0-9]{2,12}$", "examples": ["999900"]}
BELOW: Final = parameter("jurisdiction", _PLACE, "区划代码，含下级", "This place and all below it", required=False)
HOUSEHOLD: Final = parameter(
    "household_ref", _text("H-0042", 64), "家庭编号", "The caller's reference of the household"
)
_FILTER: Final = (
    BELOW,
    parameter("case", _text("C-2026-17", 64), "案件编号", "The caller's number of the case"),
    HOUSEHOLD,
    parameter("from", DAY, "认定日期起", "Decided for this day or later"),
    parameter("until", DAY, "认定日期止", "Decided for this day or earlier"),
    parameter("programme", {"type": "string", "enum": list(PROGRAMMES)}, "项目", "With a result on this programme"),
    parameter("status", {"type": "string", "enum": list(STATUSES)}, "结论", "With a result of this status"),
    parameter("ruleset", _text(DIGEST_EXAMPLE, 80), "规则集", "By exactly these rules and figures"),
    parameter("rule", _text("dibao.income_test", 100), "规则", "Resting on this rule"),
    parameter("parameter", _text("dibao.standard", 100), "参数", "Resting on this figure"),
    parameter("document", _text("model-city-rules", 200), "文件", "Resting on this document"),
    parameter("engine", _text("1", 20), "引擎版本", "Computed by this version of the engine"),
)


def _get(
    zh: str, permission: str, parameters: list[dict[str, Any]], shape: str, answer: str, *codes: str
) -> dict[str, Any]:
    return {
        "openapi_extra": {"x-title-zh": zh, **guarded(permission), "parameters": [*parameters, PURPOSE]},
        "responses": answered(shape, answer) | problems(*GUARDED, "faulty_request", "storage_unavailable", *codes),
    }


LIST: Final = _get(
    "查找认定", "decisions.read", [*_FILTER, SIZE, CURSOR], "DecisionList", "The decisions that fit everything named"
)
SAMPLE: Final = _get(
    "可重复抽取的样本",
    "decisions.sample",
    [
        parameter("seed", _text("2026-11", 100), "种子", "What the sample is drawn with; the same draws the same"),
        *_FILTER,
        SIZE,
    ],
    "Sample",
    "The sample",
)
TIMELINE: Final = _get(
    "一个家庭的逐月待遇",
    "decisions.read",
    [parameter("ref", _text("H-0042", 64), "家庭编号", "The caller's reference of the household", "path")],
    "Timeline",
    "Each month with the decision that stood in it",
    "unknown_decision",
)
