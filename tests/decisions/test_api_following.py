"""Withdrawing, correcting and succeeding: nothing is changed, a later decision takes an earlier one's place."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.client import NAME, changed
from tests.support.service import DECISIONS, Service, proposal

pytestmark = pytest.mark.anyio

BODY = proposal(reason="有新情况")
POINTS_BACK = {"corrections": "corrects", "successions": "succeeds"}
ALREADY = {"corrections": "already_corrected", "successions": "already_succeeded"}


async def withdraw(service: Service, id_: str) -> Json:
    return await service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "家庭撤回申请", "by": "officer-7"})


# withdrawing


async def test_a_proposal_is_withdrawn_with_a_reason(service: Service) -> None:
    id_ = (await service.propose())["id"]
    answer = await withdraw(service, id_)
    assert (answer["kind"], answer["reason"], answer["by"]) == ("withdrawal", "家庭撤回申请", "officer-7")
    assert await service.state(id_) == "withdrawn"


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": None}])
async def test_a_withdrawal_without_a_reason_is_a_fault(service: Service, body: Json) -> None:
    id_ = (await service.propose())["id"]
    ((pointer, _),) = await service.faults("POST", f"{DECISIONS}/{id_}/withdrawals", body)
    assert pointer == "/reason"


async def test_a_proposal_is_withdrawn_once(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await withdraw(service, id_)
    await service.refused(409, "already_withdrawn", "POST", f"{DECISIONS}/{id_}/withdrawals", {"reason": "x"})


async def test_what_is_decided_is_not_withdrawn(service: Service) -> None:
    id_ = await service.decide()
    await service.refused(409, "already_decided", "POST", f"{DECISIONS}/{id_}/withdrawals", {"reason": "x"})


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_what_is_withdrawn_is_not_followed(service: Service, how: str) -> None:
    id_ = (await service.propose())["id"]
    await withdraw(service, id_)
    await service.refused(409, "already_withdrawn", "POST", f"{DECISIONS}/{id_}/{how}", BODY)


# following


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_a_later_decision_points_at_the_earlier_one(service: Service, how: str) -> None:
    id_ = await service.decide()
    later = await service.follow(id_, how, kind="change")
    assert (later[POINTS_BACK[how]], later["reason"], later["state"]) == (id_, "有新情况", "proposed")
    page = await service.get(f"{DECISIONS}/{id_}")
    assert page["followed_by"] == [
        {"decision": later["id"], "how": how.removesuffix("s"), "state": "proposed"},
    ]


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_what_is_decided_stands_until_the_later_one_is_decided(service: Service, how: str) -> None:
    id_ = await service.decide()
    later = await service.follow(id_, how)
    assert await service.state(id_) == "confirmed"
    await service.confirm(later["id"])
    page = await service.get(f"{DECISIONS}/{id_}")
    assert (page["state"], page["superseded_by"]) == ("superseded", later["id"])
    assert page["followed_by"][0]["state"] == "decided"
    assert page["outcomes"] is not None


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_a_decision_is_followed_once(service: Service, how: str) -> None:
    id_ = await service.decide()
    await service.follow(id_, how)
    for again in POINTS_BACK:
        await service.refused(409, ALREADY[how], "POST", f"{DECISIONS}/{id_}/{again}", BODY)


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_once_the_later_one_is_withdrawn_another_may_follow(service: Service, how: str) -> None:
    id_ = await service.decide()
    await withdraw(service, (await service.follow(id_, how))["id"])
    assert await service.state(id_) == "confirmed"
    later = await service.follow(id_, how)
    await service.confirm(later["id"])
    page = await service.get(f"{DECISIONS}/{id_}")
    assert page["superseded_by"] == later["id"]
    assert [one["state"] for one in page["followed_by"]] == ["withdrawn", "decided"]


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_a_chain_of_decisions_goes_on_from_the_last(service: Service, how: str) -> None:
    first = await service.decide()
    second = await service.follow(first, how)
    await service.confirm(second["id"])
    third = await service.follow(second["id"], how)
    await service.confirm(third["id"])
    states = [await service.state(id_) for id_ in (first, second["id"], third["id"])]
    assert states == ["superseded", "superseded", "confirmed"]
    await service.refused(409, ALREADY[how], "POST", f"{DECISIONS}/{first}/{how}", BODY)


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_a_decision_that_follows_needs_a_reason(service: Service, how: str) -> None:
    id_ = await service.decide()
    assert await service.faults("POST", f"{DECISIONS}/{id_}/{how}", proposal()) == {("/reason", "required")}


@pytest.mark.parametrize("how", POINTS_BACK)
async def test_the_same_key_follows_once(service: Service, how: str) -> None:
    id_ = await service.decide()
    first = await service.call("POST", f"{DECISIONS}/{id_}/{how}", BODY, key="f")
    rows = await service.rows()
    again = await service.call("POST", f"{DECISIONS}/{id_}/{how}", BODY, key="f")
    assert (again.status_code, again.content) == (201, first.content)
    assert await service.rows() == rows


# only corrections may follow what is not decided


async def test_what_is_not_decided_is_not_succeeded(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.refused(409, "not_decided", "POST", f"{DECISIONS}/{id_}/successions", BODY)


async def test_a_proposal_that_is_corrected_is_superseded_at_once(service: Service) -> None:
    id_ = (await service.propose())["id"]
    later = await service.follow(id_, "corrections")
    assert await service.state(id_) == "superseded"
    await service.refused(409, "already_corrected", "POST", f"{DECISIONS}/{id_}/confirmations", {})
    await service.refused(409, "already_corrected", "POST", f"{DECISIONS}/{id_}/withdrawals", {"reason": "x"})
    await withdraw(service, later["id"])
    assert await service.state(id_) == "proposed"
    await service.confirm(id_)


async def test_nothing_of_the_earlier_record_changes(service: Service) -> None:
    id_ = await service.decide()
    before = await service.get(f"{DECISIONS}/{id_}")
    later = await service.follow(id_, "corrections")
    await service.confirm(later["id"])
    after = await service.get(f"{DECISIONS}/{id_}")
    changing = {"state", "superseded_by", "followed_by"}
    assert {name for name in after if after[name] != before[name]} == changing


async def test_a_correction_of_a_correction_takes_the_place_of_the_first(service: Service) -> None:
    """A is decided; B, which corrects A, is itself corrected by C before anybody decides it."""
    a = await service.decide()
    b = (await service.follow(a, "corrections", BODY))["id"]
    c = (await service.follow(b, "corrections", BODY))["id"]
    assert [await service.state(id_) for id_ in (a, b, c)] == ["confirmed", "superseded", "proposed"]
    await service.confirm(c)
    assert [await service.state(id_) for id_ in (a, b, c)] == ["superseded", "superseded", "confirmed"]
    assert (await service.get(f"{DECISIONS}/{a}"))["superseded_by"] == c
    months = (await service.get("/v1/households/H-42/timeline"))["months"]
    assert {month["decision"] for month in months} == {c}


# what is taken over


def without(*names: str, **changes: Any) -> Json:
    return {name: value for name, value in (BODY | changes).items() if name not in names}


@pytest.mark.parametrize(
    ("how", "kind", "accepted_on"), [("corrections", "review", "2026-08-10"), ("successions", "change", None)]
)
async def test_what_is_not_sent_is_taken_over(service: Service, how: str, kind: str, accepted_on: str | None) -> None:
    first = await service.propose(proposal(kind="review"))
    await service.confirm(first["id"])
    body = without("case", "household_ref", "identities", "kind", "accepted_on")
    later = await service.post(f"{DECISIONS}/{first['id']}/{how}", body)
    assert [later[name] for name in ("case", "household_ref", "kind", "accepted_on")] == [
        "C-17",
        "H-42",
        kind,
        accepted_on,
    ]
    assert [one["ref"] for one in later["identities"]] == [one["ref"] for one in first["identities"]]
    assert later["identities"][0]["commitment"] != first["identities"][0]["commitment"]


async def test_what_is_sent_counts_also_where_it_is_nothing(service: Service) -> None:
    first = await service.decide()
    later = await service.follow(first, "successions", case="C-18", identities=[], kind="review")
    assert (later["case"], later["kind"], later["identities"]) == ("C-18", "review", [])


async def test_an_id_that_passed_to_somebody_else_takes_over_no_identity(service: Service) -> None:
    first = await service.decide()
    body = changed(without("identities"), {"/household/members/0/birth_date": "1990-01-01"})
    assert (await service.post(f"{DECISIONS}/{first}/successions", body))["identities"] == []


async def test_of_an_erased_person_nothing_is_taken_over(service: Service) -> None:
    first = await service.propose()
    await service.confirm_none(first, "refused")
    await service.post(f"/v1/persons/{first['identities'][0]['ref']}/erasures", {"reason": "purpose_achieved"}, 200)
    assert (await service.post(f"{DECISIONS}/{first['id']}/successions", without("identities")))["identities"] == []


async def test_who_is_taken_over_may_not_be_named_either(service: Service) -> None:
    first = await service.decide()
    faults = await service.faults(
        "POST", f"{DECISIONS}/{first}/successions", without("identities", reason=f"{NAME}搬走了")
    )
    assert faults == {("/reason", "personal_data")}
