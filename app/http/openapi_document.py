"""The OpenAPI document: the generated one, with the schemas of what the endpoints read and write themselves."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.decisions.answers import DECISION_SCHEMAS
from app.decisions.answers_searches import SEARCH_SCHEMAS
from app.decisions.defects.schemas import DEFECT_SCHEMAS
from app.decisions.log.schemas import LOG_SCHEMAS
from app.decisions.replay.schemas import REPLAY_SCHEMAS
from app.http.problems import PROBLEM_SCHEMAS
from app.http.requests_decisions import decision_request_schemas
from app.monitoring.answers import MONITORING_SCHEMAS
from app.people.answers import PEOPLE_SCHEMAS
from app.publications.schemas import PUBLICATION_SCHEMAS
from app.rules.catalogue.schemas import CATALOGUE_SCHEMAS
from app.rules.explain.schemas import (
    ANSWER_SCHEMAS,
)
from app.rules.facts.json_schema import request_schema
from app.verification.answers import VERIFICATION_SCHEMAS

_ANSWERS: Final = (
    ANSWER_SCHEMAS,
    PROBLEM_SCHEMAS,
    CATALOGUE_SCHEMAS,
    DECISION_SCHEMAS,
    SEARCH_SCHEMAS,
    REPLAY_SCHEMAS,
    DEFECT_SCHEMAS,
    LOG_SCHEMAS,
    PEOPLE_SCHEMAS,
    PUBLICATION_SCHEMAS,
    VERIFICATION_SCHEMAS,
    MONITORING_SCHEMAS,
)


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document of a service with all its routes."""
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description="Which social assistance a household in China is entitled to, on any day, to the fen.",
        routes=app.routes,
    )
    for path in schema["paths"].values():
        for operation in path.values():  # the first sentence says more than the name of a function
            operation["summary"] = operation["description"].partition(". ")[0].rstrip(".")
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    schema["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    request = request_schema()
    components.update(request.pop("$defs", {}))
    components["AssessmentRequest"] = request
    components.update(decision_request_schemas())
    for answers in _ANSWERS:
        components.update(answers)
    return schema
