"""Property as places print it: every form typed in for a place that holds none, and computed a second time."""

import random
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.rules.test_typed_in import DAY, MODEL_CITY
from tests.support.oracle import reference
from tests.support.oracle.households import random_request
from tests.support.oracle.property_forms import random_place
from tests.support.rules import ask, by_key

CITY: Final = {id_: value for id_, value in MODEL_CITY.items() if ".property." not in id_} | {
    "minimum_wage": "2000.00",
    "consumption": {"urban": "2000.00", "rural": "1000.00"},
}
PROGRAMMES: Final = (
    "dibao",
    "edge_family",
    "rigid_expenditure_family",
    "extreme_poverty_support",
    "temporary_assistance",
)


@pytest.mark.parametrize("place", range(12))
def test_every_form_decides_as_the_second_computation(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    typed, limits, exemptions = random_place(random.Random(place))
    monkeypatch.setattr(reference, "PROPERTY_LIMITS", limits)
    monkeypatch.setattr(reference, "EXEMPTIONS", exemptions)
    for seed in range(25):
        request = random_request(random.Random(1000 * place + seed)) | {"date": DAY, "known_at": None}
        expected = {
            (one["programme"], one["person"]): one["status"]
            for one in reference.assess(request)
            if one["programme"] in PROGRAMMES
        }
        asked = request | {"jurisdiction": "610900", "programmes": list(PROGRAMMES)}
        for explain in ("reasons", "full"):
            options = {"parameters": CITY | typed, "explain": explain}
            found = {
                key: one["status"]
                for key, one in by_key(ask(asked | {"options": options})).items()
                if one["status"] != "not_applicable"
            }
            assert found == expected, f"place {place}, household {seed}, {explain}, {typed}"


# One family of two, 920 a month: what a notice prints and the family has.


def status(printed: Json, assets: Json, *, persons: int = 2) -> tuple[str, Any]:
    couple = [
        {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {}},
        {"id": "b", "relation": "spouse", "birth_date": "1980-01-01", "income": {}},
    ]
    household = {"residence": "urban", "members": couple[:persons], "assets": assets, "spending": {}, "obligors": []}
    parameters = (
        CITY
        | {"dibao.property.company_interest": False}
        | {f"dibao.property.{name}" if "." not in name else name: value for name, value in printed.items()}
    )
    request = {
        "jurisdiction": "610900",
        "date": DAY,
        "programmes": ["dibao"],
        "household": household,
        "options": {"parameters": parameters},
    }
    result = by_key(ask(request))["dibao", None]
    if result["status"] == "ineligible":
        return "ineligible", result["tests"][0]["rule"]
    return result["status"], sorted([*result["missing"], *result["gaps"]])


MONTHS: Final = {"financial_months": 24, "vehicles": 1, "dwellings": 2}


@pytest.mark.parametrize(
    ("printed", "assets", "found"),
    [
        # by the number of persons: 36 months for one, 24 a head from three on
        (MONTHS | {"financial_months": {"1": 36, "3": 24}}, {"financial": "66240.00"}, ("eligible", [])),
        (
            MONTHS | {"financial_months": {"1": 36, "3": 24}},
            {"financial": "66240.01"},
            ("ineligible", "dibao.financial_test"),
        ),
        ({"vehicles": 1, "dwellings": 2, "financial_total": "50000.00"}, {"financial": "50000.00"}, ("eligible", [])),
        (
            {"vehicles": 1, "dwellings": 2, "financial_total": "50000.00"},
            {"financial": "50000.01"},
            ("ineligible", "dibao.financial_test"),
        ),
        # one car worth no more than 12 times a year's standard: 920 x 144 = 132,480
        (MONTHS | {"vehicle_value_months": 144}, {"vehicles": 1, "vehicle_value": "132480.00"}, ("eligible", [])),
        (
            MONTHS | {"vehicle_value_months": 144},
            {"vehicles": 1, "vehicle_value": "132480.01"},
            ("ineligible", "dibao.vehicle_value_test"),
        ),
        (
            MONTHS | {"vehicle_value_months": 144},
            {"vehicles": 1},
            ("undetermined", ["/household/assets/vehicle_value"]),
        ),
        (MONTHS | {"vehicle_value_months": 144}, {}, ("eligible", [])),
        (MONTHS | {"vehicle_displacement": "1.6"}, {"vehicles": 1, "vehicle_displacement": "1.60"}, ("eligible", [])),
        (
            MONTHS | {"vehicle_displacement": "1.6"},
            {"vehicles": 1, "vehicle_displacement": "1.61"},
            ("ineligible", "dibao.displacement_test"),
        ),
        # nothing but a value is printed of cars: their number does not matter
        (
            {"financial_months": 24, "dwellings": 2, "vehicle_value": "50000.00"},
            {"vehicles": 2, "vehicle_value": "50000.00"},
            ("eligible", []),
        ),
        # a scooter in place of walking
        (MONTHS | {"vehicles": 0}, {"disability_vehicles": 1}, ("refer", ["property.vehicles_exempt"])),
        (
            MONTHS | {"vehicles": 0, "property.vehicles_exempt": {"disability": True}},
            {"disability_vehicles": 1},
            ("eligible", []),
        ),
        (
            MONTHS | {"vehicles": 0, "property.vehicles_exempt": {"disability": False}},
            {"disability_vehicles": 1},
            ("ineligible", "dibao.vehicles_test"),
        ),
        (MONTHS | {"vehicles": 0}, {}, ("eligible", [])),
        # floor area a head, the only dwelling exempt
        (MONTHS | {"dwelling_area_per_head": "40.5"}, {"dwellings": 2, "dwelling_area": "81.00"}, ("eligible", [])),
        (
            MONTHS | {"dwelling_area_per_head": "40.5"},
            {"dwellings": 2, "dwelling_area": "81.01"},
            ("ineligible", "dibao.dwelling_area_test"),
        ),
        (
            MONTHS | {"dwelling_area_per_head": "40.5"},
            {"dwellings": 1},
            ("undetermined", ["/household/assets/dwelling_area"]),
        ),
        (MONTHS | {"dwelling_area": 60, "property.only_dwelling_exempt": True}, {"dwellings": 1}, ("eligible", [])),
        # two dwellings, but small ones
        (
            MONTHS | {"dwellings": 1, "dwellings_up_to_area": 33},
            {"dwellings": 2, "dwelling_area": "65.99"},
            ("eligible", []),
        ),
        (
            MONTHS | {"dwellings": 1, "dwellings_up_to_area": 33},
            {"dwellings": 2, "dwelling_area": 66},
            ("ineligible", "dibao.dwellings_test"),
        ),
        (MONTHS | {"shops": 0}, {"shops": 1}, ("ineligible", "dibao.shops_test")),
        (MONTHS, {"shops": 1}, ("eligible", [])),
        (
            MONTHS | {"property.vehicles_in_financial": True},
            {"financial": "40000.00", "vehicles": 1, "vehicle_value": "5000.00"},
            ("ineligible", "dibao.financial_test"),
        ),
    ],
)
def test_what_a_notice_prints_decides(printed: Json, assets: Json, found: tuple[str, Any]) -> None:
    assert status(printed, assets) == found


def test_what_is_printed_by_the_number_of_persons_is_open_with_it() -> None:
    """Whether the second person counts is open: 36 months for one or 24 a head for two decide alike or not."""
    parameters = CITY | {f"dibao.property.{name}": value for name, value in MONTHS.items()}
    parameters |= {"dibao.property.financial_months": {"1": 36, "2": 24}, "dibao.property.company_interest": False}
    members = [
        {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {}},
        {"id": "b", "relation": "sibling", "birth_date": "1980-01-01", "income": {}, "absence": "clergy"},
    ]
    for financial, expected in (("33120.00", "eligible"), ("33120.01", "undetermined"), ("44160.01", "ineligible")):
        household = {"residence": "urban", "members": members, "assets": {"financial": financial}, "spending": {}}
        request = {
            "jurisdiction": "610900",
            "date": DAY,
            "household": household | {"obligors": []},
            "options": {"parameters": parameters},
        }
        assert by_key(ask(request))["dibao", None]["status"] == expected, financial


def test_a_limit_that_a_place_does_not_print_is_not_shown_as_a_test() -> None:
    shown = ask(
        {
            "jurisdiction": "999900",
            "date": DAY,
            "household": {
                "residence": "urban",
                "members": [{"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {}}],
                "assets": {},
                "spending": {},
                "obligors": [],
            },
        }
    )
    tests = [test["rule"] for test in by_key(shown)["dibao", None]["tests"]]
    assert tests == [
        "dibao.somebody_counted",
        "dibao.income_test",
        "dibao.financial_test",
        "dibao.vehicles_test",
        "dibao.dwellings_test",
        "dibao.company_test",
    ]


def test_the_amount_does_not_depend_on_how_property_is_printed() -> None:
    found = {
        Fraction(
            by_key(
                ask(
                    {
                        "jurisdiction": "999900",
                        "date": DAY,
                        "household": {
                            "residence": "urban",
                            "members": [
                                {
                                    "id": "a",
                                    "relation": "applicant",
                                    "birth_date": "1980-01-01",
                                    "income": {"other": "100.00"},
                                }
                            ],
                            "assets": {},
                            "spending": {},
                            "obligors": [],
                        },
                        "options": {"parameters": typed},
                    }
                )
            )["dibao", None]["amount"]["value"]
        )
        for typed in ({}, {"dibao.property.financial_total": "1.00"}, {"dibao.property.shops": 0})
    }
    assert found == {Fraction(820)}
