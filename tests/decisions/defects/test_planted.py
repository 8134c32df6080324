"""A wrong figure of one month and one residence: the notice finds exactly the decisions it touched, and what it did.

Compared with computing every recorded decision again, with the right figure and with absurd ones, by hand as it were.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest

from app.core.months import before, first_day, months_between
from app.core.paging import Filter
from app.db.database import Database
from app.decisions import repository, search_repository
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import question_of
from app.rules.explain.codes import answer_codes
from app.rules.history import RulesHistory
from app.rules.service import Rules
from app.rules.values.money import parse_fen
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import OFFICER
from tests.support.decisions.defective_pack import RIGHT, WRONG, Clock, bodies, record_all, with_rural_standard
from tests.support.rules import rules
from tests.support.storage import ORIGIN

pytestmark = pytest.mark.anyio

START = dt.datetime(2026, 2, 20, 2, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
COUNT = 200
DEFECT = {
    "parameter": "dibao.standard",
    "key": "rural",
    "jurisdiction": "999900",
    "from": "2025-09-01",
    "until": "2025-09-30",
}
FIGURE = {"parameters": {"dibao.standard": {"rural": "700.00"}}}


@dataclass(frozen=True)
class Expected:
    """What computing by hand comes to for a decision: money a month, by result, and the months it stood."""

    cls: str
    money: dict[tuple[str, str | None], tuple[int, list[str] | None]]


async def recorded_by_wrong_rules(
    database: Database, folder: Path, patch: pytest.MonkeyPatch
) -> dict[UUID, DecisionState]:
    wrong = Storage(database, folder, ORIGIN, RulesHistory(with_rural_standard(WRONG)), now=Clock(START))
    await record_all(wrong, bodies(COUNT, patch))
    await wrong.writer.close()
    async with database.engine.connect() as connection:
        ids = await search_repository.ids(connection, Filter(), None, 10_000)
        return await repository.states(connection, ids)


async def searched(storage: Storage, report: Json) -> tuple[Json, list[Json]]:
    """A defect notice, done, and all it found."""
    id_ = UUID((await storage.defects.begin(OFFICER, report)).id)
    while await storage.jobs.work_once():
        pass
    notice = (await storage.defects.read(OFFICER, id_)).model_dump(mode="json", by_alias=True)
    return notice, await storage.jobs.results(OFFICER, id_, None, 10_000, kind="defect")


# by hand


def results_by(own: Rules, record: Json, day: dt.date | None = None) -> Json:
    question = question_of(own, record)
    engine = own.engine(replace(question, date=day or question.date))
    return answer_codes(own.answer(question, "zh", engine))


def paid(results: Json, key: tuple[str, str | None]) -> int | None:
    for result in results["results"]:
        if (result["programme"], result["person"]) == key:
            if result["status"] in ("ineligible", "not_applicable"):
                return 0
            if result["status"] != "eligible" or (result["amount"] and not isinstance(result["amount"]["figure"], str)):
                return None
            return parse_fen(result["amount"]["figure"]) if result["amount"] else 0
    return 0


def touched(record: Json) -> bool:
    """Whether any other figure in that month and residence would have shown in what the record names: a test that only
    fails as well, beside the one that refused, does nobody anything."""
    named = shown(record["results"], record)
    return any(shown(results_by(with_rural_standard(value), record), record) != named for value in (RIGHT, 12, 999_996))


def shown(results: Json, record: Json) -> Json:
    """Results without the tests that the record does not name, and without the distance from whichever comes first."""
    named = {(r["programme"], r["person"], test["rule"]) for r in record["results"]["results"] for test in r["tests"]}
    kept = []
    for one in results["results"]:
        key = (one["programme"], one["person"])
        tests = [test for test in one["tests"] if (*key, test["rule"]) in named]
        kept.append({**one, "tests": tests, "margin": None} if one["status"] == "ineligible" else one)
    return results | {"results": kept}


def by_hand(state: DecisionState, followers: dict[UUID, DecisionState]) -> Expected:
    record, right = state.decision, results_by(rules(), state.decision)
    departed = {
        (o["programme"], o["person"]) for o in (state.confirmation or {"outcomes": []})["outcomes"] if o["departs"]
    }
    classes, money = [], {}
    sides = [{(r["programme"], r["person"]): r for r in side["results"]} for side in (record["results"], right)]
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        then, now = (side.get(key, {"status": "none", "amount": None}) for side in sides)
        if (then["status"], then["amount"]) == (now["status"], now["amount"]):
            continue
        one, other = paid(record["results"], key), paid(right, key)
        if key in departed:
            classes.append("decided_otherwise")
        elif one is None or other is None:
            classes.append("unsettled")
        elif one != other:
            classes.append("harmed" if other > one else "benefited")
            money[key] = (other - one, months(state, key, right, followers))
        elif "eligible" in (then["status"], now["status"]) and then["status"] != now["status"]:
            classes.append("harmed" if now["status"] == "eligible" else "benefited")
    kinds = set(classes)
    cls = (
        "unsettled"
        if "unsettled" in kinds or {"harmed", "benefited"} <= kinds
        else next((c for c in ("harmed", "benefited", "decided_otherwise") if c in kinds), "unchanged")
    )
    return Expected(cls, money)


def months(
    state: DecisionState, key: tuple[str, str | None], right: Json, followers: dict[UUID, DecisionState]
) -> list[str] | None:
    """From the month after the decision until a successor began or what is due changed; None for what is paid once."""
    amounts = amounts_of(key, state.decision["results"], right)
    if amounts[0]["unit"] != "CNY/month":
        return None
    if state.confirmation is None or any(f.corrects and f.decided for f in state.followers):
        return []
    last = "2026-11"
    for follower in state.followers:
        if follower.decided and not left_open(key, followers[follower.id].decision["results"]):
            begun = amounts_of(key, followers[follower.id].decision["results"])
            last = min(last, before(begun[0]["from_month"] if begun else "2026-03"))
    found = []
    for month in months_between(amounts[0]["from_month"], last):
        day = max(first_day(month), dt.date.fromisoformat(state.decision["date"]))
        later = results_by(rules(), state.decision | {"known_at": NOW.isoformat(), "recorded_at": NOW.isoformat()}, day)
        if paid(later, key) != paid(right, key):
            break
        found.append(month)
    return found


def left_open(key: tuple[str, str | None], results: Json) -> bool:
    """Whether a decision left a result as it was: nobody could settle it."""
    found = [r["status"] for r in results["results"] if (r["programme"], r["person"]) == key]
    return found in (["refer"], ["undetermined"])


def amounts_of(key: tuple[str, str | None], *results: Json) -> list[Json]:
    every = [result for one in results for result in one["results"]]
    return [r["amount"] for r in every if (r["programme"], r["person"]) == key and r["amount"]]


def fen(text: str) -> int:
    return -parse_fen(text[1:]) if text.startswith("-") else parse_fen(text)


def money_of(found: Json) -> dict[tuple[str, str | None], tuple[int, list[str] | None]]:
    """What the notice says of a decision's money, as `by_hand` has it."""
    money = {}
    for result in found["results"]:
        monthly = result["per_month"] is not None
        amount = fen(result["per_month"] or result["total"] or "0.00")
        if amount and result["class"] in ("harmed", "benefited"):
            money[(result["programme"], result["person"])] = (amount, result["months"] if monthly else None)
    return money


