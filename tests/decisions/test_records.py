"""What each kind of record says, and that its canonical text says all of it."""

from __future__ import annotations

import datetime as dt
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.canonical_json import canonical, digest_of, digest_text
from app.decisions.records import (
    Filing,
    Following,
    body_and_digest,
    confirmation_record,
    event_record,
    instant_text,
    with_results,
    withdrawal_record,
)
from app.decisions.schemas import Confirmation, Event, Withdrawal
from app.rules.values.strict_json import Json
from tests.support.decisions.bundles import ORIGIN
from tests.support.decisions.recorded import AT, FAMILY, recorded_decision, with_documents
from tests.support.decisions.states import id_of
from tests.support.rules import cases

FILING = Filing(id_of(2), id_of(1), "999900", ORIGIN, AT, "officer")
HEAD = {
    "format": "doudi/record/1",
    "algorithms": {"digest": "sha256"},
    "id": str(FILING.id),
    "decision": str(FILING.decision),
    "jurisdiction": "999900",
    "origin": ORIGIN,
    "recorded_at": "2026-11-21T10:00:00.000000Z",
    "caller": "officer",
}


def test_a_confirmation_names_what_it_decides_by_its_digest() -> None:
    decided: list[Json] = [{"programme": "dibao", "person": None, "outcome": "granted"}]
    body = Confirmation.model_validate({"by": "officer-7"})
    assert confirmation_record(FILING, "confirmed", body, decided, bytes(32)) == HEAD | {
        "kind": "confirmation",
        "state": "confirmed",
        "by": "officer-7",
        "decision_digest": "sha256:" + "0" * 64,
        "outcomes": decided,
    }


def test_a_withdrawal_says_who_and_why() -> None:
    body = Withdrawal.model_validate({"reason": "家庭撤回申请"})
    assert withdrawal_record(FILING, body) == HEAD | {"kind": "withdrawal", "by": None, "reason": "家庭撤回申请"}


@pytest.mark.parametrize("kind", ["notice", "objection", "visit", "hearing", "delivery"])
def test_an_event_says_what_happened_when(kind: str) -> None:
    body = Event.model_validate({"kind": kind, "on": "2026-08-20", "note": "在场三人"})
    assert event_record(FILING, body) == HEAD | {
        "kind": "event",
        "event": kind,
        "on": "2026-08-20",
        "note": "在场三人",
        "by": None,
    }


def test_a_decision_says_what_was_asked_by_which_rules_and_why() -> None:
    request = FAMILY | {
        "case": "C-1",
        "household_ref": "H-1",
        "kind": "review",
        "accepted_on": "2024-07-01",
        "by": "officer-7",
        "provenance": {"/household/residence": {"source": "verified", "on": "2024-07-02", "by": "registry"}},
    }
    record = recorded_decision(request, following=Following(corrects=id_of(1), reason="收入登记有误")).record
    assert record["decision"] == record["id"]
    assert {name: record[name] for name in record if name not in ("id", "decision", "ruleset", "packs", "results")} == {
        "format": "doudi/record/1",
        "algorithms": {"digest": "sha256"},
        "kind": "decision",
        "jurisdiction": "999900",
        "division": "999900",
        "origin": ORIGIN,
        "recorded_at": "2026-11-21T10:00:00.000000Z",
        "caller": "officer",
        "date": "2024-07-15",
        "known_at": "2024-07-15T09:00:00+08:00",
        "engine": "1",
        "decision_kind": "review",
        "case": "C-1",
        "household_ref": "H-1",
        "accepted_on": "2024-07-01",
        "by": "officer-7",
        "corrects": record["corrects"],
        "succeeds": None,
        "reason": "收入登记有误",
        "facts": {"programmes": None, "household": FAMILY["household"], "options": None},
        "provenance": {"/household/residence": {"source": "verified", "on": "2024-07-02", "by": "registry"}},
        "identities": [],
    }


def test_defaults_are_settled_before_they_are_recorded() -> None:
    record = recorded_decision({name: FAMILY[name] for name in ("jurisdiction", "household")}).record
    assert (record["date"], record["known_at"]) == ("2026-11-21", "2026-11-21T18:00:00+08:00")


@pytest.mark.parametrize("case", cases()[::4], ids=lambda case: case.get("name", ""))
def test_the_text_of_a_record_is_canonical_and_says_all_of_it(case: Json) -> None:
    record = recorded_decision(with_documents(case["request"])).record
    body, digest = body_and_digest(record)
    assert body == canonical(record)
    assert json.loads(body) == record
    assert body_and_digest(orjson.loads(body)) == (body, digest)
    assert digest == digest_of(body)
    assert digest_text(digest).startswith("sha256:")


@pytest.mark.parametrize("explain", ["none", "reasons", "full"])
def test_how_much_was_asked_to_be_explained_changes_nothing_in_the_record(explain: str) -> None:
    plain, asked = (recorded_decision(FAMILY | {"options": options}).record for options in (None, {"explain": explain}))
    own = ("id", "decision")
    assert {k: v for k, v in asked.items() if k not in own} == {k: v for k, v in plain.items() if k not in own}


def test_results_that_do_not_differ_give_the_record_s_own_text() -> None:
    record = recorded_decision(FAMILY).record
    own = (record["ruleset"], record["engine"], record["results"])
    assert with_results(record, *own) == body_and_digest(record)[0]
    assert with_results(record, "sha256:" + "0" * 64, *own[1:]) != body_and_digest(record)[0]
    assert with_results(record, *own[:2], own[2] | {"total_month": "0.01"}) != body_and_digest(record)[0]


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9000, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 bounds
def test_an_instant_is_written_in_one_way(at: dt.datetime) -> None:
    text = instant_text(at)
    assert (len(text), text[-1]) == (27, "Z")
    assert dt.datetime.fromisoformat(text) == at.astimezone(dt.UTC)
