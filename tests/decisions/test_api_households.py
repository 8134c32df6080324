"""A household month by month: which decision stood, and what it grants."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from app.decisions import repository
from app.decisions.households import add_households, household_of
from app.rules.values.strict_json import Json
from tests.support.callers import caller
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, identified, late, outcome, proposal

pytestmark = pytest.mark.anyio

TIMELINE = "/v1/households/H-42/timeline"
THIS_MONTH = "2026-11"


async def months(service: Service) -> dict[str, Json]:
    return {month["month"]: month for month in (await service.get(TIMELINE))["months"]}


def granted(month: Json) -> dict[str, str]:
    return {one["programme"]: one["amount"] for one in month["entitlements"]}


async def test_each_month_has_the_decision_that_stood_and_what_it_grants(service: Service) -> None:
    id_ = await service.decide()
    found = await months(service)
    assert list(found) == ["2026-08", "2026-09", "2026-10", THIS_MONTH]
    assert {month["decision"] for month in found.values()} == {id_}
    assert granted(found["2026-08"]) == {"disability_living_subsidy": "100.00", "disability_care_subsidy": "110.00"}
    assert granted(found["2026-09"])["dibao"] == "2374.00"
    assert [found[month]["total"] for month in found] == ["210.00", "2584.00", "2584.00", "2584.00"]


async def test_a_proposal_grants_nothing_but_is_listed(service: Service) -> None:
    id_ = (await service.propose())["id"]
    timeline = await service.get(TIMELINE)
    assert timeline["months"] == []
    assert timeline["decisions"] == [{"id": id_, "state": "proposed", "date": "2026-08-15", "kind": "initial"}]


async def test_what_the_officer_decided_is_what_is_granted(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.confirm(id_, outcome("granted", amount="2000.00", reason="核查"))
    assert granted((await months(service))[THIS_MONTH])["dibao"] == "2000.00"


async def test_what_is_refused_is_not_granted(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.confirm(id_, outcome("refused", reason="核查"))
    assert "dibao" not in granted((await months(service))[THIS_MONTH])


async def test_a_successor_takes_over_result_by_result(service: Service) -> None:
    """Dibao decided in July 2024 is paid from August; decided anew in October, from November. In October the subsidies
    follow the new decision, which begins at once, and dibao still the old one."""
    first = await service.decide(late())
    second = await service.follow(first, "successions", proposal(date="2024-10-15", accepted_on=None))
    await service.confirm(second["id"])
    found = await months(service)
    assert granted(found["2024-07"]) == {"disability_living_subsidy": "100.00", "disability_care_subsidy": "110.00"}
    dibao = {
        month: granted(found[month])["dibao"] for month in ("2024-08", "2024-09", "2024-10", "2024-11", THIS_MONTH)
    }
    assert dibao == {
        "2024-08": "1930.00",
        "2024-09": "1930.00",
        "2024-10": "1930.00",
        "2024-11": "2078.00",
        THIS_MONTH: "2078.00",
    }
    stood = [found[month]["decision"] for month in ("2024-09", "2024-10", "2024-11")]
    assert stood == [first, second["id"], second["id"]]
    assert found["2024-10"]["total"] == "2140.00"


async def test_support_that_a_successor_ends_is_paid_up_to_its_month(service: Service) -> None:
    first = await service.decide(late())
    second = await service.follow(first, "successions", proposal(date="2024-10-15", accepted_on=None))
    await service.confirm(second["id"], outcome("terminated", reason="核查"))
    found = await months(service)
    assert granted(found["2024-10"])["dibao"] == "1930.00"
    assert "dibao" not in granted(found["2024-11"])


async def test_a_correction_takes_the_whole_place_of_what_it_corrects(service: Service) -> None:
    first = await service.decide(late())
    second = await service.follow(first, "corrections", late(known_at="2024-10-01"))
    assert granted((await months(service))["2024-08"])["dibao"] == "1930.00"
    await service.confirm(second["id"])
    timeline = await service.get(TIMELINE)
    assert {month["decision"] for month in timeline["months"]} == {second["id"]}
    assert granted(timeline["months"][1])["dibao"] == "2078.00"
    assert [(one["id"], one["state"]) for one in timeline["decisions"]] == [
        (first, "superseded"),
        (second["id"], "confirmed"),
    ]


async def test_a_withdrawn_successor_changes_nothing(service: Service) -> None:
    first = await service.decide(late())
    before = (await service.get(TIMELINE))["months"]
    second = await service.follow(first, "successions", proposal(date="2024-10-15", accepted_on=None))
    await service.post(f"{DECISIONS}/{second['id']}/withdrawals", {"reason": "撤回"})
    assert (await service.get(TIMELINE))["months"] == before


@pytest.mark.parametrize("how", ["corrections", "successions"])
@pytest.mark.parametrize("ref", [None, "H-43"])
async def test_what_takes_a_decision_s_place_is_shown_whatever_household_it_names(
    service: Service, how: str, ref: str | None
) -> None:
    first = await service.decide(late())
    second = await service.follow(first, how, proposal(date="2024-10-15", accepted_on=None, household_ref=ref))
    await service.confirm(second["id"])
    timeline = await service.get(TIMELINE)
    assert [(one["id"], one["state"]) for one in timeline["decisions"]] == [
        (first, "superseded"),
        (second["id"], "confirmed"),
    ]
    assert timeline["months"][-1]["decision"] == second["id"]


@pytest.mark.parametrize("ref", ["2026/42", "家庭/42", "a/timeline"])
async def test_a_reference_may_have_a_slash(service: Service, ref: str) -> None:
    await service.decide(household_ref=ref)
    found = await service.call("GET", f"/v1/households/{quote(ref, safe='')}/timeline")
    assert (found.status_code, found.json()["household_ref"]) == (200, ref)


@pytest.mark.parametrize("ref", ["H-43", "h-42", "H-4", "%E5%BC%A0", "%00", "H-42%00"])
async def test_a_household_that_nobody_named_is_not_found(service: Service, ref: str) -> None:
    await service.propose()
    await service.refused(404, "unknown_decision", "GET", f"/v1/households/{ref}/timeline")


async def test_a_reference_that_is_too_long_is_a_fault(service: Service) -> None:
    assert await service.faults("GET", f"/v1/households/{'x' * 65}/timeline") == {("/path/ref", "wrong_form")}


async def test_of_two_that_begin_together_the_one_decided_later_stands(service: Service) -> None:
    """Both are proposed, the smaller after the larger; the larger is decided last and is what the family gets."""
    more, less = [
        (await service.propose(changed(proposal(provenance=None), {"/household/members/0/income/wage": wage})))["id"]
        for wage in ("500.00", "10200.00")
    ]
    await service.confirm(less)
    smaller = granted((await months(service))[THIS_MONTH])["dibao"]
    await service.confirm(more)
    month = (await months(service))[THIS_MONTH]
    assert month["decision"] == more
    assert float(granted(month)["dibao"]) > float(smaller)


async def test_households_of_two_counties_with_one_reference_are_not_one(service: Service) -> None:
    here, there = [
        await service.decide(proposal(jurisdiction=place, identities=None)) for place in ("999901001000", "999902")
    ]
    await service.refused(409, "several_households", "GET", TIMELINE)
    for place, id_ in (("999901", here), ("999902003", there)):
        found = await service.get(f"{TIMELINE}?jurisdiction={place}")
        assert [one["id"] for one in found["decisions"]] == [id_]
    near = await service.get(TIMELINE, caller=caller("caseworker", "999901"))
    assert [one["id"] for one in near["decisions"]] == [here]
    await service.refused(404, "unknown_decision", "GET", f"{TIMELINE}?jurisdiction=999903")
    assert await service.faults("GET", f"{TIMELINE}?jurisdiction=9999") == {("/query/jurisdiction", "wrong_form")}


async def test_a_family_that_moves_to_another_county_keeps_its_timeline(service: Service) -> None:
    first = await service.decide(proposal(jurisdiction="999901"))
    second = await service.follow(first, "successions", proposal(jurisdiction="999902"))
    await service.confirm(second["id"])
    assert [one["id"] for one in (await service.get(TIMELINE))["decisions"]] == [first, second["id"]]


LESS = {"/household/members/0/income/wage": "10200.00"}


def poorer_by(body: Json) -> Json:
    """The same household with more income, and so with less support."""
    return changed(body | {"provenance": None}, LESS)


async def listed(service: Service, ref: str = "H-42", **more: Any) -> list[str]:
    found = await service.get(f"/v1/households/{ref}/timeline", **more)
    return [one["id"] for one in found["decisions"]]


async def test_a_decision_without_the_reference_is_shown_in_the_household_of_its_members(service: Service) -> None:
    first = await service.decide()
    more = await service.decide(household_ref=None)
    assert await listed(service) == [first, more]
    assert (await months(service))[THIS_MONTH]["decision"] == more


@pytest.mark.parametrize("first", ["H-42", "H-43"])
async def test_a_reference_that_a_succession_changed_leads_to_one_household(service: Service, first: str) -> None:
    """Each of the two references finds all decisions, and a hearing is due whichever a later decision names."""
    one = await service.decide(household_ref="H-42", identities=None)
    two = (await service.follow(one, "successions", household_ref="H-43", identities=None))["id"]
    await service.confirm(two)
    three = await service.decide(household_ref="H-43", identities=None)
    assert await listed(service, first) == [one, two, three]
    less = (await service.propose(poorer_by(proposal(household_ref=first, identities=None))))["id"]
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{less}/confirmations", {})


async def test_who_left_takes_nothing_of_the_household_along(service: Service) -> None:
    """Two are identified; later one of them applies alone and without a reference: another household."""
    both = await service.decide(identities=identified("p1", "p2"))
    alone = await service.decide(household_ref=None, identities=identified("p1"))
    assert await listed(service) == [both]
    assert alone != both


async def test_what_lies_elsewhere_is_shown_to_who_may_see_it(service: Service) -> None:
    """Known by its members alone, in another county: the gate weighs it, whoever sees both counties is shown it."""
    here = await service.decide(jurisdiction="999901")
    there = await service.decide(jurisdiction="999902", household_ref=None)
    assert await listed(service) == [here, there]
    assert await listed(service, caller=caller("caseworker", "999901")) == [here]


async def test_the_timeline_shows_what_the_gate_weighs(service: Service) -> None:
    """Households that are named, changed, left out and followed at random: of whatever decision the household's months are
    shown, its hearing is about the same decisions."""
    rng = random.Random(48)
    made: list[str] = []
    for _ in range(12):
        said: Json = {
            "household_ref": rng.choice([None, "H-1", "H-2"]),
            "identities": rng.choice([None, identified("p1")]),
        }
        standing = [id_ for id_ in made if await service.state(id_) in ("confirmed", "departed")]
        if standing and rng.random() < 0.4:
            id_ = (await service.follow(rng.choice(standing), "successions", **said))["id"]
        else:
            id_ = (await service.propose(**said))["id"]
        await service.confirm(id_)
        made.append(id_)
    async with service.storage.database.connect() as connection:
        states = await repository.states(connection, map(UUID, made))
        await add_households(connection, states, list(states))
        for id_, state in states.items():
            shown = await household_of(connection, {id_: state})
            assert shown.keys() == state.household.keys() | {id_}
        for ref in ("H-1", "H-2"):
            of = {id_ for id_, state in states.items() if state.decision["household_ref"] == ref}
            assert set(await listed(service, ref)) >= {str(id_) for id_ in of}
