"""The schemas of what is sent to decide, to replay and about persons, for OpenAPI."""

from typing import Any, Final

from pydantic import BaseModel

from app.decisions.defects.requests import DefectReport
from app.decisions.requests import (
    BulkReplay,
    Confirmation,
    DecisionDetails,
    Event,
    FollowingDetails,
    ReplayParameters,
    Withdrawal,
)
from app.people.requests import ErasureRequest, PersonSearch
from app.publications.requests import Approval, PublicationRequest, Rejection
from app.rules.schema import prepared, request_schema

_REF: Final = "#/components/schemas/{model}"
_BODIES: Final = (
    Confirmation,
    Withdrawal,
    Event,
    ReplayParameters,
    BulkReplay,
    DefectReport,
    PersonSearch,
    ErasureRequest,
    PublicationRequest,
    Approval,
    Rejection,
)

Json = dict[str, Any]


def decision_request_schemas() -> Json:
    """By name: every body, and the shapes they are made of. What a proposal sends is an assessment's body and more."""
    found = {
        "DecisionRequest": _with_assessment(DecisionDetails, "A household, and what a decision has beside it"),
        "FollowingRequest": _with_assessment(FollowingDetails, "A decision that corrects or succeeds another"),
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
