"""Which reports are taken over instead of asking again, and which confirm anything: of the right name, and the right time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Match, Period
from app.verification.outbox import apply_report
from tests.support.client import example
from tests.support.service import proposal
from tests.support.verification.platform import answer, signed
from tests.support.verification.reports import EXACT, HALF_YEAR, WEAK, item
from tests.support.verification.service import PATH, PEOPLE, Verifying, asked, consent

pytestmark = pytest.mark.anyio


async def test_a_valid_report_is_used_instead_of_asking_again(verifying: Verifying) -> None:
    first = await asked(verifying)
    (query,) = verifying.platform.submitted
    await verifying.told(first, *signed(answer(query, "vehicles", item("vehicles", 1)), verifying.clock()))
    again = await verifying.begin()
    (reused,) = again["queries"]
    assert (reused["state"], reused["reused_from"], reused["valid_until"]) == ("answered", first, "2027-02-20")
    found = await verifying.read(again["id"])
    assert [(one["found"], one["source"]) for one in found["findings"]] == [(1, "vehicles")]
    await verifying.works()
    assert len(verifying.platform.submitted) == 1


async def test_a_report_that_is_too_old_is_not_used(verifying: Verifying) -> None:
    first = await asked(verifying)
    (query,) = verifying.platform.submitted
    await verifying.told(first, *signed(answer(query, "vehicles", item("vehicles", 1)), verifying.clock()))
    verifying.clock.passes(days=100)
    assert await verifying.state(first) == "expired"
    again = await verifying.begin(consents=[consent("p2", until="2027-12-31")])
    assert [query["state"] for query in again["queries"]] == ["queued"]


async def test_where_no_validity_is_published_nothing_is_reused_and_that_is_said(verifying: Verifying) -> None:
    first = await verifying.begin(jurisdiction="430500")
    assert first["gaps"] == ["verification.validity"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    await verifying.told(first["id"], *signed(answer(query, "vehicles", item("vehicles", 1)), verifying.clock()))
    again = await verifying.begin(jurisdiction="430500")
    assert [query["state"] for query in again["queries"]] == ["queued"]
    assert (await verifying.read(first["id"]))["queries"][0]["valid_until"] is None


def named(name: str) -> list[Json]:
    """The people with another name for p2, and the same number."""
    return [one | {"name": name} if one["person"] == "p2" else one for one in PEOPLE]


async def with_report(verifying: Verifying, match: Match = EXACT, **changes: Any) -> str:
    """A verification with a report of a vehicle."""
    id_: str = (await verifying.begin(**changes))["id"]
    await verifying.works()
    query = verifying.platform.submitted[-1]
    report = answer(query, "vehicles", item("vehicles", 1, match))
    assert (await verifying.told(id_, *signed(report, verifying.clock()))).is_success
    return id_


async def test_a_report_is_used_for_the_name_it_was_asked_about_alone(verifying: Verifying) -> None:
    """Whoever gives somebody else's number does not get what the register holds of the right name."""
    first = await with_report(verifying)
    other = await verifying.begin(identities=named("李四广"))
    assert [one["state"] for one in other["queries"]] == ["queued"]
    again = await verifying.begin(identities=named(" 李四光 ".strip()))
    assert [one["reused_from"] for one in again["queries"]] == [first]


async def test_what_was_found_under_a_mistyped_name_does_not_stay_once_it_is_corrected(verifying: Verifying) -> None:
    await with_report(verifying, WEAK, identities=named("李四广"))
    right = await with_report(verifying)
    found = await verifying.read(right)
    assert [(one["match"], one["found"]) for one in found["findings"]] == [("exact", 1)]
    assert [query.persons[0].name for query in verifying.platform.submitted] == ["李四广", "李四光"]


async def test_a_report_that_was_taken_over_is_taken_over_from_where_it_was_asked(verifying: Verifying) -> None:
    """Before, names were not compared: what another name took over then is not that name's."""
    first = await with_report(verifying)
    taken_over = await verifying.begin()
    again = await verifying.begin()
    assert [one["queries"][0]["reused_from"] for one in (taken_over, again)] == [first, first]


@pytest.mark.parametrize("of_decision", [False, True])
async def test_registers_are_asked_anew_for_a_reason(verifying: Verifying, of_decision: bool) -> None:
    await with_report(verifying)
    made = await verifying.propose(proposal(identities=PEOPLE))
    whom = {"decision": made["id"]} if of_decision else example() | {"identities": PEOPLE}
    body = whom | {"purpose": "application", "persons": ["p2"], "sources": ["vehicles"], "consents": [consent("p2")]}
    assert [one["state"] for one in (await verifying.post(PATH, body, 202))["queries"]] == ["answered"]
    anew = await verifying.post(PATH, body | {"refresh": True, "reason": "行驶证已注销"}, 202)
    assert [one["state"] for one in anew["queries"]] == ["queued"]
    assert (await verifying.read(anew["id"]))["refresh_reason"] == "行驶证已注销"
    assert ("/reason", "required") in await verifying.faults("POST", PATH, body | {"refresh": True})
    assert ("/reason", "not_allowed") in await verifying.faults("POST", PATH, body | {"reason": "行驶证已注销"})
    naming = body | {"refresh": True, "reason": "李四光 的名字写错了"}
    assert ("/reason", "personal_data") in await verifying.faults("POST", PATH, naming)


