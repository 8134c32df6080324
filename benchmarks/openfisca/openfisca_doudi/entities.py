"""Persons, and the household they apply with. Roles are relations to the applicant."""

from openfisca_core.entities import build_entity

Person = build_entity(key="person", plural="persons", label="Person", is_person=True)

Household = build_entity(
    key="household",
    plural="households",
    label="Household",
    roles=[
        {"key": "applicant", "label": "Applicant", "max": 1},
        {"key": "spouse", "label": "Spouse of the applicant", "max": 1},
        {"key": "child", "plural": "children", "label": "Children of applicant and spouse"},
        {"key": "parent", "plural": "parents", "label": "Parents of the applicant"},
        {"key": "relative", "plural": "relatives", "label": "Everybody else"},
    ],
)

ENTITIES = [Household, Person]