@pytest.mark.slow
@pytest.mark.parametrize("corrected", [None, FIGURE], ids=["what is known now", "the figure named"])
async def test_the_notice_finds_exactly_what_was_touched_and_what_it_did(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corrected: Json | None
) -> None:
    states = await recorded_by_wrong_rules(database, tmp_path, monkeypatch)
    expected = {id_: by_hand(state, states) for id_, state in states.items() if touched(state.decision)}
    after_it_was_put_right = Storage(database, tmp_path, ORIGIN, RulesHistory(rules()), now=Clock(NOW))
    answer, found = await searched(after_it_was_put_right, DEFECT | {"corrected": corrected})

    assert {UUID(one["decision"]) for one in found} == set(expected)
    assert {state.decision["facts"]["household"]["residence"] for id_, state in states.items() if id_ in expected} == {
        "rural"
    }
    assert answer["touched"] == len(expected) < answer["progress"]["total"] < len(states)
    for one in found:
        hand = expected[UUID(one["decision"])]
        assert one["class"] == hand.cls, one
        assert money_of(one) == hand.money, one
    assert answer["counts"] == {name: Counter(e.cls for e in expected.values())[name] for name in answer["counts"]}
    assert set(answer["counts"].values()) != {0}
    assert min(answer["counts"][name] for name in ("harmed", "unchanged")) > 0
    classes = {effect["class"] for one in found for effect in one["results"]}
    assert "decided_otherwise" in classes
    sums: Counter[str] = Counter()
    for id_, hand in expected.items():
        for amount, stood in hand.money.values():
            for month in [states[id_].decision["date"][:7]] if stood is None else stood:
                sums[month] += amount
    assert {m["month"]: fen(m["harmed"]) + fen(m["benefited"]) for m in answer["months"]} == sums

    again, same = await searched(after_it_was_put_right, DEFECT | {"corrected": corrected})
    assert same == found
    assert {n: v for n, v in again.items() if n not in ("id", "created_at", "updated_at")} == {
        n: v for n, v in answer.items() if n not in ("id", "created_at", "updated_at")
    }
