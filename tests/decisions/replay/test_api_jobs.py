"""Many decisions computed again in the background: what is found is found once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.decisions.replay import jobs as replay_jobs
from app.rules.values.strict_json import Json
from tests.decisions.replay.test_api import MONTHS, PER_MONTH, TOTAL
from tests.support.client import assert_problem
from tests.support.service import DECISIONS, Service, late, outcome, proposal

pytestmark = pytest.mark.anyio

REPLAYS = "/v1/replays"
NOTHING = {"same": 0, "arrears": 0, "overpaid": 0, "other": 0}


async def results(service: Service, job: Json, query: str = "") -> list[Json]:
    items: list[Json] = (await service.get(f"{REPLAYS}/{job['id']}/results{query}"))["items"]
    return items


async def test_a_job_is_accepted_and_waits(service: Service) -> None:
    await service.decide(late())
    job = await service.post(REPLAYS, {"against": "now"}, 202)
    assert (job["state"], job["progress"], job["counts"]) == ("queued", {"done": 0, "total": 1}, NOTHING)
    assert await service.get(f"{REPLAYS}/{job['id']}") == job
    assert await results(service, job) == []


async def test_a_job_over_nothing_is_done(service: Service) -> None:
    job = await service.job({})
    assert (job["progress"], job["counts"], job["arrears_total"]) == ({"done": 0, "total": 0}, NOTHING, "0.00")


async def test_a_job_finds_arrears_once_and_a_second_one_nothing(service: Service) -> None:
    id_ = await service.decide(late())
    await service.decide()
    first = await service.job({"against": "now"})
    assert first["counts"] == NOTHING | {"arrears": 1, "same": 1}
    assert (first["arrears_total"], first["overpaid_total"]) == (TOTAL, "0.00")
    (found,) = await results(service, first, "?class=arrears")
    assert found["decision"] == id_
    (dibao,) = found["differences"]
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == (PER_MONTH, MONTHS, TOTAL)
    second = await service.job({"against": "now"})
    assert (second["counts"], second["arrears_total"]) == (NOTHING | {"same": 2}, "0.00")
    again = next(one for one in await results(service, second) if one["decision"] == id_)
    assert [(one["months"], one["total"]) for one in again["differences"]] == [([], "0.00")]


async def test_what_was_found_of_a_proposal_counts_no_more_once_it_is_decided(service: Service) -> None:
    id_ = (await service.propose(late()))["id"]
    for total in (TOTAL, "0.00"):
        assert (await service.job({"against": "now"}))["arrears_total"] == total
    await service.confirm(id_)
    for total in (TOTAL, "0.00"):
        assert (await service.job({"against": "now"}))["arrears_total"] == total


async def test_earlier_knowledge_than_the_records_is_not_kept_as_found(service: Service) -> None:
    await service.decide(late(known_at="2024-10-01"))
    job = await service.job({"known_at": "2024-08-01"})
    assert (job["counts"]["overpaid"], job["overpaid_total"]) == (1, "0.00")
    assert (await service.job({"against": "now"}))["counts"] == NOTHING | {"same": 1}


async def test_another_knowledge_that_comes_to_the_same_finds_nothing_more(service: Service) -> None:
    await service.decide(late())
    await service.job({"known_at": "2024-10-01"})
    assert (await service.job({"against": "now"}))["arrears_total"] == "0.00"


async def test_a_single_replay_still_shows_what_a_job_has_found(service: Service) -> None:
    id_ = await service.decide(late())
    await service.job({"against": "now"})
    shown = await service.post(f"{DECISIONS}/{id_}/replay", {"against": "now"}, 200)
    assert shown["differences"][0]["total"] == TOTAL


@pytest.mark.parametrize("against", [{"date": "2026-07-20"}, {"parameters": {"dibao.standard": {"urban": "2000.00"}}}])
async def test_what_is_made_up_is_not_kept_as_found(service: Service, against: Json) -> None:
    await service.decide(late())
    await service.job(against)
    assert (await service.rows())["finding"] == 0
    assert (await service.job({"against": "now"}))["arrears_total"] == TOTAL


async def test_against_the_record_everything_is_the_same(service: Service) -> None:
    for body in (late(), proposal()):
        await service.decide(body)
    job = await service.job({"against": "record"})
    assert job["counts"] == NOTHING | {"same": 2}
    assert all(one["same"] for one in await results(service, job))


async def test_without_against_a_job_compares_with_the_record(service: Service) -> None:
    await service.decide(late())
    assert (await service.job({}))["against"] == {"against": "record"}


@pytest.mark.parametrize(
    "chosen",
    [
        {"household_ref": "H-1"},
        {"case": "C-1", "jurisdiction": "999900"},
        {"from": "2024-07-15", "until": "2024-07-15", "household_ref": "H-1"},
        {"programme": "dibao", "status": "eligible", "parameter": "dibao.standard", "household_ref": "H-1"},
        {"rule": "dibao.income_test", "document": "model-city-rules", "engine": "1", "case": "C-1"},
    ],
)
async def test_a_filter_chooses_the_decisions_and_is_shown_as_it_was_sent(service: Service, chosen: Json) -> None:
    id_ = await service.decide(late(case="C-1", household_ref="H-1"))
    await service.decide(late(case="C-2", household_ref="H-2"))
    job = await service.job({"against": "now", "filter": chosen})
    assert job["filter"] == chosen
    assert [one["decision"] for one in await results(service, job)] == [id_]


async def test_a_decision_that_cannot_be_computed_so_does_not_stop_the_others(service: Service) -> None:
    """On that day in 2014 the child of the one household was not born; the other has none."""
    household = proposal()["household"] | {"members": proposal()["household"]["members"][:2]}
    await service.decide()
    await service.decide(proposal(household=household, household_ref="H-43"))
    job = await service.job({"date": "2014-06-01"})
    assert (job["progress"], job["counts"]["other"] + job["counts"]["overpaid"]) == ({"done": 2, "total": 2}, 2)
    problems = [one["problem"] for one in await results(service, job)]
    assert problems == ["cannot_recompute", None]


async def test_where_an_officer_departed_nothing_is_kept_as_found(service: Service) -> None:
    id_ = (await service.propose(late()))["id"]
    await service.confirm(id_, outcome("granted", amount="1900.00", reason="核查"))
    job = await service.job({"against": "now"})
    assert job["counts"] == NOTHING | {"other": 1}
    assert (await service.rows())["finding"] == 0


async def test_a_job_that_was_interrupted_goes_on_where_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_jobs, "PAGE", 1)
    ids = [await service.decide(late()) for _ in range(3)]
    job = await service.post(REPLAYS, {"against": "now"}, 202)
    jobs, pages = service.storage.jobs, jobs_page(service)
    await pages(job)
    halfway = await service.get(f"{REPLAYS}/{job['id']}")
    assert (halfway["state"], halfway["progress"]) == ("running", {"done": 1, "total": 3})
    assert await jobs.work_once()
    done = await service.get(f"{REPLAYS}/{job['id']}")
    assert (done["state"], done["counts"], done["arrears_total"]) == ("done", NOTHING | {"arrears": 3}, "4884.00")
    assert [one["decision"] for one in await results(service, job)] == ids


def jobs_page(service: Service) -> Any:
    """One page of a job, as its worker does them."""
    from uuid import UUID

    return lambda job: service.storage.jobs._page(UUID(job["id"]))


# results


async def test_results_come_page_by_page(service: Service) -> None:
    ids = [await service.decide(late()) for _ in range(3)]
    job = await service.job({"against": "now"})
    first = await service.get(f"{REPLAYS}/{job['id']}/results?size=2")
    rest = await service.get(f"{REPLAYS}/{job['id']}/results?size=2&cursor={first['next']}")
    assert [one["decision"] for one in first["items"] + rest["items"]] == ids
    assert rest["next"] is None


async def test_results_come_as_lines_where_that_is_accepted(service: Service) -> None:
    for body in (late(), proposal(), late()):
        await service.decide(body)
    job = await service.job({"against": "now"})
    for query, count in (("", 3), ("?class=arrears", 2)):
        response = await service.call("GET", f"{REPLAYS}/{job['id']}/results{query}", accept="application/x-ndjson")
        assert response.headers["content-type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in response.text.splitlines()]
        assert len(lines) == count
        assert lines == await results(service, job, query)


async def test_a_cursor_of_another_job_or_class_is_a_fault(service: Service) -> None:
    for _ in range(2):
        await service.decide(late())
    job, other = await service.job({"against": "now"}), await service.job({"against": "record"})
    cursor = (await service.get(f"{REPLAYS}/{job['id']}/results?size=1"))["next"]
    for path in (f"{other['id']}/results?cursor={cursor}", f"{job['id']}/results?class=same&cursor={cursor}"):
        assert await service.faults("GET", f"{REPLAYS}/{path}") == {("/query/cursor", "foreign_cursor")}


async def test_a_class_that_is_none_is_a_fault(service: Service) -> None:
    job = await service.job({})
    found = await service.faults("GET", f"{REPLAYS}/{job['id']}/results?class=harmed")
    assert found == {("/query/class", "not_allowed")}


# refusals


@pytest.mark.parametrize("id_", ["1", "01a1f6ae-9900-780f-8b3c-5369bc707be7", "%00"])
@pytest.mark.parametrize("part", ["", "/results"])
async def test_an_unknown_job_is_not_found(service: Service, id_: str, part: str) -> None:
    await service.refused(404, "unknown_job", "GET", f"{REPLAYS}/{id_}{part}")


async def test_lines_of_an_unknown_job_are_not_found(service: Service) -> None:
    path = f"{REPLAYS}/01a1f6ae-9900-780f-8b3c-5369bc707be7/results"
    assert_problem(await service.call("GET", path, accept="application/x-ndjson"), 404, "unknown_job")


async def test_a_decision_is_no_job(service: Service) -> None:
    await service.refused(404, "unknown_job", "GET", f"{REPLAYS}/{await service.decide()}")


async def test_a_ruleset_that_no_decision_used_is_not_found(service: Service) -> None:
    await service.refused(404, "unknown_ruleset", "POST", REPLAYS, {"ruleset": "sha256:" + "0" * 64})


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"against": "now", "date": "2024-10-01"}, ("/against", "not_allowed")),
        ({"against": "then"}, ("/against", "not_allowed")),
        ({"filter": {"jurisdiction": "9"}}, ("/filter/jurisdiction", "wrong_form")),
        ({"filter": {"status": "maybe"}}, ("/filter/status", "not_allowed")),
        ({"filter": {"programme": "welfare"}}, ("/filter/programme", "not_allowed")),
        ({"filter": {"from": "x"}}, ("/filter/from", "date_format")),
        ({"filter": {"start": "2024-01-01"}}, ("/filter/start", "unknown_field")),
        ({"filter": {"rule": "\0"}}, ("/filter/rule", "wrong_form")),
        ({"filters": {}}, ("/filters", "unknown_field")),
    ],
)
async def test_a_faulty_job_is_refused(service: Service, body: Json, fault: tuple[str, str]) -> None:
    assert await service.faults("POST", REPLAYS, body) == {fault}
