"""Rules published over HTTP: refused with file, line and reason, approved by a second person, counted from then on."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import replace
from typing import Any, Final

import pytest

from app.rules.packs.pack import CONTENT
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from tests.support.client import assert_problem, example
from tests.support.service import Service, proposal

pytestmark = pytest.mark.anyio

PUBLICATIONS: Final = "/v1/publications"
PUBLISHER: Final = Caller("publisher-1", frozenset({"publisher"}), ("",))
SECOND: Final = Caller("publisher-2", frozenset({"publisher"}), ("",))
ELSEWHERE: Final = Caller("publisher-3", frozenset({"publisher"}), ("4305",))
MODEL: Final = (CONTENT / "999900" / "pack.yaml").read_text(encoding="utf-8")
DOCUMENT: Final = {
    "title": {"zh": "示例市标准通知（虚构）", "en": "Model City notice (fictional)"},
    "published": "2026-10-15",
    "from": "2026-07-01",
    "articles": 3,
}


def raised(value: Any = 960, start: str = "2026-08-01", **more: Any) -> Json:
    """A notice that raises the urban standard of Model City."""
    entry = {"from": start, "value": value, "document": "notice", "article": "1"} | more
    return {
        "jurisdiction": "999900",
        "documents": {"notice": copy.deepcopy(DOCUMENT)},
        "values": {"dibao.standard.urban": [entry]},
        "note": "新标准",
    }


async def submit(service: Service, body: Json, caller: Caller = PUBLISHER, query: str = "") -> Json:
    return await service.post(PUBLICATIONS + query, body, caller=caller)


async def approve(service: Service, id_: str, caller: Caller = SECOND) -> Json:
    return await service.post(f"{PUBLICATIONS}/{id_}/approvals", {}, caller=caller)


async def published(service: Service, body: Json) -> Json:
    """A publication that a second person approved, and that counts by now."""
    answer = await approve(service, (await submit(service, body))["id"])
    while service.storage.standing.now().isoformat() < answer["outcome"]["known_from"]:
        pass  # the clock goes on whenever somebody looks
    return answer


async def faults(service: Service, body: Json) -> list[Json]:
    response = await service.call("POST", PUBLICATIONS, body, caller=PUBLISHER)
    errors: list[Json] = assert_problem(response, 422, "faulty_publication")["errors"]
    return errors


async def standard(service: Service, known_at: str, date: str = "2026-08-15") -> str:
    """The urban standard of a day, as far as was known at an instant."""
    query = f"?date={date}&known_at={known_at.replace('+', '%2B')}"
    found = await service.get(f"/v1/jurisdictions/999900/standards{query}")
    item = next(item for item in found["items"] if item["parameter"] == "dibao.standard")
    value: str = next(value["value"] for value in item["values"] if value["key"] == "urban")
    return value


@pytest.fixture(autouse=True)
async def begun(service: Service) -> None:
    """As a service that has started: what came with it is on record."""
    await service.storage.standing.begin()


# what is submitted


async def test_a_change_waits_beside_what_stands(service: Service) -> None:
    found = await submit(service, raised())
    assert (found["state"], found["form"], found["jurisdiction"]) == ("pending", "change", "999900")
    assert (found["submitted_by"], found["note"], found["outcome"], found["current"]) == (
        "publisher-1",
        "新标准",
        None,
        True,
    )
    (value,) = found["comparison"]["values"]
    assert (value["value"], value["kind"], value["left"]) == ("dibao.standard.urban", "added", None)
    assert (value["right"]["figure"], value["right"]["from"], value["right"]["article"]) == ("960", "2026-08-01", "1")
    assert [(one["document"], one["kind"]) for one in found["comparison"]["documents"]] == [("notice", "added")]
    assert found["comparison"]["rules"] == found["comparison"]["other"] == []
    assert sorted(found["files"]) == ["999900/pack.yaml", "999900/published-0001.yaml"]
    assert await service.get(f"{PUBLICATIONS}/{found['id']}", caller=PUBLISHER) == found
    assert await standard(service, "2026-12-01") == "920.00"  # nothing counts yet


async def test_a_pack_replaces_the_one_that_stands(service: Service) -> None:
    text = MODEL.replace("value: 920,", "value: 930,").replace("standard * 0.50 if", "standard * 0.60 if")
    found = await submit(service, {"jurisdiction": "999900", "pack": text})
    (value,) = found["comparison"]["values"]
    assert (value["kind"], value["left"]["figure"], value["right"]["figure"]) == ("changed", "920", "930")
    (rule,) = found["comparison"]["rules"]
    assert (rule["rule"], rule["kind"]) == ("uplift.severe_disability", "changed")
    assert "0.50" in rule["left"]["formula"]
    assert "0.60" in rule["right"]["formula"]


async def test_a_value_that_is_given_an_end_is_said_to_end(service: Service) -> None:
    text = MODEL.replace("2026-07-01, value: 920,", "2026-07-01, until: 2026-12-31, value: 920,")
    (value,) = (await submit(service, {"jurisdiction": "999900", "pack": text}))["comparison"]["values"]
    assert (value["kind"], value["left"]["until"], value["right"]["until"]) == ("ended", None, "2026-12-31")


async def test_a_pack_of_a_new_place_is_compared_with_nothing(service: Service) -> None:
    text = (
        'division: "999800"\nname: {zh: 牌楼市（虚构）, en: Archway (fictional)}\nlevel: prefecture\nfictional: true\n'
    )
    text += "documents:\n  d: {title: {zh: 通知, en: Notice}, published: 2026-07-10}\n"
    text += "values:\n  dibao.standard.urban:\n    - {from: 2026-07-01, value: 700, document: d}\n"
    answer = await published(service, {"jurisdiction": "999800", "pack": text})
    assert answer["name"] == "牌楼市（虚构）"
    places = await service.get("/v1/jurisdictions", caller=PUBLISHER)
    assert "999800" not in {place["code"] for place in places["items"]} or answer["outcome"]["known_from"]
    later = await service.get("/v1/rules?jurisdiction=999800&known_at=2026-12-01")
    assert later["jurisdiction"]["code"] == "999800"


# what is refused, with file, line and reason


@pytest.mark.parametrize(
    ("body", "pointer", "line", "reason"),
    [
        (raised(-1), "/values/dibao.standard.urban/0/value", 5, "not a number"),
        (raised(0), "/values/dibao.standard.urban/0/value", 5, "0"),
        (raised(document="nothing"), "/values/dibao.standard.urban/0/article", 5, "no pack along the path holds"),
        (raised(article="4"), "/values/dibao.standard.urban/0/article", 5, "has no article '4'"),
        (raised(start="2026-07-01", published="2026-06-20"), "/values/dibao.standard.urban/0/from", 5, "said twice"),
        (
            raised(per="year", value=None, formula="__import__('os').getcwd()"),
            "/values/dibao.standard.urban/0/formula",
            5,
            "",
        ),
        (raised(colour="red"), "/values/dibao.standard.urban/0/colour", 5, "Extra inputs"),
        (raised("1e3"), "/values/dibao.standard.urban/0/value", 5, ""),
    ],
)
async def test_a_faulty_change_is_refused_where_it_stands(
    service: Service, body: Json, pointer: str, line: int, reason: str
) -> None:
    for error in (errors := await faults(service, body)):
        assert (error["file"], error["line"], error["code"]) == ("999900/published-0001.yaml", line, "rule_fault")
        assert error["column"] > 0
        assert error["text"].startswith("- {from: ")
    assert pointer in {error["pointer"] for error in errors}
    assert reason in " ".join(error["message"] for error in errors)


@pytest.mark.parametrize(
    ("before", "after", "words", "reason"),
    [
        (
            "{from: 2025-07-01, value: 880, document: model-city-rules, published: 2025-07-01}",
            "{from: 2025-07-01, until: 2026-08-31, value: 880, document: model-city-rules, published: 2026-06-20}",
            "value: 880",
            "is said until 2026-08-31, but again from 2026-07-01",
        ),
        ("document: model-city-rules, published: 2026-06-20", "document: no-such", "no-such", "no pack along the path"),
        ("formula: standard * months(4)", "formula: standard * open('x')", "open('x')", ""),
        ("formula: standard * months(4)", "formula: (lambda: standard)()", "(lambda", ""),
        ("formula: standard * months(4)", "formula: standard.__class__", "standard.__class__", ""),
        ("formula: standard * months(4)", "formula: standard * exec", "exec", ""),
        ("value: 1400, document", "value: 1400.00001, document", "1400.00001", "decimals"),
        ("level: prefecture", "level: village", "village", "level"),
        (
            "replaces:\n",
            "replaces:\n  household.income: {formula: income, versions: [{from: 2021-07-01}]}\n",
            "",
            "not leave",
        ),
        ('division: "999900"', 'division: "430500"', "", "must say division: 999900"),
        ("fictional: true", "fictional: !!python/object/apply:os.abort []", "", "tags are not used"),
        ("fictional: true", "fictional: &a true\nnotes: [*a]", "", "aliases are not used"),
        ("fictional: true", "fictional: true\nfictional: true", "", "duplicate key"),
        ("fictional: true", "fictional: " + "[" * 100_000, "", "nested too deeply"),
        ("fictional: true", "fictional: \x07", "", "not YAML"),
    ],
)
async def test_a_faulty_pack_is_refused_with_file_line_and_reason(
    service: Service, before: str, after: str, words: str, reason: str
) -> None:
    assert before in MODEL
    text = MODEL.replace(before, after, 1)
    errors = await faults(service, {"jurisdiction": "999900", "pack": text})
    assert errors
    for error in errors:
        assert (error["pointer"], error["file"]) == ("/pack", "999900/pack.yaml")
    assert reason in errors[0]["message"]
    if words:
        wanted = next(number for number, line in enumerate(text.splitlines(), 1) if words in line)
        assert wanted in {error["line"] for error in errors}


async def test_a_value_below_a_floor_set_above_is_refused(service: Service) -> None:
    """A county's standard below its province's."""

    def of(jurisdiction: str, value: int, document: str) -> Json:
        entry = {"from": "2026-07-01", "value": value, "document": document, "published": "2026-06-20"}
        return {"jurisdiction": jurisdiction, "values": {"dibao.standard.urban": [entry]}}

    await published(service, of("500000", 700, "重庆市城乡居民最低生活保障条例"))
    (error,) = await faults(service, of("500154", 699, "kaizhou-plan"))
    assert (error["file"], error["line"]) == ("500154/published-0001.yaml", 3)
    assert "699" in error["message"]
    assert "500000" in error["message"]
    assert (await submit(service, of("500154", 700, "kaizhou-plan")))["state"] == "pending"


async def test_every_fault_is_told_at_once(service: Service) -> None:
    async def lines(*edits: tuple[str, str]) -> tuple[set[int], set[int]]:
        text = MODEL
        for before, after in edits:
            text = text.replace(before, after)
        told = {error["line"] for error in await faults(service, {"jurisdiction": "999900", "pack": text})}
        return told, {n for n, line in enumerate(text.splitlines(), 1) if any(after in line for _, after in edits)}

    form = ("value: 720,", "value: 720.00001,"), ("value: 760,", "value: -760,")
    formulas = ("standard * months(4)", "standard * month(4)"), ("age(person) >= 60", "age(person) +")
    sense = ("value: 1.5,", "value: 0,"), ("value: 1900, document", "value: 1901, document")
    for edits in (form, formulas):  # what keeps a pack from being read, or linked, is told before all else
        told, wanted = await lines(*edits)
        assert told == wanted
    told, _ = await lines(*sense, ("value: 48,", "value: -1,"))
    assert told


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {("/jurisdiction", "required")}),
        ({"jurisdiction": "999900"}, {("/pack", "required")}),
        ({"jurisdiction": "9999", "pack": ""}, {("/jurisdiction", "wrong_form")}),
        ({"jurisdiction": "999900", "pack": "", "change": ""}, {("/change", "not_allowed")}),
        ({"jurisdiction": "999900", "pack": {"../pack.yaml": ""}}, {("/pack", "wrong_form")}),
        ({"jurisdiction": "999900", "pack": 7}, {("/pack", "wrong_type")}),
        ({"jurisdiction": "999900", "pack": {"a.yaml": 7}}, {("/pack", "wrong_type")}),
        ({"jurisdiction": "999900", "pack": {}}, {("/pack", "too_few")}),
        ({"jurisdiction": "999900", "pack": "", "colour": 1}, {("/colour", "unknown_field")}),
        ({"jurisdiction": "999900", "pack": "", "note": "a\0b"}, {("/note", "wrong_form")}),
    ],
)
async def test_a_body_of_the_wrong_form_is_refused(service: Service, body: Json, found: set[tuple[str, str]]) -> None:
    assert await service.faults("POST", PUBLICATIONS, body, caller=PUBLISHER) == found


async def test_a_remark_that_the_database_cannot_hold_settles_nothing(service: Service) -> None:
    id_ = (await submit(service, raised()))["id"]
    for part, name in (("approvals", "note"), ("rejections", "reason")):
        path = f"{PUBLICATIONS}/{id_}/{part}"
        assert await service.faults("POST", path, {name: "a\0b"}, caller=SECOND) == {(f"/{name}", "wrong_form")}
    assert (await service.get(f"{PUBLICATIONS}/{id_}", caller=SECOND))["outcome"] is None


async def test_a_purpose_that_is_refused_submits_nothing(service: Service) -> None:
    response = await service.call("POST", f"{PUBLICATIONS}?impact=true", raised(), caller=PUBLISHER, purpose="nonsense")
    (error,) = assert_problem(response, 422, "faulty_request")["errors"]
    assert error["pointer"] == "/header/purpose"
    assert (await service.get(f"{PUBLICATIONS}?state=pending", caller=PUBLISHER))["items"] == []


async def test_a_change_says_documents_and_values_alone(service: Service) -> None:
    (error,) = await faults(service, {"jurisdiction": "999900", "change": "# a notice\nlevel: county\n"})
    assert (error["pointer"], error["file"], error["line"]) == ("/change", "999900/published-0001.yaml", 2)
    (error,) = await faults(service, {"jurisdiction": "999900", "values": {}})
    assert error["message"] == "nothing is changed"
    (error,) = await faults(service, {"jurisdiction": "999700", "values": {"dibao.rounding": []}})
    assert "publish a whole one" in error["message"]
    (error,) = await faults(service, {"jurisdiction": "999900", "pack": MODEL})
    assert error["message"] == "this is what stands already"


# who may


@pytest.mark.parametrize("subject", ["publisher-1", "Publisher-1", "PUBLISHER-1"])
async def test_nobody_approves_what_he_submitted(service: Service, subject: str) -> None:
    """Nor under a name that a provider may give the same person."""
    himself = replace(PUBLISHER, subject=subject)
    id_ = (await submit(service, raised()))["id"]
    for what, body in (("approvals", {}), ("rejections", {"reason": "不符"})):
        await service.refused(403, "second_person_needed", "POST", f"{PUBLICATIONS}/{id_}/{what}", body, caller=himself)


async def test_a_place_outside_the_area_is_refused(service: Service) -> None:
    await service.refused(403, "outside_area", "POST", PUBLICATIONS, raised(), caller=ELSEWHERE)
    nation = {"jurisdiction": "CN", "change": "values: {}\n"}
    await service.refused(403, "outside_area", "POST", PUBLICATIONS, nation, caller=ELSEWHERE)
    id_ = (await submit(service, raised()))["id"]
    await service.refused(403, "outside_area", "POST", f"{PUBLICATIONS}/{id_}/approvals", {}, caller=ELSEWHERE)


async def test_a_caseworker_reads_and_does_not_publish(service: Service) -> None:
    caseworker = Caller("c", frozenset({"caseworker"}), ("999900",))
    id_ = (await submit(service, raised()))["id"]
    assert (await service.get(f"{PUBLICATIONS}/{id_}", caller=caseworker))["id"] == id_
    await service.refused(403, "forbidden", "POST", PUBLICATIONS, raised(), caller=caseworker)
    await service.refused(403, "forbidden", "POST", f"{PUBLICATIONS}/{id_}/approvals", {}, caller=caseworker)


# what becomes of it


async def test_what_is_approved_counts_for_later_knowledge_alone(service: Service) -> None:
    before = await service.get("/v1/rules?jurisdiction=999900&date=2026-08-15&known_at=2026-11-01")
    answer = await published(service, raised())
    assert (answer["state"], answer["outcome"]["by"], answer["current"]) == ("approved", "publisher-2", None)
    known_from = answer["outcome"]["known_from"]
    assert await standard(service, known_from) == "960.00"
    assert await standard(service, "2026-12-01") == "960.00"
    assert await standard(service, "2026-11-01") == "920.00"  # after the notice, before its approval
    assert await service.get("/v1/rules?jurisdiction=999900&date=2026-08-15&known_at=2026-11-01") == before


async def test_an_assessment_follows_what_was_known(service: Service) -> None:
    body = example()
    before = await service.post("/v1/assessments", body, 200)
    known_from = (await published(service, raised()))["outcome"]["known_from"]
    assert await service.post("/v1/assessments", body, 200) == before
    after = await service.post("/v1/assessments", body | {"known_at": known_from}, 200)
    assert after["ruleset"] != before["ruleset"]
    dibao = next(result for result in after["results"] if result["programme"] == "dibao")
    # 960 x 3 - 1030 = 1850; uplift 480 + 192 = 672
    assert dibao["amount"]["value"] == "2522.00"


async def test_what_says_it_is_published_later_is_approved_on_that_day(service: Service) -> None:
    """It used to be approved at once and to wait: a year mistyped was approved and then silently never counted."""
    body = raised()
    body["documents"]["notice"]["published"] = "2026-12-20"
    id_ = (await submit(service, body))["id"]
    path = f"{PUBLICATIONS}/{id_}/approvals"
    await service.refused(409, "published_ahead", "POST", path, {}, caller=SECOND)
    assert await standard(service, "2026-12-20") == "920.00"
    await service.post(f"{PUBLICATIONS}/{id_}/rejections", {"reason": "日期有误"}, caller=SECOND)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"documents": {"notice": DOCUMENT | {"published": "2099-06-20"}}}, "/documents/notice/published"),
        ({"values": raised(published="2099-06-20")["values"]}, "/values/dibao.standard.urban/0/published"),
    ],
)
async def test_a_day_of_publication_beyond_all_bounds_is_a_fault(service: Service, body: Json, pointer: str) -> None:
    (error,) = await faults(service, raised() | body)
    assert error["pointer"] == pointer


async def test_two_times_of_knowledge_side_by_side(service: Service) -> None:
    await published(service, raised())
    query = "jurisdiction=999900&date=2026-08-15&known_at=2026-11-01&other_known_at=2026-12-01"
    found = await service.get(f"/v1/rules/diff?{query}")
    assert [value["parameter"] for value in found["values"]] == ["dibao.standard"]
    assert found["values"][0]["left"]["urban"] != found["values"][0]["right"]["urban"]


async def test_old_decisions_replay_to_the_byte_and_the_late_standard_shows_as_arrears(service: Service) -> None:
    old = await service.propose(proposal(date="2026-08-15"))
    await service.confirm(old["id"])
    page = await service.get(f"/v1/decisions/{old['id']}")
    await published(service, raised())
    replay = f"/v1/decisions/{old['id']}/replay"
    same = await service.post(replay, {"against": "record"}, 200)
    assert (same["same"], same["digest_recorded"], same["digest_now"]) == (True, old["digest"], old["digest"])
    assert await service.get(f"/v1/decisions/{old['id']}") == page
    now = await service.post(replay, {"known_at": "2026-12-01"}, 200)
    assert now["class"] == "arrears"
    dibao = next(one for one in now["differences"] if one["programme"] == "dibao")
    assert dibao["per_month"] == "148.00"  # 2522 - 2374
    assert (await service.post(replay, {"known_at": "2026-11-20T09:59:00+08:00"}, 200))["class"] == "same"
    done = await service.job({"known_at": "2026-12-01", "filter": {"jurisdiction": "999900"}})
    assert (done["counts"]["arrears"], done["state"]) == (1, "done")


async def test_a_new_decision_rests_on_the_new_pack_and_both_rulesets_stay(service: Service) -> None:
    old = await service.propose(proposal(known_at=None))
    await published(service, raised())
    new = await service.propose(proposal(known_at=None))
    hashes = [answer["assessment"]["ruleset"] for answer in (old, new)]
    assert hashes[0] != hashes[1]
    for answer, ruleset in zip((old, new), hashes, strict=True):
        again = await service.post(f"/v1/decisions/{answer['id']}/replay", {"against": "record"}, 200)
        assert again["same"] is True
        assert (await service.get(f"/v1/rulesets/{ruleset}"))["ruleset"] == ruleset
    cross = await service.post(f"/v1/decisions/{old['id']}/replay", {"ruleset": hashes[1]}, 200)
    assert cross["ruleset_now"] == hashes[1]


async def test_no_decision_states_knowledge_that_is_yet_to_come(service: Service) -> None:
    body = proposal(known_at="2027-01-01")
    assert ("/known_at", "in_the_future") in await service.faults("POST", "/v1/decisions", body, key="ahead")


async def test_a_rejected_publication_never_counts(service: Service) -> None:
    id_ = (await submit(service, raised()))["id"]
    path = f"{PUBLICATIONS}/{id_}"
    answer = await service.post(f"{path}/rejections", {"reason": "与原文不符"}, caller=SECOND)
    assert (answer["state"], answer["outcome"]["reason"], answer["outcome"]["known_from"]) == (
        "rejected",
        "与原文不符",
        None,
    )
    assert await standard(service, "2026-12-01") == "920.00"
    await service.refused(409, "already_rejected", "POST", f"{path}/approvals", {}, caller=SECOND)
    await service.refused(409, "already_rejected", "POST", f"{path}/rejections", {"reason": "x"}, caller=SECOND)


async def test_nothing_is_approved_twice(service: Service) -> None:
    id_ = (await submit(service, raised()))["id"]
    first = await service.post(f"{PUBLICATIONS}/{id_}/approvals", {}, key="once", caller=SECOND)
    again = await service.post(f"{PUBLICATIONS}/{id_}/approvals", {}, key="once", caller=SECOND)
    assert again == first  # the same key: the same approval
    await service.refused(409, "already_approved", "POST", f"{PUBLICATIONS}/{id_}/approvals", {}, caller=SECOND)


async def test_of_two_publications_for_one_place_approved_at_once_one_wins(service: Service) -> None:
    ids = [(await submit(service, raised(value)))["id"] for value in (950, 960)]
    paths = [f"{PUBLICATIONS}/{id_}/approvals" for id_ in ids]
    responses = await asyncio.gather(*(service.call("POST", path, {}, caller=SECOND) for path in paths))
    codes = sorted(response.status_code for response in responses)
    assert codes == [201, 409]
    lost = next(response for response in responses if response.status_code == 409)
    assert_problem(lost, 409, "standing_changed")
    won = next(response.json() for response in responses if response.status_code == 201)
    assert await standard(service, "2026-12-01") == won["comparison"]["values"][0]["right"]["figure"] + ".00"
    states = {item["id"]: item["state"] for item in (await service.get(PUBLICATIONS, caller=SECOND))["items"]}
    assert sorted(states[id_] for id_ in ids) == ["approved", "pending"]


async def test_a_publication_elsewhere_does_not_stand_in_the_way(service: Service) -> None:
    first = (await submit(service, raised()))["id"]
    other = {"jurisdiction": "430500", "pack": (CONTENT / "430500" / "pack.yaml").read_text() + "# again\n"}
    await published(service, other)
    assert (await approve(service, first))["state"] == "approved"


async def test_what_a_change_above_makes_stale_is_said_to_be(service: Service) -> None:
    county = (CONTENT / "500154" / "pack.yaml").read_text(encoding="utf-8") + "# looked at again\n"
    id_ = (await submit(service, {"jurisdiction": "500154", "pack": county}))["id"]
    province = (CONTENT / "500000" / "pack.yaml").read_text(encoding="utf-8") + "# looked at again\n"
    await published(service, {"jurisdiction": "500000", "pack": province})
    assert (await service.get(f"{PUBLICATIONS}/{id_}", caller=SECOND))["current"] is False
    await service.refused(409, "standing_changed", "POST", f"{PUBLICATIONS}/{id_}/approvals", {}, caller=SECOND)


async def test_the_nations_pack_is_published_by_whoever_covers_the_country(service: Service) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (CONTENT / "CN").glob("*.yaml")}
    files["property.yaml"] += "# looked at again\n"
    answer = await published(service, {"jurisdiction": "CN", "pack": files})
    assert answer["state"] == "approved"
    hostile = files["property.yaml"].replace("rules:\n", "rules:\n  \"x\\n    __import__('os').abort()\": {}\n", 1)
    errors = await faults(service, {"jurisdiction": "CN", "pack": files | {"property.yaml": hostile}})
    assert {error["file"] for error in errors} == {"CN/property.yaml"}


# lists


async def test_what_came_with_the_service_is_the_first_publication(service: Service) -> None:
    first, *others = (await service.get(PUBLICATIONS, caller=PUBLISHER))["items"]
    assert others == []
    assert (first["form"], first["state"], first["submitted_by"]) == ("shipped", "approved", "shipped")
    assert first["outcome"]["known_from"] is None
    shown = await service.get(f"{PUBLICATIONS}/{first['id']}", caller=PUBLISHER)
    assert (shown["comparison"], shown["impact"]) == (None, None)
    await service.refused(409, "nothing_before", "GET", f"{PUBLICATIONS}/{first['id']}?impact=true", caller=SECOND)


async def test_publications_are_listed_by_place_and_state(service: Service) -> None:
    waiting = (await submit(service, raised()))["id"]
    done = (await published(service, raised(950)))["id"]

    async def ids(query: str) -> list[str]:
        return [item["id"] for item in (await service.get(f"{PUBLICATIONS}?{query}", caller=SECOND))["items"]]

    assert await ids("jurisdiction=999900") == [waiting, done]
    assert await ids("jurisdiction=99&state=pending") == [waiting]
    assert await ids("jurisdiction=4305") == []
    assert len(await ids("jurisdiction=CN&state=approved")) == 1
    page = await service.get(f"{PUBLICATIONS}?size=2", caller=SECOND)
    rest = await service.get(f"{PUBLICATIONS}?size=2&cursor={page['next']}", caller=SECOND)
    assert [item["id"] for item in page["items"] + rest["items"]][1:] == [waiting, done]


@pytest.mark.parametrize("id_", ["x", "01a1f6ae-9900-7924-9faa-bad8a09a3da6"])
async def test_a_publication_that_is_not_there_is_404(service: Service, id_: str) -> None:
    await service.refused(404, "unknown_publication", "GET", f"{PUBLICATIONS}/{id_}", caller=SECOND)
    await service.refused(404, "unknown_publication", "POST", f"{PUBLICATIONS}/{id_}/approvals", {}, caller=SECOND)


# the log


async def test_publications_stand_in_the_log(service: Service) -> None:
    id_ = (await published(service, raised()))["id"]
    checkpoint = await service.get("/v1/log/checkpoint", caller=SECOND)
    entries = [await service.get(f"/v1/log/entries/{index}", caller=SECOND) for index in range(checkpoint["size"])]
    assert [(entry["kind"], entry["decision"]) for entry in entries] == [("publication", id_), ("approval", id_)]


# impact


def household(wage: str, ref: str, **more: Any) -> Json:
    """One person in town who earns so much: dibao of the standard less 80 % of the wage."""
    person = {
        "id": "p1",
        "relation": "applicant",
        "birth_date": "1984-03-02",
        "employed": True,
        "income": {"wage": wage},
        "income_months": 1,
    }
    facts = {"residence": "urban", "members": [person], "assets": {"financial": "0.00"}, "spending": {}, "obligors": []}
    return proposal(household=facts, household_ref=ref, identities=[], provenance={}, programmes=["dibao"], **more)


async def test_impact_is_what_a_hand_computes(service: Service) -> None:
    """920 before, 960 after. Wage 500: 520 -> 560. Wage 1170: 936, nothing -> 24. Wage 2000: 1600, nothing both."""
    poor = await service.decide(household("500.00", "H-1"))
    near = await service.decide(household("1170.00", "H-2"))
    await service.decide(household("2000.00", "H-3"))
    await service.propose(household("500.00", "H-4"))  # nobody decided it
    before = await service.decide(household("500.00", "H-5"))
    after = (await service.follow(before, "successions", household("2000.00", "H-5")))["id"]
    await service.post(f"/v1/decisions/{after}/events", {"kind": "hearing", "on": "2026-11-20", "note": "已听取意见"})
    await service.confirm(after)
    answer = await submit(service, raised(), query="?impact=true")
    impact = answer["impact"]
    assert (impact["decisions"], impact["seen"], impact["complete"], impact["next"]) == (6, 6, True, None)
    assert impact["counts"] == {"gain": 2, "loss": 0, "mixed": 0, "unchanged": 2, "undetermined": 0}
    assert (impact["gained_month"], impact["lost_month"], impact["net_month"]) == ("64.00", "0.00", "64.00")
    touched = {one["decision"]: (one["effect"], one["month"], one["day"]) for one in impact["touched"]}
    assert touched == {poor: ("gain", "40.00", "2026-08-15"), near: ("gain", "24.00", "2026-08-15")}
    assert "wage" not in str(impact)


async def test_impact_of_a_standard_that_falls_later_counts_from_its_day(service: Service) -> None:
    id_ = await service.decide(household("500.00", "H-1"))
    found = (await submit(service, raised(900, "2026-10-01"), query="?impact=true"))["impact"]
    (touched,) = found["touched"]
    assert (touched["decision"], touched["effect"], touched["month"]) == (id_, "loss", "-20.00")
    assert touched["day"] == "2026-10-01"
    assert (found["lost_month"], found["net_month"]) == ("20.00", "-20.00")


async def test_impact_of_a_value_that_ends_on_the_last_day_of_all_is_nothing(service: Service) -> None:
    pack = MODEL.replace("{from: 2026-07-01, value: 920,", "{from: 2026-07-01, until: 9999-12-31, value: 920,")
    assert pack != MODEL
    found = await submit(service, {"jurisdiction": "999900", "pack": pack}, query="?impact=true")
    assert [one["kind"] for one in found["comparison"]["values"]] == ["ended"]
    assert found["impact"]["touched"] == []


async def test_impact_sees_no_further_than_the_areas_of_whoever_asks(service: Service) -> None:
    await service.decide(household("500.00", "H-1"))
    id_ = (await submit(service, raised()))["id"]
    seen = await service.get(f"{PUBLICATIONS}/{id_}?impact=true", caller=ELSEWHERE)
    assert (seen["impact"]["decisions"], seen["impact"]["touched"]) == (0, [])


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "1101051949\\u0031231002X", "１１０１０５１９４９１２３１００２Ｘ"]
)
async def test_an_id_number_is_refused_however_it_is_written(service: Service, number: str) -> None:
    """Rules are public and kept for ever."""
    change = f'documents:\n  d: {{title: {{zh: "{number}", en: Notice}}, published: 2026-10-15}}\n'
    response = await service.http.post(PUBLICATIONS, json={"jurisdiction": "999900", "change": change})
    assert [(one["pointer"], one["code"]) for one in response.json()["errors"]] == [("/change", "personal_data")]


async def test_whom_it_touches_is_not_told_to_everybody(service: Service) -> None:
    id_ = (await submit(service, raised()))["id"]
    for role, status in (("caseworker", 403), ("system", 403), ("auditor", 200), ("reviewer", 200)):
        caller = Caller(role, frozenset({role}), ("9999",))  # type: ignore[arg-type]  # each is a role
        answer = await service.call("GET", f"{PUBLICATIONS}/{id_}?impact=true", caller=caller)
        assert answer.status_code == status
    await service.refused(
        403,
        "forbidden",
        "POST",
        f"{PUBLICATIONS}?impact=true",
        raised(),
        caller=Caller("c", frozenset({"caseworker"}), ("9999",)),
    )
