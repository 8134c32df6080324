"""Events change the facts as their file says, and the file says what the law and the registers know."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from app.monitoring.events import Happened, household_after, kinds
from app.rules.facts.household import Household
from app.rules.values.strict_json import Json
from app.verification.findings.patch import places_of
from app.verification.registers.sources import shipped
from tests.support.client import example
from tests.support.rules import rules

ON = dt.date(2026, 11, 1)
PAGE = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")


def household(**changes: Any) -> Json:
    found: Json = example()["household"]
    return (
        found
        | {"obligors": [{"id": "o1", "of": ["p1", "p3"], "relation": "parent", "birth_date": "1950-01-01"}]}
        | changes
    )


def happens(kind: str, person: str, value: str | None = None, **changes: Any) -> Json:
    then = household_after(household(**changes), Happened(kind, person, ON, value))
    assert then is not None
    return then


@pytest.mark.parametrize("kind", kinds())
def test_every_event_stands_in_the_page_with_its_registers_and_rests_on_documents_there_are(kind: str) -> None:
    event = kinds()[kind]
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
    assert tuple(re.findall(r"`(\w+)`", row.split("|")[3])) == event.registers
    assert set(event.registers) <= shipped().sources.keys()
    spoken_of = {fact for register in event.registers for fact in shipped().sources[register].facts}
    assert event.found_as is None or event.found_as in spoken_of
    documents = rules().library.packs["CN"].content.documents
    assert event.basis
    assert all(documents[document].has(article) for document, article in event.basis)


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("person", ["p2", "p3", "o1"])
def test_whatever_happens_leaves_a_household_that_can_be_assessed(kind: str, person: str) -> None:
    before = household()
    event = kinds()[kind]
    if event.can_happen_to(places_of(before)[person]):
        joins = None if event.joins is None else {"id": "p4", "relation": "other", "birth_date": "2000-01-01"}
        value = "2600.00" if event.value else None
        then = household_after(before, Happened(kind, person, ON, value, joins, event.facility))
        if then is None:  # nobody is on record as married to the child
            assert (kind, person) == ("divorce", "p3")
        else:
            Household.model_validate(then)
        assert before == household()


def test_a_wage_a_month_is_one_whatever_months_the_household_states() -> None:
    member = happens("new_job", "p1", "2600.00")["members"][0]
    assert (member["income"]["wage"], member["income_periods"], member["income_months"]) == ("2600.00", {"wage": 1}, 6)


def test_a_wage_that_is_not_known_is_open() -> None:
    member = happens("new_job", "p2")["members"][1]
    assert (member["employed"], member["income"]["wage"]) == (True, None)


def test_of_unknown_assets_one_vehicle_more_is_unknown_too() -> None:
    assert happens("new_vehicle", "p2", assets=None)["assets"]["vehicles"] is None
    assert happens("new_vehicle", "p2", assets={})["assets"]["vehicles"] == 1
    assert happens("new_vehicle", "p2", assets={"vehicles": 2})["assets"]["vehicles"] == 3


def test_who_died_is_nobodys_spouse_parent_or_obligor_any_more() -> None:
    members = household()["members"]
    members[0] |= {"spouse_of": "p2"}
    members[2] |= {"child_of": ["p1", "p2"]}
    receiving = [{"programme": "disability_living_subsidy", "person": "p2"}, {"programme": "dibao"}]
    then = happens("death", "p2", members=members, receiving=receiving)
    assert [member["id"] for member in then["members"]] == ["p1", "p3"]
    assert then["members"][0]["spouse_of"] is None
    assert then["members"][1]["child_of"] == ["p1"]
    assert then["receiving"] == [{"programme": "dibao"}]
    assert happens("death", "p3")["obligors"][0]["of"] == ["p1"]
    assert happens("death", "o1")["obligors"] == []


def test_whoever_owed_support_to_the_dead_alone_owes_it_to_nobody() -> None:
    obligors = [{"id": "o1", "of": ["p3"], "relation": "grandparent", "birth_date": "1950-01-01"}]
    assert happens("death", "p3", obligors=obligors)["obligors"] == []


def test_prison_begins_on_the_day_and_ends() -> None:
    inside = happens("imprisonment", "p2")
    assert (inside["members"][1]["absence"], inside["members"][1]["absent_since"]) == ("prison", "2026-11-01")
    released = household_after(inside, Happened("release", "p2", ON))
    assert released is not None
    assert (released["members"][1]["absence"], released["members"][1]["absent_since"]) == (None, None)
    assert happens("imprisonment", "o1")["obligors"][0]["status"] == "prison"


@pytest.mark.parametrize("absence", ["clergy", "military_service", "declared_missing", None])
def test_who_is_away_for_another_reason_does_not_come_back_with_a_release(absence: str | None) -> None:
    away = household()
    away["members"][1]["absence"] = absence
    assert household_after(away, Happened("release", "p2", ON)) == away
    missing = household()
    missing["obligors"][0]["status"] = "declared_missing"
    assert household_after(missing, Happened("release", "o1", ON)) == missing


def test_an_obligor_who_was_in_prison_is_so_no_more() -> None:
    inside = happens("imprisonment", "o1")
    assert happens("release", "o1", obligors=inside["obligors"])["obligors"][0]["status"] is None


def test_a_household_whose_applicant_died_cannot_be_said_in_facts() -> None:
    assert household_after(household(), Happened("death", "p1", ON)) is None


# who joins and who leaves


def test_a_newborn_is_a_child_of_its_parent_and_has_nothing() -> None:
    newborn = happens("birth", "p1")["members"][-1]
    assert newborn == {"id": "newborn", "relation": "child", "birth_date": "2026-11-01", "income": {}}
    grandchild = happens("birth", "p3")["members"][-1]
    assert (grandchild["relation"], grandchild["child_of"]) == ("grandchild", ["p3"])
    again = household_after(happens("birth", "p1"), Happened("birth", "p1", ON))
    assert again is not None
    assert again["members"][-1]["id"] == "newborn1"


def test_whose_child_it_is_that_is_born_is_not_guessed() -> None:
    members = household()["members"]
    members[2] |= {"relation": "other"}
    assert household_after(household(members=members), Happened("birth", "p3", ON)) is None


def test_who_somebody_married_is_not_guessed() -> None:
    assert household_after(household(), Happened("marriage", "p3", ON)) is None
    other = {"id": "p4", "relation": "child_in_law", "birth_date": "2000-01-01", "income": {}}
    then = household_after(household(), Happened("marriage", "p3", ON, joins=other))
    assert then is not None
    assert then["members"][-1] == other | {"spouse_of": "p3"}


@pytest.mark.parametrize("person", ["p1", "p2"])
def test_after_a_divorce_whoever_does_not_apply_is_gone_and_owes_the_children_support(person: str) -> None:
    then = happens("divorce", person)
    assert [member["id"] for member in then["members"]] == ["p1", "p3"]
    assert then["obligors"][-1] == {"id": "p2", "of": ["p3"], "relation": "parent", "birth_date": "1986-11-20"}
    assert happens("divorce", person, obligors=None)["obligors"] is None


def test_nobody_divorces_who_is_not_on_record_as_married() -> None:
    assert household_after(household(), Happened("divorce", "p3", ON)) is None


def test_an_obligor_who_moves_in_is_a_member_and_not_an_obligor() -> None:
    other = {"id": "o1", "relation": "parent", "birth_date": "1950-01-01"}
    then = household_after(household(), Happened("moved_in", "p1", ON, joins=other))
    assert then is not None
    assert (then["members"][-1], then["obligors"]) == (other, [])
    assert happens("moved_in", "p2")["members"][1]["lives_together"] is True


def test_what_a_move_of_the_applicant_makes_of_the_household_is_not_guessed() -> None:
    assert household_after(household(), Happened("moved_out", "p1", ON)) is None
    assert happens("moved_out", "p2")["members"][1]["lives_together"] is False


def test_a_stay_in_a_hospital_changes_no_fact_and_one_in_an_institution_does() -> None:
    assert household_after(household(), Happened("admitted", "p3", ON)) is None
    assert household_after(household(), Happened("admitted", "p3", ON, facility="hospital")) == household()
    then = household_after(household(), Happened("admitted", "p3", ON, facility="institution"))
    assert then is not None
    assert then["members"][2]["placement"] == "institution"


def test_who_retires_has_a_pension_a_month_and_no_wage() -> None:
    member = happens("retired", "p1", "1000.00")["members"][0]
    assert (member["employed"], member["income"]["wage"], member["income"]["pension"]) == (False, "0.00", "1000.00")
    assert member["income_periods"] == {"wage": 1, "pension": 1}
