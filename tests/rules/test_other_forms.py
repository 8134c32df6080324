"""Uplifts that add up, roundings, ratios that are reached, classes, subsidies beyond dibao: typed in, worked by hand."""

from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.rules.test_typed_in import FAMILY, NOTICE, amount_of, at_ankang
from tests.support.rules import ask, by_key

# Of the family: 2260.00 is the difference; half of 760 for the disability, 100 for the pupil, 30 % of 760 for the illness
# and a fifth for age, of which the higher alone counts.


@pytest.mark.parametrize(
    ("instead", "amount"),
    [
        ({"dibao.uplift.adds_up": False}, "2968.00"),
        ({"dibao.uplift.adds_up": True}, "3120.00"),  # and 152 for age
        ({"dibao.uplift.adds_up": True, "dibao.uplift.most_share": "0.40"}, "2968.00"),  # 304 + 100 + 304 at most
        ({"dibao.uplift.most_share": "0.25"}, "2740.00"),  # 190 + 100 + 190
        ({"dibao.uplift.minor_age": 11}, "2868.00"),  # the pupil is 11
        ({"dibao.uplift.minor_age": 11, "dibao.uplift.student": "60.00"}, "2928.00"),
        ({"dibao.uplift.minor_age": 11, "dibao.uplift.student_share": "0.25"}, "3058.00"),
        ({"dibao.uplift.severe_disability_share": {"1": "0.60", "2": "0.40"}}, "2892.00"),
        ({"dibao.uplift.severe_disability": {"1": "300.00", "2": "200.00"}}, "2788.00"),
    ],
)
def test_uplifts(instead: Json, amount: str) -> None:
    assert amount_of("dibao", None, FAMILY, instead) == amount


def test_level_3_of_the_mind_is_severe_where_the_place_says_so() -> None:
    members = [
        one | ({"disability": {"kind": "mental", "level": 3}} if one["id"] == "s" else {}) for one in FAMILY["members"]
    ]
    family = FAMILY | {"members": members}
    assert amount_of("dibao", None, family, {}) == "2588.00"
    assert amount_of("dibao", None, family, {"dibao.uplift.severe_mind_3": True}) == "2968.00"


# 3 x 760 - 301.27 = 1978.73 for a couple and a grown-up child of whom nobody has an uplift


THREE: Final = FAMILY | {
    "crisis": None,
    "spending": {},
    "members": [
        {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {"pension": "301.27"}},
        {"id": "b", "relation": "spouse", "birth_date": "1980-01-01", "income": {}},
        {"id": "c", "relation": "child", "birth_date": "2005-01-01", "income": {}},
    ],
}


@pytest.mark.parametrize(
    ("instead", "amount"),
    [
        ({"dibao.rounding": 1}, "1979.00"),
        ({"dibao.rounding_down": 1}, "1978.00"),
        ({"dibao.rounding_down": "0.1"}, "1978.70"),
        ({"dibao.rounding_half": 1}, "1979.00"),
        ({"dibao.rounding_half": "0.1"}, "1978.70"),
        ({"dibao.rounding_per_head": 1}, "1980.00"),  # 659.576… a head
        ({"dibao.rounding_per_head": "0.1"}, "1978.80"),
        ({"dibao.rounding_per_head": "0.01"}, "1978.74"),
        ({"dibao.amount_mode": False, "dibao.class_amounts": {"A": "600.00", "B": "500.00", "C": "400.00"}}, None),
    ],
)
def test_roundings_and_classes(instead: Json, amount: str | None) -> None:
    assert amount_of("dibao", None, THREE, instead) == amount


@pytest.mark.parametrize(("class_", "amount"), [("A", "1800.00"), ("B", "1500.00"), ("C", "1200.00")])
def test_the_officer_names_the_class(class_: str, amount: str) -> None:
    table = {"A": "600.00", "B": "500.00", "C": "400.00"}
    given = {**NOTICE, "dibao.amount_mode": False, "dibao.class_amounts": table}
    found = by_key(at_ankang("2026-08-15", THREE | {"dibao_class": class_}, given))["dibao", None]
    assert found["amount"]["value"] == amount
    asked = by_key(at_ankang("2026-08-15", THREE, given))["dibao", None]
    assert (asked["status"], asked["missing"]) == ("eligible", ("/household/dibao_class",))
    assert (asked["amount"]["min"], asked["amount"]["max"]) == ("1200.00", "1800.00")


# 1800 a head: above the edge line, 21,600 a year; half of it is 10,800


@pytest.mark.parametrize(
    ("ratio", "spent", "status"),
    [
        ({"rigid.ratio": "0.50"}, "10800.00", "ineligible"),
        ({"rigid.ratio": "0.50"}, "10800.01", "eligible"),
        ({"rigid.ratio_reached": "0.50"}, "10799.99", "ineligible"),
        ({"rigid.ratio_reached": "0.50"}, "10800.00", "eligible"),
    ],
)
def test_a_ratio_is_exceeded_or_reached(ratio: Json, spent: str, status: str) -> None:
    alone = {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {"pension": "1800.00"}}
    household = FAMILY | {"members": [alone], "spending": {"living": spent}, "crisis": None}
    given = {id_: value for id_, value in NOTICE.items() if id_ != "rigid.ratio"} | ratio
    found = by_key(at_ankang("2026-08-15", household, given))["rigid_expenditure_family", None]
    assert found["status"] == status
    shown = [test["rule"] for test in found["tests"] if test["rule"].startswith("rigid.spending")]
    assert shown == ["rigid.spending_reached_test" if "rigid.ratio_reached" in ratio else "rigid.spending_test"]


