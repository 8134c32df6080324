"""What OpenAPI says of the log's endpoints."""

from typing import Any, Final

from app.http.documentation import answered, parameter, problems

_PLACE: Final = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
_ORIGIN: Final = parameter(
    "origin",
    {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["doudi"]},
    "日志名称，缺省为本服务的日志",
    "The name of the log; the service's own if absent",
)


def _get(zh: str, parameters: list[dict[str, Any]], shape: str, answer: str) -> dict[str, Any]:
    return {
        "openapi_extra": {"x-title-zh": zh, "parameters": [*parameters, _ORIGIN]},
        "responses": answered(shape, answer) | problems("faulty_request", "unknown_entry", "storage_unavailable"),
    }


def _number(name: str, schema: dict[str, Any], example: int, zh: str, en: str, place: str = "query") -> dict[str, Any]:
    return parameter(name, schema | {"examples": [example]}, zh, en, place, required=True)


CHECKPOINT: Final = _get("签名的检查点", [], "CheckpointAnswer", "The log as it was last signed")
ENTRY: Final = _get(
    "日志中的一项",
    [_number("index", {"type": "integer", "minimum": 0}, 1, "序号，从0起", "The record's place, from 0", "path")],
    "LogEntry",
    "What the leaf stands for",
)
INCLUSION: Final = _get(
    "包含证明",
    [
        _number("leaf", _PLACE, 1, "序号，从0起", "The record's place, from 0"),
        _number("size", _PLACE | {"minimum": 1}, 4, "记录数", "The size of the tree"),
    ],
    "InclusionProof",
    "The path from the leaf to the root",
)
CONSISTENCY: Final = _get(
    "一致性证明",
    [
        _number("from", _PLACE, 2, "原记录数", "The size of the earlier tree"),
        _number("to", _PLACE, 5, "现记录数", "The size of the later tree"),
    ],
    "ConsistencyProof",
    "The proof that the later tree begins with the earlier one",
)
