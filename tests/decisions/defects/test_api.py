"""Defect notices over HTTP: what is asked, how far it has come, and the list to act on."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

import pytest
from httpx import Response

from app.rules.values.strict_json import Json
from app.security.callers import ROLES, Caller
from tests.decisions.replay.test_api import MONTHS, PER_MONTH, TOTAL
from tests.support.service import DECISIONS, Service, late, outcome, proposal

pytestmark = pytest.mark.anyio

DEFECTS: Final = "/v1/defects"
# The standard of July 2024 was not known to the decision of `late`: a figure that was wrong in what it rested on.
LATE: Final = {"parameter": "dibao.standard", "key": "urban", "from": "2024-07-01", "until": "2024-07-31"}
NOTHING: Final = {"harmed": 0, "benefited": 0, "unchanged": 0, "decided_otherwise": 0, "unsettled": 0}
TOWNSHIP: Final = Caller("of-a-township", frozenset(ROLES), ("999900001",))


async def found(service: Service, report: Json, **more: Any) -> Json:
    """A defect notice, done."""
    created = await service.post(DEFECTS, report, 202, **more)
    while await service.storage.jobs.work_once():
        pass
    done = await service.get(f"{DEFECTS}/{created['id']}", **more)
    assert done["state"] == "done"
    return done


async def results(service: Service, notice: Json, query: str = "") -> list[Json]:
    items: list[Json] = (await service.get(f"{DEFECTS}/{notice['id']}/results{query}"))["items"]
    return items


async def test_a_search_is_accepted_and_waits(service: Service) -> None:
    await service.decide(late())
    created = await service.post(DEFECTS, LATE | {"jurisdiction": "999900"}, 202)
    assert (created["state"], created["progress"], created["touched"]) == ("queued", {"done": 0, "total": 1}, 0)
    assert created["counts"] == NOTHING
    assert created["defect"] == LATE | {"jurisdiction": "999900", "corrected": None}
    assert await service.get(f"{DEFECTS}/{created['id']}") == created
    assert await results(service, created) == []


async def test_who_got_too_little_is_found_with_the_money_by_month(service: Service) -> None:
    id_ = await service.decide(late())
    await service.decide()
    notice = await found(service, LATE)
    assert (notice["touched"], notice["counts"]) == (1, NOTHING | {"harmed": 1})
    assert notice["months"] == [{"month": month, "harmed": PER_MONTH, "benefited": "0.00"} for month in MONTHS]
    assert (notice["harmed_total"], notice["benefited_total"]) == (TOTAL, "0.00")
    (one,) = await results(service, notice)
    assert (one["decision"], one["class"], one["total"], one["case"]) == (id_, "harmed", TOTAL, "C-17")
    (dibao,) = one["results"]
    assert (dibao["programme"], dibao["per_month"], dibao["months"]) == ("dibao", PER_MONTH, MONTHS)


async def test_a_second_notice_finds_the_same_and_a_replay_is_not_in_its_way(service: Service) -> None:
    await service.decide(late())
    first = await found(service, LATE)
    await service.job({"against": "now"})
    second = await found(service, LATE)
    assert second["months"] == first["months"]
    assert await results(service, second) == await results(service, first)


async def test_the_other_residence_is_not_touched(service: Service) -> None:
    await service.decide(late())
    notice = await found(service, LATE | {"key": "rural"})
    assert (notice["progress"], notice["touched"], notice["counts"]) == ({"done": 1, "total": 1}, 0, NOTHING)


@pytest.mark.parametrize("days", [{"from": "2024-07-16", "until": None}, {"from": "2024-01-01", "until": "2024-07-14"}])
async def test_other_days_are_not_touched(service: Service, days: Json) -> None:
    await service.decide(late())
    assert (await found(service, LATE | days))["progress"]["total"] == 0


async def test_a_figure_that_an_officer_supplied_is_not_the_published_one(service: Service) -> None:
    await service.decide(
        late(
            options={"parameters": {"dibao.standard": {"urban": "900.00"}}},
            provenance={"/options/parameters/dibao.standard": {"source": "settled", "evidence": "通知"}},
        )
    )
    assert (await found(service, LATE))["touched"] == 0


async def test_a_named_figure_is_right_for_the_days_of_the_period_only(service: Service) -> None:
    """850 instead of 800 in July 2024: from August the standard in force counts, under which it is the decision's own
    difference no longer."""
    await service.decide(late())
    right = {"parameters": {"dibao.standard": {"urban": "850.00"}}}
    notice = await found(service, LATE | {"corrected": right})
    assert notice["counts"] == NOTHING | {"harmed": 1}
    (one,) = await results(service, notice)
    assert [(r["programme"], r["months"], r["ends"]) for r in one["results"]] == [("dibao", [], "rules_changed")]
    longer = await found(service, LATE | {"until": "2024-09-30", "corrected": right})
    assert [month["month"] for month in longer["months"]] == ["2024-08", "2024-09"]


async def test_too_much_is_benefited_and_below_zero(service: Service) -> None:
    await service.decide(late())
    right = {"parameters": {"dibao.standard": {"urban": "780.00"}}}
    notice = await found(service, LATE | {"until": "2024-09-30", "corrected": right})
    assert notice["counts"] == NOTHING | {"benefited": 1}
    assert notice["benefited_total"].startswith("-")
    assert notice["harmed_total"] == "0.00"


async def test_a_departure_is_listed_apart_and_owes_nothing(service: Service) -> None:
    id_ = (await service.propose(late()))["id"]
    await service.confirm(id_, outcome("refused", reason="另有收入"))
    notice = await found(service, LATE)
    assert (notice["counts"], notice["months"]) == (NOTHING | {"decided_otherwise": 1}, [])
    (one,) = await results(service, notice, "?class=decided_otherwise")
    assert (one["total"], [r["total"] for r in one["results"]]) == (None, [None])


async def test_what_nobody_decided_never_stood(service: Service) -> None:
    await service.propose(late())
    notice = await found(service, LATE)
    assert (notice["counts"]["harmed"], notice["months"]) == (1, [])
    (one,) = await results(service, notice)
    assert (one["state"], one["total"], one["results"][0]["ends"]) == ("proposed", "0.00", "never_stood")


async def test_a_refusal_that_was_wrong_is_harm(service: Service) -> None:
    """With 840 a woman of 810 is entitled to 30; with 800 she was refused."""
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"pension": "810.00"}}
    household = {"residence": "urban", "members": [member], "assets": {}, "spending": {}}
    await service.decide(late(household=household, programmes=["dibao"], identities=None, provenance=None))
    notice = await found(service, LATE)
    assert notice["counts"] == NOTHING | {"harmed": 1}
    (one,) = await results(service, notice)
    assert (one["results"][0]["recorded"]["status"], one["results"][0]["corrected"]["status"]) == (
        "ineligible",
        "eligible",
    )
    assert one["results"][0]["per_month"] == "30.00"


@pytest.mark.parametrize(
    ("report", "touched"),
    [
        ({"rule": "dibao.income_test"}, 1),
        ({"rule": "temporary_assistance.applies"}, 0),
        ({"document": "model-city-rules"}, 1),
        ({"engine": "1"}, 1),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else "",
)
async def test_rules_documents_and_engines_can_be_what_is_wrong(service: Service, report: Json, touched: int) -> None:
    await service.decide(late(programmes=["dibao"]))
    if touched == 0:
        faults = await service.faults("POST", DEFECTS, report | {"from": "2024-01-01"})
        assert faults == {("/rule", "nothing_rests_on_it")}
        return
    assert (await found(service, report | {"from": "2024-01-01"}))["touched"] == touched


async def test_a_ruleset_and_a_moment_of_knowledge_can_be_what_is_right(service: Service) -> None:
    await service.decide(late())
    later = await service.decide(late(known_at="2024-10-01"))
    ruleset = (await service.get(f"{DECISIONS}/{later}"))["assessment"]["ruleset"]
    for right in ({"ruleset": ruleset}, {"known_at": "2024-10-01"}, {"engine": "1"}):
        notice = await found(service, LATE | {"corrected": right})
        assert notice["counts"] == NOTHING | {"harmed": 1, "unchanged": 1}, right
        assert notice["harmed_total"] == TOTAL, right


async def test_a_decision_that_cannot_be_computed_stays_on_the_list(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.decide(late())
    created = await service.post(DEFECTS, LATE, 202)
    with monkeypatch.context() as broken:
        broken.setattr("app.decisions.stored_rules.rule_store.ENGINE_VERSION", "2")
        while await service.storage.jobs.work_once():
            pass
    notice = await service.get(f"{DEFECTS}/{created['id']}")
    assert notice["counts"] == NOTHING | {"unsettled": 1}
    (one,) = await results(service, notice)
    assert (one["problem"], one["total"], one["results"]) == ("cannot_recompute", None, [])


# areas


async def test_other_areas_are_neither_searched_nor_shown(service: Service) -> None:
    await service.decide(late(jurisdiction="999900002000"))
    mine = await service.decide(late(jurisdiction="999900001000"))
    of_all = await found(service, LATE)
    own = await found(service, LATE, caller=TOWNSHIP)
    assert (of_all["touched"], own["touched"], own["progress"]["total"]) == (2, 1, 1)
    page = await service.get(f"{DEFECTS}/{own['id']}/results", caller=TOWNSHIP)
    assert [one["decision"] for one in page["items"]] == [mine]
    for path in ("", "/results"):
        await service.refused(404, "unknown_job", "GET", f"{DEFECTS}/{of_all['id']}{path}", caller=TOWNSHIP)


async def test_a_replay_is_no_defect_notice_nor_the_other_way_round(service: Service) -> None:
    await service.decide(late())
    replay, notice = await service.job({"against": "now"}), await found(service, LATE)
    for path in (f"{DEFECTS}/{replay['id']}", f"/v1/replays/{notice['id']}", f"{DEFECTS}/x"):
        await service.refused(404, "unknown_job", "GET", path)
        await service.refused(404, "unknown_job", "GET", f"{path}/results")


# the list to act on


async def test_all_results_as_lines_and_as_a_table(service: Service) -> None:
    for number in range(3):
        await service.decide(late(case=f"C-{number}"))
    notice = await found(service, LATE)
    path = f"{DEFECTS}/{notice['id']}/results"
    lines = (await service.call("GET", path, accept="application/x-ndjson")).text.splitlines()
    assert [json.loads(line) for line in lines] == await results(service, notice)
    table = await service.call("GET", path, accept="text/csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.content.startswith(b"\xef\xbb\xbfdecision,")
    rows = rows_of(table)
    assert [(r["case"], r["class"], r["per_month"], r["total"]) for r in rows] == [
        (f"C-{number}", "harmed", PER_MONTH, TOTAL) for number in range(3)
    ]
    assert (rows[0]["first_month"], rows[0]["last_month"], rows[0]["months"]) == (
        f"'{MONTHS[0]}",  # otherwise "Aug-24"
        f"'{MONTHS[-1]}",
        str(len(MONTHS)),
    )
    first = await service.get(f"{path}?size=2")
    rest = await service.get(f"{path}?size=2&cursor={first['next']}")
    assert first["items"] + rest["items"] == await results(service, notice)


def rows_of(table: Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("reference", ["007", "1E5", "3-4", "123456789012", "2024年8月"])
async def test_a_reference_that_a_spreadsheet_would_destroy_is_a_text(service: Service, reference: str) -> None:
    await service.decide(late(case=reference))
    notice = await found(service, LATE)
    table = await service.call("GET", f"{DEFECTS}/{notice['id']}/results", accept="text/csv")
    assert rows_of(table)[0]["case"] == f"'{reference}"


async def test_a_reference_that_looks_like_a_formula_is_a_text_in_the_table(service: Service) -> None:
    await service.decide(late(case='=HYPERLINK("x")', household_ref="@SUM(A1)"))
    notice = await found(service, LATE)
    table = await service.call("GET", f"{DEFECTS}/{notice['id']}/results", accept="text/csv")
    (row,) = rows_of(table)
    assert (row["case"], row["household_ref"]) == ('\'=HYPERLINK("x")', "'@SUM(A1)")


async def test_money_below_zero_stays_a_number_in_the_table(service: Service) -> None:
    await service.decide(late())
    right = {"parameters": {"dibao.standard": {"urban": "780.00"}}}
    notice = await found(service, LATE | {"until": "2024-09-30", "corrected": right})
    table = await service.call("GET", f"{DEFECTS}/{notice['id']}/results", accept="text/csv")
    (row,) = rows_of(table)
    assert float(row["total"]) < 0


# what is refused

FAULTS: Final[dict[str, tuple[Json, set[tuple[str, str]]]]] = {
    "nothing said to be wrong": ({"from": "2024-07-01"}, {("", "one_needed")}),
    "two things wrong": ({"rule": "dibao.income_test", "engine": "1", "from": "2024-07-01"}, {("", "one_needed")}),
    "no period": ({"engine": "1"}, {("/from", "required")}),
    "a period that ends before it begins": (LATE | {"until": "2024-06-30"}, {("/until", "out_of_range")}),
    "a period to come": (LATE | {"from": "2030-01-01", "until": None}, {("/from", "in_the_future")}),
    "a key of something without keys": (
        {"engine": "1", "key": "rural", "from": "2024-07-01"},
        {("/key", "parameter_shape")},
    ),
    "a key that the parameter has not": (LATE | {"key": "3"}, {("/key", "parameter_shape")}),
    "a misspelt parameter": (
        LATE | {"parameter": "dibao.standart", "key": None},
        {("/parameter", "nothing_rests_on_it")},
    ),
    "a misspelt document": ({"document": "no-such", "from": "2024-07-01"}, {("/document", "nothing_rests_on_it")}),
    "an engine nobody ran": ({"engine": "99", "from": "2024-07-01"}, {("/engine", "nothing_rests_on_it")}),
    "two things right": (
        LATE | {"corrected": {"engine": "1", "known_at": "2024-10-01"}},
        {("/corrected", "one_needed")},
    ),
    "nothing right": (LATE | {"corrected": {}}, {("/corrected", "one_needed")}),
    "an engine that is not here": (LATE | {"corrected": {"engine": "2"}}, {("/corrected/engine", "not_allowed")}),
    "a right figure outside its domain": (
        LATE | {"corrected": {"parameters": {"dibao.standard": {"urban": "0"}}}},
        {("/corrected/parameters/dibao.standard/urban", "outside_domain")},
    ),
    "a field that is none": (LATE | {"colour": 1}, {("/colour", "unknown_field")}),
}


@pytest.mark.parametrize(("report", "faults"), FAULTS.values(), ids=FAULTS)
async def test_what_cannot_be_looked_for_is_refused(
    service: Service, report: Json, faults: set[tuple[str, str]]
) -> None:
    await service.decide(proposal())
    assert await service.faults("POST", DEFECTS, report) == faults


async def test_a_ruleset_that_no_decision_used_is_refused(service: Service) -> None:
    await service.decide(late())
    report = LATE | {"corrected": {"ruleset": f"sha256:{'0' * 64}"}}
    await service.refused(404, "unknown_ruleset", "POST", DEFECTS, report)
