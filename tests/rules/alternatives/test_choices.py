"""Choices: each lawful combination of what a family or an officer may choose, with its money."""

import copy
import random
from typing import Any, Final

import pytest

from app.rules.values.strict_json import Json
from tests.support.oracle.households import random_request
from tests.support.rules import ask, by_key, cases

NOTHING: Final = {"financial": "0.00", "vehicles": 0, "dwellings": 1, "company_interest": False}
CHILD: Final[Json] = {
    "id": "p1",
    "relation": "applicant",
    "birth_date": "2014-03-02",
    "income": {},
    "self_care_failed": 0,
    "parents": {"father": {"state": "deceased"}, "mother": {"state": "unknown"}},
}


def request_of(*members: Json, date: str = "2026-08-15", **household: Any) -> Json:
    home = {"residence": "urban", "members": list(members), "assets": NOTHING, "spending": {}, "obligors": []}
    return {"jurisdiction": "999900", "date": date, "household": home | household}


def chosen(request: Json) -> list[Json]:
    choices: list[Json] = ask(request, choices=True)["choices"]
    return choices


def test_an_orphan_in_extreme_poverty_may_choose() -> None:
    found = {choice["picked"][0]["pick"]: choice for choice in chosen(request_of(CHILD))}
    assert set(found) == {"orphan_subsidy", "extreme_poverty_support"}
    for choice in found.values():
        (picked,) = choice["picked"]
        assert (picked["question"], picked["person"], picked["by"]) == ("child.claim", "p1", "family")
        assert [(b["document"], b["article"]) for b in picked["basis"]] == [("民发〔2021〕43号", "9")]
        assert by_key(choice)[picked["pick"], "p1"]["status"] == "eligible"
    assert found["orphan_subsidy"]["results"] == ask(request_of(CHILD))["results"]
    without = ask(request_of({name: value for name, value in CHILD.items() if name != "parents"}))
    assert found["extreme_poverty_support"]["results"] == without["results"]
    assert found["extreme_poverty_support"]["total_month"] == without["total_month"]


@pytest.mark.parametrize(
    "request_",
    [
        request_of(CHILD, date="2020-08-15"),
        request_of(CHILD | {"birth_date": "2009-03-02"}),
        request_of(CHILD | {"income": {"other": "5000.00"}}),
    ],
    ids=["before the article", "an officer decides on 17 years", "not poor"],
)
def test_what_the_law_does_not_leave_open_is_no_choice(request_: Json) -> None:
    assert all(choice["question"] != "child.claim" for choice in chosen(request_))


def test_an_officers_question_is_a_choice_for_each_person() -> None:
    hard = {"birth_date": "1980-01-01", "income": {"wage": "1000.00"}, "employed": False, "special_hardship": True}
    one = {"id": "p1", "relation": "applicant"} | hard
    other = {"id": "p2", "relation": "spouse"} | hard | {"income": {"pension": "800.00"}}
    rest = {"id": "p3", "relation": "parent", "birth_date": "1965-01-01", "income": {"pension": "1500.00"}}
    base = by_key(ask(request_of(one, other, rest)))
    found = chosen(request_of(one, other, rest))
    persons = {person for programme, person in base if programme == "single_person_dibao"}
    assert persons == {"p1", "p2"}
    assert [[(one["person"], one["pick"]) for one in choice["picked"]] for choice in found] == [
        [("p2", "no")],
        [("p2", "yes")],
    ]
    for choice in found:
        results = by_key(choice)
        for picked in choice["picked"]:
            assert (picked["question"], picked["by"]) == ("single_person.may", "officer")
            assert picked["basis"]
            result, before = (
                results["single_person_dibao", picked["person"]],
                base["single_person_dibao", picked["person"]],
            )
            assert result["status"] == {"yes": "eligible", "no": "ineligible"}[picked["pick"]]
            assert result["amount"] == (before["amount"] if picked["pick"] == "yes" else None)


def test_nothing_is_added_that_was_not_asked_for() -> None:
    assert not {"choices", "changes"} & ask(request_of(CHILD)).keys()
    adult = {"id": "p1", "relation": "applicant", "birth_date": "1980-01-01", "income": {}}
    assert chosen(request_of(adult)) == []


def test_many_questions_are_varied_alone() -> None:
    children = [CHILD | {"id": f"c{n}", "relation": "child" if n else "applicant"} for n in range(6)]
    assert len(chosen(request_of(*children))) == 7


def _held_with(request: Json, choice: Json) -> None:
    """The results of a choice are those of an assessment made with it, and what was picked is held."""
    changed = copy.deepcopy(request)
    results = by_key(choice)
    for picked in choice["picked"]:
        if picked["by"] == "officer":
            continue
        assert results[picked["pick"], picked["person"]]["status"] == "eligible"
        if picked["pick"] == "extreme_poverty_support":
            (member,) = [one for one in changed["household"]["members"] if one["id"] == picked["person"]]
            member["parents"] = None
    made = ask(changed)
    if all(picked["by"] == "family" for picked in choice["picked"]):
        assert choice["results"] == made["results"]
    for result in made["results"]:
        if result["status"] in ("eligible", "ineligible") and result["amount"] is not None and not result["gaps"]:
            after = results.get((result["programme"], result["person"]))
            assert after is None or choice["question"] == "child.claim" or after["status"] != "refer"


def test_every_choice_is_what_an_assessment_made_with_it_comes_to() -> None:
    found = 0
    requests = [random_request(random.Random(seed), complete=seed % 3 > 0) for seed in range(300)]
    for request in requests + [case["request"] for case in cases()]:
        for choice in chosen(request):
            found += 1
            _held_with(request, choice)
            assert not any(picked["question"] in r["gaps"] for picked in choice["picked"] for r in choice["results"]
                           if r["person"] == picked["person"])  # fmt: skip
    assert found > 20
