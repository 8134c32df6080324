"""Property as places print it: the second computation, from the notices' own words (57号 14; rules.md, Property)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

ByPersons = Mapping[int, Fraction]  # from how many persons on


@dataclass(frozen=True)
class Assets:
    financial: Fraction
    vehicles: int
    dwellings: int
    company_interest: bool
    vehicle_value: Fraction = Fraction(0)
    vehicle_displacement: Fraction = Fraction(0)
    disability_vehicles: int = 0
    work_vehicles: int = 0
    dwelling_area: Fraction = Fraction(0)
    shops: int = 0


@dataclass(frozen=True)
class Standards:
    """What a person has a month by the standards that limits are counted in."""

    dibao: Fraction
    minimum_wage: Fraction
    disposable_income: Fraction
    consumption: Fraction


@dataclass(frozen=True)
class Limit:
    """What one programme allows; None where the notice does not print it."""

    company_interest: bool
    vehicles: int | None = None
    dwellings: int | None = None
    financial_months: ByPersons | None = None
    financial_per_head: ByPersons | None = None
    financial_total: Fraction | None = None
    financial_wage_months: Fraction | None = None
    financial_income_months: Fraction | None = None
    financial_consumption_months: Fraction | None = None
    vehicle_value: Fraction | None = None
    vehicle_value_months: Fraction | None = None
    vehicle_displacement: Fraction | None = None
    dwellings_up_to_area: Fraction | None = None
    dwelling_area: Fraction | None = None
    dwelling_area_per_head: Fraction | None = None
    shops: int | None = None


@dataclass(frozen=True)
class Exemptions:
    """What counts in a place, whatever the programme."""

    disability_vehicles: bool
    work_vehicles: bool
    vehicles_in_financial: bool = False
    only_dwelling: bool = False


def within(assets: Assets, limit: Limit, exempt: Exemptions, standards: Standards, persons: int) -> bool:
    """Tell if a family's property is within what a programme allows; equal is within."""
    return (
        _money(assets, limit, exempt, standards, persons)
        and _vehicles(assets, limit, exempt, standards)
        and _premises(assets, limit, exempt, persons)
        and (limit.company_interest or not assets.company_interest)
    )


def _for(table: ByPersons, persons: int) -> Fraction:
    return table[max(first for first in table if first <= max(persons, min(table)))]


def _money(assets: Assets, limit: Limit, exempt: Exemptions, standards: Standards, persons: int) -> bool:
    owned = assets.financial + (assets.vehicle_value if exempt.vehicles_in_financial else 0)
    a_head: Fraction
    if limit.financial_total is not None:
        return owned <= limit.financial_total
    if limit.financial_per_head is not None:
        a_head = _for(limit.financial_per_head, persons)
    elif limit.financial_wage_months is not None:
        a_head = limit.financial_wage_months * standards.minimum_wage
    elif limit.financial_income_months is not None:
        a_head = limit.financial_income_months * standards.disposable_income
    elif limit.financial_consumption_months is not None:
        a_head = limit.financial_consumption_months * standards.consumption
    else:
        assert limit.financial_months is not None
        a_head = _for(limit.financial_months, persons) * standards.dibao
    return owned <= a_head * persons


def _vehicles(assets: Assets, limit: Limit, exempt: Exemptions, standards: Standards) -> bool:
    number = assets.vehicles
    number += 0 if exempt.disability_vehicles else assets.disability_vehicles
    number += 0 if exempt.work_vehicles else assets.work_vehicles
    value = limit.vehicle_value
    if limit.vehicle_value_months is not None:
        value = limit.vehicle_value_months * standards.dibao
    return (
        (limit.vehicles is None or number <= limit.vehicles)
        and (value is None or assets.vehicle_value <= value)
        and (limit.vehicle_displacement is None or assets.vehicle_displacement <= limit.vehicle_displacement)
    )


def _premises(assets: Assets, limit: Limit, exempt: Exemptions, persons: int) -> bool:
    area = assets.dwelling_area
    small = limit.dwellings_up_to_area is not None and area < limit.dwellings_up_to_area * persons
    counted = Fraction(0) if exempt.only_dwelling and assets.dwellings <= 1 else area
    allowed = limit.dwelling_area
    if limit.dwelling_area_per_head is not None:
        allowed = limit.dwelling_area_per_head * persons
    return (
        (small or limit.dwellings is None or assets.dwellings <= limit.dwellings)
        and (allowed is None or counted <= allowed)
        and (limit.shops is None or assets.shops <= limit.shops)
    )
