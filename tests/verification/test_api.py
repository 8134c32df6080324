"""Verification as clients and platforms see it: consent, questions, reports, findings, resolutions."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.verification import service
from app.verification.exchange.errors import NoPlatform, PlatformRefused, PlatformUnavailable
from app.verification.exchange.protocol import HandingOver, Period
from app.verification.findings.effects import Assess, assessing
from app.verification.outbox import repository as exchange
from app.verification.outbox.repository import ReportRow
from tests.security.test_id_numbers import checked
from tests.support.byte_search import found_in
from tests.support.callers import OFFICER
from tests.support.client import example
from tests.support.decisions.identities import ADULT, OTHER
from tests.support.service import proposal
from tests.support.verification.platform import answer, signed
from tests.support.verification.reports import HALF_YEAR, NOW, WEAK, item
from tests.support.verification.service import PATH, PEOPLE, Verifying, asked, consent

pytestmark = pytest.mark.anyio

CAR: Final = "/household/assets/vehicles"


async def test_what_is_computed_for_it_keeps_nobody_else_waiting(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty members and sixty obligors take a minute to begin: beside the event loop."""
    on: set[int] = set()

    def watched(*asked: Any) -> Assess:
        known = assessing(*asked)

        def noted(household: Json) -> Json:
            on.add(threading.get_ident())
            return known(household)

        return noted

    monkeypatch.setattr(service, "assessing", watched)
    id_ = (await verifying.begin(persons=None, sources=None, consents=[]))["id"]
    assert on
    await verifying.read(id_)
    assert threading.get_ident() not in on


# consent


async def test_without_consent_nothing_leaves(verifying: Verifying) -> None:
    begun = await verifying.begin(consents=[])
    assert [query["state"] for query in begun["queries"]] == ["waiting_consent"]
    await verifying.works()
    assert verifying.platform.submitted == []


async def test_a_consent_covers_its_person_and_its_registers_alone(verifying: Verifying) -> None:
    begun = await verifying.begin("vehicles", "tax", consents=[consent("p2", "tax")], persons=["p1", "p2"])
    states = {(query["person"], query["source"]): query["state"] for query in begun["queries"]}
    assert states["p2", "tax"] == "queued"
    assert set(states.values()) == {"queued", "waiting_consent"}
    await verifying.works()
    (query,) = verifying.platform.submitted
    assert (query.sources, [one.ref for one in query.persons]) == (("tax",), ["p2"])
    assert (query.purpose, query.business) == ("application", "dibao_urban")


async def test_a_consent_given_later_lets_the_question_go(verifying: Verifying) -> None:
    id_ = (await verifying.begin(consents=[]))["id"]
    answer_ = await verifying.post(f"{PATH}/{id_}/consents", {"consents": [consent("p2")]}, 202)
    assert answer_["queries"][0]["state"] == "queued"
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


async def test_consent_twice_asks_once(verifying: Verifying) -> None:
    id_ = (await verifying.begin())["id"]
    await verifying.post(f"{PATH}/{id_}/consents", {"consents": [consent("p2")]}, 202)
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


async def test_a_consent_that_ended_before_the_question_left_lets_it_not(verifying: Verifying) -> None:
    id_ = (await verifying.begin())["id"]
    verifying.clock.passes(days=60)
    await verifying.works()
    assert verifying.platform.submitted == []
    assert await verifying.state(id_) == "expired"
    again = {"consents": [consent("p2", until="2027-12-31")]}
    await verifying.post(f"{PATH}/{id_}/consents", again, 202)
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"person": "p9"}, ("/consents/0/person", "unknown_person")),
        ({"until": "2026-11-19"}, ("/consents/0/until", "in_the_past")),
        ({"person": "p3"}, ("/consents/0/given_by", "guardian_needed")),
        ({"sources": ["gossip"]}, ("/consents/0/sources/0", "not_allowed")),
        ({"document_digest": "none"}, ("/consents/0/document_digest", "wrong_form")),
    ],
)
async def test_faulty_consents(verifying: Verifying, changes: Json, fault: tuple[str, str]) -> None:
    body = example() | {"identities": PEOPLE, "purpose": "application", "consents": [consent("p2") | changes]}
    assert fault in await verifying.faults("POST", PATH, body)


