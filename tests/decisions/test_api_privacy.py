"""Names and ID numbers: taken, sealed, and never shown; not in an answer, not in the database, not in a log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.canonical_json import canonical_plain, digest_of
from app.db.tables import Idempotency, Identity
from app.rules.values.strict_json import Json
from tests.support.client import ID_NUMBER, NAME, traces
from tests.support.database.rows import all_tables
from tests.support.decisions.identities import CHILD, identity
from tests.support.service import DECISIONS, Service, identified, outcome, proposal

pytestmark = pytest.mark.anyio

OBLIGOR = {"id": "o1", "of": ["p1"], "relation": "father", "birth_date": "1955-03-02"}


async def everything_stored(service: Service) -> bytes:
    """Every value of every row, as bytes."""
    found = []
    async with service.storage.database.engine.connect() as connection:
        for table in all_tables():
            for row in await connection.execute(select(table)):
                found += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                ]
    return b"\n".join(found)


async def test_identities_are_in_no_answer_about_a_decision(service: Service) -> None:
    """Service.call looks at every answer; here every endpoint that shows something of a decision is asked."""
    id_ = (await service.propose())["id"]
    await service.confirm(id_)
    await service.follow(id_, "successions")
    await service.job({"against": "now"})
    for path in ("", "/bundle"):
        assert (await service.call("GET", f"{DECISIONS}/{id_}{path}")).status_code == 200
    for path in (DECISIONS, "/v1/samples", "/v1/households/H-42/timeline", "/v1/log/entries/0"):
        assert (await service.call("GET", path)).status_code == 200
    assert (await service.call("POST", f"{DECISIONS}/{id_}/replay", {"against": "now"})).status_code == 200


async def test_identities_are_nowhere_in_the_database_in_clear(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.confirm(id_)
    stored = await everything_stored(service)
    assert len(stored) > 100_000
    assert traces(stored.decode("utf-8", "replace")) == []
    assert (await service.rows())["identity"] == 1


async def test_no_digest_in_the_database_tells_who_it_is_about(service: Service) -> None:
    """Whoever guesses a name and a number and knows the facts could try a plain digest of the request."""
    body = proposal()
    await service.post(DECISIONS, body, key="k")
    async with service.storage.database.engine.connect() as connection:
        marks = {bytes(mark) for (mark,) in await connection.execute(select(col(Idempotency.request)))}
    assert digest_of(canonical_plain(["propose", body])) not in marks


async def test_the_service_can_open_what_it_sealed(service: Service) -> None:
    answer = await service.propose(proposal(identities=identified("p1", "p2")))
    async with service.storage.database.engine.connect() as connection:
        sealed = {person for (person,) in await connection.execute(select(col(Identity.person)))}
    assert sealed == {"p1", "p2"}
    page = await service.get(f"{DECISIONS}/{answer['id']}")
    assert [one["person"] for one in page["identities"]] == ["p1", "p2"]
    assert len({one["commitment"] for one in page["identities"]}) == 2


async def test_the_same_person_twice_has_two_commitments(service: Service) -> None:
    pages = [await service.get(f"{DECISIONS}/{(await service.propose())['id']}") for _ in range(2)]
    assert pages[0]["identities"] != pages[1]["identities"]


async def test_an_obligor_may_be_identified(service: Service) -> None:
    body = proposal(identities=identified("o1"))
    body["household"]["obligors"] = [OBLIGOR | {"birth_date": "1984-03-02"}]
    page = await service.get(f"{DECISIONS}/{(await service.propose(body))['id']}")
    assert [one["person"] for one in page["identities"]] == ["o1"]


@pytest.mark.parametrize("person", ["p9", "", "o1", NAME, ID_NUMBER])
async def test_an_identity_of_nobody_in_the_household_is_a_fault(service: Service, person: str) -> None:
    body = proposal(identities=identified(person))
    assert await service.faults("POST", DECISIONS, body, key="k") == {("/identities/0/person", "unknown_person")}


async def test_two_identities_of_one_person_are_a_fault(service: Service) -> None:
    body = proposal(identities=identified("p1", "p1"))
    assert await service.faults("POST", DECISIONS, body, key="k") == {("/identities/1/person", "duplicate_id")}


@pytest.mark.parametrize("number", ["1101051949123100", ID_NUMBER + "1", "X" * 18, "", ID_NUMBER.lower()[:17] + "a"])
async def test_an_odd_id_number_is_a_fault(service: Service, number: str) -> None:
    body = proposal(identities=[{"person": "p1", "name": NAME, "id_number": number}])
    assert await service.faults("POST", DECISIONS, body, key="k") == {("/identities/0/id_number", "wrong_form")}


@pytest.mark.parametrize(
    "number",
    ["110105194912310021", ID_NUMBER[:16] + "1X", "110105194913310028", "000105194912310024", "110105209912310029"],
)
async def test_a_number_that_fails_the_standard_is_a_fault(service: Service, number: str) -> None:
    body = proposal(identities=[{"person": "p1", "name": NAME, "id_number": number}])
    found = await service.faults("POST", DECISIONS, body, key="k")
    assert found == {("/identities/0/id_number", "not_an_id_number")}


async def test_the_number_of_a_residence_permit_is_taken(service: Service) -> None:
    await service.propose(proposal(identities=[{"person": "p1", "name": NAME, "id_number": "830000199201300022"}]))


@pytest.mark.parametrize("name", ["case", "household_ref", "by"])
async def test_an_id_number_is_refused_as_a_reference(service: Service, name: str) -> None:
    body = proposal(**{name: ID_NUMBER})
    assert await service.faults("POST", DECISIONS, body, key="k") == {(f"/{name}", "personal_data")}


def wide(text: str) -> str:
    """The same in full-width letters and figures."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize("number", [wide(ID_NUMBER), f"{ID_NUMBER[:9]}\u200b{ID_NUMBER[9:]}"])
