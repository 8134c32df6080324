"""Reviews, alerts and screenings as clients see them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.http.params import today
from app.monitoring.rechecks import SERVICE
from app.people.repository import ErasureRow, erase
from app.rules.engine.evaluate import RuleFailure
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.verification.exchange.protocol import Item
from app.verification.findings.effects import Assess, assessing
from tests.support.client import example
from tests.support.decisions.identities import ADULT
from tests.support.service import DECISIONS, Service, outcome, proposal
from tests.support.verification.platform import answer
from tests.support.verification.reports import HALF_YEAR, WEAK, item
from tests.support.verification.service import PATH, PEOPLE, Verifying, consent

pytestmark = pytest.mark.anyio

UNKNOWN: Final = "01a1f6ae-9900-7c1d-8f6e-2a3b4c5d6e7f"
SYSTEM: Final = Caller("population-register", frozenset({"system"}), ("",))


async def decided(service: Service, **changes: Any) -> str:
    return await service.decide(proposal(identities=PEOPLE, **changes))


async def listed(service: Service, path: str) -> list[Json]:
    items: list[Json] = (await service.get(path))["items"]
    return items


async def told(service: Service, id_: str, **event: Any) -> str:
    """The alert of an event of a decided household."""
    (alert,) = (await service.post("/v1/alerts", {"decision": id_} | event, 202))["alerts"]
    return str(alert)


async def only_alert(service: Service, query: str = "") -> Json:
    (alert,) = await listed(service, f"/v1/alerts{query}")
    return alert


def deltas(effects: list[Json]) -> dict[str, tuple[Any, Any, Any]]:
    return {one["programme"]: (one["status_now"], one["status"], one["amount_delta"]) for one in effects}


# reviews


async def test_a_review_is_due_on_the_last_day_of_the_interval_and_not_before(service: Service) -> None:
    id_ = await decided(service)
    assert await listed(service, "/v1/reviews?due=2027-02-14") == []
    (due,) = await listed(service, "/v1/reviews?due=2027-02-15")
    assert (due["decision"], due["due"], due["overdue_days"], due["verification"]) == (id_, "2027-02-15", 0, None)
    assert due["intervals"][0] == {
        "programme": "dibao",
        "title": "最低生活保障",
        "person": None,
        "decided_for": "2026-08-15",
        "review_months": 6,
        "due": "2027-02-15",
    }


async def test_what_has_no_published_interval_says_so_and_gets_no_date(service: Service) -> None:
    await decided(service, programmes=["disability_living_subsidy"])
    assert await listed(service, "/v1/reviews?due=2099-12-31") == []
    (found,) = await listed(service, "/v1/reviews?undated=true")
    assert (found["due"], found["overdue_days"]) == (None, None)
    assert [(one["programme"], one["review_months"], one["due"]) for one in found["intervals"]] == [
        ("disability_living_subsidy", None, None)
    ]


async def test_a_proposal_a_refusal_and_what_was_succeeded_are_not_reviewed(service: Service) -> None:
    await service.propose(proposal())
    rich = example()["household"] | {"assets": {"financial": "9000000.00"}}
    await decided(service, household=rich, programmes=["dibao"])
    first = await decided(service)
    second = (await service.follow(first, "successions", proposal(date="2026-11-01", identities=PEOPLE)))["id"]
    assert [one["decision"] for one in await listed(service, "/v1/reviews?due=2099-12-31")] == [first]
    await service.confirm(second)
    (due,) = await listed(service, "/v1/reviews?due=2099-12-31")
    assert (due["decision"], due["due"]) == (second, "2027-05-01")


async def test_what_a_later_decision_left_open_is_due_by_the_earlier_one(service: Service) -> None:
    """Of what it owns nothing is known any more: dibao was granted and is open now, so it goes on."""
    first = await decided(service)
    unknown = example()["household"] | {"assets": None}
    body = proposal(date="2026-11-01", identities=PEOPLE, household=unknown)
    second = (await service.follow(first, "successions", body))["id"]
    await service.confirm(second)
    (due,) = await listed(service, "/v1/reviews?due=2099-12-31")
    assert (due["decision"], due["due"]) == (second, "2027-02-15")
    assert (due["intervals"][0]["programme"], due["intervals"][0]["decided_for"]) == ("dibao", "2026-08-15")


async def test_a_proposal_in_between_that_nobody_decided_ends_nothing(service: Service) -> None:
    """It asked for dibao alone. What was granted before it, and left open by what was decided after, goes on."""
    first = await decided(service)
    body = proposal(date="2026-11-01", identities=PEOPLE, programmes=["dibao"])
    proposed = (await service.follow(first, "successions", body))["id"]
    unknown = example()["household"] | {"assets": None}
    body = proposal(date="2026-11-01", identities=PEOPLE, household=unknown)
    last = (await service.follow(proposed, "corrections", body))["id"]
    await service.confirm(last)
    (due,) = await listed(service, "/v1/reviews?due=2099-12-31")
    going_on = {(one["programme"], one["decided_for"]) for one in due["intervals"]}
    assert {("dibao", "2026-08-15"), ("disability_living_subsidy", "2026-08-15")} <= going_on


async def test_that_what_is_open_would_be_paid_from_another_month_is_no_effect(service: Service) -> None:
    household = example()["household"] | {"assets": None}
    id_ = await service.decide(proposal(identities=PEOPLE, household=household))
    results = (await service.get(f"{DECISIONS}/{id_}"))["results"]["results"]
    assert any(one["status"] == "undetermined" and one["amount"]["from_month"] == "2026-09" for one in results)
    (due,) = await listed(service, "/v1/reviews?due=2099-12-31&undated=true")
    assert due["effects"] == []


async def test_a_review_says_what_the_same_facts_come_to_now(verifying: Verifying) -> None:
    """The child of eleven is a minor no more: dibao without its uplift."""
    young = example()["household"]
    young["members"][2]["birth_date"] = "2008-12-01"
    await decided(verifying, household=young)
    (before,) = await listed(verifying, "/v1/reviews?due=2099-12-31")
    assert before["effects"] == []
    verifying.clock.passes(days=30)
    (due,) = await listed(verifying, "/v1/reviews?due=2099-12-31")
    assert due["estimated_on"] == "2026-12-20"
    assert deltas(due["effects"])["dibao"] == ("eligible", "eligible", "-184.00")


async def test_pages_of_reviews_go_on_where_the_last_ended(service: Service) -> None:
    ids = [await decided(service) for _ in range(3)]
    page = await service.get("/v1/reviews?due=2099-12-31&size=2")
    rest = await service.get(f"/v1/reviews?due=2099-12-31&size=2&cursor={page['next']}")
    assert [one["decision"] for one in [*page["items"], *rest["items"]]] == ids
    assert rest["next"] is None
    assert await service.faults("GET", f"/v1/reviews?due=2099-12-30&cursor={page['next']}") == {
        ("/query/cursor", "foreign_cursor")
    }


async def test_a_cursor_of_alerts_goes_on_after_midnight(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = [await told(service, await decided(service), person="p2", kind="new_job", on="2026-11-01") for _ in "ab"]
    page = await service.get("/v1/alerts?size=1")
    monkeypatch.setattr("app.routers.monitoring.today", lambda: today() + dt.timedelta(days=1))
    rest = await service.get(f"/v1/alerts?size=1&cursor={page['next']}")
    assert [one["id"] for one in [*page["items"], *rest["items"]]] == alerts


async def test_faulty_addresses(service: Service) -> None:
    faults = await service.faults("GET", "/v1/reviews?due=tomorrow&undated=yes&size=0&jurisdiction=x")
    assert faults == {
        ("/query/due", "wrong_form"),
        ("/query/undated", "not_allowed"),
        ("/query/size", "out_of_range"),
        ("/query/jurisdiction", "wrong_form"),
    }
    assert await service.faults("GET", "/v1/alerts?state=closed") == {("/query/state", "not_allowed")}
    assert await service.faults("GET", "/v1/screenings?programme=x&on=1990-01-01") == {
        ("/query/programme", "not_allowed"),
        ("/query/on", "before_any_law"),
    }


async def test_a_household_whose_rules_fail_keeps_back_no_other(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing, other = await decided(service, programmes=["dibao"]), await decided(service, programmes=["dibao"])

    def fails_every_second(rules: Rules, body: Json, now: dt.datetime) -> Assess:
        assess = assessing(rules, body, now)
        turn = next(turns)

        def fails(household: Json) -> Json:
            if turn % 2 == 0:
                raise RuleFailure("dibao.income_test")
            return assess(household)

        return fails

    monkeypatch.setattr("app.monitoring.estimate.assessing", fails_every_second)
    turns = itertools.count()
    due = await listed(service, "/v1/reviews?due=2099-12-31")
    assert [(one["decision"], one["effects"] is None) for one in due] == [(failing, True), (other, False)]
    turns = itertools.count()
    assert [one["decision"] for one in await listed(service, "/v1/screenings")] == [other]
    assert "dibao.income_test" in caplog.text


# events


async def test_an_event_becomes_an_alert_with_what_it_would_change(service: Service) -> None:
    id_ = await decided(service)
    alert = await told(
        service, id_, person="p2", kind="new_job", on="2026-11-01", value="2600.00", evidence="村委会报告"
    )
    found = await only_alert(service)
    assert (found["id"], found["source"], found["state"]) == (alert, "event", "open")
    assert (found["kind"], found["event"]) == ("new_job", "new_job")
    assert (found["value"], found["evidence"], found["reported_by"]) == ("2600.00", "村委会报告", "officer")
    # Wage 2600, less 20 % but at most half of 920 for work: 2140 more; 2760 - 1030 - 2140 is below nothing.
    assert deltas(found["effects"])["dibao"] == ("eligible", "ineligible", "-2374.00")
    assert found["effect"]["programme"] == "dibao"
    assert await service.state(id_) == "confirmed"


async def test_what_is_not_known_of_an_event_stays_open(service: Service) -> None:
    id_ = await decided(service)
    await told(service, id_, person="p2", kind="new_job", on="2026-11-01")
    assert deltas((await only_alert(service))["effects"])["dibao"] == ("eligible", "undetermined", None)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"person": "p3", "kind": "death"}, ("eligible", "eligible", "-1104.00")),  # 920 and the 184 of a minor
        ({"person": "p2", "kind": "imprisonment"}, ("eligible", "eligible", "-1380.00")),  # 920 and the 460 of level 2
        ({"person": "p1", "kind": "lost_job"}, ("eligible", "eligible", "1030.00")),
        ({"person": "p1", "kind": "new_vehicle"}, ("eligible", "ineligible", "-2374.00")),
    ],
)
async def test_what_events_would_change(service: Service, event: Json, expected: tuple[str, str, str]) -> None:
    id_ = await decided(service)
    await told(service, id_, on="2026-11-01", **event)
    assert deltas((await only_alert(service))["effects"])["dibao"] == expected


JOINING: Final = {"id": "p4", "relation": "spouse", "birth_date": "1990-05-01", "income": {}}
ALONE: Final = {"members": [example()["household"]["members"][0]], "assets": {}, "residence": "urban", "spending": {}}


@pytest.mark.parametrize(
    ("event", "household", "since", "overpaid", "owed"),
    [
        # 920 and the 184 of a minor, in October and November
        ({"person": "p3", "kind": "death"}, {}, ("-1104.00", "-2208.00"), "2208.00", "0.00"),
        ({"person": "p1", "kind": "birth"}, {}, ("1104.00", "2208.00"), "0.00", "2208.00"),
        ({"person": "p1", "kind": "lost_job"}, {}, ("1030.00", "2060.00"), "0.00", "2060.00"),
        # 1,280 of the wage count, and all of the pension
        ({"person": "p1", "kind": "retired", "value": "1000.00"}, {}, ("280.00", "560.00"), "0.00", "560.00"),
        # nobody is left: the wage of 900 left 20 % of it and the rest of 920
        ({"person": "p1", "kind": "death"}, ALONE, ("-200.00", "-400.00"), "400.00", "0.00"),
        ({"person": "p1", "kind": "marriage", "joins": JOINING}, ALONE, ("920.00", "1840.00"), "0.00", "1840.00"),
    ],
)
async def test_what_an_event_has_made_since_in_months_and_money(
    verifying: Verifying, event: Json, household: Json, since: tuple[str, str], overpaid: str, owed: str
) -> None:
    whole = example()["household"] | household
    if household:
        whole["members"] = [whole["members"][0] | {"income": {"wage": "900.00"}, "income_months": 1}]
    id_ = await verifying.decide(
        proposal(identities=PEOPLE[: len(whole["members"])], household=whole, programmes=["dibao"])
    )
    await told(verifying, id_, on="2026-09-10", **event)
    found = await only_alert(verifying)
    (change,) = found["since"]
    assert (change["programme"], change["months"]) == ("dibao", ["2026-10", "2026-11"])
    assert (change["per_month"], change["total"]) == since
    assert (found["months_overpaid"], found["months_owed"]) == (overpaid, owed)


@pytest.mark.parametrize(
    ("event", "nothing"),
    [
        ({"kind": "admitted", "facility": "hospital"}, True),
        ({"kind": "discharged"}, False),
        ({"kind": "marriage"}, False),
        ({"kind": "moved_out"}, False),
    ],
)
async def test_of_a_stay_in_hospital_nothing_follows_and_of_what_is_not_said_nothing_is_computed(
    verifying: Verifying, event: Json, nothing: bool
) -> None:
    id_ = await decided(verifying)
    await told(verifying, id_, person="p1", on="2026-09-10", **event)
    found = await only_alert(verifying)
    assert (found["effects"], found["since"]) == (([], []) if nothing else (None, None))
    assert (found["months_overpaid"], found["months_owed"]) == (("0.00", "0.00") if nothing else (None, None))


async def test_an_event_of_this_month_has_made_nothing_yet_and_one_from_before_counts_from_the_first_grant(
    verifying: Verifying,
) -> None:
    id_ = await decided(verifying, programmes=["dibao"])
    await told(verifying, id_, person="p3", kind="death", on="2026-11-02")
    await told(verifying, id_, person="p1", kind="lost_job", on="2026-01-02")
    found = {one["event"]: one for one in await listed(verifying, "/v1/alerts")}
    now, long_ago = found["death"], found["lost_job"]
    assert (now["since"], now["months_overpaid"]) == ([], "0.00")
    assert long_ago["since"][0]["months"] == ["2026-09", "2026-10", "2026-11"]


async def test_what_was_not_granted_is_neither_owed_nor_overpaid(verifying: Verifying) -> None:
    """A disability subsidy goes with the dead; a programme that nobody asked for does not."""
    id_ = await decided(verifying, programmes=["disability_living_subsidy"])
    await told(verifying, id_, person="p2", kind="death", on="2026-09-10")
    found = await only_alert(verifying)
    assert [(one["programme"], one["person"], one["total"]) for one in found["since"]] == [
        ("disability_living_subsidy", "p2", "-200.00")
    ]


async def test_who_joined_may_be_known_later_and_twins_are_two(verifying: Verifying) -> None:
    id_ = await decided(verifying)
    event = {"person": "p1", "kind": "birth", "on": "2026-09-10"}
    twins: list[Json] = [
        {"id": id_, "relation": "child", "birth_date": "2026-09-10", "income": {}} for id_ in ("twin1", "twin2")
    ]
    first = await told(verifying, id_, **event)
    told_of = [await told(verifying, id_, **event, joins=twin) for twin in twins]
    assert len({first, *told_of}) == 3
    assert await told(verifying, id_, **event) == first
    assert [await told(verifying, id_, **event, joins=twin) for twin in twins] == told_of


async def test_who_joins_is_a_member_of_whom_facts_are_sent(verifying: Verifying) -> None:
    id_ = await decided(verifying)
    event = {"decision": id_, "person": "p1", "kind": "moved_in", "on": "2026-09-10"}
    taken, faulty = JOINING | {"id": "p2"}, JOINING | {"birth_date": "gestern", "colour": "red"}
    assert await verifying.faults("POST", "/v1/alerts", event | {"joins": taken}) == {("/joins/id", "duplicate_id")}
    assert await verifying.faults("POST", "/v1/alerts", event | {"joins": faulty}) == {
        ("/joins/birth_date", "date_format"),
        ("/joins/colour", "unknown_field"),
    }
    wrong = event | {"kind": "death", "joins": JOINING, "facility": "hospital"}
    assert await verifying.faults("POST", "/v1/alerts", wrong) == {
        ("/joins", "not_allowed"),
        ("/facility", "not_allowed"),
    }


async def test_who_applies_once_the_applicant_died_is_not_guessed(service: Service) -> None:
    id_ = await decided(service)
    await told(service, id_, person="p1", kind="death", on="2026-11-01")
    found = await only_alert(service)
    assert (found["effect"], found["effects"], found["state"]) == (None, None, "open")


async def test_the_same_event_is_one_alert(service: Service) -> None:
    id_ = await decided(service)
    event = {"person": "p2", "kind": "new_job", "on": "2026-11-01"}
    assert await told(service, id_, **event) == await told(service, id_, **event, evidence="再次报告")
    assert len(await listed(service, "/v1/alerts")) == 1


async def test_by_a_persons_reference_every_decided_household_of_it_is_meant(service: Service) -> None:
    one, other = await decided(service), await decided(service, household_ref="H-43")
    await service.propose(proposal(identities=PEOPLE))  # nothing is decided there
    (found,) = (await service.post("/v1/persons/searches", {"id_number": ADULT}, 200))["items"]
    event = {"person": found["ref"], "kind": "imprisonment", "on": "2026-11-01"}
    assert len((await service.post("/v1/alerts", event, 202))["alerts"]) == 2
    raised = [alert for alert in await listed(service, "/v1/alerts") if alert["event"] == "imprisonment"]
    assert {alert["decision"] for alert in raised} == {one, other}
    assert {alert["person"] for alert in raised} == {"p1"}


async def test_a_system_does_not_learn_whether_somebody_is_on_record(service: Service) -> None:
    await decided(service)
    (found,) = (await service.post("/v1/persons/searches", {"id_number": ADULT}, 200))["items"]
    event = {"kind": "death", "on": "2026-11-01"}
    answers = [
        await service.call("POST", "/v1/alerts", event | {"person": ref}, caller=SYSTEM)
        for ref in (found["ref"], "0" * 32)
    ]
    assert [(one.status_code, one.json()) for one in answers] == [(202, {"taken": True, "alerts": None})] * 2
    assert len(await listed(service, "/v1/alerts")) == 1
    for ref in (found["ref"], "0" * 32):
        named = event | {"person": ref, "evidence": "张三丰"}
        assert await service.faults("POST", "/v1/alerts", named, caller=SYSTEM) == {("/evidence", "not_allowed")}


async def test_a_system_does_not_learn_what_is_decided_by_naming_a_decision(service: Service) -> None:
    decided_, proposed = await decided(service), (await service.propose())["id"]
    for id_ in (decided_, proposed, UNKNOWN):
        for person in ("p2", "p9"):
            event = {"decision": id_, "person": person, "kind": "death", "on": "2026-11-01"}
            assert await service.faults("POST", "/v1/alerts", event, caller=SYSTEM) == {("/decision", "not_allowed")}


async def test_faulty_events(service: Service) -> None:
    id_ = await decided(service)
    faulty = {"decision": id_, "person": "p9", "kind": "death", "on": "2099-01-01", "value": "1.00"}
    assert await service.faults("POST", "/v1/alerts", faulty) == {
        ("/person", "unknown_person"),
        ("/on", "in_the_future"),
        ("/value", "not_allowed"),
    }
    named = {"decision": id_, "person": "p2", "kind": "death", "on": "2026-11-01", "evidence": "李四光已去世"}
    assert await service.faults("POST", "/v1/alerts", named) == {("/evidence", "personal_data")}
    nobodys = {"person": "p2", "kind": "death", "on": "2026-11-01"}  # of which household, nobody says
    assert await service.faults("POST", "/v1/alerts", nobodys) == {("/person", "wrong_form")}
    unheard_of = {"decision": id_, "person": "p2", "kind": "windfall", "on": "2026-11-01"}
    assert await service.faults("POST", "/v1/alerts", unheard_of) == {("/kind", "not_allowed")}
    await service.refused(
        404,
        "unknown_decision",
        "POST",
        "/v1/alerts",
        {"decision": UNKNOWN, "person": "p2", "kind": "death", "on": "2026-11-01"},
    )


async def test_what_cannot_happen_to_an_obligor_is_refused(service: Service) -> None:
    household = example()["household"] | {
        "obligors": [{"id": "o1", "of": ["p1"], "relation": "parent", "birth_date": "1950-01-01"}]
    }
    id_ = await decided(service, household=household)
    event = {"decision": id_, "person": "o1", "kind": "serious_illness", "on": "2026-11-01"}
    assert await service.faults("POST", "/v1/alerts", event) == {("/kind", "not_allowed")}


async def test_an_alert_is_about_a_decision_that_stands(service: Service) -> None:
    event = {"person": "p2", "kind": "new_job", "on": "2026-11-01"}
    proposed = (await service.propose(proposal()))["id"]
    await service.refused(409, "not_decided", "POST", "/v1/alerts", {"decision": proposed} | event)
    first = await decided(service)
    second = (await service.follow(first, "successions", proposal(identities=PEOPLE)))["id"]
    await service.confirm(second)
    await service.refused(409, "already_succeeded", "POST", "/v1/alerts", {"decision": first} | event)


async def test_an_alert_ends_with_a_later_decision_or_with_somebodys_reason(service: Service) -> None:
    one, other = await decided(service), await decided(service)
    event = {"person": "p2", "kind": "new_job", "on": "2026-11-01"}
    first, second = await told(service, one, **event), await told(service, other, **event)
    later = (await service.follow(one, "successions", proposal(identities=PEOPLE)))["id"]
    await service.confirm(later)
    reason = {"reason": "已入户核实，收入未变化"}
    done = await service.post(f"/v1/alerts/{second}/resolution", reason)
    assert (done["state"], done["resolution"]["by"]) == ("resolved", "officer")
    await service.refused(409, "already_resolved", "POST", f"/v1/alerts/{second}/resolution", reason)
    assert await listed(service, "/v1/alerts") == []
    states = {
        alert["id"]: (alert["state"], alert["followed_by"]) for alert in await listed(service, "/v1/alerts?state=all")
    }
    assert states == {first: ("followed", later), second: ("resolved", None)}


async def test_a_reason_names_nobody_and_there_must_be_such_an_alert(service: Service) -> None:
    alert = await told(service, await decided(service), person="p2", kind="new_job", on="2026-11-01")
    named = {"reason": "李四光没有工作"}
    assert await service.faults("POST", f"/v1/alerts/{alert}/resolution", named) == {("/reason", "personal_data")}
    for id_ in (UNKNOWN, "no-id"):
        await service.refused(404, "unknown_alert", "POST", f"/v1/alerts/{id_}/resolution", {"reason": "无"})


# re-checks by the service itself


async def consented(verifying: Verifying, *consents: Json) -> str:
    """A decision about which consents to be asked again are on record."""
    id_ = await decided(verifying)
    await verifying.post(
        PATH,
        {"decision": id_, "persons": ["p2"], "sources": ["tax"], "purpose": "application", "consents": list(consents)},
        202,
    )
    await verifying.works()
    verifying.platform.submitted.clear()
    return id_


async def rechecked(verifying: Verifying) -> int:
    verifying.storage.rechecks.served = lambda _: True
    return await verifying.storage.rechecks.work_once()


async def test_a_due_review_is_checked_again_once_by_consents_on_record(verifying: Verifying) -> None:
    standing = consent("p2", "vehicles", "tax", purpose="review", until="2028-12-31")
    id_ = await consented(verifying, standing)
    assert await rechecked(verifying) == 0
    verifying.clock.passes(days=100)  # to 2027-02-28
    assert await rechecked(verifying) == 1
    assert await rechecked(verifying) == 0
    await verifying.works()
    asked = {(query.persons[0].ref, source) for query in verifying.platform.submitted for source in query.sources}
    assert asked
    assert asked <= {("p2", "vehicles"), ("p2", "tax")}
    assert {query.purpose for query in verifying.platform.submitted} == {"review"}
    (due,) = await listed(verifying, "/v1/reviews?due=2027-02-28")
    found = await verifying.read(due["verification"])
    assert (found["decision"], found["purpose"], found["created_by"]) == (id_, "review", SERVICE.subject)


async def test_without_consent_in_advance_a_re_check_waits_and_nothing_leaves(verifying: Verifying) -> None:
    await consented(verifying, consent("p2", "tax"), consent("p2", "tax", purpose="review", until="2026-12-01"))
    verifying.clock.passes(days=100)
    assert await rechecked(verifying) == 1
    await verifying.works()
    assert verifying.platform.submitted == []
    (due,) = await listed(verifying, "/v1/reviews?due=2027-02-28")
    assert set((await verifying.read(due["verification"]))["waiting"]) == {"waiting_consent"}


async def test_an_erased_person_is_not_asked_about_again(verifying: Verifying) -> None:
    """Erased while support stands, as it was possible once."""
    id_ = await consented(verifying, consent("p2", "vehicles", purpose="review", until="2028-12-31"))
    people = (await verifying.get(f"{DECISIONS}/{id_}"))["identities"]
    ref = next(one["ref"] for one in people if one["person"] == "p2")
    async with verifying.storage.database.begin() as connection:
        await erase(connection, ErasureRow(ref, verifying.clock(), "officer", "purpose_achieved"))
    verifying.clock.passes(days=100)
    await rechecked(verifying)
    await verifying.works()
    assert verifying.platform.submitted == []


async def test_an_event_is_checked_in_the_registers_that_can_confirm_it(verifying: Verifying) -> None:
    id_ = await consented(verifying, consent("p2", "vehicles", purpose="monitoring", until="2028-12-31"))
    alert = await told(verifying, id_, person="p2", kind="new_vehicle", on="2026-11-01")
    assert (await only_alert(verifying))["verification"] is None
    verifying.clock.passes(hours=1)
    assert await rechecked(verifying) == 1
    assert await rechecked(verifying) == 0
    await verifying.works()
    (query,) = verifying.platform.submitted
    assert (query.purpose, query.sources, query.persons[0].ref) == ("monitoring", ("vehicles",), "p2")
    assert (await only_alert(verifying))["verification"] is not None
    verifying.platform.says = [answer(query, "vehicles", item("vehicles", 1))]
    verifying.clock.passes(seconds=10)
    await verifying.works()
    event, found = await listed(verifying, "/v1/alerts")
    assert (event["id"], found["source"], found["id"]) == (alert, "verification", event["verification"])
    assert [(one["source"], one["kind"], one["match"]) for one in found["findings"]] == [
        ("vehicles", "undeclared", "exact")
    ]
    assert deltas(found["effects"])["dibao"] == ("eligible", "ineligible", "-2374.00")
    assert (await verifying.get(f"{DECISIONS}/{id_}"))["state"] == "confirmed"


async def test_of_an_event_a_register_is_asked_anew_whatever_it_said_before(verifying: Verifying) -> None:
    id_ = await consented(verifying, consent("p2", "vehicles", purpose="monitoring", until="2028-12-31"))
    await found(verifying, watching(id_, "p2", "vehicles"), item("vehicles", 0))
    await told(verifying, id_, person="p2", kind="new_vehicle", on="2026-11-20")
    assert await rechecked(verifying) == 1
    await verifying.works()
    assert [query.sources for query in verifying.platform.submitted] == [("vehicles",), ("vehicles",)]
    begun = await verifying.read((await only_alert(verifying))["verification"])
    assert (begun["queries"][0]["reused_from"], begun["refresh_reason"]) == (None, "新增机动车")


async def test_an_event_that_no_register_can_confirm_or_that_is_dealt_with_is_not_asked_about(
    verifying: Verifying,
) -> None:
    id_ = await consented(verifying)
    await told(verifying, id_, person="p2", kind="imprisonment", on="2026-11-01")
    alert = await told(verifying, id_, person="p2", kind="new_vehicle", on="2026-11-01")
    await verifying.post(f"/v1/alerts/{alert}/resolution", {"reason": "误报"})
    assert await rechecked(verifying) == 0


async def test_where_there_is_no_platform_nothing_is_begun(verifying: Verifying) -> None:
    id_ = await consented(verifying)
    await told(verifying, id_, person="p2", kind="new_vehicle", on="2026-11-01")
    verifying.storage.rechecks.served = lambda _: False
    verifying.clock.passes(days=100)
    assert await verifying.storage.rechecks.work_once() == 0


def watching(id_: str, person: str, source: str) -> Json:
    """That a decided household is watched over in one register, by consent."""
    given_by = "guardian" if person == "p3" else "self"
    standing = consent(person, source, purpose="monitoring", until="2028-12-31", given_by=given_by)
    about = {"decision": id_, "persons": [person], "sources": [source]}
    return about | {"purpose": "monitoring", "consents": [standing]}


async def found(verifying: Verifying, body: Json, *items: Item) -> str:
    """A verification of a body whose one question was answered."""
    begun: str = (await verifying.post(PATH, body, 202))["id"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    verifying.platform.says = [answer(query, body["sources"][0], *items)]
    verifying.clock.passes(seconds=10)
    await verifying.works()
    return begun


async def test_a_finding_stops_being_an_alert_once_a_person_resolved_it(verifying: Verifying) -> None:
    body = watching(await decided(verifying), "p2", "vehicles")
    begun = await found(verifying, body, item("vehicles", 1, WEAK))
    alert = await only_alert(verifying)
    assert (alert["verification"], alert["findings"][0]["match"]) == (begun, "weak")
    reason = {"action": "dismiss", "reason": "同名不同人"}
    await verifying.post(f"{PATH}/{begun}/findings/{alert['findings'][0]['n']}/resolution", reason, 200)
    assert await listed(verifying, "/v1/alerts") == []


async def test_a_report_that_was_taken_over_is_no_second_alert(verifying: Verifying) -> None:
    """What it says is resolved where it came."""
    body = watching(await decided(verifying), "p2", "vehicles")
    first = await found(verifying, body, item("vehicles", 1))
    second = await verifying.post(PATH, body, 202)
    assert second["queries"][0]["reused_from"] == first
    assert [one["id"] for one in await listed(verifying, "/v1/alerts")] == [first]


async def test_a_death_that_a_register_found_says_what_it_would_change(verifying: Verifying) -> None:
    id_ = await decided(verifying)
    await found(verifying, watching(id_, "p3", "deaths"), item("death", dt.date(2026, 9, 10)))
    alert = await only_alert(verifying)
    assert [(one["programme"], one["months"], one["total"]) for one in alert["since"]] == [
        ("dibao", ["2026-10", "2026-11"], "-2208.00")  # since the day the register gives
    ]
    assert alert["months_overpaid"] == "2208.00"
    assert [one["fact"] for one in alert["findings"]] == ["death"]
    assert deltas(alert["findings"][0]["effects"])["dibao"] == ("eligible", "eligible", "-1104.00")
    assert (await verifying.get(f"{DECISIONS}/{id_}"))["state"] == "confirmed"


async def test_what_agrees_is_no_alert(verifying: Verifying) -> None:
    body = watching(await decided(verifying), "p2", "tax")
    await found(verifying, body, item("wage", 0, period=HALF_YEAR))
    assert await listed(verifying, "/v1/alerts?state=all") == []


# screenings


async def test_who_never_asked_for_what_it_is_eligible_for_is_found(service: Service) -> None:
    id_ = await decided(service, programmes=["dibao"])
    (found,) = await listed(service, "/v1/screenings")
    assert (found["decision"], found["on"]) == (id_, found["on"])
    likely = {(one["programme"], one["person"]): (one["before"], one["amount"], one["unit"]) for one in found["likely"]}
    assert likely == {
        ("disability_living_subsidy", "p2"): ("not_asked", "100.00", "CNY/month"),
        ("disability_care_subsidy", "p2"): ("not_asked", "110.00", "CNY/month"),
    }
    (alone,) = await listed(service, "/v1/screenings?programme=disability_care_subsidy")
    assert [one["programme"] for one in alone["likely"]] == ["disability_care_subsidy"]
    assert await listed(service, "/v1/screenings?programme=old_age_allowance") == []


async def test_who_gets_everything_is_not_called_on(service: Service) -> None:
    await decided(service)
    assert await listed(service, "/v1/screenings") == []


async def test_what_an_officer_refused_against_the_rules_is_not_brought_up_again(service: Service) -> None:
    id_ = (await service.propose(proposal(programmes=["dibao"])))["id"]
    await service.confirm(id_, outcome("refused", reason="入户核查时另有收入"))
    (found,) = await listed(service, "/v1/screenings")
    assert "dibao" not in {one["programme"] for one in found["likely"]}


async def test_who_was_refused_and_would_be_eligible_on_another_day_is_found(service: Service) -> None:
    """Somebody of 79 gets no old-age allowance yet."""
    household = example()["household"]
    household["members"][0]["birth_date"] = "1947-02-01"
    await service.decide(proposal(household=household, identities=None))
    before = await listed(service, "/v1/screenings?programme=old_age_allowance&on=2027-01-31")
    (found,) = await listed(service, "/v1/screenings?programme=old_age_allowance&on=2027-02-01")
    assert before == []
    assert [(one["person"], one["amount"]) for one in found["likely"]] == [("p1", "60.00")]


# words


ZH = ("最低生活保障", "困难残疾人生活补贴", "此前未申请", "新增机动车", "车船登记", "名下机动车（船）数量")
EN = (
    "Minimum living guarantee (dibao)",
    "Living subsidy for disabled people",
    "not asked for",
    "A new vehicle",
    "Vehicles and vessels",
    "Vehicles and vessels in the person's name",
)


@pytest.mark.parametrize(("language", "titles"), [("zh", ZH), ("en", EN)])
async def test_codes_stand_beside_their_titles_in_the_language_asked_for(
    verifying: Verifying, language: str, titles: tuple[str, ...]
) -> None:
    one, other = await decided(verifying, programmes=["dibao"]), await decided(verifying)
    await told(verifying, one, person="p1", kind="new_vehicle", on="2026-11-01")
    await found(verifying, watching(other, "p2", "vehicles"), item("vehicles", 1))
    asked = {"accept-language": language}
    dibao, living, before, event, register, fact = titles
    review, _ = (await verifying.get("/v1/reviews?due=2099-12-31", **asked))["items"]
    assert (review["intervals"][0]["programme"], review["intervals"][0]["title"]) == ("dibao", dibao)
    (screened,) = (await verifying.get("/v1/screenings", **asked))["items"]
    likely = screened["likely"][0]
    assert (likely["programme"], likely["title"]) == ("disability_living_subsidy", living)
    assert (likely["before"], likely["before_title"]) == ("not_asked", before)
    alerts = {alert["source"]: alert for alert in (await verifying.get("/v1/alerts", **asked))["items"]}
    reported, verified = alerts["event"], alerts["verification"]
    assert (reported["event"], reported["event_title"]) == ("new_vehicle", event)
    assert (reported["effect"]["programme"], reported["effect"]["title"]) == ("dibao", dibao)
    assert (verified["kind"], verified["event"], verified["event_title"]) == (None, None, None)
    (finding,) = verified["findings"]
    assert (finding["source_title"], finding["fact_title"]) == (register, fact)


# who may


async def test_reading_lists_is_written_down(service: Service) -> None:
    id_ = await decided(service, programmes=["dibao"])
    await told(service, id_, person="p2", kind="new_job", on="2026-11-01")
    for path in ("/v1/reviews?due=2099-12-31", "/v1/alerts", "/v1/screenings"):
        assert await listed(service, path)
    entries = await listed(service, "/v1/access-log")
    seen = {(entry["action"], tuple(entry["decisions"])) for entry in entries}
    assert {(action, (id_,)) for action in ("reviews.read", "alerts.read", "screenings.read")} <= seen


async def test_no_table_holds_who_it_is(service: Service) -> None:
    id_ = await decided(service)
    await told(service, id_, person="p2", kind="new_job", on="2026-11-01", evidence="村委会报告")
    async with service.storage.database.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM alert"))).mappings()
    assert not any(one["name"] in str(dict(row)) or one["id_number"] in str(dict(row)) for one in PEOPLE)


@pytest.mark.parametrize(("on", "code"), [("1900-01-01", "too_long_ago"), ("1984-03-01", "before_birth")])
async def test_nobody_died_a_lifetime_ago_or_before_he_was_born(service: Service, on: str, code: str) -> None:
    event = {"decision": await decided(service), "person": "p1", "kind": "imprisonment", "on": on}
    faults = await service.faults("POST", "/v1/alerts", event)
    assert ("/on", code) in faults


@pytest.mark.parametrize(
    ("born", "fault"),
    [("1085-01-01", ("/joins/birth_date", "too_long_ago")), ("2026-10-03", ("/on", "before_birth"))],
)
async def test_nobody_joins_who_was_born_lifetimes_ago_or_is_not_born_yet(
    service: Service, born: str, fault: tuple[str, str]
) -> None:
    joins = {"id": "p9", "relation": "child", "birth_date": born, "income": {}}
    event = {"decision": await decided(service), "person": "p1", "kind": "birth", "on": "2026-10-02", "joins": joins}
    assert await service.faults("POST", "/v1/alerts", event) == {fault}
