"""The facts and collections that formulas may name, entity by entity, and where the engine keeps them."""

from typing import Final, get_args

from app.rules.facts.household import (
    Absence,
    ComponentKind,
    Education,
    Income,
    Outgoings,
    ParentState,
    Programme,
    Relation,
    Residence,
    Spending,
)
from app.rules.language import types as t
from app.rules.language.names import CollectionSpec, FactSpec

INCOME_KINDS: Final = tuple(Income.model_fields)
OUTGOING_KINDS: Final = tuple(Outgoings.model_fields)
SPENDING_KINDS: Final = tuple(Spending.model_fields)
PROGRAMMES: Final[tuple[str, ...]] = get_args(Programme)

RESIDENCE: Final = t.enum(*get_args(Residence))
EDUCATION: Final = t.enum("none", *get_args(Education))
SEVERITY: Final = t.enum("light", "moderate", "grave")
DIBAO_CLASS: Final = t.enum("A", "B", "C")
PLACEMENT: Final = t.enum("home", "institution")
CAUSES: Final = ("fire", "accident", "illness", "disaster", "unemployment", "education", "other")
EMPLOYMENT: Final = t.enum("none", "employee", "flexible", "self_employed")
_DISABILITY_KIND: Final = t.enum(*get_args(ComponentKind))

