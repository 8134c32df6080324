"""The schemas of what is sent to decide, to replay and about persons, for OpenAPI."""

from typing import Final

from pydantic import BaseModel

from app.decisions.schemas import (
    DecisionDetails,
)
from app.rules.facts.json_schema import prepared, request_schema
from app.rules.values.strict_json import Json

_REF: Final = "#/components/schemas/{model}"
_BODIES: Final = (
)


def decision_request_schemas() -> Json:
    """By name: every body, and the shapes they are made of. What a proposal sends is an assessment's body and more."""
    found = {
        **{model.__name__: prepared(_schema(model), {}) for model in _BODIES},
    }
    inner: Json = {}
    for schema in found.values():
        inner |= schema.pop("$defs", {})
    return inner | found


def _schema(model: type[BaseModel]) -> Json:
    return model.model_json_schema(ref_template=_REF)


def _with_assessment(model: type[DecisionDetails], description: str) -> Json:
    assessment, details = request_schema(), _schema(model)
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": assessment["properties"] | details["properties"],
        "required": sorted({*assessment["required"], *details.get("required", [])}),
        "$defs": assessment.get("$defs", {}) | details.get("$defs", {}),
    }
