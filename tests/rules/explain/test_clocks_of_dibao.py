"""By when dibao is decided and how often it is reviewed, in each generation of the law and in Chongqing by its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.rules import rules

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
ANKANG, KAIZHOU = "610900", "500154"

ABLE: Json = {"birth_date": "1978-01-01"}
WORKING: Json = {"birth_date": "1978-01-01", "employed": True, "income": {"wage": "100.00"}}
OLD: Json = {"birth_date": "1950-01-01"}
DISABLED: Json = {"birth_date": "1978-01-01", "disability": {"kind": "physical", "level": 2}}
ILL: Json = {"birth_date": "1950-01-01", "serious_illness": True}


def procedure(place: str, date: str, residence: str, *people: Json) -> Json:
    members: list[Json] = [
        {"id": f"p{place_}", "relation": "parent" if place_ else "applicant", "income": {}, "lives_together": True}
        | one
        for place_, one in enumerate(people)
    ]
    able = {"id": "o", "of": ["p0"], "relation": "child", "birth_date": "1970-01-01", "monthly_income": "9000.00"}
    household = {
        "residence": residence,
        "members": members,
        "assets": {},
        "spending": {},
        "obligors": [able],
    }  # who keeps everybody off extreme-poverty support
    body: dict[str, Any] = {"jurisdiction": place, "date": date, "household": household, "programmes": ["dibao"]}
    (result,) = rules().assess(body, "zh", NOW)["results"]
    found: Json = result["procedure"]
    return found


@pytest.mark.parametrize(
    ("people", "urban", "rural"),
    [((ABLE,), 1, 3), ((WORKING,), 1, 3), ((DISABLED,), 12, 12), ((ILL,), 12, 12), ((OLD,), 6, 6), ((ABLE, ILL), 1, 3)],
    ids=["able to work", "working", "severely disabled", "seriously ill", "stable", "able beside ill"],
)
@pytest.mark.parametrize("date", ["2014-05-01", "2018-04-26", "2021-06-30"])
def test_before_july_2021_a_family_is_reviewed_by_its_class(
    date: str, people: tuple[Json, ...], urban: int, rural: int
) -> None:
    for residence, months in (("urban", urban), ("rural", rural)):
        found = procedure(ANKANG, date, residence, *people)
        assert found["review_months"] == months
        assert [one["article"] for one in found["basis"]["review_months"]] == ["33"]


@pytest.mark.parametrize("date", ["2021-07-01", "2026-06-30", "2026-07-01"])
@pytest.mark.parametrize(("people", "months"), [((ABLE,), 6), ((DISABLED,), 12), ((OLD,), 12)])
def test_since_july_2021_a_family_is_reviewed_half_yearly_or_yearly(
    date: str, people: tuple[Json, ...], months: int
) -> None:
    for residence in ("urban", "rural"):
        assert procedure(ANKANG, date, residence, *people)["review_months"] == months


@pytest.mark.parametrize("date", ["2016-05-01", "2020-09-10", "2022-01-01", "2026-08-15"])
@pytest.mark.parametrize(
    ("people", "urban", "rural"),
    [
        ((ABLE,), 1, 3),
        ((WORKING,), 6, 6),
        ((DISABLED,), 12, 12),
        ((OLD,), 6, 6),
        ((ABLE | {"education": "undergraduate"},), 6, 6),
    ],
    ids=["able and not working", "working", "severely disabled", "stable", "at school"],
)
def test_chongqing_decides_in_thirty_days_and_reviews_by_its_own_classes(
    date: str, people: tuple[Json, ...], urban: int, rural: int
) -> None:
    for residence, months in (("urban", urban), ("rural", rural)):
        found = procedure(KAIZHOU, date, residence, *people)
        assert (found["review_months"], found["deadline"]) == (months, {"value": 30, "unit": "days"})
        basis = {name: [one["article"] for one in found["basis"][name]] for name in ("review_months", "deadline")}
        assert basis == {"review_months": ["26"], "deadline": ["19"]}


def test_before_its_regulation_chongqing_had_the_clocks_of_the_nation() -> None:
    found = procedure(KAIZHOU, "2016-04-30", "rural", OLD)
    assert (found["deadline"], found["review_months"]) == (None, 6)
