"""Nobody's support falls before the family was heard (社会救助法 48), however the decision comes about."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, identified, outcome, proposal

pytestmark = pytest.mark.anyio

TODAY = "2026-11-20"
HEARD = {"kind": "hearing", "on": TODAY}
WAGE = "/household/members/0/income/wage"


def family(wage: str = "500.00", **more: Any) -> Json:
    """A family that is granted the more the less it earns."""
    return changed(proposal(provenance=None, **more), {WAGE: wage})


LESS = "10200.00"  # by which dibao is less
NOTHING = "90000.00"  # by which there is none
REASON = {"reason": "收入变动"}


async def begun(service: Service, way: str, before: str, body: Json) -> str:
    """A proposal about a household that has a decision, by one of the ways there are."""
    if way in ("corrections", "successions"):
        id_: str = (await service.follow(before, way, body | REASON))["id"]
    else:
        id_ = (await service.propose(body, kind=way))["id"]
    return id_


async def refused(service: Service, id_: str, *outcomes: Json) -> None:
    body = {"outcomes": list(outcomes)}
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", body)


async def test_what_was_decided_on_paper_and_is_entered_later_is_heard_about_after_its_own_day(
    service: Service,
) -> None:
    before = await service.decide(family(date="2026-07-15"))
    id_ = await begun(service, "successions", before, family(LESS, date="2026-10-01"))
    await service.post(f"{DECISIONS}/{id_}/events", HEARD | {"on": "2026-09-20"})
    assert (await service.confirm(id_))["state"] == "confirmed"


WAYS = ["initial", "review", "change", "termination", "corrections", "successions"]


@pytest.mark.parametrize("wage", [LESS, NOTHING])
@pytest.mark.parametrize("way", WAYS)
async def test_support_falls_by_no_way_before_the_family_is_heard(service: Service, way: str, wage: str) -> None:
    before = await service.decide(family())
    id_ = await begun(service, way, before, family(wage))
    await refused(service, id_)
    for on in ("1950-01-01", "2026-08-14"):  # before the decision that is lowered
        await service.post(f"{DECISIONS}/{id_}/events", HEARD | {"on": on})
        await refused(service, id_)
    await service.post(f"{DECISIONS}/{before}/events", HEARD)  # about the decision that stood
    await refused(service, id_)
    await service.post(f"{DECISIONS}/{id_}/events", HEARD)
    assert (await service.confirm(id_))["state"] == "confirmed"


@pytest.mark.parametrize("way", WAYS)
async def test_support_that_stays_or_grows_asks_for_no_hearing(service: Service, way: str) -> None:
    before = await service.decide(family())
    id_ = await begun(service, way, before, family("400.00"))
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_a_day_before_the_law_spares_no_hearing_of_who_was_granted_support_under_it(service: Service) -> None:
    before = await service.decide(family(date="2026-07-01"))
    id_ = await begun(service, "corrections", before, family(LESS, date="2026-06-30"))
    await refused(service, id_)


@pytest.mark.parametrize("left_out", ["first", "second"])
async def test_a_household_without_its_reference_is_known_by_its_members(service: Service, left_out: str) -> None:
    first, second = (None if left_out == which else "H-42" for which in ("first", "second"))
    await service.decide(family(household_ref=first))
    await refused(service, await begun(service, "initial", "", family(LESS, household_ref=second)))


SUBSIDY = "disability_living_subsidy"
DISABLED = {"kind": "physical", "level": 2}


@pytest.mark.parametrize("ends", [False, True])
async def test_who_has_another_id_in_a_later_decision_is_the_same_person(service: Service, *, ends: bool) -> None:
    """The second member, p2, is paid a subsidy. The later decision calls her p1 and the applicant p2, and pays it to her,
    or pays it to the applicant instead."""
    await service.decide(family(identities=identified("p1", "p2")))
    body = family(date="2026-09-15")
    first, second, *others = body["household"]["members"]
    disabled, able = (first, second) if ends else (second, first)
    disabled["disability"] = DISABLED
    able["disability"] = None
    first["id"], second["id"] = "p2", "p1"
    body["identities"] = [one | {"person": {"p1": "p2", "p2": "p1"}[one["person"]]} for one in identified("p1", "p2")]
    body["household"]["members"] = [first, second, *others]
    id_ = (await service.propose(body, programmes=[SUBSIDY, "disability_care_subsidy"]))["id"]
    if ends:
        await refused(service, id_)
    else:
        assert (await service.confirm(id_))["state"] == "confirmed"


async def test_another_household_is_not_heard_about(service: Service) -> None:
    await service.decide(family())
    for other in (family(LESS, household_ref="H-43"), family(LESS, household_ref=None, identities=None)):
        await service.confirm(await begun(service, "initial", "", other))


async def test_a_review_of_one_programme_takes_no_other(service: Service) -> None:
    """Dibao alone is reviewed and stays: the subsidies for the disabled go on, and nobody needs to be heard."""
    await service.decide(family())
    months = (await service.get("/v1/households/H-42/timeline"))["months"]
    await service.confirm(await begun(service, "review", "", family(programmes=["dibao"])))
    assert [month["entitlements"] for month in (await service.get("/v1/households/H-42/timeline"))["months"]] == [
        month["entitlements"] for month in months
    ]


async def test_support_an_officer_lowers_without_a_decision_on_record_asks_for_a_hearing_under_the_law(
    service: Service,
) -> None:
    id_ = (await service.propose(family()))["id"]
    ended = outcome("terminated", reason="已搬离")
    await service.post(f"{DECISIONS}/{id_}/events", HEARD | {"on": "2026-06-30"})
    await refused(service, id_, ended)
    await service.post(f"{DECISIONS}/{id_}/events", HEARD | {"on": "2026-07-01"})
    assert (await service.confirm(id_, ended))["state"] == "departed"


EDGE = "22000.00"  # by which there is no dibao, but a status
CRISIS = {"kind": "emergency", "severity": "moderate", "cause": "fire", "occurred_on": "2026-08-10"}


@pytest.mark.parametrize("way", WAYS)
async def test_a_status_is_lost_by_no_way_before_the_family_is_heard(service: Service, way: str) -> None:
    before = await service.decide(family(EDGE))
    assert {"programme": "edge_family", "outcome": "granted"}.items() <= (
        next(
            one for one in (await service.get(f"{DECISIONS}/{before}"))["outcomes"] if one["programme"] == "edge_family"
        )
    ).items()
    id_ = await begun(service, way, before, family(NOTHING))
    await refused(service, id_)
    await service.post(f"{DECISIONS}/{id_}/events", HEARD)
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_dibao_in_place_of_a_status_is_no_loss(service: Service) -> None:
    able = {"/household/members/1/disability": None}  # who is disabled has a dibao of her own there
    await service.decide(changed(family(EDGE), able))
    id_ = await begun(service, "change", "", changed(family(), able))
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_yearly_aid_ends_by_no_decision_before_the_family_is_heard(service: Service) -> None:
    student = {"/household/members/2/birth_date": "2009-05-05", "/household/members/2/education": "senior_secondary"}
    before = await service.decide(changed(family(), student))
    assert "CNY/year" in {one["unit"] for one in (await service.get(f"{DECISIONS}/{before}"))["outcomes"]}
    left_school = changed(family("0.00"), student | {"/household/members/2/education": None})
    await refused(service, await begun(service, "successions", before, left_school))


async def test_what_was_granted_in_a_crisis_is_taken_back_by_a_correction_alone(service: Service) -> None:
    def crisis(severity: str) -> Json:
        body = family()
        body["household"]["crisis"] = CRISIS | {"severity": severity}
        return body

    before = await service.decide(crisis("grave"))
    another = (await service.propose(crisis("light"), kind="change"))["id"]
    assert (await service.confirm(another))["state"] == "confirmed"
    await refused(service, await begun(service, "corrections", before, crisis("light")))


OLD = {"date": "2026-03-15", "accepted_on": "2026-03-02"}


@pytest.mark.parametrize("way", WAYS)
async def test_an_early_day_spares_no_hearing_of_who_gets_support_now(service: Service, way: str) -> None:
    """Both decisions are dated before the law; the second is made under it, and takes what the family gets now."""
    before = await service.decide(family(**OLD))
    service.days_pass(1)
    id_ = await begun(service, way, before, family(LESS, **OLD | {"date": "2026-05-10"}))
    await refused(service, id_)
    await service.post(f"{DECISIONS}/{id_}/events", HEARD)
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_old_decisions_are_entered_one_after_the_other_on_one_day(service: Service) -> None:
    before = await service.decide(family(**OLD))
    id_ = await begun(service, "successions", before, family(LESS, **OLD | {"date": "2026-05-10"}))
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_an_old_decision_that_takes_only_what_is_over_is_history(service: Service) -> None:
    await service.decide(family(**OLD))
    await service.decide(family("400.00", date="2026-06-20"))
    service.days_pass(1)
    id_ = await begun(service, "change", "", family(LESS, **OLD | {"date": "2026-04-10"}))
    assert (await service.confirm(id_))["state"] == "confirmed"


async def test_of_two_decisions_at_once_the_second_knows_the_first(service: Service) -> None:
    """Each alone takes nothing, since nothing stands yet; both are confirmed in one batch."""
    more, less = (await service.propose(family()))["id"], (await service.propose(family(LESS)))["id"]
    answers = await asyncio.gather(
        *(service.call("POST", f"{DECISIONS}/{id_}/confirmations", {}) for id_ in (more, less))
    )
    assert sorted(answer.status_code for answer in answers) in ([201, 201], [201, 409])
    (month,) = (await service.get("/v1/households/H-42/timeline"))["months"][-1:]
    dibao = {one["programme"]: one["amount"] for one in month["entitlements"]}["dibao"]
    states = {await service.state(more), await service.state(less)}
    assert states == {"confirmed", "proposed"} or dibao == (await granted(service, more))


async def test_of_two_decisions_confirmed_in_one_batch_the_last_confirmed_stands(service: Service) -> None:
    """They share the instant at which they are recorded: the log has them in order."""
    later, first = (await service.propose(family()))["id"], (await service.propose(family()))["id"]
    answers = await asyncio.gather(
        *(service.call("POST", f"{DECISIONS}/{id_}/confirmations", {}) for id_ in (first, later))
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    (month,) = (await service.get("/v1/households/H-42/timeline"))["months"][-1:]
    last = max((answer.json() for answer in answers), key=lambda one: one["log"]["index"])
    assert month["decision"] == last["decision"]


async def granted(service: Service, id_: str) -> str:
    page = await service.get(f"{DECISIONS}/{id_}")
    (amount,) = (one["amount"] for one in page["outcomes"] if one["programme"] == "dibao")
    return str(amount)