@pytest.mark.parametrize(
    ("line", "pension", "status"),
    [
        ({"low_income.upper": "2420.00"}, "2420.00", "eligible"),
        ({"low_income.below": "2420.00"}, "2420.00", "ineligible"),
        ({"low_income.below": "2420.00"}, "2419.99", "eligible"),
    ],
)
def test_a_low_income_line_is_an_upper_end_or_to_be_below(line: Json, pension: str, status: str) -> None:
    alone = {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {"pension": pension}}
    household = FAMILY | {"members": [alone], "spending": {}, "crisis": None}
    assert by_key(at_ankang("2026-08-15", household, NOTICE | line))["low_income_family", None]["status"] == status


# two subsidies of people with a disability


def disabled(level: int, pension: str, kind: str = "physical", **more: Any) -> Json:
    card = {"kind": kind, "level": level}
    alone = {"id": "a", "relation": "applicant", "birth_date": "1980-01-01", "income": {"pension": pension}}
    return FAMILY | {"members": [alone | {"disability": card} | more], "spending": {}, "crisis": None}


@pytest.mark.parametrize(
    ("household", "instead", "amount"),
    [
        (disabled(3, "100.00"), {}, "60.00"),
        (
            disabled(3, "100.00"),
            {"disability.living_share": {"1": "0.4", "2": "0.4", "3": "0.3", "4": "0.3"}},
            "228.00",
        ),
        (disabled(3, "1000.00"), {}, None),  # an edge family
        (disabled(3, "1000.00"), {"disability.living_edge": "50.00"}, "50.00"),
        (disabled(4, "1000.00"), {"disability.living_edge": {"3": "50.00", "4": "30.00"}}, "30.00"),
        (disabled(3, "100.00"), {"disability.living_edge": "50.00"}, "60.00"),
        (disabled(3, "2000.00"), {"disability.living_edge": "50.00"}, None),
    ],
)
def test_the_living_subsidy_reaches_edge_families_where_it_is_printed(
    household: Json, instead: Json, amount: str | None
) -> None:
    given = {
        id_: value
        for id_, value in NOTICE.items()
        if not ("disability.living_share" in instead and id_ == "disability.living")
    }
    found = by_key(at_ankang("2026-08-15", household, given | instead))["disability_living_subsidy", "a"]
    assert (found["amount"] and found["amount"]["value"]) == amount


@pytest.mark.parametrize(
    ("household", "care", "found"),
    [
        (disabled(3, "1000.00", "mental", needs_long_term_care=True), {}, None),
        (
            disabled(3, "1000.00", "mental", needs_long_term_care=True),
            {"disability.care_more": {"3": "50.00"}},
            "50.00",
        ),
        (disabled(3, "1000.00", "physical", needs_long_term_care=True), {"disability.care_more": {"3": "50.00"}}, None),
    ],
)
def test_care_for_level_3_of_the_mind_where_it_is_printed(household: Json, care: Json, found: str | None) -> None:
    results = by_key(at_ankang("2026-08-15", household, NOTICE | {"disability.care": "120.00"} | care))
    result = results.get(("disability_care_subsidy", "a"))
    assert (result and result["amount"]["value"]) == found


# before 2021-07-01


@pytest.mark.parametrize(
    ("date", "adult", "status"),
    [
        ("2020-10-15", {"own_register": True}, "refer"),
        ("2020-10-15", {}, None),
        ("2020-10-15", {"own_register": True, "income": {"pension": "570.00"}}, "ineligible"),
        ("2020-10-15", {"own_register": True, "disability": {"kind": "physical", "level": 3}}, None),
    ],
)
def test_a_severely_disabled_adult_with_a_register_of_their_own(date: str, adult: Json, status: str | None) -> None:
    """民发〔2012〕220号 10（一）: 570 a month in Shaoyang in 2020, whatever the parents have."""
    son = {"id": "s", "relation": "child", "birth_date": "1990-01-01", "income": {}, "lives_together": True}
    father = {"id": "f", "relation": "applicant", "birth_date": "1960-01-01", "income": {"pension": "5000.00"}}
    household: Json = {
        "residence": "urban",
        "members": [father, son | {"disability": {"kind": "mental", "level": 2}} | adult],
    }
    household |= {"assets": {}, "spending": {}, "obligors": []}
    results = by_key(ask({"jurisdiction": "430500", "date": date, "household": household}))
    found = results.get(("single_person_dibao", "s"))
    assert (found and found["status"]) == status
    if status == "refer":
        assert found is not None
        assert found["amount"]["min"] == "570.00"
        assert "single_person.may" in found["gaps"]
        assert ("民发〔2012〕220号", "10") in {
            (one["document"], one["article"]) for test in found["tests"] for one in test["basis"]
        }