async def test_an_id_number_is_known_however_wide_and_with_signs_that_nobody_sees(
    service: Service, number: str
) -> None:
    for name in ("case", "household_ref", "by"):
        found = await service.faults("POST", DECISIONS, proposal(**{name: number}), key="k")
        assert found == {(f"/{name}", "personal_data")}
    path = f"{DECISIONS}/{(await service.propose())['id']}/events"
    body = {"kind": "visit", "on": "2026-08-16", "note": f"证件 {number}"}
    assert await service.faults("POST", path, body) == {("/note", "personal_data")}


@pytest.mark.parametrize("text", [ID_NUMBER, f"{NAME}{ID_NUMBER.lower()}。"])
async def test_an_id_number_is_refused_in_words_that_stay_on_record(service: Service, text: str) -> None:
    id_ = (await service.propose())["id"]
    at = f"{DECISIONS}/{id_}"
    sources = {"/household/residence": {"source": "verified", "evidence": text}}
    departing = {"outcomes": [outcome("refused", reason=text)]}
    for path, body, fault in (
        (f"{at}/events", {"kind": "visit", "on": "2026-08-16", "note": text}, "/note"),
        (f"{at}/withdrawals", {"reason": text}, "/reason"),
        (f"{at}/corrections", proposal(reason=text), "/reason"),
        (f"{at}/confirmations", departing, "/outcomes/0/reason"),
    ):
        assert await service.faults("POST", path, body) == {(fault, "personal_data")}
    found = await service.faults("POST", DECISIONS, proposal(provenance=sources), key="k")
    assert found == {("/provenance", "personal_data")}


async def test_an_id_number_is_refused_as_a_persons_id_and_as_a_key(service: Service) -> None:
    body = proposal(identities=None)
    members = [one | {"id": ID_NUMBER} if one["id"] == "p2" else one for one in body["household"]["members"]]
    body["household"] = body["household"] | {"members": members, "obligors": [OBLIGOR | {"id": f"o{ID_NUMBER}"}]}
    assert await service.faults("POST", DECISIONS, body, key="k") == {
        ("/household/members/1/id", "personal_data"),
        ("/household/obligors/0/id", "personal_data"),
    }
    found = await service.faults("POST", DECISIONS, proposal(), key=f"k-{ID_NUMBER}")
    assert found == {("/header/idempotency-key", "personal_data")}


async def test_a_long_number_that_is_nobodys_may_stand_in_words(service: Service) -> None:
    sources = {"/household/residence": {"source": "verified", "evidence": "流水号 620245000012345678"}}
    await service.propose(proposal(provenance=sources))


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("confirmations", {}),
        ("withdrawals", {"reason": "x"}),
        ("events", {"kind": "visit", "on": "2026-08-16"}),
    ],
)
async def test_an_id_number_is_refused_as_the_officers_reference(service: Service, part: str, body: Json) -> None:
    id_ = (await service.propose())["id"]
    found = await service.faults("POST", f"{DECISIONS}/{id_}/{part}", body | {"by": ID_NUMBER})
    assert found == {("/by", "personal_data")}


