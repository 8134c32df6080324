"""What OpenAPI says of the endpoints that read their body themselves."""

from typing import Any, Final

from app.rules.requests import AssessmentRequest

EXAMPLE: Final[dict[str, Any]] = {
    "jurisdiction": "999900",
    "date": "2026-08-15",
    "household": {
        "residence": "urban",
        "members": [
            {
                "id": "p1",
                "relation": "applicant",
                "birth_date": "1984-03-02",
                "employed": True,
                "income": {"wage": "9600.00"},
                "income_months": 6,
            },
            {
                "id": "p2",
                "relation": "spouse",
                "birth_date": "1986-11-20",
                "income": {},
                "disability": {"kind": "physical", "level": 2},
            },
            {"id": "p3", "relation": "child", "birth_date": "2015-05-05", "income": {}, "education": "primary"},
        ],
        "assets": {"financial": "8000.00", "dwellings": 1},
        "spending": {"medical": "3000.00"},
    },
}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


ASSESSMENT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/AssessmentRequest"},
                    "example": EXAMPLE,
                }
            },
        }
    },
    "responses": {
        200: {
            "description": "Every programme: status, amount, reasons",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Assessment"}}},
        },
        400: _problem("The body is not JSON"),
        404: _problem("No loaded division stands above the code"),
        413: _problem("More than 1 MiB or more than 30 members"),
        422: _problem("Faults, every one with its JSON Pointer"),
        500: _problem("A rule could not be computed; never a refusal"),
    },
}


def request_schema() -> dict[str, Any]:
    return AssessmentRequest.model_json_schema(ref_template="#/components/schemas/{model}")
