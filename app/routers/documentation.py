"""What OpenAPI says of the endpoints that read their body or their address themselves."""

from typing import Any, Final

from app.problems import TITLES
from app.rules.schema import request_schema

__all__ = ["ASSESSMENT", "EXAMPLE", "answered", "problems", "request_schema"]

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


EVERYWHERE: Final = ("not_found", "method_not_allowed", "internal")


def answered(shape: str, description: str) -> dict[int | str, dict[str, Any]]:
    """An answer of a shape (app/answers.py, app/answers_catalogue.py)."""
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The problems an endpoint can answer with, by status, each named by its code."""
    by_status: dict[int | str, list[str]] = {}
    for code in (*codes, *EVERYWHERE):
        status, titles = TITLES[code]
        by_status.setdefault(status, []).append(f"`{code}`: {titles['en']}")
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": "; ".join(lines),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, lines in sorted(by_status.items(), key=lambda pair: str(pair[0]))
    }


ASSESSMENT: Final[dict[str, Any]] = {
    "openapi_extra": {
        "x-title-zh": "认定一个家庭可享受的救助（不保存）",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/AssessmentRequest"},
                    "example": EXAMPLE,
                }
            },
        },
    },
    "responses": answered("Assessment", "Every programme: status, amount, reasons")
    | problems("not_json", "too_large", "too_many_members", "faulty_request", "unknown_division", "rule_failure"),
}