@pytest.mark.parametrize(
    "changes",
    [
        {"identities": identified("p1"), "kind": NAME},
        {"identities": [{"person": NAME, "name": NAME, "id_number": NAME}]},
        {"identities": identified("p1"), NAME: ID_NUMBER},
        {"provenance": {f"/household/{NAME}": {"source": "declared", "evidence": ID_NUMBER}}},
        {"provenance": {"/household/residence": {"source": NAME, ID_NUMBER: NAME}}},
    ],
)
async def test_a_refusal_repeats_nothing(service: Service, changes: dict[str, Any]) -> None:
    assert await service.faults("POST", DECISIONS, proposal(**changes), key="k")


async def test_a_faulty_confirmation_repeats_nothing(service: Service) -> None:
    id_ = (await service.propose())["id"]
    body = {"outcomes": [outcome("granted", "dibao", ID_NUMBER, reason=NAME)]}
    assert await service.faults("POST", f"{DECISIONS}/{id_}/confirmations", body)


OTHERS = "李晓明"  # a name that no other test submits


def of_other() -> list[Json]:
    return [{"person": "p1", "name": OTHERS, "id_number": ID_NUMBER}]


@pytest.mark.parametrize("text", [OTHERS, f"{OTHERS}的工资流水", "李 晓 明", "李·晓明", "李\u200b晓\u2060明"])
async def test_whom_a_proposal_identifies_it_names_nowhere_else(service: Service, text: str) -> None:
    sources = {"/household/residence": {"source": "verified", "evidence": text}}
    body = proposal(identities=of_other(), by=text.replace(" ", ""), case=text.replace(" ", ""), provenance=sources)
    found = await service.faults("POST", DECISIONS, body, key="k")
    assert found == {(where, "personal_data") for where in ("/by", "/case", "/provenance")}


async def test_a_name_in_latin_letters_is_found_whatever_its_case_also_in_a_key(service: Service) -> None:
    body = proposal(identities=[{"person": "p1", "name": "Aygul Tursun", "id_number": ID_NUMBER}])
    found = await service.faults("POST", DECISIONS, body, key="case-of-aygul.TURSUN")
    assert found == {("/header/idempotency-key", "personal_data")}
    await service.post(DECISIONS, body, key="k")


@pytest.mark.parametrize(
    ("part", "body", "fault"),
    [
        ("events", {"kind": "visit", "on": "2026-08-16", "note": f"已走访{OTHERS}"}, "/note"),
        ("withdrawals", {"reason": f"{OTHERS}撤回"}, "/reason"),
        ("confirmations", {"outcomes": [outcome("refused", reason=f"{OTHERS}另有收入")]}, "/outcomes/0/reason"),
        ("corrections", proposal(reason=f"{OTHERS}收入有误"), "/reason"),
        ("successions", proposal(reason=f"{OTHERS}就业"), "/reason"),
    ],
)
async def test_whom_a_decision_identifies_nothing_about_it_names(
    service: Service, part: str, body: Json, fault: str
) -> None:
    id_ = (await service.propose(proposal(identities=of_other())))["id"]
    if part == "successions":
        await service.confirm(id_)
    assert await service.faults("POST", f"{DECISIONS}/{id_}/{part}", body) == {(fault, "personal_data")}
    if part != "successions":
        other = (await service.propose())["id"]
        await service.post(f"{DECISIONS}/{other}/{part}", body)


async def test_a_name_in_latin_letters_is_found_as_a_persons_id(service: Service) -> None:
    body = proposal(identities=[{"person": "p2", "name": "Li Lei", "id_number": ID_NUMBER}])
    body = json.loads(json.dumps(body).replace('"p2"', '"lilei"'))
    found = await service.faults("POST", DECISIONS, body, key="k")
    assert found == {("/household/members/1/id", "personal_data")}


async def test_a_single_character_is_no_name_to_look_for(service: Service) -> None:
    body = proposal(identities=[{"person": "p1", "name": "流", "id_number": ID_NUMBER}])
    await service.post(DECISIONS, body, key="k")


async def test_the_answer_shows_who_is_identified_the_same_each_time(service: Service) -> None:
    body = proposal(identities=[*identified("p1"), identity("p3", CHILD)])
    first = await service.post(DECISIONS, body, key="k")
    again = await service.post(DECISIONS, body, key="k")
    assert [(one["person"], one["sensitive"]) for one in first["identities"]] == [("p1", False), ("p3", True)]
    assert again["identities"] == first["identities"]
    page = await service.get(f"{DECISIONS}/{first['id']}")
    assert page["identities"] == [one | {"erased_on": None} for one in first["identities"]]
