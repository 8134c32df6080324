"""The HTTP backend against the simulator in another process, over loopback: submit, poll, callbacks, and what goes wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.http_client import Limits
from app.verification.exchange.errors import Forged, OtherQuery, PlatformRefused, PlatformUnavailable, Stale
from app.verification.exchange.http import HttpJson
from app.verification.exchange.protocol import Answers, Callback, Query
from app.verification.exchange.signing import sign
from tests.support.verification.exchange import DAY, KEY, PROVINCE, RESIDENTS, person, query
from tests.support.verification.simulator import Receiver, Running, receiver, simulator, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


_NUMBERS = count(1)


def fresh(**changes: Any) -> Query:
    """A query that the shared simulator has not been asked yet."""
    return query(f"q-fresh-{next(_NUMBERS)}", **changes)


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A simulator that several tests ask."""
    async with simulator(tmp_path_factory.mktemp("simulator")) as started:
        yield started


@pytest.fixture
async def backend(running: Running) -> AsyncIterator[HttpJson]:
    made = running.backend()
    yield made
    await made.close()


async def answers(backend: HttpJson, asked: Query) -> Answers:
    """All that is answered to a query, fetched."""
    receipt = await backend.submit(asked)
    last: list[Answers] = []

    async def complete() -> bool:
        last.append(await backend.poll(asked, receipt))
        return last[-1].complete

    await until(complete)
    return last[-1]


async def test_it_says_that_all_is_invented(running: Running) -> None:
    assert "invented" in running.said[0] or "虚构" in running.said[0]
    assert (await running.control("GET", "state"))["residents"] == len(RESIDENTS)


async def test_what_the_registers_hold_is_answered(backend: HttpJson) -> None:
    found = await answers(backend, fresh())
    assert not found.malformed
    assert len(found.reports) == 2 * 12
    for number in (0, 1):
        resident = RESIDENTS[number]
        for report in (one for one in found.reports if one.person == f"p{number + 1}"):
            assert report.as_of == DAY
            held = resident.entries.get(report.source, ())
            assert report.status == ("answered" if held else "no_record")
            assert [item.plain() for item in report.items] == [item.plain() for item in held]


async def test_the_same_query_again_is_the_same_question(backend: HttpJson, running: Running) -> None:
    asked, before = fresh(), (await running.control("GET", "state"))["queries"]
    assert await backend.submit(asked) == await backend.submit(asked)
    assert (await running.control("GET", "state"))["queries"] == before + 1


async def test_somebody_unknown_is_unmatched_and_a_namesake_is_weak(backend: HttpJson, running: Running) -> None:
    await running.control("POST", "persons", {"name": "欧阳无名", "id_number": RESIDENTS[5].id_number, "entries": {
        "vehicles": [{"fact": "vehicles", "value": "1"}]}})  # fmt: skip
    namesake = person(6).model_copy(update={"name": "欧阳无名", "id_number": "110101199003070011"})
    stranger = person(7).model_copy(update={"name": "司马没有", "id_number": "110101199003070038"})
    found = await answers(backend, fresh(persons=(namesake, stranger), sources=("vehicles",)))
    by_person = {one.person: one for one in found.reports}
    assert by_person["p8"].status == "unmatched"
    (item,) = by_person["p7"].items
    assert (item.match.quality, item.match.on) == ("weak", ("name",))


async def test_callbacks_bring_the_same_reports(running: Running) -> None:
    async with receiver(running) as received:
        asked = received.callback(fresh())
        receipt = await received.backend.submit(asked)
        await until(lambda: len(received.taken) == 24)
        polled = await received.backend.poll(asked, receipt)
    assert {one.digest for one in received.taken} == {one.digest for one in polled.reports}
    assert set(received.statuses) <= {200}


async def test_a_callback_is_repeated_until_it_is_acknowledged(running: Running) -> None:
    async with receiver(running) as received:
        asked = received.callback(fresh(sources=("household",)))
        del received.queries[asked.id]  # the service does not know it yet: 404
        await received.backend.submit(asked)
        await until(lambda: len(received.requests) >= 4)
        assert not received.taken
        received.queries[asked.id] = asked
        await until(lambda: {one.person for one in received.taken} == {"p1", "p2"})


async def test_with_everything_going_wrong_each_register_is_heard_in_the_end(tmp_path: Path) -> None:
    options = [
        "--errors",
        ".2",
        "--duplicates",
        ".3",
        "--late",
        ".2",
        "--lateness",
        ".3",
        "--malformed",
        ".3",
        "--partial",
        ".4",
        "--wrong-matches",
        ".2",
    ]
    async with simulator(tmp_path, *options) as running, receiver(running) as received:
        asked = [
            received.callback(
                query(f"q-{n}", persons=(person(n), person(n + 1)), sources=("household", "tax", "banks"))
            )
            for n in range(12)
        ]
        for one in asked:
            await received.backend.submit(one)
        wanted = {(one.id, p.ref, source) for one in asked for p in one.persons for source in one.sources}
        final = [one for one in received.taken if one.status != "partial"]

        def heard() -> bool:
            final[:] = [one for one in received.taken if one.status != "partial"]
            return {(one.query, one.person, one.source) for one in final} == wanted

        await until(heard)
        assert len({one.id for one in received.taken}) < len(received.taken)  # duplicates
        digests = {one.id: one.digest for one in received.taken}
        assert all(one.digest == digests[one.id] for one in received.taken)
        for status in ("error", "partial", "answered"):
            assert status in {one.status for one in received.taken}
        assert "weak" in {item.match.quality for one in received.taken for item in one.items}
        state = await running.control("GET", "state")
        assert state["refused"] > 0  # the malformed