async def test_asking_anew_a_consent_given_later_takes_nothing_over_either(verifying: Verifying) -> None:
    await with_report(verifying)
    id_ = (await verifying.begin(consents=[], refresh=True, reason="行驶证已注销"))["id"]
    begun = await verifying.post(f"{PATH}/{id_}/consents", {"consents": [consent("p2")]}, 202)
    assert [one["state"] for one in begun["queries"]] == ["queued"]


async def test_what_was_verified_so_long_ago_that_it_expired_is_asked_again(verifying: Verifying) -> None:
    async def asks(on: str, **more: Any) -> bool:
        provenance = {"/household/assets": {"source": "verified", "by": "vehicles", "on": on}}
        begun = await verifying.begin(persons=None, sources=None, consents=[], provenance=provenance, **more)
        settled = (await verifying.read(begun["id"]))["settled"]["provenance"]
        assert bool(settled) == (on > "2026-08-19")
        return any(query["source"] == "vehicles" for query in begun["queries"])

    assert not await asks("2026-08-20")
    assert await asks("2026-08-19")
    assert await asks("2026-08-20", refresh=True, reason="行驶证已注销")


# of another time


async def test_months_and_days_that_are_yet_to_come_are_refused(verifying: Verifying) -> None:
    id_ = await asked(verifying, "tax", "deaths")
    (query,) = verifying.platform.submitted
    ahead = Period(first="2026-07", last="2026-12")
    wage, death = item("wage", 960000, period=ahead), item("death", dt.date(2026, 11, 21))
    for source, items, where in [
        ("tax", [item("wage", 1, period=HALF_YEAR), wage], "1/last"),
        ("deaths", [death], "0/value"),
    ]:
        said = await verifying.told(id_, *signed(answer(query, source, *items), verifying.clock()))
        assert said.status_code == 422
        assert [(one["pointer"], one["code"]) for one in said.json()["errors"]] == [
            (f"/items/{where}", "in_the_future")
        ]
    verifying.platform.says = [answer(query, "tax", wage)]
    verifying.clock.passes(seconds=10)
    await verifying.works()
    found = await verifying.read(id_)
    assert {(one["state"], one["problem"]) for one in found["queries"]} == {("sent", "malformed")}
    assert found["findings"] == []


async def test_what_was_taken_before_months_were_looked_at_is_read_and_confirms_nothing(
    verifying: Verifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_report, "must_have_happened", lambda _: None)
    id_ = (await verifying.begin("tax", consents=[consent("p1", "tax")], persons=["p1"]))["id"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    ahead = Period(first="2026-12", last="2027-05")
    report = answer(query, "tax", item("wage", 960000, period=ahead))
    await verifying.told(id_, *signed(report, verifying.clock()))
    monkeypatch.undo()
    found = await verifying.read(id_)
    assert [(one["kind"], one["would_be"], one["effects"]) for one in found["findings"]] == [("other_time", None, [])]
    assert found["settled"]["provenance"] == {}
    body, headers = signed(report, verifying.clock())
    assert (await verifying.told(id_, body, headers)).json()["applied"] == "repeated"


async def test_an_expired_report_confirms_nothing(verifying: Verifying) -> None:
    id_ = (await verifying.begin("tax", consents=[consent("p1", "tax")], persons=["p1"]))["id"]
    await verifying.works()
    (query,) = verifying.platform.submitted
    months = [Period(first=f"2026-{n:02d}", last=f"2026-{n:02d}") for n in range(2, 8)]
    report = answer(query, "tax", *(item("wage", 160000, period=month) for month in months))
    await verifying.told(id_, *signed(report, verifying.clock()))
    found = await verifying.read(id_)
    (finding,) = found["findings"]
    assert (finding["kind"], finding["found"], finding["expired"]) == ("agrees", "9600.00", False)
    assert finding["entries"][0] == {"found": "1600.00", "period": {"first": "2026-02", "last": "2026-02"}}
    assert list(found["settled"]["provenance"]) == ["/household/members/0/income/wage"]
    verifying.clock.passes(days=100)
    found = await verifying.read(id_)
    assert ([one["expired"] for one in found["findings"]], found["settled"]["provenance"]) == ([True], {})
