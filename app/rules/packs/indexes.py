"""The keys by which figures are printed one by one: residence, level, placement and the like."""

from typing import Final

from app.rules.language import types as t
from app.rules.language.vocabulary import DIBAO_CLASS, EDUCATION, PLACEMENT, RESIDENCE, SEVERITY, SPENDING_KINDS
from app.rules.packs.schema import ParameterDeclaration

LEVELS: Final = (1, 2, 3, 4)
INDEX_TYPES: Final = {
    "residence": RESIDENCE,
    "level": t.NUMBER,
    "placement": PLACEMENT,
    "severity": SEVERITY,
    "spending": t.enum(*SPENDING_KINDS),
    "self_care": t.enum("partial", "total"),
    "education": EDUCATION,
    "age": t.NUMBER,
    "persons": t.NUMBER,
    "months": t.NUMBER,
    "purpose": t.enum("disability", "work"),
    "class": DIBAO_CLASS,
    "child": t.enum("ill_on_dibao", "ill_on_edge", "ill", "on_dibao", "on_edge"),
}
INDEX_KEYS: Final[dict[str, tuple[str | int, ...]]] = {
    **{by: type_.values for by, type_ in INDEX_TYPES.items() if type_.kind == "enum"},
    "level": LEVELS,
    "education": EDUCATION.values[1:],
}
BANDS: Final = ("age", "persons", "months")  # each figure holds from a number on, up to the next
WHOLE_TABLES: Final = ("education", "age")  # what such a table does not name, the place does not give


def keys_of(declared: ParameterDeclaration) -> tuple[str | int, ...] | None:
    """Returns the keys by which a figure is published one by one; None for a single figure, a whole table and bands."""
    return None if declared.by is None or declared.by in (*WHOLE_TABLES, *BANDS) else INDEX_KEYS[declared.by]