async def test_a_consent_to_the_application_is_none_to_a_review(verifying: Verifying) -> None:
    body = example() | {"identities": PEOPLE, "purpose": "review", "consents": [consent("p2")]}
    assert ("/consents/0/purpose", "other_purpose") in await verifying.faults("POST", PATH, body)


async def test_a_consent_to_be_asked_again_later_asks_nothing_now(verifying: Verifying) -> None:
    begun = await verifying.begin(consents=[consent("p2", purpose="review")])
    assert [query["state"] for query in begun["queries"]] == ["waiting_consent"]


async def test_a_child_is_asked_about_by_its_guardians_consent(verifying: Verifying) -> None:
    begun = await verifying.begin(consents=[consent("p3", given_by="guardian")], persons=["p3"])
    assert begun["queries"][0]["state"] == "queued"


async def test_nobody_is_asked_about_who_is_not_identified(verifying: Verifying) -> None:
    body = example() | {"identities": PEOPLE[:1], "purpose": "application", "consents": [consent("p2")]}
    assert await verifying.faults("POST", PATH, body) == {("/consents/0/person", "identity_needed")}


async def test_an_obligor_consents_for_itself(verifying: Verifying) -> None:
    household = example()["household"] | {
        "obligors": [{"id": "o1", "of": ["p1"], "relation": "father", "birth_date": "1955-03-02"}]
    }
    people = [*PEOPLE[:2], {"person": "o1", "name": "张老三", "id_number": checked("43050319550302002")}]
    consents = [consent("p1", "tax"), consent("p2", "tax")]
    begun = await verifying.begin(
        "tax", consents=consents, persons=["p1", "o1"], household=household, identities=people
    )
    states = {query["person"]: query["state"] for query in begun["queries"]}
    assert states == {"p1": "queued", "o1": "waiting_consent"}


# whom to ask what


async def test_by_itself_it_asks_what_can_change_the_answer(verifying: Verifying) -> None:
    begun = await verifying.begin(persons=None, sources=None, consents=[])
    sources = {(query["person"], query["source"]) for query in begun["queries"]}
    assert {("p1", "tax"), ("p2", "vehicles")} <= sources
    provenance = {"/household/assets": {"source": "verified"}}
    begun = await verifying.begin(persons=None, sources=None, consents=[], provenance=provenance)
    assert all(query["source"] != "vehicles" for query in begun["queries"])


async def test_a_decision_on_record_is_verified_by_its_own_facts(verifying: Verifying) -> None:
    made = await verifying.propose(proposal(identities=PEOPLE))
    body = {"decision": made["id"], "purpose": "review", "consents": [consent("p2", purpose="review")]}
    begun = await verifying.post(PATH, body, 202)
    assert begun["decision"] == made["id"]
    assert [one["ref"] for one in begun["persons"]] == [one["ref"] for one in made["identities"]]
    await verifying.works()
    assert verifying.platform.submitted[0].persons[0].name == "李四光"


async def test_a_decision_or_a_household_and_not_both(verifying: Verifying) -> None:
    made = await verifying.propose(proposal(identities=PEOPLE))
    both = example() | {"decision": made["id"], "purpose": "review"}
    assert await verifying.faults("POST", PATH, both) == {("/decision", "one_needed")}
    unknown = {"decision": "no-id", "purpose": "review"}
    await verifying.refused(404, "unknown_decision", "POST", PATH, unknown)


async def test_every_fault_of_both_parts_is_told(verifying: Verifying) -> None:
    body = example() | {"purpose": "gossip", "colour": "red", "household": {"members": []}}
    faults = await verifying.faults("POST", PATH, body)
    assert {("/purpose", "not_allowed"), ("/colour", "unknown_field"), ("/household/residence", "required")} <= faults


async def test_the_same_key_begins_one(verifying: Verifying) -> None:
    body = example() | {"identities": PEOPLE, "purpose": "application", "consents": [consent("p1", "tax")]}
    first, again = [await verifying.post(PATH, body, 202, key="k") for _ in range(2)]
    assert first == again
    await verifying.refused(409, "key_reused", "POST", PATH, body | {"purpose": "review", "consents": []}, key="k")
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


