"""Persons through the API: found, opened, erased; what it shows before and after, to whom, and what is written down."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.rules.values.strict_json import Json
from app.security.callers import Caller
from tests.support.callers import OFFICER, bearer, caller
from tests.support.decisions.identities import ADULT, CHILD, OTHER, identity
from tests.support.service import DECISIONS, Service, must_be_documented, proposal
from tests.support.storage import as_owner

pytestmark = pytest.mark.anyio
SEARCHES = "/v1/persons/searches"
LOG = "/v1/access-log"
NAME = "欧阳娜"
GONE = {"reason": "purpose_achieved"}
UNKNOWN = "0" * 32


def naming(*people: Json, **changes: Any) -> Json:
    return proposal(identities=list(people or (identity("p1", ADULT, NAME),)), **changes)


async def ref_of(service: Service, body: Json | None = None) -> str:
    """The reference of the first person of a new decision."""
    ref: str = (await service.propose(body or naming()))["identities"][0]["ref"]
    return ref


async def opened(service: Service, id_: str, by: Caller = OFFICER, **headers: str) -> httpx.Response:
    """Names and numbers: the one answer that may show them."""
    path = f"{DECISIONS}/{id_}/identities"
    response = await service.http.get(path, headers=bearer(by) | headers)
    must_be_documented("GET", path, response)
    return response


async def found(service: Service, body: Json, by: Caller = OFFICER) -> list[str]:
    return [one["ref"] for one in (await service.post(SEARCHES, body, 200, caller=by))["items"]]


async def log_of(service: Service, query: str = "", area: str = "") -> list[Json]:
    items: list[Json] = (await service.get(f"{LOG}?{query}", caller=caller("auditor", area)))["items"]
    return items


# what does not open

SEALED = {
    "the sealed text": "UPDATE identity SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
    "nothing left of it": "UPDATE identity SET sealed = ''",
    "its key": "UPDATE identity_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)",
    "a master key that is not here": "UPDATE identity_key SET master = 'identities-00000000'",
}


@pytest.mark.parametrize("change", SEALED)
async def test_what_does_not_open_is_a_problem_with_a_name(service: Service, change: str) -> None:
    id_ = (await service.propose(naming()))["id"]
    await as_owner(service.storage.database, SEALED[change])
    for method, path, body in (
        ("GET", f"{DECISIONS}/{id_}/identities", None),
        ("POST", SEARCHES, {"id_number": ADULT}),
        ("POST", f"{DECISIONS}/{id_}/events", {"kind": "visit", "on": "2026-11-19", "note": "入户"}),
    ):
        await service.refused(409, "sealed_unreadable", method, path, body)


# searching


async def test_a_person_is_found_by_number_and_by_number_and_name(service: Service) -> None:
    ref = await ref_of(service)
    assert await found(service, {"id_number": ADULT}) == [ref]
    assert await found(service, {"id_number": ADULT.lower(), "name": NAME}) == [ref]
    assert await found(service, {"id_number": ADULT, "name": "别人"}) == []
    assert await found(service, {"id_number": OTHER}) == []


async def test_a_person_of_elsewhere_is_not_found(service: Service) -> None:
    ref = await ref_of(service)
    assert await found(service, {"id_number": ADULT}, caller(area="4305")) == []
    assert await found(service, {"id_number": ADULT}, caller(area="9999")) == [ref]


async def test_a_person_is_looked_for_with_a_number_that_can_be_one(service: Service) -> None:
    assert await service.faults("POST", SEARCHES, {"id_number": ADULT[:17] + "1"}) == {
        ("/id_number", "not_an_id_number")
    }
    assert await service.faults("POST", SEARCHES, {}) == {("/id_number", "required")}


async def test_looking_for_somebody_is_written_down_with_whom_it_found(service: Service) -> None:
    ref = await ref_of(service, naming(identity("p3", CHILD, NAME)))
    await service.post(SEARCHES, {"id_number": CHILD}, 200, caller=caller(), purpose="person_request")
    await service.post(SEARCHES, {"id_number": OTHER}, 200, caller=caller())
    entries = [(e["action"], e["purpose"], e["persons"], e["sensitive"]) for e in await log_of(service)]
    assert entries == [
        ("persons.search", "person_request", [ref], True),
        ("persons.search", "case_handling", [], False),
    ]


async def test_a_purpose_that_is_none_is_a_fault(service: Service) -> None:
    await ref_of(service)
    fault = {("/header/purpose", "not_allowed")}
    assert await service.faults("POST", SEARCHES, {"id_number": ADULT}, purpose=ADULT) == fault
    assert await service.faults("POST", SEARCHES, {"id_number": ADULT}, purpose="audit", caller=caller()) == fault


async def test_who_has_no_area_finds_nobody_and_that_is_written_down(service: Service) -> None:
    ref = await ref_of(service)
    nowhere = Caller("nowhere", frozenset({"caseworker", "auditor"}), ())
    assert await found(service, {"id_number": ADULT}, nowhere) == []
    asked = f"/v1/statuses?person={ref}&on=2026-11-20&purpose=case_handling"
    assert {one["holds"] for one in (await service.get(asked, caller=nowhere))["statuses"]} == {None}
    assert (await service.get(LOG, caller=nowhere))["items"] == []
    assert [one["subject"] for one in await log_of(service)] == ["nowhere", "nowhere"]


# names and numbers


async def test_who_handles_the_case_reads_names_and_numbers_and_that_is_written_down(service: Service) -> None:
    answer = await service.propose(naming())
    response = await opened(service, answer["id"], caller(), purpose="person_request")
    (one,) = response.json()["identities"]
    assert one == {
        "person": "p1",
        "ref": answer["identities"][0]["ref"],
        "sensitive": False,
        "name": NAME,
        "id_number": ADULT,
        "erased_on": None,
    }
    (entry,) = await log_of(service, f"decision={answer['id']}")
    assert (entry["subject"], entry["action"], entry["purpose"]) == (
        "caseworker-1",
        "identities.read",
        "person_request",
    )
    assert (entry["persons"], entry["jurisdiction"]) == ([one["ref"]], "999900")


async def test_names_of_another_place_are_not_there(service: Service) -> None:
    id_ = (await service.propose(naming()))["id"]
    assert (await opened(service, id_, caller(area="4305"))).status_code == 404
    assert await log_of(service) == []


@pytest.mark.parametrize("role", ["auditor", "publisher", "system"])
async def test_others_do_not_read_names(service: Service, role: Any) -> None:
    id_ = (await service.propose(naming()))["id"]
    assert (await opened(service, id_, caller(role))).status_code == 403


# erasing


async def test_an_erased_person_is_gone_from_every_decision_and_proofs_stay(service: Service) -> None:
    ids = [(await service.propose(naming()))["id"] for _ in range(3)]
    other = (await service.propose(naming(identity("p1", OTHER, NAME))))["id"]
    before = [await service.get(f"{DECISIONS}/{id_}/bundle") for id_ in ids]
    page = await service.get(f"{DECISIONS}/{ids[0]}")
    ref = page["identities"][0]["ref"]
    erased = await service.post(f"/v1/persons/{ref}/erasures", GONE, 200, caller=caller("reviewer"))
    assert (erased["person"], erased["by"], erased["reason"]) == (ref, "reviewer-1", "purpose_achieved")
    for id_, bundle in zip(ids, before, strict=True):
        (one,) = (await opened(service, id_)).json()["identities"]
        assert (one["name"], one["id_number"], one["ref"]) == (None, None, ref)
        assert one["erased_on"] == "2026-11-20"
        assert (await service.get(f"{DECISIONS}/{id_}"))["identities"][0]["erased_on"] == "2026-11-20"
        assert (await service.get(f"{DECISIONS}/{id_}/bundle"))["records"][0]["body"] == bundle["records"][0]["body"]
        replayed = await service.post(f"{DECISIONS}/{id_}/replay", {"against": "record"}, 200)
        assert replayed["same"] is True
    assert (await opened(service, other)).json()["identities"][0]["name"] == NAME
    assert await found(service, {"id_number": ADULT}) == []


async def test_a_person_is_erased_once_and_answered_the_same(service: Service) -> None:
    path = f"/v1/persons/{await ref_of(service)}/erasures"
    first = await service.post(path, GONE, 200)
    rows = await service.rows()
    assert await service.post(path, {"reason": "unlawful"}, 200) == first
    assert await service.rows() == rows


async def test_the_answer_to_a_proposal_stays_what_it_was_when_a_person_is_erased(service: Service) -> None:
    first = await service.call("POST", DECISIONS, naming(), key="k")
    await service.post(f"/v1/persons/{first.json()['identities'][0]['ref']}/erasures", GONE, 200)
    again = await service.call("POST", DECISIONS, naming(), key="k")
    assert again.content == first.content


async def test_who_comes_back_after_an_erasure_is_a_new_person(service: Service) -> None:
    ref = await ref_of(service)
    await service.post(f"/v1/persons/{ref}/erasures", GONE, 200)
    again = await ref_of(service)
    assert again != ref
    assert await found(service, {"id_number": ADULT}) == [again]


SUPPORTED = {"household_ref": "H-7"}


async def test_an_erasure_waits_while_monthly_support_stands(service: Service) -> None:
    """Whoever is in the household it is paid to, also through a decision that identifies nobody; until it is ended."""
    id_ = (await service.propose(naming(**SUPPORTED)))["id"]
    ref = (await service.get(f"{DECISIONS}/{id_}"))["identities"][0]["ref"]
    path = f"/v1/persons/{ref}/erasures"
    await service.confirm(id_)
    await service.refused(409, "support_stands", "POST", path, GONE)
    other = await service.propose(proposal(**SUPPORTED, identities=None))
    await service.post(f"{DECISIONS}/{other['id']}/events", {"kind": "hearing", "on": "2026-11-20"})
    await service.confirm_none(other, "terminated")
    service.days_pass(31)
    await service.post(path, GONE, 200)


async def test_who_is_only_proposed_to_be_supported_or_refused_is_erased(service: Service) -> None:
    await service.confirm_none(proposed := await service.propose(naming(**SUPPORTED)), "refused")
    await service.post(f"/v1/persons/{proposed['identities'][0]['ref']}/erasures", GONE, 200)


@pytest.mark.parametrize("ref", [UNKNOWN, "p1", ADULT, "x" * 32])
async def test_a_person_that_is_unknown_is_not_erased(service: Service, ref: str) -> None:
    await service.refused(404, "unknown_person_ref", "POST", f"/v1/persons/{ref}/erasures", GONE)


async def test_a_person_of_elsewhere_is_not_there_to_be_erased(service: Service) -> None:
    path = f"/v1/persons/{await ref_of(service)}/erasures"
    await service.refused(404, "unknown_person_ref", "POST", path, GONE, caller=caller("reviewer", "4305"))


async def test_a_person_who_is_on_record_elsewhere_too_is_erased_by_who_covers_both(service: Service) -> None:
    ref = await ref_of(service)
    assert await ref_of(service, naming(jurisdiction="430500", date="2026-07-15")) == ref
    path = f"/v1/persons/{ref}/erasures"
    await service.refused(409, "recorded_elsewhere", "POST", path, GONE, caller=caller("reviewer", "9999"))
    await service.post(path, GONE, 200, caller=caller("reviewer", ""))


@pytest.mark.parametrize("body", [{}, {"reason": NAME}, {"reason": "unlawful", "note": NAME}])
async def test_an_erasure_has_a_ground_and_no_words(service: Service, body: Json) -> None:
    assert await service.faults("POST", f"/v1/persons/{await ref_of(service)}/erasures", body)


async def test_a_caseworker_does_not_erase(service: Service) -> None:
    path = f"/v1/persons/{await ref_of(service)}/erasures"
    await service.refused(403, "forbidden", "POST", path, GONE, caller=caller())


# the access log


async def test_an_auditor_sees_only_its_own_areas_and_others_nothing(service: Service) -> None:
    id_ = (await service.propose(naming()))["id"]
    await opened(service, id_)
    assert len(await log_of(service, area="9999")) == 1
    assert await log_of(service, area="43") == []
    await service.refused(403, "forbidden", "GET", LOG, caller=caller("reviewer"))


async def test_pages_of_the_access_log_belong_to_their_query(service: Service) -> None:
    for _ in range(3):
        await service.post(SEARCHES, {"id_number": OTHER}, 200)
    auditor = caller("auditor", "")
    page = await service.get(f"{LOG}?size=2", caller=auditor)
    rest = await service.get(f"{LOG}?size=2&cursor={page['next']}", caller=auditor)
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert await service.faults("GET", f"{LOG}?subject=x&cursor={page['next']}", caller=auditor) == {
        ("/query/cursor", "foreign_cursor")
    }


async def test_the_access_log_may_be_asked_for_from_the_first_day_to_the_last(service: Service) -> None:
    await found(service, {"id_number": OTHER})
    everything = await log_of(service)
    assert everything
    assert await log_of(service, "from=0001-01-01&until=9999-12-31") == everything
    assert await log_of(service, "until=0001-01-01") == await log_of(service, "from=9999-12-31") == []


async def test_a_faulty_query_of_the_access_log_is_refused_whole(service: Service) -> None:
    assert await service.faults("GET", f"{LOG}?from=x&decision={ADULT}&person={ADULT}&subject=") == {
        ("/query/from", "wrong_form"),
        ("/query/decision", "wrong_form"),
        ("/query/person", "wrong_form"),
        ("/query/subject", "too_short"),
    }


# statuses


async def test_a_status_is_answered_with_the_least(service: Service) -> None:
    answer = await service.propose(naming())
    ref = answer["identities"][0]["ref"]
    await service.confirm(answer["id"])
    query = f"/v1/statuses?person={ref}&on=2026-11-20&purpose=employment_assistance"
    system = caller("system", "", "housing-office")
    assert await service.get(query, caller=system) == {
        "person": ref,
        "on": "2026-11-20",
        "purpose": "employment_assistance",
        "statuses": [
            {"programme": "dibao", "holds": True, "since": "2026-09"},
            {"programme": "single_person_dibao", "holds": False, "since": None},
            {"programme": "edge_family", "holds": False, "since": None},
            {"programme": "rigid_expenditure_family", "holds": False, "since": None},
        ],
    }
    (entry,) = await log_of(service, "subject=housing-office")
    assert (entry["action"], entry["purpose"], entry["persons"]) == ("statuses.read", "employment_assistance", [ref])


async def test_what_is_not_known_of_a_person_looks_like_a_person_that_is_not_known(service: Service) -> None:
    """Proposed only; of another place; erased; never seen."""
    ref, erased = await ref_of(service), await ref_of(service, naming(identity("p1", OTHER, NAME)))
    await service.post(f"/v1/persons/{erased}/erasures", GONE, 200)
    elsewhere = caller("system", "4305")
    said = []
    for person, by in ((ref, OFFICER), (ref, elsewhere), (erased, OFFICER), (UNKNOWN, OFFICER)):
        path = f"/v1/statuses?person={person}&on=2026-11-20&purpose=medical_assistance"
        said.append((await service.get(path, caller=by))["statuses"])
    assert [one == said[0] for one in said] == [True] * 4
    assert {status["holds"] for status in said[0]} == {None}


async def test_a_status_is_asked_for_a_purpose_a_person_and_a_day(service: Service) -> None:
    assert await service.faults("GET", "/v1/statuses") == {
        (f"/query/{name}", "required") for name in ("person", "on", "purpose")
    }
    asked = f"/v1/statuses?person={UNKNOWN}&on="
    for rest, fault in (
        ("2026-11-20&purpose=curiosity", ("/query/purpose", "not_allowed")),
        ("2026-11-20&purpose=audit", ("/query/purpose", "not_allowed")),
        ("2199-01-01&purpose=medical_assistance", ("/query/on", "in_the_future")),
        ("soon&purpose=medical_assistance", ("/query/on", "wrong_form")),
    ):
        assert await service.faults("GET", asked + rest) == {fault}
    path = f"/v1/statuses?person={ADULT}&on=2026-11-20&purpose=medical_assistance"
    assert await service.faults("GET", path) == {("/query/person", "wrong_form")}
