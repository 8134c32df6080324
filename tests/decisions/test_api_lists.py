"""Finding decisions: by everything they can be found by, page by page, and samples that can be drawn again."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import pytest

from app.rules.values.strict_json import Json
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, late, proposal

pytestmark = pytest.mark.anyio

RICH = changed(proposal(), {"/household/members/0/income/wage": "90000.00"})


async def found(service: Service, path: str = DECISIONS, **query: Any) -> list[str]:
    return [item["id"] for item in (await service.get(f"{path}?{urlencode(query)}"))["items"]]


async def refused(service: Service, path: str = DECISIONS, **query: Any) -> set[tuple[str, str]]:
    return await service.faults("GET", f"{path}?{urlencode(query)}")


async def test_without_decisions_there_is_nothing(service: Service) -> None:
    assert await service.get(DECISIONS) == {"items": [], "next": None}


async def test_a_row_shows_what_a_decision_is_found_by(service: Service) -> None:
    answer = await service.propose()
    await service.confirm(answer["id"])
    (row,) = (await service.get(DECISIONS))["items"]
    assert row == {
        "id": answer["id"],
        "state": "confirmed",
        "jurisdiction": "999900",
        "case": "C-17",
        "household_ref": "H-42",
        "kind": "initial",
        "date": "2026-08-15",
        "accepted_on": "2026-08-10",
        "ruleset": answer["assessment"]["ruleset"],
        "engine": "1",
        "outcomes": row["outcomes"],
        "corrects": None,
        "succeeds": None,
    }
    assert {"dibao:eligible", "edge_family:ineligible"} <= {*row["outcomes"]}


async def test_decisions_stand_in_the_order_they_were_recorded(service: Service) -> None:
    ids = [(await service.propose())["id"] for _ in range(4)]
    assert await found(service) == ids


async def test_each_filter_finds_its_decisions(service: Service) -> None:
    now = await service.propose(proposal(case="C-1", household_ref="H-1"))
    then = await service.propose(late(case="C-2", household_ref="H-2"))
    town = await service.propose(
        proposal(case="C-3", household_ref="H-3", jurisdiction="999900001", programmes=["dibao"])
    )
    rich = await service.propose(RICH | {"case": "C-4", "household_ref": "H-4"})
    shaoyang = await service.propose(proposal(case="C-5", household_ref="H-5", jurisdiction="430500"))
    names = dict(zip([one["id"] for one in (now, then, town, rich, shaoyang)], "12345", strict=True))

    async def names_of(**query: str) -> str:
        return "".join(names[id_] for id_ in await found(service, **query))

    assert await names_of() == "12345"
    assert await names_of(jurisdiction="999900") == "1234"
    assert await names_of(jurisdiction="99") == "1234"
    assert await names_of(jurisdiction="999900001") == "3"
    assert await names_of(jurisdiction="43") == "5"
    assert await names_of(case="C-2") == "2"
    assert await names_of(household_ref="H-4") == "4"
    assert await names_of(**{"from": "2024-07-16"}) == "1345"
    assert await names_of(until="2024-07-15") == "2"
    assert await names_of(**{"from": "2024-07-15", "until": "2026-08-14"}) == "2"
    assert await names_of(programme="edge_family") == "1245"
    assert await names_of(status="refer") == "45"
    assert await names_of(programme="dibao", status="eligible") == "123"
    assert await names_of(programme="dibao", status="ineligible") == "4"
    assert await names_of(ruleset=then["assessment"]["ruleset"]) == "2"
    assert await names_of(ruleset=now["assessment"]["ruleset"]) == "134"
    assert await names_of(engine="1") == "12345"
    assert await names_of(engine="2") == ""
    assert await names_of(rule="edge.income_test") == "1245"
    assert await names_of(rule="dibao.income_test") == "12345"
    assert await names_of(rule="nothing.of_the_kind") == ""
    assert await names_of(parameter="disability.care") == "1245"
    assert await names_of(document="model-city-rules", case="C-1") == "1"
    assert await names_of(document="model-city-rules", case="C-5") == ""
    assert await names_of(case="C-1", household_ref="H-2") == ""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"jurisdiction": "9"}, "wrong_form"),
        ({"jurisdiction": "99%"}, "wrong_form"),
        ({"from": "2024"}, "wrong_form"),
        ({"until": "2024-02-30"}, "wrong_form"),
        ({"programme": "welfare"}, "not_allowed"),
        ({"status": "maybe"}, "not_allowed"),
        ({"case": ""}, "too_short"),
        ({"case": "x" * 65}, "too_long"),
        ({"document": "x" * 201}, "too_long"),
        ({"rule": "\0"}, "wrong_form"),
        ({"size": "0"}, "out_of_range"),
        ({"size": "1001"}, "out_of_range"),
        ({"size": "ten"}, "wrong_form"),
        ({"size": "1" * 17}, "wrong_form"),
        ({"cursor": ""}, "foreign_cursor"),
        ({"cursor": "?"}, "foreign_cursor"),
        ({"cursor": "é"}, "foreign_cursor"),
        ({"cursor": "WzEsMl0"}, "foreign_cursor"),
    ],
)
async def test_a_faulty_query_is_refused(service: Service, query: Json, code: str) -> None:
    assert await refused(service, **query) == {(f"/query/{next(iter(query))}", code)}


async def test_every_fault_of_a_query_is_listed(service: Service) -> None:
    query = {"jurisdiction": "9", "status": "maybe", "size": "0", "until": "x"}
    assert {pointer for pointer, _ in await refused(service, **query)} == {f"/query/{name}" for name in query}


# pages


async def test_pages_together_are_the_whole_list(service: Service) -> None:
    ids = [(await service.propose())["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = await service.get(f"{DECISIONS}?" + urlencode({"size": 2} | ({"cursor": cursor} if cursor else {})))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids


async def test_a_page_keeps_to_its_filter(service: Service) -> None:
    ids = [(await service.propose(proposal(case=f"C-{place % 2}")))["id"] for place in range(6)]
    first = await service.get(f"{DECISIONS}?case=C-1&size=2")
    rest = await service.get(f"{DECISIONS}?case=C-1&size=2&cursor={first['next']}")
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[1::2]


async def test_a_later_page_shows_what_was_recorded_meanwhile(service: Service) -> None:
    await service.propose()
    page = await service.get(f"{DECISIONS}?size=1")
    late_id = (await service.propose())["id"]
    assert await found(service, size=1, cursor=page["next"]) == [late_id]


async def test_a_cursor_of_another_filter_is_a_fault(service: Service) -> None:
    await service.propose()
    cursor = (await service.get(f"{DECISIONS}?case=C-17&size=1"))["next"]
    assert await refused(service, cursor=cursor) == {("/query/cursor", "foreign_cursor")}
    assert await refused(service, cursor=cursor, case="C-18") == {("/query/cursor", "foreign_cursor")}


@pytest.mark.parametrize("inner", ["[1,2,3]", '["a"]', '["a","b"]', "{}", "null", '["\\ud800"]', "[[],{}]"])
async def test_a_made_up_cursor_is_a_fault(service: Service, inner: str) -> None:
    cursor = base64.urlsafe_b64encode(inner.encode()).decode().rstrip("=")
    assert await refused(service, cursor=cursor) == {("/query/cursor", "foreign_cursor")}


# samples


async def test_a_sample_drawn_again_is_the_same(service: Service) -> None:
    for _ in range(8):
        await service.propose()
    sample = await service.get("/v1/samples?seed=2026&size=3")
    await service.propose(proposal(case="C-99"))  # of another filter
    for id_ in [item["id"] for item in sample["items"]]:
        assert await service.state(id_) == "proposed"
    assert await service.get("/v1/samples?seed=2026&size=3&case=C-17") == sample


async def test_anyone_can_draw_the_sample_from_the_ids(service: Service) -> None:
    ids = [(await service.propose())["id"] for _ in range(8)]
    drawn = sorted(ids, key=lambda id_: hashlib.sha256(f"种子:{id_}".encode()).digest())
    sample = await service.get("/v1/samples?" + urlencode({"seed": "种子", "size": 5}))
    assert [item["id"] for item in sample["items"]] == drawn[:5]
    assert (sample["seed"], sample["size"], sample["next"]) == ("种子", 5, None)


async def test_another_seed_draws_another_sample(service: Service) -> None:
    for _ in range(12):
        await service.propose()
    drawn = {tuple(await found(service, "/v1/samples", seed=str(seed), size=3)) for seed in range(5)}
    assert len(drawn) > 1


async def test_a_sample_keeps_to_its_filter(service: Service) -> None:
    ids = {(await service.propose(proposal(case=f"C-{place % 2}")))["id"] for place in range(6)}
    drawn = {*await found(service, "/v1/samples", seed="x", case="C-1")}
    assert len(drawn) == 3
    assert drawn < ids


async def test_a_faulty_query_of_a_sample_is_refused(service: Service) -> None:
    assert await refused(service, "/v1/samples", seed="\0", size="0", status="x") == {
        ("/query/seed", "wrong_form"),
        ("/query/size", "out_of_range"),
        ("/query/status", "not_allowed"),
    }
