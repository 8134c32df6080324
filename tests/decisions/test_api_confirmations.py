"""An officer decides: as recommended, or otherwise with a reason; and hears the family before it gets less."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, by_programme, outcome, proposal

pytestmark = pytest.mark.anyio

REASON = "入户核查时另有收入"
HEARING = {"kind": "hearing", "on": "2026-11-20"}
CRISIS = {"kind": "emergency", "severity": "light"}
UNKNOWN_WAGE = changed(proposal(provenance=None), {"/household/members/0/income/wage": None})  # dibao undetermined
RICH = changed(proposal(), {"/household/members/0/income/wage": "90000.00"})  # single-person dibao for an officer


async def proposed(service: Service, body: Json | None = None, **changes: Any) -> str:
    id_: str = (await service.propose(body, **changes))["id"]
    return id_


async def confirmation_faults(service: Service, id_: str, *outcomes: Json) -> set[tuple[str, str]]:
    return await service.faults("POST", f"{DECISIONS}/{id_}/confirmations", {"outcomes": list(outcomes)})


# as recommended


async def test_without_outcomes_everything_is_decided_as_recommended(service: Service) -> None:
    id_ = await proposed(service)
    answer = await service.confirm(id_, by="officer-2")
    decided = by_programme(answer["outcomes"])
    assert answer["state"] == "confirmed"
    assert decided["dibao", None] == outcome("granted", amount="2374.00", unit="CNY/month", reason=None, departs=False)
    assert decided["disability_care_subsidy", "p2"]["amount"] == "110.00"
    assert decided["edge_family", None] == outcome(
        "refused", "edge_family", amount=None, unit=None, reason=None, departs=False
    )
    assert await service.state(id_) == "confirmed"


async def test_a_confirmation_names_the_proposal_by_its_digest(service: Service) -> None:
    proposal_ = await service.propose()
    answer = await service.confirm(proposal_["id"])
    assert answer["decision_digest"] == proposal_["digest"]


async def test_the_decision_then_shows_what_was_decided(service: Service) -> None:
    id_ = await proposed(service)
    answer = await service.confirm(id_, by="officer-2")
    page = await service.get(f"{DECISIONS}/{id_}")
    assert page["outcomes"] == answer["outcomes"]
    assert [entry["kind"] for entry in page["history"]] == ["decision", "confirmation"]
    assert (page["history"][1]["state"], page["history"][1]["by"]) == ("confirmed", "officer-2")


@pytest.mark.parametrize(
    "said",
    [
        outcome("granted"),
        outcome("granted", amount="2374.00"),
        outcome("granted", amount=2374),
        outcome("increased", amount="2374"),
        outcome("refused", "edge_family"),
        outcome("granted", "disability_living_subsidy", "p2", amount="100.00"),
    ],
)
async def test_naming_the_recommendation_is_no_departure(service: Service, said: Json) -> None:
    id_ = await proposed(service)
    assert (await service.confirm(id_, said))["state"] == "confirmed"


async def test_what_is_paid_once_is_decided_too(service: Service) -> None:
    id_ = await proposed(service, changed(proposal(), {"/household/crisis": CRISIS}))
    decided = by_programme((await service.confirm(id_))["outcomes"])
    assert decided["temporary_assistance", None]["amount"] == "2760.00"


# otherwise


@pytest.mark.parametrize(
    "said",
    [
        outcome("refused"),
        outcome("suspended"),
        outcome("granted", amount="2374.01"),
        outcome("granted", amount="2373.99"),
        outcome("granted", amount="0.00"),
        outcome("granted", "edge_family"),
        outcome("suspended", "edge_family"),
        outcome("granted", "disability_living_subsidy", "p2", amount="100.01"),
    ],
)
async def test_a_departure_needs_a_reason(service: Service, said: Json) -> None:
    id_ = await proposed(service)
    assert await confirmation_faults(service, id_, said) == {("/outcomes/0/reason", "reason_needed")}
    answer = await service.confirm(id_, said | {"reason": REASON})
    assert answer["state"] == "departed"
    decided = by_programme(answer["outcomes"])[said["programme"], said["person"]]
    assert (decided["outcome"], decided["reason"]) == (said["outcome"], REASON)
    assert await service.state(id_) == "departed"


async def test_the_rest_is_decided_as_recommended_beside_a_departure(service: Service) -> None:
    answer = await service.confirm(await proposed(service), outcome("refused", reason=REASON))
    decided = by_programme(answer["outcomes"])
    assert decided["dibao", None]["amount"] is None
    assert decided["disability_care_subsidy", "p2"]["outcome"] == "granted"


async def test_the_recommendation_stays_on_record_beside_a_departure(service: Service) -> None:
    id_ = await proposed(service)
    await service.confirm(id_, outcome("granted", amount="2000.00", reason=REASON))
    page = await service.get(f"{DECISIONS}/{id_}")
    assert by_programme(page["assessment"]["results"])["dibao", None]["amount"]["value"] == "2374.00"
    assert by_programme(page["outcomes"])["dibao", None]["amount"] == "2000.00"


# what is open


async def test_what_is_undetermined_stays_undecided_unless_it_is_named(service: Service) -> None:
    decided = by_programme((await service.confirm(await proposed(service, UNKNOWN_WAGE)))["outcomes"])
    assert ("dibao", None) not in decided
    assert decided["disability_care_subsidy", "p2"]["outcome"] == "granted"


@pytest.mark.parametrize("said", [outcome("granted", amount="1000.00"), outcome("refused")])
async def test_deciding_what_is_undetermined_needs_a_reason_and_departs(service: Service, said: Json) -> None:
    id_ = await proposed(service, UNKNOWN_WAGE)
    assert await confirmation_faults(service, id_, said) == {("/outcomes/0/reason", "reason_needed")}
    assert (await service.confirm(id_, said | {"reason": REASON}))["state"] == "departed"


@pytest.mark.parametrize("how", ["granted", "refused"])
async def test_deciding_what_is_for_an_officer_needs_a_reason_and_is_no_departure(service: Service, how: str) -> None:
    id_ = await proposed(service, RICH)
    said = outcome(how, "single_person_dibao", "p2")
    assert await confirmation_faults(service, id_, said) == {("/outcomes/0/reason", "reason_needed")}
    answer = await service.confirm(id_, said | {"reason": REASON})
    assert answer["state"] == "confirmed"
    decided = by_programme(answer["outcomes"])["single_person_dibao", "p2"]
    assert decided["amount"] == ("1380.00" if how == "granted" else None)


async def test_an_open_amount_must_be_named_to_be_granted(service: Service) -> None:
    id_ = await proposed(service, UNKNOWN_WAGE)
    said = outcome("granted", reason=REASON)
    assert await confirmation_faults(service, id_, said) == {("/outcomes/0/amount", "amount_needed")}


# faults


@pytest.mark.parametrize("how", ["refused", "suspended", "terminated"])
async def test_an_amount_beside_an_outcome_that_pays_nothing_is_a_fault(service: Service, how: str) -> None:
    said = outcome(how, amount="1.00", reason=REASON)
    assert await confirmation_faults(service, await proposed(service), said) == {
        ("/outcomes/0/amount", "amount_not_paid")
    }


@pytest.mark.parametrize(
    "said",
    [
        outcome("granted", "education_aid", "p3"),
        outcome("granted", "dibao", "p1"),
        outcome("granted", "disability_living_subsidy"),
        outcome("granted", "disability_living_subsidy", "p9"),
    ],
)
async def test_a_result_that_is_not_there_cannot_be_decided(service: Service, said: Json) -> None:
    assert await confirmation_faults(service, await proposed(service), said) == {("/outcomes/0", "unknown_result")}


async def test_the_same_result_cannot_be_decided_twice(service: Service) -> None:
    found = await confirmation_faults(service, await proposed(service), outcome("granted"), outcome("granted"))
    assert found == {("/outcomes/1", "decided_twice")}


async def test_every_fault_of_a_confirmation_is_listed(service: Service) -> None:
    said = [outcome("refused", amount="1.00"), outcome("granted"), outcome("granted", "dibao", "p1")]
    assert await confirmation_faults(service, await proposed(service), *said) == {
        ("/outcomes/0/amount", "amount_not_paid"),
        ("/outcomes/0/reason", "reason_needed"),
        ("/outcomes/1", "decided_twice"),
        ("/outcomes/2", "unknown_result"),
    }


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"programme": "welfare", "outcome": "granted"}, ("/outcomes/0/programme", "not_allowed")),
        ({"programme": "dibao", "outcome": "given"}, ("/outcomes/0/outcome", "not_allowed")),
        ({"programme": "dibao"}, ("/outcomes/0/outcome", "required")),
        (outcome("granted", amount="-1"), ("/outcomes/0/amount", "money_format")),
        (outcome("granted", amount=1.005), ("/outcomes/0/amount", "money_format")),
        (outcome("granted", reason=""), ("/outcomes/0/reason", "too_short")),
        (outcome("granted", note="x"), ("/outcomes/0/note", "unknown_field")),
    ],
)
async def test_a_faulty_outcome_is_refused(service: Service, said: Json, fault: tuple[str, str]) -> None:
    assert await confirmation_faults(service, await proposed(service), said) == {fault}


# once


async def test_a_decision_is_confirmed_once(service: Service) -> None:
    id_ = await service.decide()
    await service.refused(409, "already_decided", "POST", f"{DECISIONS}/{id_}/confirmations", {})


async def test_a_withdrawn_proposal_cannot_be_confirmed(service: Service) -> None:
    id_ = await proposed(service)
    await service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "撤回"})
    await service.refused(409, "already_withdrawn", "POST", f"{DECISIONS}/{id_}/confirmations", {})


# the hearing

LESS = [outcome("reduced", amount="2000.00", reason=REASON), outcome("terminated", reason=REASON)]


@pytest.mark.parametrize("said", LESS, ids=["reduced", "terminated"])
@pytest.mark.parametrize("date", ["2026-07-01", "2026-08-15"])
async def test_nothing_is_reduced_or_ended_without_a_hearing(service: Service, said: Json, date: str) -> None:
    id_ = await proposed(service, proposal(date=date, kind="review"))
    body = {"outcomes": [said]}
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", body)
    assert await service.state(id_) == "proposed"


@pytest.mark.parametrize("kind", ["notice", "objection", "visit", "delivery"])
async def test_another_event_is_no_hearing(service: Service, kind: str) -> None:
    id_ = await proposed(service)
    await service.post(f"{DECISIONS}/{id_}/events", HEARING | {"kind": kind})
    body = {"outcomes": [LESS[1]]}
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", body)


@pytest.mark.parametrize("said", LESS, ids=["reduced", "terminated"])
async def test_after_a_hearing_support_may_be_reduced_or_ended(service: Service, said: Json) -> None:
    id_ = await proposed(service)
    await service.post(f"{DECISIONS}/{id_}/events", HEARING)
    assert (await service.confirm(id_, said))["state"] == "departed"


async def test_a_hearing_about_another_decision_does_not_count(service: Service) -> None:
    id_, other = await proposed(service), await proposed(service)
    await service.post(f"{DECISIONS}/{other}/events", HEARING)
    body = {"outcomes": [LESS[1]]}
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", body)


@pytest.mark.parametrize("how", ["reduced", "terminated"])
async def test_before_the_law_no_hearing_is_asked_for(service: Service, how: str) -> None:
    id_ = await proposed(service, proposal(date="2026-06-30", accepted_on="2026-06-01"))
    amount = {"amount": "2000.00"} if how == "reduced" else {}
    assert (await service.confirm(id_, outcome(how, **amount, reason=REASON)))["state"] == "departed"


async def test_granting_refusing_and_suspending_ask_a_new_family_for_no_hearing(service: Service) -> None:
    for number, how in enumerate(("granted", "refused", "suspended", "increased")):
        said = outcome(how, reason=REASON)
        await service.confirm(await proposed(service, household_ref=f"H-{number}", identities=None), said)


def with_wages(body: Json, wage: str) -> Json:
    return changed(body, {"/household/members/0/income/wage": wage}) | {"reason": "收入变动"}


@pytest.mark.parametrize(("wage", "how"), [("10200.00", "less"), ("90000.00", "nothing")])
@pytest.mark.parametrize("kind", ["corrections", "successions"])
async def test_a_family_that_gets_less_than_before_is_heard_whatever_the_outcome_is_called(
    service: Service, kind: str, wage: str, how: str
) -> None:
    """Confirmed as the rules now recommend, the review grants less, or refuses, what was granted before."""
    before = await service.decide(proposal(provenance=None))
    id_ = (await service.follow(before, kind, with_wages(proposal(provenance=None), wage)))["id"]
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", {})
    await service.post(f"{DECISIONS}/{id_}/events", HEARING)
    assert (await service.confirm(id_))["state"] == "confirmed", how


@pytest.mark.parametrize("wage", ["10200.00", "90000.00"])
async def test_a_proposal_in_between_does_not_spare_the_hearing(service: Service, wage: str) -> None:
    """The review that grants less is itself corrected before anybody decides it."""
    less = with_wages(proposal(provenance=None), wage)
    before = await service.decide(proposal(provenance=None))
    id_ = (await service.follow(before, "successions", less))["id"]
    for _ in range(2):
        id_ = (await service.follow(id_, "corrections", less))["id"]
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", {})
    await service.post(f"{DECISIONS}/{id_}/events", HEARING)
    await service.confirm(id_)


async def test_a_decision_that_left_it_open_does_not_spare_the_hearing(service: Service) -> None:
    """Dibao is granted, left undecided by the next decision, and refused by the one after."""
    before = await service.decide(proposal(provenance=None))
    open_ = (await service.follow(before, "successions", UNKNOWN_WAGE))["id"]
    await service.post(f"{DECISIONS}/{open_}/events", HEARING)  # about other support
    await service.confirm(open_)
    id_ = (await service.follow(open_, "successions", with_wages(proposal(provenance=None), "90000.00")))["id"]
    await service.refused(409, "hearing_needed", "POST", f"{DECISIONS}/{id_}/confirmations", {})


async def test_a_family_that_gets_as_much_or_more_need_not_be_heard(service: Service) -> None:
    before = await service.decide(proposal(provenance=None))
    id_ = (await service.follow(before, "successions", with_wages(proposal(provenance=None), "6000.00")))["id"]
    assert (await service.confirm(id_))["state"] == "confirmed"


# events


async def test_what_has_not_happened_is_no_event(service: Service) -> None:
    id_ = (await service.propose())["id"]
    body = {"kind": "hearing", "on": "2099-01-01"}
    assert await service.faults("POST", f"{DECISIONS}/{id_}/events", body) == {("/on", "in_the_future")}


@pytest.mark.parametrize("kind", ["notice", "objection", "visit", "hearing", "delivery"])
async def test_an_event_is_recorded_in_any_state(service: Service, kind: str) -> None:
    id_ = await service.decide()
    body = {"kind": kind, "on": "2026-08-20", "note": "记录", "by": "officer-3"}
    answer = await service.post(f"{DECISIONS}/{id_}/events", body)
    assert (answer["event"], answer["on"], answer["note"]) == (kind, "2026-08-20", "记录")
    (*_, entry) = (await service.get(f"{DECISIONS}/{id_}"))["history"]
    assert {name: entry[name] for name in ("kind", "event", "on", "note", "by")} == {
        "kind": "event",
        "event": kind,
        "on": "2026-08-20",
        "note": "记录",
        "by": "officer-3",
    }
    assert await service.state(id_) == "confirmed"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"on": "2026-08-20"}, ("/kind", "required")),
        ({"kind": "party", "on": "2026-08-20"}, ("/kind", "not_allowed")),
        ({"kind": "visit"}, ("/on", "required")),
        ({"kind": "visit", "on": "yesterday"}, ("/on", "date_format")),
        ({"kind": "visit", "on": "2026-08-20", "note": "x" * 2001}, ("/note", "too_long")),
        ({"kind": "visit", "on": "2026-08-20", "what": "x"}, ("/what", "unknown_field")),
    ],
)
async def test_a_faulty_event_is_refused(service: Service, body: Json, fault: tuple[str, str]) -> None:
    id_ = await proposed(service)
    assert await service.faults("POST", f"{DECISIONS}/{id_}/events", body) == {fault}


async def test_nothing_of_a_case_happened_a_lifetime_ago(service: Service) -> None:
    id_ = (await service.propose())["id"]
    body = {"kind": "hearing", "on": "1925-01-01"}
    assert await service.faults("POST", f"{DECISIONS}/{id_}/events", body) == {("/on", "too_long_ago")}
    long_ago = proposal(accepted_on="1925-01-01")
    assert await service.faults("POST", DECISIONS, long_ago, key="k") == {("/accepted_on", "too_long_ago")}