FACTS: Final[dict[str, dict[str, FactSpec]]] = {
    "household": {
        "residence": FactSpec(RESIDENCE, "residence"),
        "assets.financial": FactSpec(t.MONEY, "assets_financial", optional=True),
        "assets.vehicles": FactSpec(t.NUMBER, "assets_vehicles", optional=True),
        "assets.dwellings": FactSpec(t.NUMBER, "assets_dwellings", optional=True),
        "assets.company_interest": FactSpec(t.BOOL, "assets_company_interest", optional=True),
        "assets.vehicle_value": FactSpec(t.MONEY, "assets_vehicle_value", optional=True, added=True),
        "assets.vehicle_displacement": FactSpec(
            t.NUMBER, "assets_vehicle_displacement", optional=True, added=True, scale=100
        ),
        "assets.disability_vehicles": FactSpec(t.NUMBER, "assets_disability_vehicles", optional=True, added=True),
        "assets.work_vehicles": FactSpec(t.NUMBER, "assets_work_vehicles", optional=True, added=True),
        "assets.dwelling_area": FactSpec(t.NUMBER, "assets_dwelling_area", optional=True, added=True, scale=100),
        "assets.shops": FactSpec(t.NUMBER, "assets_shops", optional=True, added=True),
        "dibao_class": FactSpec(DIBAO_CLASS, "dibao_class", optional=True, added=True),
        "exit.given": FactSpec(t.BOOL, "exit_given", added=True),
        "exit.line_passed": FactSpec(t.DATE, "exit_line_passed", optional=True, added=True),
        "exit.passed_by": FactSpec(t.enum("employment", "other"), "exit_passed_by", optional=True, added=True),
        "exit.amount": FactSpec(t.MONEY_MONTH, "exit_amount", optional=True, added=True),
        **{f"spending.{kind}": FactSpec(t.MONEY, f"spending_{kind}", optional=True) for kind in SPENDING_KINDS},
        "crisis.given": FactSpec(t.BOOL, "crisis_given"),
        "crisis.kind": FactSpec(t.enum("none", "emergency", "expenditure"), "crisis_kind"),
        "crisis.severity": FactSpec(SEVERITY, "crisis_severity"),
        "crisis.urgent": FactSpec(t.BOOL, "crisis_urgent"),
        "crisis.persons_stated": FactSpec(t.BOOL, "crisis_persons_stated"),
        "crisis.persons": FactSpec(t.NUMBER, "crisis_persons"),
        "crisis.elsewhere": FactSpec(t.BOOL, "crisis_elsewhere"),
        "crisis.cause": FactSpec(t.enum("none", *CAUSES), "crisis_cause", optional=True, added=True),
        "crisis.loss": FactSpec(t.MONEY, "crisis_loss", optional=True, added=True),
        "obligors_told": FactSpec(t.BOOL, "obligors_told", added=True),
        "obligors_named": FactSpec(t.BOOL, "obligors_named", added=True),
    },
    "member": {
        "age": FactSpec(t.NUMBER, "age"),
        "relation": FactSpec(t.enum(*get_args(Relation)), "relation"),
        "lives_together": FactSpec(t.BOOL, "lives_together"),
        "dependent_adult": FactSpec(t.BOOL, "dependent_adult"),
        "maintenance_duty": FactSpec(t.enum("yes", "no", "not_stated"), "maintenance_duty"),
        "absence": FactSpec(t.enum("none", *get_args(Absence)), "absence", added_values=("boarder",)),
        "absent_since": FactSpec(t.DATE, "absent_since", optional=True),
        "employed": FactSpec(t.BOOL, "employed"),
        **{f"income.{kind}": FactSpec(t.MONEY_MONTH, f"income_{kind}", optional=True) for kind in INCOME_KINDS},
        **{f"outgoings.{kind}": FactSpec(t.MONEY_MONTH, f"outgoings_{kind}") for kind in OUTGOING_KINDS},
        "disability.level": FactSpec(t.NUMBER, "disability_level"),
        "disability.any": FactSpec(t.BOOL, "disabled"),
        "needs_long_term_care": FactSpec(t.BOOL, "needs_long_term_care"),
        "serious_illness": FactSpec(t.BOOL, "serious_illness"),
        "special_hardship": FactSpec(t.BOOL, "special_hardship"),
        "own_register": FactSpec(t.BOOL, "own_register", added=True),
        "self_care_failed": FactSpec(t.NUMBER, "self_care_failed", optional=True),
        "education": FactSpec(EDUCATION, "education"),
        "placement": FactSpec(PLACEMENT, "placement"),
        "parents.claimed": FactSpec(t.BOOL, "parents_claimed"),
        "receiving.extreme_poverty_support": FactSpec(t.BOOL, "receiving_extreme_poverty_support"),
        "receiving.dibao": FactSpec(t.BOOL, "receiving_dibao"),
        "employment": FactSpec(EMPLOYMENT, "employment", optional=True, added=True),
        "residence": FactSpec(RESIDENCE, "residence", added=True),
        "supported": FactSpec(t.BOOL, "supported", added=True),
        "single_parent": FactSpec(t.BOOL, "single_parent", optional=True, added=True),
    },
    "obligor": {
        "age": FactSpec(t.NUMBER, "age"),
        "disability.level": FactSpec(t.NUMBER, "disability_level"),
        "disability.any": FactSpec(t.BOOL, "disabled"),
        "receiving.extreme_poverty_support": FactSpec(t.BOOL, "receiving_extreme_poverty_support"),
        "receiving.dibao": FactSpec(t.BOOL, "receiving_dibao"),
        "status": FactSpec(t.enum("none", "no_civil_capacity", "declared_missing", "prison"), "status"),
        "monthly_income": FactSpec(t.MONEY_MONTH, "monthly_income", optional=True),
        "assets_within_limit": FactSpec(t.BOOL, "assets_within_limit", optional=True),
        "receiving.low_income": FactSpec(t.BOOL, "receiving_low_income", added=True),
        "household_size": FactSpec(t.NUMBER, "household_size", optional=True, added=True),
        "supports": FactSpec(t.NUMBER, "supports", added=True),
        "supports_stated": FactSpec(t.BOOL, "supports_stated", added=True),
        "support_ordered": FactSpec(t.BOOL, "support_ordered", added=True),
        "ordered_support": FactSpec(t.MONEY_MONTH, "ordered_support", added=True),
        "paid_support": FactSpec(t.MONEY_MONTH, "paid_support", added=True),
    },
    "disability": {
        "kind": FactSpec(_DISABILITY_KIND, "kind", optional=True),
        "level": FactSpec(t.NUMBER, "level", optional=True),
    },
    "claim": {
        "state": FactSpec(t.enum(*get_args(ParentState)), "state"),
        "since": FactSpec(t.DATE, "since", optional=True),
        "term_months": FactSpec(t.NUMBER, "term_months", optional=True),
    },
}

COLLECTIONS: Final[dict[str, dict[str, CollectionSpec]]] = {
    "household": {"members": CollectionSpec("member", "members")},
    "member": {
        "spouses": CollectionSpec("member", "spouses"),
        "parents": CollectionSpec("member", "parents"),
        "children": CollectionSpec("member", "children"),
        "obligors": CollectionSpec("obligor", "obligors", optional=True),
        "supporters": CollectionSpec("obligor", "supporters", added=True),
        "disabilities": CollectionSpec("disability", "disabilities"),
        "parent_states": CollectionSpec("claim", "parent_states"),
    },
    "obligor": {
        "disabilities": CollectionSpec("disability", "disabilities"),
        "owed": CollectionSpec("member", "owed", added=True),
    },
}
