"""Proposing and reading decisions: what is recorded, once, and what a request must be like."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.decisions.proofs.merkle import leaf_hash
from app.rules.values.strict_json import Json
from tests.support.callers import OFFICER
from tests.support.client import assert_problem, example
from tests.support.service import DECISIONS, ORIGIN, Service, by_programme, proposal

pytestmark = pytest.mark.anyio

NOWHERE = "01a1f6ae-9900-780f-8b3c-5369bc707be7"  # of the right form, but nobody's
BEYOND = "ffffffff-ffff-7fff-bfff-ffffffffffff"  # of a time that no calendar has
ODD_IDS = ("1", "x" * 300, "00000000-0000-0000-0000-000000000000", f"{{{NOWHERE}}}", NOWHERE.replace("-", ""), "%00")


# proposing


async def test_a_proposal_answers_with_the_assessment_and_its_place_in_the_log(service: Service) -> None:
    answer = await service.propose()
    assert answer["state"] == "proposed"
    assert by_programme(answer["assessment"]["results"])["dibao", None]["amount"]["value"] == "2374.00"
    assert (answer["case"], answer["household_ref"], answer["by"]) == ("C-17", "H-42", "officer-7")
    assert (answer["log"]["origin"], answer["log"]["index"]) == (ORIGIN, 0)
    digest = bytes.fromhex(answer["digest"].removeprefix("sha256:"))
    assert answer["log"]["leaf"] == f"sha256:{leaf_hash(digest).hex()}"


async def test_a_proposal_assesses_as_an_assessment_does(service: Service) -> None:
    stored = (await service.propose(example()))["assessment"]
    assert stored == (await service.post("/v1/assessments", example(), 200))


async def test_a_proposal_with_nothing_but_a_household_is_recorded(service: Service) -> None:
    answer = await service.propose(example())
    assert (answer["kind"], answer["case"], answer["accepted_on"]) == ("initial", None, None)
    assert {clock["due"] for clock in answer["clocks"]} == {None}


async def test_the_clocks_run_from_the_day_of_acceptance_over_working_days(service: Service) -> None:
    """Twenty working days from Monday, 2026-08-10, none of them a holiday: Monday, 2026-09-07."""
    clocks = by_programme((await service.propose())["clocks"])
    assert clocks["dibao", None] == {
        "programme": "dibao",
        "person": None,
        "deadline": {"value": 20, "unit": "working_days"},
        "due": "2026-09-07",
    }


async def test_a_decision_is_read_as_it_was_proposed(service: Service) -> None:
    answer = await service.propose()
    page = await service.get(f"{DECISIONS}/{answer['id']}")
    for one in page["identities"]:
        assert one.pop("erased_on") is None
    assert {name: page[name] for name in answer} == answer
    assert page["facts"]["household"] == example()["household"]
    assert page["provenance"] == proposal()["provenance"]
    assert [entry["kind"] for entry in page["history"]] == ["decision"]
    assert (page["outcomes"], page["superseded_by"], page["followed_by"]) == (None, None, [])


async def test_the_record_holds_no_word_in_any_language(service: Service) -> None:
    page = await service.get(f"{DECISIONS}/{(await service.propose())['id']}")
    assert str(page["results"]).isascii()


@pytest.mark.parametrize("explain", ["none", "reasons", "full"])
async def test_how_much_is_explained_changes_no_digest(service: Service, explain: str) -> None:
    answer = await service.propose(example() | {"options": {"explain": explain}})
    same = await service.post(f"{DECISIONS}/{answer['id']}/replay", {"against": "record"}, 200)
    assert same["same"] is True
    plain = await service.propose(example())
    pages = [await service.get(f"{DECISIONS}/{id_}") for id_ in (answer["id"], plain["id"])]
    assert pages[0]["results"] == pages[1]["results"]
    assert ("rules" in answer["assessment"]) == (explain == "full")


async def test_the_language_changes_words_and_nothing_else(service: Service) -> None:
    key = "one"
    zh = await service.post(DECISIONS, proposal(), key=key, accept_language="zh")
    en = await service.post(DECISIONS, proposal(), key=key, accept_language="en")
    assert (zh["id"], zh["digest"]) == (en["id"], en["digest"])
    titles = [by_programme(answer["assessment"]["results"])["edge_family", None]["title"] for answer in (zh, en)]
    assert titles[0] != titles[1]
    pages = [await service.get(f"{DECISIONS}/{zh['id']}", accept_language=one) for one in ("zh", "en")]
    assert pages[1]["assessment"] == en["assessment"]
    without = [{name: value for name, value in page.items() if name != "assessment"} for page in pages]
    assert without[0] == without[1]


# the same twice


@pytest.mark.parametrize("explain", [None, "none", "full"])
async def test_the_same_key_and_body_answer_the_same_bytes_and_record_once(
    service: Service, explain: str | None
) -> None:
    body = proposal(options={"explain": explain})
    first = await service.call("POST", DECISIONS, body, key="one")
    rows = await service.rows()
    again = await service.call("POST", DECISIONS, body, key="one")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert await service.rows() == rows


async def test_null_and_absent_are_the_same_request(service: Service) -> None:
    first = await service.post(DECISIONS, proposal(), key="one")
    nulls: Json = {"programmes": None, "options": None, "household": proposal()["household"] | {"crisis": None}}
    assert await service.post(DECISIONS, proposal() | nulls, key="one") == first
    unknown = proposal()
    unknown["household"] = unknown["household"] | {"assets": {"financial": "8000.00", "vehicles": None, "dwellings": 1}}
    assert_problem(await service.call("POST", DECISIONS, unknown, key="one"), 409, "key_reused")


async def test_a_key_from_before_nulls_were_left_out_is_still_known(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = proposal(programmes=None)
    with monkeypatch.context() as before:
        before.setattr("app.security.request_fingerprints.without_idle_nulls", lambda sent, *_: sent)
        first = await service.post(DECISIONS, body, key="one")
    assert await service.post(DECISIONS, body, key="one") == first


async def test_a_key_is_one_among_those_of_the_same_areas(service: Service) -> None:
    first = await service.post(DECISIONS, proposal(), key="one")
    colleague = replace(OFFICER, subject="a-colleague")
    assert await service.post(DECISIONS, proposal(), key="one", caller=colleague) == first
    of_the_city = replace(OFFICER, areas=("9999",))
    assert (await service.post(DECISIONS, proposal(), key="one", caller=of_the_city))["id"] != first["id"]


async def test_the_same_key_and_body_sent_at_once_record_once(service: Service) -> None:
    answers = await asyncio.gather(*(service.call("POST", DECISIONS, proposal(), key="one") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert (await service.rows())["record"] == 1


async def test_the_first_answer_stays_the_answer_after_the_decision_went_on(service: Service) -> None:
    first = await service.post(DECISIONS, proposal(), key="one")
    await service.confirm(first["id"])
    assert await service.post(DECISIONS, proposal(), key="one") == first


async def test_the_same_key_with_another_body_is_a_conflict(service: Service) -> None:
    await service.post(DECISIONS, proposal(), key="one")
    await service.refused(409, "key_reused", "POST", DECISIONS, proposal(case="C-18"), key="one")


async def test_the_same_key_with_another_identity_is_a_conflict(service: Service) -> None:
    await service.post(DECISIONS, proposal(), key="one")
    other = [{"person": "p1", "name": "李某", "id_number": "33010619840302002X"}]
    await service.refused(409, "key_reused", "POST", DECISIONS, proposal(identities=other), key="one")


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("confirmations", {}),
        ("withdrawals", {"reason": "撤回"}),
        ("events", {"kind": "visit", "on": "2026-08-16"}),
        ("corrections", proposal(reason="有误")),
    ],
)
async def test_a_key_used_at_another_endpoint_is_a_conflict(service: Service, part: str, body: Json) -> None:
    id_ = (await service.post(DECISIONS, proposal(), key="one"))["id"]
    await service.refused(409, "key_reused", "POST", f"{DECISIONS}/{id_}/{part}", body, key="one")


async def test_a_key_used_about_another_decision_is_a_conflict(service: Service) -> None:
    one, other = (await service.propose())["id"], (await service.propose())["id"]
    body = {"reason": "撤回"}
    await service.post(f"{DECISIONS}/{one}/withdrawals", body, key="w")
    await service.refused(409, "key_reused", "POST", f"{DECISIONS}/{other}/withdrawals", body, key="w")


@pytest.mark.parametrize(
    ("part", "body"),
    [("confirmations", {}), ("withdrawals", {"reason": "撤回"}), ("events", {"kind": "visit", "on": "2026-08-16"})],
)
async def test_what_is_said_about_a_decision_with_a_key_is_recorded_once(
    service: Service, part: str, body: Json
) -> None:
    address = f"{DECISIONS}/{(await service.propose())['id']}/{part}"
    first = await service.call("POST", address, body, key="k")
    rows = await service.rows()
    assert (await service.call("POST", address, body, key="k")).content == first.content
    assert await service.rows() == rows


async def test_a_proposal_without_a_key_is_a_fault(service: Service) -> None:
    assert await service.faults("POST", DECISIONS, proposal()) == {("/header/idempotency-key", "required")}


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "a\x7f"])
async def test_an_odd_key_is_a_fault(service: Service, key: str) -> None:
    assert await service.faults("POST", DECISIONS, proposal(), key=key) == {("/header/idempotency-key", "wrong_form")}


@pytest.mark.parametrize("key", ["k", "x" * 200, "!~"])
async def test_any_printable_key_is_taken(service: Service, key: str) -> None:
    await service.post(DECISIONS, proposal(), key=key)


# faults


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": "first"}, ("/kind", "not_allowed")),
        ({"accepted_on": "2026-02-30"}, ("/accepted_on", "date_format")),
        ({"case": ""}, ("/case", "too_short")),
        ({"case": "C 17"}, ("/case", "wrong_form")),
        ({"case": "C\x00"}, ("/case", "wrong_form")),
        ({"household_ref": "x" * 65}, ("/household_ref", "too_long")),
        ({"by": 7}, ("/by", "wrong_type")),
        ({"reason": "for corrections alone"}, ("/reason", "unknown_field")),
        ({"date": "2013-01-01", "accepted_on": None}, ("/date", "before_any_law")),
        ({"jurisdiction": "9"}, ("/jurisdiction", "wrong_form")),
        ({"identities": [{"person": "p1", "name": "", "id_number": "1"}]}, ("/identities/0/id_number", "wrong_form")),
        ({"provenance": {"/household/residence": {"source": "guessed"}}}, ("/provenance", "not_allowed")),
    ],
)
async def test_a_faulty_proposal_is_refused(service: Service, changes: Json, fault: tuple[str, str]) -> None:
    assert fault in await service.faults("POST", DECISIONS, proposal(**changes), key="k")


async def test_the_faults_of_both_parts_are_listed_at_once(service: Service) -> None:
    body = proposal(kind="first", jurisdiction="9", case="")
    found = await service.faults("POST", DECISIONS, body, key="k")
    assert found == {("/kind", "not_allowed"), ("/jurisdiction", "wrong_form"), ("/case", "too_short")}


@pytest.mark.parametrize("body", [[], "text", None, 7])
async def test_a_body_that_is_no_object_is_a_fault(service: Service, body: Any) -> None:
    assert assert_problem(
        await service.call("POST", DECISIONS, body if body is not None else [], key="k"), 422, "faulty_request"
    )


async def test_a_place_without_rules_is_not_found(service: Service) -> None:
    await service.refused(404, "unknown_division", "POST", DECISIONS, proposal(jurisdiction="810000"), key="k")


async def test_a_body_that_is_not_json_is_refused(service: Service) -> None:
    response = await service.http.post(DECISIONS, content=b"{", headers={"idempotency-key": "k"})
    assert_problem(response, 400, "not_json")


@pytest.mark.parametrize(
    "pointer",
    [
        "/household/members/1/income/wage",
        "/household/members/7",
        "/household",
        "household/residence",
        "/case",
        "",
        "/household/members/-",
        "/household/members/p1",
        "/household/members/00",
        "/household/members/" + "9" * 5000,
        "/options",
        "/identities/0/name",
    ],
)
async def test_provenance_that_points_at_no_fact_is_a_fault(service: Service, pointer: str) -> None:
    body = proposal(provenance={pointer: {"source": "declared"}})
    assert await service.faults("POST", DECISIONS, body, key="k") == {("/provenance", "wrong_pointer")}


async def test_provenance_may_point_at_a_list_an_object_or_a_value(service: Service) -> None:
    pointers = ("/household/members/0", "/household/members", "/household/residence", "/household/members/0/income")
    body = proposal(provenance={key: {"source": "declared"} for key in pointers})
    assert (await service.get(f"{DECISIONS}/{(await service.propose(body))['id']}"))["provenance"].keys() == {*pointers}


SUPPLIED = {"options": {"parameters": {"dibao.standard": {"urban": "950.00"}}}}
SUPPLIED_AT = "/options/parameters/dibao.standard"


@pytest.mark.parametrize("provenance", [None, {}, {SUPPLIED_AT: {"source": "settled"}}])
async def test_a_supplied_figure_without_its_document_is_a_fault(service: Service, provenance: Json | None) -> None:
    body = proposal(**SUPPLIED, provenance=provenance)
    assert await service.faults("POST", DECISIONS, body, key="k") == {("/options/parameters", "document_needed")}


async def test_a_supplied_figure_with_its_document_is_recorded(service: Service) -> None:
    evidence = {"source": "settled", "evidence": "示例〔2026〕9号"}
    answer = await service.propose(proposal(**SUPPLIED, provenance={SUPPLIED_AT: evidence}))
    page = await service.get(f"{DECISIONS}/{answer['id']}")
    assert page["provenance"] == {SUPPLIED_AT: evidence}
    assert page["facts"]["options"] == SUPPLIED["options"]
    (note,) = by_programme(page["results"]["results"])["dibao", None]["assumptions"]
    assert note == {"kind": "supplied", "id": "dibao.standard"}


# what is not there


@pytest.mark.parametrize("id_", [NOWHERE, BEYOND, *ODD_IDS])
@pytest.mark.parametrize("part", ["", "/bundle"])
async def test_an_unknown_or_odd_decision_is_not_found(service: Service, id_: str, part: str) -> None:
    assert_problem(await service.call("GET", f"{DECISIONS}/{id_}{part}"), 404, "unknown_decision")


@pytest.mark.parametrize("id_", [NOWHERE, BEYOND, "1"])
@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("confirmations", {}),
        ("withdrawals", {"reason": "撤回"}),
        ("events", {"kind": "visit", "on": "2026-08-16"}),
        ("corrections", proposal(reason="有误")),
        ("successions", proposal(reason="变化")),
        ("replay", {}),
    ],
)
async def test_nothing_is_said_about_a_decision_that_is_not_there(
    service: Service, id_: str, part: str, body: Json
) -> None:
    await service.propose()  # the rules are stored already
    await service.refused(404, "unknown_decision", "POST", f"{DECISIONS}/{id_}/{part}", body)


async def test_the_id_of_an_event_is_no_decision(service: Service) -> None:
    id_ = (await service.propose())["id"]
    event = await service.post(f"{DECISIONS}/{id_}/events", {"kind": "visit", "on": "2026-08-16"})
    await service.refused(404, "unknown_decision", "GET", f"{DECISIONS}/{event['id']}")
    await service.refused(404, "unknown_decision", "GET", f"{DECISIONS}/{event['id']}/bundle")
