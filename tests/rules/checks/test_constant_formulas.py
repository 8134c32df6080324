"""Values by formula as exact figures, as far as they rest on other published values only."""

import datetime as dt
from fractions import Fraction

import pytest

from app.rules.checks.constant_formulas import figure_on
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from tests.rules.packs.texts import city

DAY = dt.date(2022, 3, 1)
VALUES = """values:
  minimum_wage:
    - {{from: 2022-01-01, value: 1000.05, document: x}}
  dibao.standard.urban:
    - {{from: 2022-01-01, value: 507, document: x}}
  dibao.standard.rural:
    - {{from: 2022-01-01, low: 300, high: 400, document: x}}
  extreme_poverty.basic:
    - {{from: 2022-01-01, formula: "{formula}", document: x}}
"""


@pytest.fixture(scope="module")
def nation() -> Pack:
    return Pack.load(CONTENT / "CN")


def _figure(nation: Pack, formula: str, residence: str = "urban") -> Fraction | None:
    library = Library({"CN": nation, "999900": city(VALUES.format(formula=formula))})
    return figure_on(library, library.path("999900"), "extreme_poverty.basic", residence, DAY)


@pytest.mark.parametrize(
    ("formula", "figure"),
    [
        ("yuan_month(5)", "5"),
        ("minimum_wage", "1000.05"),
        ("dibao.standard[residence] * 1.3", "659.1"),
        ("dibao.standard[residence] / 2", "253.5"),
        ("dibao.standard[residence] + yuan_month(1)", "508"),
        ("dibao.standard[residence] - yuan_month(1)", "506"),
        ("round_up(dibao.standard[residence] * 1.3, 10)", "660"),
        ("round_up(minimum_wage, 0.1)", "1000.1"),
        ("round_down(dibao.standard[residence] * 1.3, 10)", "650"),
        ("round_half_up(dibao.standard[residence] * 1.3, 1)", "659"),
        ("round_half_up(yuan_month(0.5), 1)", "1"),
        ("max(dibao.standard[residence], minimum_wage)", "1000.05"),
        ("min(dibao.standard[residence], minimum_wage)", "507"),
    ],
)
def test_a_formula_over_published_figures_is_computed_exactly(nation: Pack, formula: str, figure: str) -> None:
    assert _figure(nation, formula) == Fraction(figure)


@pytest.mark.parametrize(
    "formula",
    [
        "dibao.standard[residence]",
        "round_up(dibao.standard[residence], 1)",
        "dibao.standard[residence] + minimum_wage",
        "minimum_wage - dibao.standard[residence]",
        "max(minimum_wage, dibao.standard[residence])",
        "dibao.uplift.minor",
        "minimum_wage if True else minimum_wage",
        "minimum_wage * household.size",
    ],
)
def test_a_formula_over_a_range_a_gap_or_a_household_is_not(nation: Pack, formula: str) -> None:
    assert _figure(nation, formula, "rural") is None
