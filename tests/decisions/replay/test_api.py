"""One decision computed again: against its record, or with other knowledge, on another day, by other rules or figures."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.values.strict_json import Json
from tests.support.client import changed
from tests.support.service import DECISIONS, Service, by_programme, late, outcome, proposal

pytestmark = pytest.mark.anyio

# Known from 2024-09-10, in force from 2024-07-01: 840 a head instead of 800. For three people 3 x 40 more; the uplift
# is 50 % of the standard for p2 and 20 % for the child, so 20 and 8 more. From July 2025 another standard is in force.
PER_MONTH = "148.00"
MONTHS = [f"2024-{month:02}" for month in range(8, 13)] + [f"2025-{month:02}" for month in range(1, 7)]
TOTAL = "1628.00"
SINGLE = {
    "residence": "urban",
    "members": [{"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {"wage": "300.00"}}],
    "assets": {},
    "spending": {},
}
ALONE = {"household": SINGLE, "provenance": None}


async def replay(service: Service, id_: str, **against: Any) -> Json:
    return await service.post(f"{DECISIONS}/{id_}/replay", against, 200)


async def difference(service: Service, id_: str, programme: str = "dibao", **against: Any) -> Json:
    found = by_programme((await replay(service, id_, **against))["differences"])
    return next(one for (name, _), one in found.items() if name == programme)


# against the record


@pytest.mark.parametrize("body", [{}, {"against": "record"}, {"against": None}])
async def test_a_decision_comes_to_its_record_to_the_byte(service: Service, body: Json) -> None:
    answer = await service.propose(late())
    found = await replay(service, answer["id"], **body)
    assert (found["same"], found["class"], found["differences"]) == (True, "same", [])
    assert found["digest_now"] == found["digest_recorded"] == answer["digest"]
    assert found["ruleset_now"] == found["ruleset_recorded"] == answer["assessment"]["ruleset"]
    assert (found["engine_now"], found["engine_recorded"], found["problem"]) == ("1", "1", None)
    assert found["note"] == "a_difference_is_not_a_debt"


@pytest.mark.parametrize("state", ["confirmed", "departed", "withdrawn", "superseded"])
async def test_a_decision_comes_to_its_record_in_every_state(service: Service, state: str) -> None:
    id_ = (await service.propose())["id"]
    if state == "withdrawn":
        await service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "撤回"})
    else:
        await service.confirm(id_, *([outcome("refused", reason="核查")] if state == "departed" else []))
    if state == "superseded":
        await service.confirm((await service.follow(id_, "successions"))["id"])
    found = await replay(service, id_, against="record")
    assert (found["same"], found["state"]) == (True, state)


@pytest.mark.parametrize(
    "body",
    [
        proposal(options={"carry_forward": True}, jurisdiction="430500", date="2021-03-01", accepted_on=None),
        proposal(options={"accept_reported": True}, jurisdiction="320100", date="2026-08-01", accepted_on=None),
        proposal(programmes=["dibao", "old_age_allowance"]),
        proposal(
            options={"parameters": {"dibao.standard": {"urban": 950.5}}},
            provenance={"/options/parameters/dibao.standard": {"source": "settled", "evidence": "示例〔2026〕9号"}},
        ),
        changed(proposal(provenance=None), {"/household/members/0/income/wage": 9600.10}),
        changed(proposal(provenance=None), {"/household/members/0/income": None, "/household/assets": None}),
    ],
    ids=["carried", "reported", "by name", "supplied", "decimal number", "unknown"],
)
async def test_whatever_was_asked_comes_to_its_record(service: Service, body: Json) -> None:
    found = await replay(service, (await service.propose(body))["id"], against="record")
    assert (found["same"], found["problem"]) == (True, None)


# against what is known now


async def test_where_nothing_new_is_known_nothing_differs(service: Service) -> None:
    found = await replay(service, await service.decide(), against="now")
    assert (found["class"], found["differences"]) == ("same", [])


async def test_a_late_publication_makes_arrears_to_the_fen(service: Service) -> None:
    id_ = await service.decide(late())
    found = await replay(service, id_, against="now")
    assert (found["same"], found["class"]) == (False, "arrears")
    (dibao,) = found["differences"]
    assert (dibao["programme"], dibao["person"], dibao["rule"]) == ("dibao", None, "dibao.difference")
    assert dibao["recorded"]["amount"]["figure"] == "1930.00"
    assert dibao["now"]["amount"]["figure"] == "2078.00"
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == (PER_MONTH, MONTHS, TOTAL)
    assert dibao["ends"] == "rules_changed"
    lines = {rule["rule"]: rule for rule in dibao["rules"]}
    assert lines["dibao.difference"] == {
        "rule": "dibao.difference",
        "recorded": {"amount": "1370.00"},
        "now": {"amount": "1490.00"},
    }
    assert lines["dibao.uplift"]["now"] == {"amount": "588.00"}


async def test_for_a_single_person_the_arrears_are_the_forty_yuan(service: Service) -> None:
    dibao = await difference(service, await service.decide(late(**ALONE, identities=None)), against="now")
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == ("40.00", MONTHS, "440.00")


async def test_replaying_changes_nothing(service: Service) -> None:
    id_ = await service.decide(late())
    rows, first = await service.rows(), await replay(service, id_, against="now")
    assert await replay(service, id_, against="now") == first
    read = {name: rows[name] + 2 for name in ("access_log", "trail", "checkpoint")}  # two readings, each with its leaf
    after = await service.rows()
    assert after == rows | read | {"log_node": after["log_node"]}


async def test_a_successor_ends_the_months(service: Service) -> None:
    """Decided anew in September, dibao is paid by the new decision from October."""
    id_ = await service.decide(late())
    later = await service.follow(id_, "successions", proposal(date="2024-09-15", accepted_on=None))
    assert (await difference(service, id_, against="now"))["months"] == MONTHS
    await service.confirm(later["id"])
    dibao = await difference(service, id_, against="now")
    assert (dibao["months"], dibao["ends"], dibao["total"]) == (["2024-08", "2024-09"], "succeeded", "296.00")


async def test_months_of_a_decision_and_of_its_successor_neither_overlap_nor_leave_a_gap(service: Service) -> None:
    """The successor was decided before the late publication was known, too."""
    id_ = await service.decide(late())
    later = await service.follow(id_, "successions", late(date="2024-08-20"))
    await service.confirm(later["id"])
    months = [(await difference(service, one, against="now"))["months"] for one in (id_, later["id"])]
    assert months == [["2024-08"], MONTHS[1:]]


@pytest.mark.parametrize("decided", [False, True])
async def test_a_successor_that_was_corrected_ends_the_months_where_the_correction_begins(
    service: Service, decided: bool
) -> None:
    """Decided anew in September, on the record in August: whether anybody had decided that or not."""
    id_ = await service.decide(late())
    wrong = await service.follow(id_, "successions", late(date="2024-08-15"))
    if decided:
        await service.confirm(wrong["id"])
    right = await service.follow(wrong["id"], "corrections", proposal(date="2024-09-15", accepted_on=None))
    await service.confirm(right["id"])
    dibao = await difference(service, id_, against="now")
    assert (dibao["months"], dibao["ends"], dibao["total"]) == (["2024-08", "2024-09"], "succeeded", "296.00")


@pytest.mark.parametrize("how", ["withdrawn", "corrected"])
async def test_a_decision_that_never_stood_owes_no_month(service: Service, how: str) -> None:
    if how == "withdrawn":
        id_ = (await service.propose(late()))["id"]
        await service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "撤回"})
    else:
        id_ = await service.decide(late())
        await service.confirm((await service.follow(id_, "corrections", late()))["id"])
    dibao = await difference(service, id_, against="now")
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == (PER_MONTH, [], "0.00")
    assert dibao["ends"] == "never_stood"


async def test_months_go_up_to_this_month_where_nothing_changes(service: Service) -> None:
    """A standard in force since July 2026, known from 2026-06-20, not known to who decided the day before."""
    body = proposal(**ALONE, date="2026-07-15", known_at="2026-06-19", accepted_on=None, identities=None)
    dibao = await difference(service, await service.decide(body), against="now")
    assert (dibao["months"], dibao["ends"]) == (["2026-08", "2026-09", "2026-10", "2026-11"], "this_month")


async def test_where_an_officer_departed_the_difference_is_for_a_person(service: Service) -> None:
    id_ = (await service.propose(late()))["id"]
    await service.confirm(id_, outcome("granted", amount="1900.00", reason="核查"))
    found = await replay(service, id_, against="now")
    assert found["class"] == "other"
    (dibao,) = found["differences"]
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == (None, [], None)


async def test_earlier_knowledge_than_the_records_is_what_would_have_been_and_no_debt(service: Service) -> None:
    """Decided with what is known now, replayed with what was known before the publication."""
    id_ = await service.decide(late(known_at="2024-10-01"))
    found = await replay(service, id_, known_at="2024-09-09T23:59:59+08:00")
    assert found["class"] == "overpaid"
    (dibao,) = found["differences"]
    assert (dibao["per_month"], dibao["months"], dibao["total"]) == ("-" + PER_MONTH, [], None)


# against other knowledge, days, rules, figures


@pytest.mark.parametrize(
    ("known_at", "class_"),
    [
        ("2024-09-09", "same"),
        ("2024-09-09T23:59:59+08:00", "same"),
        ("2024-09-09T16:00:00Z", "arrears"),
        ("2024-09-10", "arrears"),
    ],
)
async def test_what_was_known_by_an_instant_decides(service: Service, known_at: str, class_: str) -> None:
    found = await replay(service, await service.decide(late()), known_at=known_at)
    assert found["class"] == class_


async def test_another_day_is_computed_without_months(service: Service) -> None:
    found = await replay(service, await service.decide(), date="2026-06-15")
    dibao = by_programme(found["differences"])["dibao", None]
    assert dibao["now"]["amount"]["figure"] == "2226.00"
    assert (dibao["per_month"], dibao["months"], dibao["ends"]) == ("-148.00", [], None)


async def test_another_figure_is_computed_without_months(service: Service) -> None:
    """950 instead of 920: 3 x 30 and 70 % of 30 more."""
    id_ = await service.decide()
    dibao = await difference(service, id_, parameters={"dibao.standard": {"urban": "950.00"}})
    assert (dibao["per_month"], dibao["months"]) == ("111.00", [])


async def test_another_ruleset_is_computed_without_months(service: Service) -> None:
    now = (await service.propose(late(known_at="2024-10-01")))["assessment"]["ruleset"]
    found = await replay(service, await service.decide(late()), ruleset=now)
    assert (found["ruleset_now"], found["class"]) == (now, "arrears")
    (dibao,) = found["differences"]
    assert (dibao["per_month"], dibao["months"]) == (PER_MONTH, [])


async def test_its_own_ruleset_comes_to_the_record(service: Service) -> None:
    answer = await service.propose(late())
    found = await replay(service, answer["id"], ruleset=answer["assessment"]["ruleset"])
    assert (found["same"], found["class"]) == (True, "same")


async def test_days_knowledge_and_figures_can_be_asked_for_together(service: Service) -> None:
    id_ = await service.decide(late())
    figures = {"dibao.standard": {"urban": "900.00"}}
    dibao = await difference(service, id_, date="2024-08-01", known_at="2024-10-01", parameters=figures)
    assert dibao["per_month"] == "370.00"


async def test_a_ruleset_that_no_decision_used_is_not_found(service: Service) -> None:
    id_ = await service.decide()
    body = {"ruleset": "sha256:" + "0" * 64}
    await service.refused(404, "unknown_ruleset", "POST", f"{DECISIONS}/{id_}/replay", body)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"against": "now", "known_at": "2024-10-01"}, ("/against", "not_allowed")),
        ({"against": "record", "date": "2024-10-01"}, ("/against", "not_allowed")),
        ({"against": "now", "ruleset": "sha256:" + "0" * 64}, ("/against", "not_allowed")),
        ({"against": "record", "parameters": {}}, ("/against", "not_allowed")),
        ({"against": "yesterday"}, ("/against", "not_allowed")),
        ({"known_at": "now"}, ("/known_at", "instant_format")),
        ({"date": "2024-13-01"}, ("/date", "date_format")),
        ({"date": "1999-01-01"}, ("/date", "before_any_law")),
        ({"known_at": "1999-01-01"}, ("/known_at", "nothing_known")),
        ({"ruleset": "sha256:x"}, ("/ruleset", "wrong_form")),
        (
            {"parameters": {"dibao.nothing": "1.00"}},
            ("/parameters/dibao.nothing", "parameter_not_supplied_here"),
        ),
        (
            {"parameters": {"dibao.standard": {"urban": "0"}}},
            ("/parameters/dibao.standard/urban", "outside_domain"),
        ),
        ({"filter": {}}, ("/filter", "unknown_field")),
    ],
)
async def test_a_faulty_replay_is_refused(service: Service, body: Json, fault: tuple[str, str]) -> None:
    id_ = await service.decide()
    assert fault in await service.faults("POST", f"{DECISIONS}/{id_}/replay", body)
