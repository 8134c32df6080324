"""The review of places: what is old, indirect, about to end or overtaken, and what a place lacks."""

import datetime as dt
from typing import Final

import pytest

from app.rules.catalogue.review import Asked, PlaceReview, places_of_interest, review
from app.rules.packs.library import NATION
from tests.support.rules import ask, rules

KNOWN: Final = dt.date(2026, 11, 21)


def of(place: str, date: str, counted: dict[str, Asked] | None = None) -> PlaceReview:
    found = rules()
    (one,) = review(found.library, found.engines, [place], dt.date.fromisoformat(date), KNOWN, {place: counted or {}})
    return one


def kinds(one: PlaceReview, id_: str) -> list[tuple[str, dt.date | None]]:
    return [(found.kind, found.day) for found in one.findings if found.id == id_]


@pytest.mark.parametrize(
    ("place", "date", "id_", "kind", "day"),
    [
        ("430500", "2020-08-15", "dibao.standard", "inferred", None),
        ("430500", "2018-08-15", "dibao.standard", "stale", "2015-12-31"),
        ("999900", "2026-11-15", "extreme_poverty.basic", "stale", "2021-07-01"),
        ("150700", "2020-11-15", "dibao.standard", "ends_soon", "2020-12-31"),
        ("610900", "2026-11-15", "temporary.within_township_limit", "overtaken", None),
    ],
)
def test_each_kind_is_found(place: str, date: str, id_: str, kind: str, day: str | None) -> None:
    assert (kind, dt.date.fromisoformat(day) if day else None) in kinds(of(place, date), id_)


def test_nothing_is_said_of_a_figure_of_this_year() -> None:
    assert kinds(of("999900", "2026-11-15"), "dibao.standard") == []


def test_what_is_lacking_is_what_answers_leave_open_the_most_asked_first() -> None:
    asked = {
        "disposable_income": Asked(open=2),
        "dibao.standard": Asked(open=7, supplied=3),
        "single_person.may": Asked(open=1),
    }
    one = of("610900", "2026-11-15", asked)
    assert [(lack.id, lack.asked.open) for lack in one.lacking[:3]] == [
        ("dibao.standard", 7),
        ("disposable_income", 2),
        ("single_person.may", 1),
    ]
    assert [(f.id, f.count) for f in one.findings if f.kind == "supplied"] == [("dibao.standard", 3)]
    adult = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
    home = {"residence": "urban", "members": [adult], "assets": {"financial": "1.00"}, "spending": {}, "obligors": []}
    answer = ask({"jurisdiction": "610900", "date": "2026-11-15", "household": home})
    gaps = {gap for result in answer["results"] for gap in result["gaps"]}
    assert gaps
    assert gaps <= {lack.id for lack in one.lacking} | set(rules().library.nation.questions)


def test_a_published_figure_is_not_lacking() -> None:
    lacking = {lack.id for lack in of("999900", "2026-11-15", {"dibao.standard": Asked(open=5)}).lacking}
    assert "dibao.standard" not in lacking
    assert "dibao.property.financial_months" not in lacking


def test_places_with_figures_or_decisions_are_looked_at() -> None:
    found = places_of_interest(rules().library, {})
    assert {"999900", "430500", "150700"} <= set(found)
    assert NATION not in found
    assert "610900" in places_of_interest(rules().library, {"610900": {}})
