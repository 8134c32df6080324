"""The OpenAPI document: the generated one, with the schemas of what the endpoints read and write themselves."""

from typing import Any, Final

from app.decisions.log.schemas import LOG_SCHEMAS
from app.http.problems import PROBLEM_SCHEMAS
from app.http.requests_decisions import decision_request_schemas
from app.rules.explain.schemas import (
    ANSWER_SCHEMAS,
)
from app.rules.facts.json_schema import request_schema

_ANSWERS: Final = (
    ANSWER_SCHEMAS,
    PROBLEM_SCHEMAS,
    LOG_SCHEMAS,
)


def transitional_schemas() -> dict[str, Any]:
    """Shapes of endpoints that are not declared yet. To be deleted with the last of them."""
    found: dict[str, Any] = {}
    request = request_schema()
    found.update(request.pop("$defs", {}))
    found["AssessmentRequest"] = request
    found.update(decision_request_schemas())
    for answers in _ANSWERS:
        found.update(answers)
    return found
