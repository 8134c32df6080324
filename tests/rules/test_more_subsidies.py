"""Children in difficulty, children of low-income families, the price subsidy: where a place prints them or they are typed in."""

from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.rules.test_typed_in import FAMILY, NOTICE, at_ankang
from tests.support.rules import Key, ask, by_key

# A mother on 400 a month, or more, with a child of eleven who is ill; Beijing pays 40 % of 2850 to such a child on dibao.
ORPHANS: Final = {"orphan.dispersed": "2850.00"}


def mother_and_child(pension: str, *, ill: bool = True) -> Json:
    mother = {"id": "m", "relation": "applicant", "birth_date": "1984-03-02", "income": {"pension": pension}}
    child = {"id": "c", "relation": "child", "birth_date": "2015-05-05", "income": {}, "serious_illness": ill}
    return FAMILY | {"members": [mother, child], "spending": {}, "crisis": None}


def at(household: Json, parameters: Json) -> dict[Key, Json]:
    return by_key(at_ankang("2026-08-15", household, NOTICE | ORPHANS | parameters))


def amount(results: dict[Key, Json], programme: str, person: str) -> Any:
    result = results.get((programme, person))
    return result and (result["amount"]["value"] if result["status"] == "eligible" else result["status"])


@pytest.mark.parametrize(
    ("household", "printed", "found"),
    [
        (mother_and_child("400.00"), {"share": {"ill_on_dibao": "0.40"}}, "1140.00"),
        (mother_and_child("400.00", ill=False), {"share": {"ill_on_dibao": "0.40"}}, "ineligible"),
        (mother_and_child("2000.00"), {"share": {"ill_on_dibao": "0.40"}}, "ineligible"),
        (mother_and_child("2000.00"), {"amount": {"ill_on_edge": "500.00", "ill": "300.00"}}, "500.00"),
        (mother_and_child("9000.00"), {"amount": {"ill_on_edge": "500.00", "ill": "300.00"}}, "300.00"),
        (mother_and_child("400.00", ill=False), {"amount": {"on_dibao": "200.00"}}, "200.00"),
        (mother_and_child("400.00"), {}, None),
    ],
)
def test_children_in_difficulty(household: Json, printed: Json, found: str | None) -> None:
    parameters = {f"child_in_difficulty.{name}": value for name, value in printed.items()}
    assert amount(at(household, parameters), "child_in_difficulty_subsidy", "c") == found
    assert amount(at(household, parameters), "child_in_difficulty_subsidy", "m") is None


@pytest.mark.parametrize(
    ("pension", "more", "found"),
    [
        ("4000.00", {}, "190.00"),  # a quarter of 760, in a family below 2420 a head
        ("4840.00", {}, "ineligible"),
        ("4000.00", {"low_income.child_age": 11}, None),  # the child is 11
        ("400.00", {}, "ineligible"),  # on dibao
    ],
)
def test_children_of_low_income_families(pension: str, more: Json, found: str | None) -> None:
    printed = {"low_income.below": "2420.00", "low_income.child_subsidy_share": "0.25", **more}
    results = at(mother_and_child(pension, ill=False), printed)
    assert amount(results, "low_income_child_subsidy", "c") == found


@pytest.mark.parametrize(
    ("growth", "found"),
    [
        ({"price.cpi_growth": "0.0349", "price.food_cpi_growth": "0.0599"}, "ineligible"),
        ({"price.cpi_growth": "0.035", "price.food_cpi_growth": "0.02"}, "33.00"),  # 920 x 3.5 % = 32.20
        ({"price.cpi_growth": "0.02", "price.food_cpi_growth": "0.06"}, "56.00"),  # 55.20
        ({"price.cpi_growth": "0.04", "price.food_cpi_growth": "0.07"}, "65.00"),  # 64.40
        ({"price.cpi_growth": "0.04"}, "37.00"),
        ({}, None),
    ],
)
def test_the_price_subsidy_of_the_fictional_city(growth: Json, found: str | None) -> None:
    """The standard times the larger growth that is far enough, up to a whole yuan."""
    household = mother_and_child("400.00", ill=False)
    request = {"jurisdiction": "999900", "date": "2026-08-15", "household": household}
    assert amount(by_key(ask(request | {"options": {"parameters": growth}})), "price_subsidy", "c") == found


def test_the_price_subsidy_reaches_edge_families_where_the_place_says_so() -> None:
    request = {"jurisdiction": "999900", "date": "2026-08-15", "household": mother_and_child("2000.00", ill=False)}
    found = {
        reaches: amount(
            by_key(
                ask(request | {"options": {"parameters": {"price.cpi_growth": "0.04", "price.reaches_edge": reaches}}})
            ),
            "price_subsidy",
            "c",
        )
        for reaches in (True, False)
    }
    assert found == {True: "37.00", False: "ineligible"}
