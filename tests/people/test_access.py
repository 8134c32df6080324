"""Who reads is written down: by jurisdiction, with the purpose, and auditors see what lies in their areas."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from app.db.tables import Decision, Identity
from app.people.schemas import AccessFilter
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import caller
from tests.support.database.rows import row

pytestmark = pytest.mark.anyio


async def decision(storage: Storage, jurisdiction: str = "999900", *, sensitive: bool = False) -> UUID:
    """A decision of some place with one identified person."""
    id_ = uuid4()
    async with storage.database.begin() as connection:
        await connection.execute(
            insert(Decision).values(row(Decision.__table__, id=id_, jurisdiction=jurisdiction))  # type: ignore[attr-defined]
        )
        await connection.execute(
            insert(Identity).values(
                row(Identity.__table__, decision=id_, ref=f"ref-{id_}", sensitive=sensitive)  # type: ignore[attr-defined]
            )
        )
    return id_


async def entries(storage: Storage, *within: str, **said: Any) -> list[Json]:
    items, _ = await storage.access.page(AccessFilter(within or ("",), **said), None, 100)
    return [item.model_dump() for item in items]


async def test_an_entry_says_who_read_what_and_why(storage: Storage) -> None:
    id_ = await decision(storage)
    before = dt.datetime.now(dt.UTC)
    await storage.access.read(caller(), "decisions.read", decisions=[id_], persons=["r"], household_ref="H")
    (entry,) = await entries(storage)
    assert before <= dt.datetime.fromisoformat(entry.pop("at")) <= dt.datetime.now(dt.UTC)
    assert entry == {
        "subject": "caseworker-1",
        "roles": ["caseworker"],
        "areas": ["9999"],
        "action": "decisions.read",
        "purpose": "case_handling",
        "jurisdiction": "999900",
        "sensitive": False,
        "decisions": [str(id_)],
        "persons": ["r"],
        "household_ref": "H",
    }


async def test_decisions_of_two_places_are_two_entries_each_for_its_own_auditor(storage: Storage) -> None:
    here, there = await decision(storage), await decision(storage, "430500")
    await storage.access.read(caller(area=""), "decisions.read", decisions=[here, there])
    assert [one["decisions"] for one in await entries(storage, "9999")] == [[str(here)]]
    assert [one["decisions"] for one in await entries(storage, "43")] == [[str(there)]]
    assert await entries(storage, "44") == []
    assert len(await entries(storage, "44", "4305", "99")) == 2


async def test_what_is_about_no_decision_is_seen_where_the_caller_belongs(storage: Storage) -> None:
    await storage.access.read(caller(area="4305"), "persons.search")
    await storage.access.read(caller("system", ""), "persons.search")
    assert [one["jurisdiction"] for one in await entries(storage, "4305")] == ["4305"]
    assert [one["jurisdiction"] for one in await entries(storage)] == ["4305", "CN"]


@pytest.mark.parametrize("by", ["decision", "person"])
async def test_reading_about_a_child_is_marked(storage: Storage, by: str) -> None:
    id_ = await decision(storage, sensitive=True)
    await decision(storage)
    said: Json = {"decisions": [id_]} if by == "decision" else {"persons": [f"ref-{id_}"]}
    await storage.access.read(caller(), "identities.read", **said)
    assert [one["sensitive"] for one in await entries(storage)] == [True]


async def test_a_named_purpose_is_written_down(storage: Storage) -> None:
    await storage.access.read(caller(), "decisions.read", purpose="person_request")
    assert [one["purpose"] for one in await entries(storage)] == ["person_request"]


@pytest.mark.parametrize("purpose", ["curiosity", "audit", ""])
async def test_a_purpose_that_the_role_may_not_have_is_a_fault_and_nothing_is_written(
    storage: Storage, purpose: str
) -> None:
    with pytest.raises(FaultyRequest) as refused:
        await storage.access.read(caller(), "decisions.read", purpose=purpose)
    assert refused.value.faults == [Fault("/header/purpose", "not_allowed")]
    assert await entries(storage) == []


async def test_entries_are_found_by_everything_they_say(storage: Storage) -> None:
    id_ = await decision(storage)
    await storage.access.read(caller(subject="a"), "decisions.read", decisions=[id_])
    await storage.access.read(caller(subject="b"), "decisions.read", persons=["r"], purpose="person_request")
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    day = dt.timedelta(days=1)
    for said, subjects in (
        ({"subject": "a"}, ["a"]),
        ({"decision": id_}, ["a"]),
        ({"person": "r"}, ["b"]),
        ({"purpose": "person_request"}, ["b"]),
        ({"subject": "a", "person": "r"}, []),
        ({"start": today, "until": today}, ["a", "b"]),
        ({"start": today + day}, []),
        ({"until": today - day}, []),
    ):
        assert [one["subject"] for one in await entries(storage, **said)] == subjects, said


async def test_whoever_read_a_decision_about_a_person_read_about_the_person(storage: Storage) -> None:
    mine, other = await decision(storage), await decision(storage)
    await storage.access.read(caller(subject="a"), "decisions.read", decisions=[other, mine])
    await storage.access.read(caller(subject="b"), "decisions.read", decisions=[other])
    await storage.access.read(caller(subject="c"), "statuses.read", persons=[f"ref-{mine}"])
    assert [one["subject"] for one in await entries(storage, person=f"ref-{mine}")] == ["a", "c"]
    assert await entries(storage, person="nobody") == []


async def test_pages_follow_each_other_without_gap_or_overlap(storage: Storage) -> None:
    for number in range(5):
        await storage.access.read(caller(subject=f"s{number}"), "decisions.read")
    found: list[str] = []
    filter_, after = AccessFilter(("",)), None
    while True:
        items, after = await storage.access.page(filter_, after, 2)
        found += [one.subject for one in items]
        if after is None:
            break
    assert found == [f"s{number}" for number in range(5)]