async def test_polls_bring_the_malformed_apart_and_whole_the_next_time(tmp_path: Path) -> None:
    async with simulator(tmp_path, "--malformed", "1") as running:
        backend = running.backend()
        receipt = await backend.submit(query())
        first = await backend.poll(query(), receipt)
        second = await backend.poll(query(), receipt)
        await backend.close()
    assert (len(first.reports), len(first.malformed), first.complete) == (0, 24, False)
    assert (len(second.reports), len(second.malformed), second.complete) == (24, 0, True)


async def test_late_answers_are_not_there_at_once(tmp_path: Path) -> None:
    async with simulator(tmp_path, "--latency", "0.5") as running:
        backend = running.backend()
        receipt = await backend.submit(query())
        early = await backend.poll(query(), receipt)
        assert (early.reports, early.complete) == ((), False)
        assert (await answers(backend, query())).complete
        await backend.close()


async def test_a_platform_that_is_down_is_unavailable_and_then_left_alone(running: Running) -> None:
    await running.control("PATCH", "behaviour", {"down": True})
    asked = fresh()
    limits = Limits(timeout=1, attempts=2, patience=5, first_wait=0.01, failures=3, pause=3)
    backend = running.backend(limits=limits)
    for _ in range(3):
        with pytest.raises(PlatformUnavailable):
            await backend.submit(asked)
    assert backend.left_alone
    await running.control("PATCH", "behaviour", {"down": False})
    with pytest.raises(PlatformUnavailable):  # not asked yet
        await backend.submit(asked)
    await asyncio.sleep(3.1)
    assert await backend.submit(asked)
    await backend.close()


async def test_nobody_listening_is_unavailable() -> None:
    limits = Limits(timeout=1, attempts=2, patience=2, first_wait=0.01)
    backend = Running("http://127.0.0.1:1", [], Path()).backend(limits=limits)
    with pytest.raises(PlatformUnavailable):
        await backend.submit(query())
    await backend.close()


async def test_another_key_is_refused_by_the_platform(running: Running) -> None:
    backend = running.backend(KEY[::-1])
    with pytest.raises(PlatformRefused):
        await backend.submit(fresh())
    await backend.close()


async def test_what_the_platform_posted_is_refused_elsewhere_changed_or_later(running: Running) -> None:
    now = dt.datetime.now(dt.UTC)
    async with receiver(running) as received:
        asked = received.callback(fresh(sources=("household",)))
        await received.backend.submit(asked)
        await until(lambda: len(received.taken) == 2)
        accept = received.backend.accept
        _, headers, body = received.requests[0]
        _, _, other_body = received.requests[1]
        assert accept(Callback(headers, body), asked, now)
        with pytest.raises(Forged):
            accept(Callback(headers, other_body), asked, now)
        with pytest.raises(Stale):
            accept(Callback(headers, body), asked, now + dt.timedelta(hours=1))
        with pytest.raises(OtherQuery):
            accept(Callback(headers, body), query("q-other"), now)
        with pytest.raises(Forged):  # signed for another report
            accept(Callback(sign(KEY, "r-other", body, now), body), asked, now)


async def test_a_person_of_a_script_is_in_the_registers(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(
        f"""behaviour: {{latency: "0.1"}}
persons:
  - name: 甲某
    id_number: "{RESIDENTS[3].id_number}"
    entries:
      tax: [{{fact: wage, value: "9600.05", first_month: 2026-02, last_month: 2026-07}}]
      deaths: [{{fact: death, value: 2026-08-01}}]
""",
        encoding="utf-8",
    )
    async with simulator(tmp_path, "--script", str(script)) as running:
        assert (await running.control("GET", "state"))["behaviour"]["latency"] == 0.1
        backend = running.backend()
        about = person(3).model_copy(update={"name": "甲某"})
        found = await answers(backend, query(persons=(about,), sources=("tax", "deaths", "vehicles")))
        await backend.close()
    said = {one.source: [item.value for item in one.items] for one in found.reports}
    assert said == {"tax": [960_005], "deaths": [dt.date(2026, 8, 1)], "vehicles": []}


async def test_a_platform_that_names_everything_otherwise_is_understood(tmp_path: Path) -> None:
    async with simulator(tmp_path, "--platform", str(PROVINCE), "--malformed", ".3") as running:
        backend = running.backend(platform=PROVINCE)
        found = await answers(backend, query())
        await backend.close()
    assert len(found.reports) == 24
    for number in (0, 1):
        said = {one.source: one.items for one in found.reports if one.person == f"p{number + 1}"}
        assert {source: items for source, items in said.items() if items} == RESIDENTS[number].entries


async def test_control_refuses_what_it_does_not_understand(running: Running) -> None:
    for method, path, body in (
        ("PATCH", "behaviour", {"errors": 2}),
        ("PATCH", "behaviour", {"mood": 1}),
        ("POST", "persons", {"name": "x", "id_number": "1"}),
        ("POST", "persons", {"name": "x", "id_number": RESIDENTS[0].id_number, "entries": {"tax": [{"fact": "wage"}]}}),
        ("POST", "persons", {"name": "x", "id_number": RESIDENTS[0].id_number, "entries": {"horoscope": []}}),
    ):
        with pytest.raises(httpx.HTTPStatusError):
            await running.control(method, path, body)
    async with httpx.AsyncClient(base_url=running.address) as client:
        for path in ("/queries", "/reports"):
            assert (await client.post(path, json={})).status_code == 401


async def test_the_receiver_refuses_strangers(running: Running) -> None:
    async with receiver(running) as received:
        asked = received.callback(fresh())
        async with httpx.AsyncClient() as client:
            assert (await client.post(asked.callback or "", json={})).status_code == 401
        assert isinstance(received, Receiver)
        assert not received.taken
