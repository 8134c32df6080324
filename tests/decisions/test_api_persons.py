"""One person is one person: in a household, and beside other households of the same log."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.callers import caller
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, identified, number_of, proposal

pytestmark = pytest.mark.anyio

OBLIGOR = {"id": "o1", "of": ["p1"], "relation": "parent", "birth_date": "1955-03-02", "monthly_income": "100.00"}
ALERTS = "/v1/alerts?state=open"
HERE, THERE = "999901001000", "999902001000"


def same(*people: str) -> list[Json]:
    """Several people with one ID number, of which one writes the check letter small."""
    return [one | {"id_number": number_of(0)} for one in identified(*people)]


@pytest.mark.parametrize("other", ["p2", "p3", "o1"])
async def test_two_people_of_a_household_with_one_number_are_a_fault(service: Service, other: str) -> None:
    body = changed(proposal(identities=same("p1", other)), {"/household/obligors": [OBLIGOR]})
    body["identities"][1]["id_number"] = number_of(0).lower()
    expected = {("/identities/1/id_number", "same_person")}
    assert await service.faults("POST", DECISIONS, body, key="k") == expected
    assert await service.faults("POST", "/v1/verifications", verification(body)) == expected


def verification(body: Json) -> Json:
    kept = ("jurisdiction", "date", "household", "identities")
    return {name: body[name] for name in kept} | {"purpose": "application"}


def household(ref: str, place: str, **more: Any) -> Json:
    return proposal(household_ref=ref, jurisdiction=place, **more)


async def test_who_is_granted_support_in_two_households_is_warned_of_to_those_who_may_see(service: Service) -> None:
    first = await service.decide(household("H-1", HERE))
    proposed = await service.propose(household("H-2", THERE))
    warning = {
        "code": "granted_elsewhere",
        "title": "此人在另一家庭中正在享受救助",
        "person": "p1",
        "decision": first,
    }
    assert proposed["warnings"] == [warning]
    confirmed = await service.confirm(proposed["id"])
    assert confirmed["warnings"] == [warning]
    page = await service.get(f"{DECISIONS}/{proposed['id']}", accept_language="en")
    assert page["warnings"] == [warning | {"title": "This person is granted support in another household"}]
    near = caller("caseworker", "999902")
    assert (await service.get(f"{DECISIONS}/{proposed['id']}", caller=near))["warnings"] == [
        warning | {"decision": None}
    ]


async def test_both_areas_are_alerted(service: Service) -> None:
    first = await service.decide(household("H-1", HERE))
    assert (await service.get(ALERTS))["items"] == []
    second = await service.decide(household("H-2", THERE))
    items = (await service.get(ALERTS))["items"]
    said = {(one["jurisdiction"], one["decision"], one["person"], one["event"], one["other_decision"]) for one in items}
    assert said == {
        (HERE, first, "p1", "granted_elsewhere", second),
        (THERE, second, "p1", "granted_elsewhere", first),
    }
    (near,) = (await service.get(ALERTS, caller=caller("reviewer", "999901")))["items"]
    assert (near["decision"], near["value"], near["effects"], near.get("other_decision")) == (first, None, [], None)
    dealt = await service.post(f"/v1/alerts/{near['id']}/resolution", {"reason": "已核实"})
    assert dealt["state"] == "resolved"


async def test_each_other_household_has_an_alert_of_its_own(service: Service) -> None:
    first, second, third = [await service.decide(household(f"H-{n}", f"99990{n}")) for n in (1, 2, 3)]
    pairs = {(one["decision"], one["other_decision"]) for one in (await service.get(ALERTS))["items"]}
    assert pairs == {(a, b) for a in (first, second, third) for b in (first, second, third) if a != b}


async def test_the_same_proposal_again_is_answered_as_at_first(service: Service) -> None:
    """What was decided elsewhere since is no part of the first answer; what was ended since stays in it."""
    first = await service.decide(household("H-1", HERE))
    body = household("H-2", THERE)
    answer = await service.post(DECISIONS, body, key="k")
    await service.decide(household("H-3", "999903001000"))
    ended = await service.follow(first, "successions", household("H-1", HERE))
    await service.post(f"{DECISIONS}/{ended['id']}/events", {"kind": "hearing", "on": "2026-11-20"})
    await service.confirm(ended["id"], {"programme": "dibao", "outcome": "terminated", "reason": "迁出"})
    assert await service.post(DECISIONS, body, key="k") == answer
    assert len(answer["warnings"]) == 1


@pytest.mark.parametrize(
    "other",
    [
        household("H-1", HERE),  # the same household decided anew
        household("H-2", THERE, identities=identified("p1", "p2")[1:]),  # somebody else
        household("H-2", THERE, identities=None),
    ],
    ids=["the same household", "another person", "nobody identified"],
)
async def test_nobody_is_warned_of_without_need(service: Service, other: Json) -> None:
    await service.decide(household("H-1", HERE))
    id_ = (await service.propose(other))["id"]
    confirmed = await service.confirm(id_)
    assert "warnings" not in confirmed
    assert (await service.get(ALERTS))["items"] == []


async def test_who_was_refused_elsewhere_is_not_granted_elsewhere(service: Service) -> None:
    rich = changed(
        household("H-1", HERE, provenance=None, programmes=["dibao"]), {"/household/members/0/income/wage": "90000.00"}
    )
    await service.decide(rich)
    assert "warnings" not in await service.propose(household("H-2", THERE))


async def test_decisions_are_found_by_a_person(service: Service) -> None:
    first = await service.decide(household("H-1", HERE))
    second = (await service.propose(household("H-2", THERE)))["id"]
    await service.propose(household("H-3", THERE, identities=None))
    (identity,) = (await service.get(f"{DECISIONS}/{first}"))["identities"]
    found = await service.get(f"{DECISIONS}?person={identity['ref']}")
    assert [one["id"] for one in found["items"]] == [first, second]
    near = await service.get(f"{DECISIONS}?person={identity['ref']}", caller=caller("caseworker", "999901"))
    assert [one["id"] for one in near["items"]] == [first]
    assert (await service.get(f"{DECISIONS}?person={'0' * 32}"))["items"] == []
    assert await service.faults("GET", f"{DECISIONS}?person=somebody") == {("/query/person", "wrong_form")}
