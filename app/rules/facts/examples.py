"""A request in which every field has a value: the source of each field's example, and no real household."""

from typing import Any, Final, get_args

from app.rules.facts.household import IncomeKind

_CLAIM: Final = {"state": "imprisoned", "since": "2024-01-01", "term_months": 48}
_APPLICANT: Final[dict[str, Any]] = {
    "id": "p1",
    "relation": "applicant",
    "birth_date": "1984-03-02",
    "lives_together": True,
    "dependent_adult": False,
    "spouse_of": "p2",
    "employed": True,
    "employment": "employee",
    "residence": "urban",
    "single_parent": False,
    "income": {kind: "9600.00" if kind == "wage" else "0.00" for kind in get_args(IncomeKind)},
    "income_months": 6,
    "income_periods": {"wage": 6, "pension": 1},
    "outgoings": {"taxes": "120.00", "social_contributions": "600.00", "support_paid": "0.00"},
    "disability": {"kind": "multiple", "level": 2, "components": [{"kind": "physical", "level": 2}]},
    "needs_long_term_care": True,
    "serious_illness": False,
    "special_hardship": False,
    "own_register": False,
    "self_care_failed": 1,
    "placement": "home",
}
_GRANDCHILD: Final[dict[str, Any]] = {
    "id": "p2",
    "relation": "grandchild",
    "child_of": ["p1"],
    "birth_date": "2015-05-05",
    "maintenance_duty": True,
    "education": "primary",
    "absence": "military_service",
    "absent_since": "2025-01-01",
    "parents": {"father": _CLAIM, "mother": {"state": "deceased", "since": "2020-06-01", "term_months": None}},
}
_OBLIGOR: Final[dict[str, Any]] = {
    "id": "o1",
    "of": ["p1"],
    "relation": "father",
    "birth_date": "1955-03-02",
    "receiving": "dibao",
    "disability": {"kind": "visual", "level": 1},
    "monthly_income": "1200.00",
    "household_size": 2,
    "supports": 1,
    "ordered_support": "150.00",
    "paid_support": "100.00",
    "assets_within_limit": True,
    "status": "no_civil_capacity",
}
REQUEST: Final[dict[str, Any]] = {
    "jurisdiction": "999900",
    "date": "2026-08-15",
    "known_at": "2026-11-21T10:00:00+08:00",
    "programmes": ["dibao", "disability_care_subsidy"],
    "household": {
        "residence": "urban",
        "members": [_APPLICANT, _GRANDCHILD],
        "assets": {
            "financial": "8000.00",
            "vehicles": 0,
            "dwellings": 1,
            "company_interest": False,
            "vehicle_value": "0.00",
            "vehicle_displacement": "0",
            "disability_vehicles": 1,
            "work_vehicles": 0,
            "dwelling_area": "58.50",
            "shops": 0,
        },
        "spending": {
            "medical": "3000.00",
            "education": "1200.00",
            "disability_rehab": "500.00",
            "living": "9000.00",
            "other": "0.00",
        },
        "obligors": [_OBLIGOR],
        "dibao_class": "A",
        "receiving": [
            {
                "programme": "dibao",
                "person": None,
                "since": "2026-01",
                "amount": "640.00",
                "line_passed": "2026-07",
                "passed_by": "employment",
            }
        ],
        "crisis": {
            "kind": "emergency",
            "severity": "moderate",
            "urgent": True,
            "cause": "illness",
            "occurred_on": "2026-08-01",
            "place": "999900",
            "persons": 2,
            "loss": "12000.00",
        },
    },
    "options": {
        "carry_forward": False,
        "accept_reported": False,
        "explain": "reasons",
        "parameters": {"dibao.standard": {"urban": "920.00"}},
    },
}

FAMILY_OF_THREE: Final[dict[str, Any]] = {
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
"""The household of the README: a couple and a child, one wage, one disability."""
