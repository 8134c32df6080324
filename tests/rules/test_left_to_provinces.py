"""Who else is left out of a family is for the province's list (民发〔2012〕220号 5, 民发〔2021〕57号 7): open where none is held."""

from fractions import Fraction
from typing import Any, Final, get_args

import pytest

from app.rules.facts.household import Absence
from app.rules.values.strict_json import Json
from tests.rules.test_typed_in import NOTICE
from tests.support.rules import ask, by_key

# What the nation settles, by the day: left out for themselves, or after three years.
SETTLED: Final = {
    "2020-06-15": {"prison", "clergy_long"},
    "2026-08-15": {"prison", "compulsory_detox", "declared_missing", "clergy_long"},
}


def family(absence: str, place: str, date: str, **parameters: Any) -> Json:
    """A couple with a grown son who is away, of working age and without income."""
    away: Json = {"absence": absence.removesuffix("_long"), "absent_since": "2010-01-01"}
    if absence == "clergy":
        away["absent_since"] = "2019-01-01" if date < "2021" else "2025-01-01"
    members = [
        {"id": "a", "relation": "applicant", "birth_date": "1975-01-01", "income": {"pension": "200.00"}},
        {"id": "s", "relation": "child", "birth_date": "2000-01-01", "income": {}, **away},
    ]
    household = {"residence": "urban", "members": members, "assets": {}, "spending": {}, "obligors": []}
    options = {"parameters": NOTICE | parameters}
    return {"jurisdiction": place, "date": date, "household": household, "options": options}


@pytest.mark.parametrize("date", SETTLED)
@pytest.mark.parametrize("place", ["430500", "150700", "610900", "442000"])
@pytest.mark.parametrize("absence", [*get_args(Absence), "clergy_long"])
def test_a_member_of_a_group_left_to_the_province_is_open_where_its_list_is_not_held(
    absence: str, place: str, date: str
) -> None:
    """760 a head less 200; where the son is counted, twice 760."""
    answer = ask(family(absence, place, date))
    dibao = by_key(answer)["dibao", None]
    bounds = (dibao["amount"]["min"], dibao["amount"]["max"])
    if absence in SETTLED[date]:
        assert ([one["person"] for one in answer["household"]["left_out"]], bounds) == (["s"], ("560.00", "560.00"))
        return
    parameter = "family.leaves_out." + {"clergy": "clergy_sooner"}.get(absence, absence)
    assert answer["household"]["open"] == ["s"]
    assert (dibao["status"], dibao["gaps"], bounds) == ("eligible", (parameter,), ("560.00", "1320.00"))
    for said, amount in ((True, 560), (False, 1320)):
        typed = by_key(ask(family(absence, place, date, **{parameter: said})))["dibao", None]
        assert Fraction(typed["amount"]["value"]) == amount
        assert typed["gaps"] == ()


@pytest.mark.parametrize(("absence", "counted"), [("military_service", False), ("clergy", False), ("boarder", True)])
def test_the_regulation_of_chongqing_is_its_list(absence: str, counted: bool) -> None:
    answer = ask(family(absence, "500154", "2020-06-15"))
    assert answer["household"]["counted"] == ["a", "s"][: 2 if counted else 1]
    assert answer["household"]["open"] == []


@pytest.mark.parametrize(
    ("facts", "relation", "asked"),
    [
        ({"disability": {"kind": "mental", "level": 2}}, "parent", True),
        ({"disability": {"kind": "hearing", "level": 4}, "dependent_adult": True}, "sibling", True),
        ({"serious_illness": True, "self_care_failed": 5}, "parent", True),
        ({"serious_illness": True, "self_care_failed": 2}, "parent", False),
        ({"disability": {"kind": "hearing", "level": 4}}, "parent", False),
        ({"disability": {"kind": "mental", "level": 2}, "birth_date": "2005-01-01"}, "parent", False),
        ({"disability": {"kind": "mental", "level": 2}, "lives_together": False}, "parent", False),
        ({"disability": {"kind": "mental", "level": 2}}, "spouse", False),
    ],
)
def test_in_chongqing_who_cannot_work_may_be_counted_apart(facts: Json, relation: str, asked: bool) -> None:
    """重庆条例 11: an adult living with parents, brothers or sisters; both readings are shown, and an officer decides."""
    members = [
        {"id": "s", "relation": "applicant", "birth_date": "1985-01-01", "income": {"other": "20.00"}, **facts},
        {"id": "f", "relation": relation, "birth_date": "1966-01-01", "income": {"pension": "9000.00"}},
    ]
    household = {"residence": "urban", "members": members, "assets": {}, "spending": {}, "obligors": []}
    for place, here in (("500154", asked), ("430500", False)):
        answer = by_key(ask({"jurisdiction": place, "date": "2020-06-15", "household": household}))
        assert answer["dibao", None]["status"] == "ineligible"
        found = answer.get(("single_person_dibao", "s"))
        if not here:
            assert found is None or "family.counted_apart" not in found["gaps"]
            continue
        assert found is not None
        assert (found["status"], found["amount"]["min"]) == ("refer", "600.00")
        documents = {one["document"] for test in found["tests"] for one in test["basis"]}
        assert documents == {"重庆市城乡居民最低生活保障条例"}
