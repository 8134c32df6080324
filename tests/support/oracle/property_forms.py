"""Draws ways in which a place may print its limits of property: as figures to type in, and as the second computation
reads them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any, Final

from app.rules.values.strict_json import Json
from tests.support.oracle.property import Exemptions, Limit

PROGRAMMES: Final = ("dibao", "edge", "rigid", "extreme_poverty")
_FINANCIAL: Final = {
    "financial_months": ({"1": 36, "3": 24}, {"1": 12, "2": 24, "4": 30}, 24),
    "financial_per_head": ({"1": "50000.00", "3": "45000.00"}, "30000.00"),
    "financial_total": ("20000.00", "60000.01"),
    "financial_wage_months": (6, 24),
    "financial_income_months": (12, 24),
    "financial_consumption_months": (6, 36),
}
_OTHERS: Final = {
    "vehicle_value": ("30000.00", "50000.00"),
    "vehicle_value_months": (40, 60, 144),
    "vehicle_displacement": ("1.6", "1.4"),
    "dwellings_up_to_area": (20, "31.5"),
    "dwelling_area": (90, "120.5"),
    "dwelling_area_per_head": (30, "18.25"),
    "shops": (0, 1),
}


def random_place(rng: random.Random) -> tuple[Json, dict[str, Limit], Exemptions]:
    """What a place prints of property, typed in and read."""
    typed: Json = {}
    limits = {programme: _limit(rng, programme, typed) for programme in PROGRAMMES}
    said = {name: rng.random() < 0.5 for name in ("disability", "work", "in_financial", "only_dwelling")}
    typed["property.vehicles_exempt"] = {kind: said[kind] for kind in ("disability", "work")}
    for name, key in (("in_financial", "vehicles_in_financial"), ("only_dwelling", "only_dwelling_exempt")):
        if said[name] or rng.random() < 0.5:
            typed[f"property.{key}"] = said[name]
    return typed, limits, Exemptions(said["disability"], said["work"], said["in_financial"], said["only_dwelling"])


def _limit(rng: random.Random, programme: str, typed: Json) -> Limit:
    found: dict[str, Any] = {"company_interest": rng.random() < 0.5}
    form = rng.choice(list(_FINANCIAL))
    found[form] = rng.choice(_FINANCIAL[form])
    some = rng.sample(list(_OTHERS), rng.randint(0, 4))
    for first, second in (("vehicle_value", "vehicle_value_months"), ("dwelling_area", "dwelling_area_per_head")):
        if first in some and second in some:
            some.remove(second)
    found |= {name: rng.choice(_OTHERS[name]) for name in some}
    if not {"vehicle_value", "vehicle_value_months", "vehicle_displacement"} & set(some) or rng.random() < 0.5:
        found["vehicles"] = rng.choice((0, 1))
    if not {"dwelling_area", "dwelling_area_per_head"} & set(some) or rng.random() < 0.5:
        found["dwellings"] = rng.choice((1, 2))
    typed |= {f"{programme}.property.{name}": value for name, value in found.items()}
    return Limit(**{name: _read(name, value) for name, value in found.items()})


def _read(name: str, value: Any) -> Any:
    if name in ("company_interest", "vehicles", "dwellings", "shops"):
        return value
    if name in ("financial_months", "financial_per_head"):
        table = value if isinstance(value, dict) else {"0": value}
        return {int(first): Fraction(str(number)) for first, number in table.items()}
    return Fraction(str(value))