async def test_a_key_of_other_areas_is_another_and_a_null_is_not(verifying: Verifying) -> None:
    body = example() | {"identities": PEOPLE, "purpose": "application", "consents": [consent("p1", "tax")]}
    first = await verifying.post(PATH, body, 202, key="k")
    assert await verifying.post(PATH, body | {"programmes": None, "sources": None}, 202, key="k") == first
    of_the_city = replace(OFFICER, areas=("9999",))
    assert (await verifying.post(PATH, body, 202, key="k", caller=of_the_city))["id"] != first["id"]
    colleague = replace(OFFICER, subject="a-colleague")
    await verifying.refused(409, "key_reused", "POST", PATH, body, key="k", caller=colleague)


async def test_a_key_that_was_stored_without_its_areas_is_still_known(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = example() | {"identities": PEOPLE, "purpose": "application", "consents": [consent("p1", "tax")]}
    with monkeypatch.context() as before:
        before.setattr(service, "scoped", lambda origin, caller, key: key)
        first = await verifying.post(PATH, body, 202, key="k")
    assert await verifying.post(PATH, body, 202, key="k") == first
    await verifying.refused(409, "key_reused", "POST", PATH, body | {"purpose": "review", "consents": []}, key="k")
    colleague = replace(OFFICER, subject="a-colleague")
    assert (await verifying.post(PATH, body, 202, key="k", caller=colleague))["id"] != first["id"]


# the outbox


async def test_a_question_is_sent_and_its_answers_fetched(verifying: Verifying) -> None:
    id_ = await asked(verifying)
    assert await verifying.state(id_) == "sent"
    (query,) = verifying.platform.submitted
    verifying.platform.says = [answer(query, "vehicles", status="no_record")]
    verifying.clock.passes(seconds=10)
    await verifying.works()
    assert await verifying.state(id_) == "no_record"
    verifying.clock.passes(days=2)
    await verifying.works()
    assert verifying.platform.polled == 1


async def test_a_platform_that_is_down_is_asked_again_and_the_service_says_what_waits(verifying: Verifying) -> None:
    verifying.platform.fails = [PlatformUnavailable() for _ in range(3)]
    id_ = await asked(verifying)
    (query,) = (await verifying.read(id_))["queries"]
    assert (query["state"], query["problem"]) == ("queued", "platform_unavailable")
    assert (await verifying.call("POST", "/v1/assessments", example())).status_code == 200
    for _ in range(4):
        verifying.clock.passes(hours=1)
        await verifying.works()
    assert await verifying.state(id_) == "sent"
    assert len({one.id for one in verifying.platform.submitted}) == 1


async def test_between_attempts_it_waits_longer_each_time(verifying: Verifying) -> None:
    verifying.platform.fails = [PlatformUnavailable() for _ in range(10)]
    await asked(verifying)
    for _ in range(60):
        verifying.clock.passes(seconds=1)
        await verifying.works()
    assert 2 <= len(verifying.platform.submitted) <= 5


async def test_attempts_have_a_limit(verifying: Verifying) -> None:
    verifying.platform.fails = [PlatformUnavailable() for _ in range(200)]
    id_ = await asked(verifying)
    for _ in range(120):
        verifying.clock.passes(hours=1)
        verifying.clock.at = min(verifying.clock.at, NOW + dt.timedelta(days=30))
        await verifying.works()
    assert await verifying.state(id_) == "error"
    assert len(verifying.platform.submitted) == 100


@pytest.mark.parametrize(
    ("failure", "problem"), [(PlatformRefused(), "platform_refused"), (NoPlatform(), "no_platform")]
)
async def test_a_refusal_is_not_tried_again(verifying: Verifying, failure: Exception, problem: str) -> None:
    verifying.platform.fails = [failure]
    id_ = await asked(verifying)
    verifying.clock.passes(hours=2)
    await verifying.works()
    (query,) = (await verifying.read(id_))["queries"]
    assert (query["state"], query["problem"], len(verifying.platform.submitted)) == ("error", problem, 1)


async def test_what_nobody_foresaw_is_tried_again_later_and_said(verifying: Verifying) -> None:
    verifying.platform.fails = [RuntimeError()]
    id_ = await asked(verifying)
    (query,) = (await verifying.read(id_))["queries"]
    assert (query["state"], query["problem"]) == ("queued", "internal")
    verifying.clock.passes(minutes=1)
    await verifying.works()
    assert await verifying.state(id_) == "sent"


async def test_an_answer_that_never_comes_times_out_and_may_still_come(verifying: Verifying) -> None:
    id_ = await asked(verifying)
    verifying.clock.passes(days=31)
    await verifying.works()
    assert await verifying.state(id_) == "timed_out"
    (query,) = verifying.platform.submitted
    late = answer(query, "vehicles", item("vehicles", 1))
    assert (await verifying.told(id_, *signed(late, verifying.clock()))).status_code == 200
    assert await verifying.state(id_) == "answered"


async def test_no_question_is_seen_to_have_ended_without_the_report_that_ended_it(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes while somebody reads: after the reports were read."""
    id_ = await asked(verifying)
    (query,) = verifying.platform.submitted
    verifying.platform.says = [answer(query, "vehicles", status="no_record")]
    verifying.clock.passes(seconds=10)
    read = exchange.reports

    async def answered_meanwhile(connection: AsyncConnection, verification: UUID) -> list[ReportRow]:
        found = await read(connection, verification)
        monkeypatch.setattr(exchange, "reports", read)
        await verifying.works()
        return found

    monkeypatch.setattr(exchange, "reports", answered_meanwhile)
    assert [await verifying.state(id_), await verifying.state(id_)] == ["sent", "no_record"]


async def test_malformed_answers_stop_no_other(verifying: Verifying) -> None:
    id_ = await asked(verifying, "vehicles", "tax")
    (query,) = verifying.platform.submitted
    verifying.platform.says, verifying.platform.malformed = [answer(query, "vehicles", status="no_record")], 1
    verifying.clock.passes(seconds=10)
    await verifying.works()
    states = {one["source"]: (one["state"], one["problem"]) for one in (await verifying.read(id_))["queries"]}
    assert states == {"vehicles": ("no_record", None), "tax": ("sent", "malformed")}


async def test_a_platform_that_says_twice_that_there_is_no_more_leaves_no_question_open(verifying: Verifying) -> None:
    id_ = await asked(verifying)
    verifying.platform.complete = True
    seen = []
    for _ in range(2):
        verifying.clock.passes(seconds=10)
        await verifying.works()
        (query,) = (await verifying.read(id_))["queries"]
        seen.append((query["state"], query["problem"]))
    assert seen == [("sent", "left_out"), ("error", "left_out")]


async def test_a_report_on_its_way_while_the_platform_says_there_is_no_more_is_waited_for(verifying: Verifying) -> None:
    id_ = await asked(verifying)
    (query,) = verifying.platform.submitted
    verifying.platform.complete = True
    verifying.clock.passes(seconds=10)
    await verifying.works()
    assert (
        await verifying.told(id_, *signed(answer(query, "vehicles", status="no_record"), verifying.clock.at))
    ).is_success
    verifying.clock.passes(seconds=10)
    await verifying.works()
    assert await verifying.state(id_) == "no_record"


async def test_who_died_at_its_work_leaves_it_to_others(verifying: Verifying) -> None:
    """A process takes a question and is gone: nobody has it until its lease ends, and then it is one question."""
    await verifying.begin()

    async def dies(_: Any) -> Any:
        raise asyncio.CancelledError

    working, verifying.platform.submit = verifying.platform.submit, dies  # type: ignore[method-assign,assignment]
    with pytest.raises(asyncio.CancelledError):
        await verifying.storage.outbox.work_once()
    verifying.platform.submit = working  # type: ignore[method-assign]
    assert not await verifying.storage.outbox.work_once()
    verifying.clock.passes(minutes=3)
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


async def test_many_at_once_send_a_question_once(verifying: Verifying) -> None:
    await verifying.begin()
    await asyncio.gather(*(verifying.storage.outbox.work_once() for _ in range(6)))
    assert len(verifying.platform.submitted) == 1


# reports


# batches


GATHERED: Final = HandingOver(most=3, gathered_for=dt.timedelta(hours=1))


async def several(verifying: Verifying, persons: list[str]) -> Json:
    """A verification with a question about each of some persons."""
    given = [consent(person, given_by="guardian" if person == "p3" else "self") for person in persons]
    return await verifying.begin(consents=given, persons=persons)


async def test_what_waits_for_a_platform_that_takes_batches_goes_in_one_once_it_was_gathered(
    verifying: Verifying,
) -> None:
    verifying.platform.handing_over = GATHERED
    first = await several(verifying, ["p1", "p2"])
    await verifying.works()
    assert verifying.platform.batches == []
    assert set((await verifying.read(first["id"]))["waiting"]) == {"queued"}
    verifying.clock.passes(minutes=50)
    second = await several(verifying, ["p3"])
    verifying.clock.passes(minutes=10)
    await verifying.works()
    assert verifying.platform.batches == [["p1", "p2", "p3"]]
    for id_ in (first["id"], second["id"]):
        queries = (await verifying.read(id_))["queries"]
        assert {(query["state"], query["attempts"]) for query in queries} == {("sent", 0)}


async def test_a_batch_is_no_larger_than_the_platform_takes(verifying: Verifying) -> None:
    verifying.platform.handing_over = HandingOver(most=2)
    await several(verifying, ["p1", "p2", "p3"])
    await verifying.works()
    assert [len(batch) for batch in verifying.platform.batches] == [2, 1]


async def test_one_that_the_platform_does_not_take_keeps_back_no_other_of_its_batch(verifying: Verifying) -> None:
    verifying.platform.handing_over = HandingOver(most=9)
    verifying.platform.refuses = frozenset({"p2"})
    begun = await several(verifying, ["p1", "p2", "p3"])
    await verifying.works()
    states = {one["person"]: (one["state"], one["problem"]) for one in (await verifying.read(begun["id"]))["queries"]}
    assert states == {"p1": ("sent", None), "p2": ("error", "platform_refused"), "p3": ("sent", None)}


async def test_a_batch_that_could_not_be_handed_over_is_tried_again_whole(verifying: Verifying) -> None:
    verifying.platform.handing_over = HandingOver(most=9)
    verifying.platform.fails = [PlatformUnavailable()]
    begun = await several(verifying, ["p1", "p2"])
    await verifying.works()
    waiting = {
        (one["state"], one["problem"], one["attempts"]) for one in (await verifying.read(begun["id"]))["queries"]
    }
    assert waiting == {("queued", "platform_unavailable", 1)}
    verifying.clock.passes(seconds=10)
    await verifying.works()
    assert (await verifying.read(begun["id"]))["waiting"] == {"sent": 2}


async def test_in_a_batch_nobody_is_asked_about_who_is_erased_or_whose_consent_ended(verifying: Verifying) -> None:
    verifying.platform.handing_over = GATHERED
    begun = await several(verifying, ["p1", "p2"])
    ref = next(one["ref"] for one in begun["persons"] if one["person"] == "p2")
    await verifying.post(f"/v1/persons/{ref}/erasures", {"reason": "purpose_achieved"}, 200)
    await verifying.begin(consents=[consent("p3", until="2026-11-20", given_by="guardian")], persons=["p3"])
    verifying.clock.passes(days=1)
    await verifying.works()
    assert verifying.platform.batches == [["p1"]]


async def test_a_report_is_applied_once_however_often_it_comes(verifying: Verifying) -> None:
    id_ = await asked(verifying)
    (query,) = verifying.platform.submitted
    report = answer(query, "vehicles", item("vehicles", 1))
    body, headers = signed(report, verifying.clock())
    said = await asyncio.gather(*(verifying.told(id_, body, headers) for _ in range(5)))
    assert [one.status_code for one in said] == [200] * 5
    assert sorted(one.json()["applied"] for one in said) == ["applied", *["repeated"] * 4]
    verifying.platform.says = [report]
    verifying.clock.passes(seconds=10)
    await verifying.works()
    assert len((await verifying.read(id_))["findings"]) == 1


async def test_forged_stale_foreign_and_contradicting_reports_are_refused(verifying: Verifying) -> None:
    id_, other = await asked(verifying), await asked(verifying)
    mine, theirs = verifying.platform.submitted
    report, now = answer(mine, "vehicles", item("vehicles", 1)), verifying.clock()
    body, headers = signed(report, now)

    async def refused(status: int, code: str, id_: str, body: bytes, headers: dict[str, str]) -> None:
        before = await verifying.rows()
        said = await verifying.told(id_, body, headers)
        assert (said.status_code, said.json()["code"]) == (status, code)
        assert await verifying.rows() == before

    await refused(401, "report_forged", id_, body, signed(report, now, b"z" * 32)[1])
    await refused(401, "report_forged", id_, body + b" ", headers)
    await refused(401, "report_forged", id_, body, {})
    await refused(410, "report_stale", id_, body, signed(report, now - dt.timedelta(minutes=6))[1])
    await refused(404, "report_elsewhere", other, body, headers)
    await refused(404, "report_elsewhere", id_, *signed(answer(theirs, "vehicles", item("vehicles", 1)), now))
    await refused(404, "report_elsewhere", id_, *signed(answer(mine, "tax", status="no_record"), now))
    await refused(404, "report_elsewhere", "01a1f6ae-9900-780f-8b3c-5369bc707be7", body, headers)
    await refused(422, "faulty_request", id_, *signed(report, now, status="perhaps"))
    assert (await verifying.told(id_, body, headers)).status_code == 200
    await refused(409, "report_contradicts", id_, *signed(answer(mine, "vehicles", item("vehicles", 2)), now))


async def test_a_report_before_the_receipt_ends_the_question(verifying: Verifying) -> None:
    id_ = (await verifying.begin())["id"]
    working = verifying.platform.submit

    async def quick(query: Any) -> Any:
        receipt = await working(query)
        report = answer(query, "vehicles", status="no_record")
        assert (await verifying.told(id_, *signed(report, verifying.clock()))).status_code == 200
        return receipt

    verifying.platform.submit = quick  # type: ignore[method-assign]
    await verifying.works()
    assert await verifying.state(id_) == "no_record"
    verifying.clock.passes(hours=2)
    await verifying.works()
    assert verifying.platform.polled == 0


async def test_a_part_comes_before_the_whole(verifying: Verifying) -> None:
    id_ = await asked(verifying, "banks")
    (query,) = verifying.platform.submitted
    part = answer(query, "banks", item("financial_assets", 100), status="partial", id_="part")
    await verifying.told(id_, *signed(part, verifying.clock()))
    assert await verifying.state(id_) == "partial"
    whole = answer(query, "banks", item("financial_assets", 100), item("financial_assets", 200), id_="whole")
    await verifying.told(id_, *signed(whole, verifying.clock()))
    found = await verifying.read(id_)
    assert [query["state"] for query in found["queries"]] == ["answered"]
    assert [(one["n"], one["found"]) for one in found["findings"]] == [(2, "3.00")]


# findings and resolutions


async def with_car(verifying: Verifying) -> str:
    """A verification with a weak match of a car by name."""
    id_ = await asked(verifying)
    (query,) = verifying.platform.submitted
    await verifying.told(id_, *signed(answer(query, "vehicles", item("vehicles", 1, WEAK)), verifying.clock()))
    return id_


async def test_a_weak_match_with_a_car_is_a_question_and_nothing_more(verifying: Verifying) -> None:
    found = await verifying.read(await with_car(verifying))
    (finding,) = found["findings"]
    assert (finding["kind"], finding["match"], finding["state"]) == ("undeclared", "weak", "open")
    assert (finding["declared"], finding["found"], finding["would_be"]) == (0, 1, {CAR: 1})
    assert (finding["effect"]["programme"], finding["effect"]["status_now"]) == ("dibao", "eligible")
    assert finding["effect"]["status"] != "eligible"
    assert found["settled"]["household"] == example()["household"]
    assert found["settled"]["provenance"] == {}


async def resolve(verifying: Verifying, id_: str, n: int = 1, **body: Any) -> Json:
    return await verifying.post(f"{PATH}/{id_}/findings/{n}/resolution", {"reason": "已核实"} | body, 200)


async def test_accepted_it_becomes_a_settled_fact_and_a_decision_rests_on_it(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    found = await resolve(verifying, id_, action="accept_found", evidence="行驶证")
    assert found["findings"][0]["state"] == "resolved"
    assert found["findings"][0]["resolution"]["by"] == OFFICER.subject
    assert found["settled"]["household"]["assets"]["vehicles"] == 1
    source = {"source": "settled", "by": OFFICER.subject, "on": "2026-11-20", "evidence": "行驶证"}
    assert found["settled"]["provenance"] == {CAR: source}
    made = await verifying.propose(found["settled"])
    assert made["assessment"]["results"][0]["status"] != "eligible"


async def test_dismissed_nothing_changes(verifying: Verifying) -> None:
    found = await resolve(verifying, await with_car(verifying), action="dismiss")
    assert found["settled"]["household"] == example()["household"]
    assert found["findings"][0]["state"] == "resolved"


async def test_what_was_declared_is_settled_by_whoever_accepts_it(verifying: Verifying) -> None:
    found = await resolve(verifying, await with_car(verifying), action="accept_declared")
    assert found["settled"]["household"]["assets"]["vehicles"] == 0
    assert found["settled"]["provenance"][CAR]["source"] == "settled"


async def test_a_value_is_set_and_the_last_resolution_counts(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    await resolve(verifying, id_, action="set_value", value=2)
    found = await resolve(verifying, id_, action="set_value", value=3)
    assert found["settled"]["household"]["assets"]["vehicles"] == 3
    assert (await verifying.rows())["verification_resolution"] == 2


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"action": "set_value", "value": "many"}, ("/value", "wrong_type")),
        ({"action": "set_value"}, ("/value", "required")),
        ({"action": "dismiss", "value": 1}, ("/value", "not_allowed")),
        ({"action": "burn"}, ("/action", "not_allowed")),
        ({"action": "dismiss", "reason": "不是李四光"}, ("/reason", "personal_data")),
        ({"action": "dismiss", "evidence": ADULT}, ("/evidence", "personal_data")),
    ],
)
async def test_faulty_resolutions(verifying: Verifying, body: Json, fault: tuple[str, str]) -> None:
    id_ = await with_car(verifying)
    sent = {"reason": "已核实"} | body
    assert fault in await verifying.faults("POST", f"{PATH}/{id_}/findings/1/resolution", sent)


async def test_what_cannot_be_taken_over_needs_a_value(verifying: Verifying) -> None:
    id_ = await asked(verifying, "business", "deaths")
    (query,) = verifying.platform.submitted
    for report in (
        answer(query, "business", item("trade", True)),
        answer(query, "deaths", item("death", dt.date(2026, 11, 1))),
    ):
        await verifying.told(id_, *signed(report, verifying.clock()))
    path = f"{PATH}/{id_}/findings"
    sent = {"action": "accept_found", "reason": "已核实"}
    assert await verifying.faults("POST", f"{path}/1/resolution", sent) == {("/action", "value_needed")}
    assert await verifying.faults("POST", f"{path}/2/resolution", sent) == {("/action", "nothing_to_settle")}
    found = await resolve(verifying, id_, action="set_value", value="1200.50")
    assert found["settled"]["household"]["members"][1]["income"]["business"] == "1200.50"
    assert found["findings"][0]["source"] == "deaths"


@pytest.mark.parametrize(
    ("sent", "wage"),
    [({"action": "set_value", "value": "6000.00"}, "6000.00"), ({"action": "accept_declared"}, "9600.00")],
)
async def test_a_figure_that_a_person_sets_is_over_the_households_own_months(
    verifying: Verifying, sent: Json, wage: str
) -> None:
    """Before, what the register found over a year was accepted; the household states six months."""
    id_ = (await verifying.begin("tax", consents=[consent("p1", "tax")], persons=["p1"]))["id"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    year = Period(first="2025-08", last="2026-07")
    report = answer(query, "tax", item("wage", 900000, period=HALF_YEAR), item("wage", 2400000, period=year))
    await verifying.told(id_, *signed(report, verifying.clock()))
    path = f"{PATH}/{id_}/findings"
    await verifying.post(f"{path}/2/resolution", {"action": "accept_found", "reason": "已核实"}, 200)
    found = await verifying.post(f"{path}/1/resolution", {"reason": "已核实"} | sent, 200)
    member = found["settled"]["household"]["members"][0]
    assert (member["income"]["wage"], member["income_periods"], member["income_months"]) == (wage, {"wage": 6}, 6)


async def test_there_must_be_such_a_finding(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    for n in ("2", "0", "x", "99999999999"):
        path = f"{PATH}/{id_}/findings/{n}/resolution"
        await verifying.refused(404, "unknown_finding", "POST", path, {"action": "dismiss", "reason": "已核实"})


async def test_what_a_register_confirms_is_verified(verifying: Verifying) -> None:
    id_ = (await verifying.begin("tax", consents=[consent("p1", "tax")], persons=["p1"]))["id"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    report = answer(query, "tax", item("wage", 960000, period=HALF_YEAR))
    await verifying.told(id_, *signed(report, verifying.clock()))
    found = await verifying.read(id_)
    assert found["settled"]["provenance"]["/household/members/0/income/wage"]["source"] == "verified"
    assert (await verifying.propose(found["settled"]))["state"] == "proposed"


# who may see what, and what goes with an erasure


async def test_in_another_area_there_is_none(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    stranger = Caller("stranger", OFFICER.roles, ("4305",))
    await verifying.refused(404, "unknown_verification", "GET", f"{PATH}/{id_}", caller=stranger)
    path, body = f"{PATH}/{id_}/findings/1/resolution", {"action": "dismiss", "reason": "已核实"}
    await verifying.refused(404, "unknown_verification", "POST", path, body, caller=stranger)
    more = {"consents": [consent("p2")]}
    await verifying.refused(404, "unknown_verification", "POST", f"{PATH}/{id_}/consents", more, caller=stranger)
    begins = example() | {"purpose": "application"}
    await verifying.refused(403, "outside_area", "POST", PATH, begins, caller=stranger)


async def test_reading_is_written_down(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    ref = (await verifying.read(id_))["persons"][1]["ref"]
    log = await verifying.get(f"/v1/access-log?person={ref}")
    assert "verifications.read" in [entry["action"] for entry in log["items"]]


async def test_an_erased_person_is_gone_from_a_verification_too(verifying: Verifying) -> None:
    id_ = await with_car(verifying)
    await resolve(verifying, id_, action="accept_found")
    ref = (await verifying.read(id_))["persons"][1]["ref"]
    await verifying.post(f"/v1/persons/{ref}/erasures", {"reason": "purpose_achieved"}, 200)
    found = await verifying.read(id_)
    assert found["findings"] == []
    assert found["persons"][1]["erased"]
    assert found["settled"]["household"] == example()["household"]
    (query,) = verifying.platform.submitted
    more = answer(query, "vehicles", item("vehicles", 1), id_="r2")
    said = await verifying.told(id_, *signed(more, verifying.clock()))
    assert said.json()["code"] == "report_elsewhere"


async def test_of_an_erased_person_nothing_is_asked(verifying: Verifying) -> None:
    begun = await verifying.begin()
    await verifying.post(f"/v1/persons/{begun['persons'][1]['ref']}/erasures", {"reason": "unlawful"}, 200)
    await verifying.works()
    assert verifying.platform.submitted == []
    assert await verifying.state(begun["id"]) == "error"


async def test_neither_names_nor_findings_stand_openly_in_any_table(verifying: Verifying) -> None:
    id_ = await asked(verifying, "banks")
    (query,) = verifying.platform.submitted
    report = answer(query, "banks", item("financial_assets", 9876543))
    await verifying.told(id_, *signed(report, verifying.clock()))
    await resolve(verifying, id_, action="set_value", value="98765.40", reason="存折核实过的理由")
    rows: list[bytes] = []
    async with verifying.storage.database.connect() as connection:
        for table in (
            "verification",
            "consent",
            "verification_query",
            "verification_report",
            "verification_resolution",
        ):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                rows += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    assert found_in(b"\n".join(rows), ["李四光", OTHER, "98765.43", "98765.40", "存折核实过的理由"]) == []


async def test_who_is_only_verified_is_found_in_the_place_and_can_be_erased(verifying: Verifying) -> None:
    await verifying.begin()
    elsewhere = Caller("elsewhere", frozenset({"caseworker"}), ("4305",))
    asked = {"id_number": OTHER, "name": "李四光"}
    assert (await verifying.post("/v1/persons/searches", asked, 200, caller=elsewhere))["items"] == []
    (found,) = (await verifying.post("/v1/persons/searches", asked, 200))["items"]
    await verifying.post(f"/v1/persons/{found['ref']}/erasures", {"reason": "purpose_achieved"}, 200)
    assert (await verifying.post("/v1/persons/searches", asked, 200))["items"] == []


async def test_beginning_and_consenting_are_written_down(verifying: Verifying) -> None:
    id_ = await verifying.decide(proposal(identities=PEOPLE))
    begun = await verifying.post(PATH, {"decision": id_, "purpose": "review", "persons": ["p2"]}, 202)
    await verifying.post(f"{PATH}/{begun['id']}/consents", {"consents": [consent("p2", purpose="review")]}, 202)
    entries = (await verifying.get("/v1/access-log"))["items"]
    assert [one["decisions"] for one in entries if one["action"] == "verifications.run"] == [[id_], [id_]]
