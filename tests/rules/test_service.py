"""Defaults of a request, and the engines and writers kept from one answer to the next."""

import datetime as dt
import gc
from typing import Any

import pytest

from app.rules import service
from app.rules.engine import evaluate
from app.rules.engine.evaluate import Engines
from app.rules.engine.household import Person
from app.rules.explain.answer import Answerer
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.request_faults import FaultyRequest
from app.rules.rulesets.ruleset import PUBLISHED, Accepting
from app.rules.service import Rules
from tests.support.rules import NOW, rules

MEMBER = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
REQUEST: dict[str, Any] = {"jurisdiction": "999900", "household": {"residence": "urban", "members": [MEMBER]}}


def test_a_request_without_a_day_is_of_today_in_china_and_knows_what_is_known_now() -> None:
    now = dt.datetime(2026, 11, 21, 20, 30, 15, 5, tzinfo=dt.UTC)
    answer = rules().assess(REQUEST, "zh", now)
    assert answer["date"] == "2026-11-22"
    assert answer["known_at"] == "2026-11-22T04:30:15+08:00"


def test_a_request_that_names_a_day_is_of_that_day() -> None:
    answer = rules().assess(REQUEST | {"date": "2026-08-15"}, "zh", dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC))
    assert answer["date"] == "2026-08-15"


def test_a_request_names_how_much_is_explained_and_which_programmes() -> None:
    question = rules().question(REQUEST, NOW)
    assert (question.explain, question.programmes, question.accepting) == ("reasons", None, PUBLISHED)
    question = rules().question(REQUEST | {"options": {}, "programmes": ["dibao"]}, NOW)
    assert (question.explain, question.programmes, question.accepting) == ("reasons", frozenset(["dibao"]), PUBLISHED)
    question = rules().question(REQUEST | {"options": {"explain": "full", "carry_forward": True}}, NOW)
    assert (question.explain, question.accepting) == ("full", Accepting(carried=True))


def test_only_a_full_answer_is_worked_out_in_bounds_where_everything_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    engine = rules().engine(rules().question(REQUEST, NOW))
    whole = engine.assess

    def assess(*args: Any, always_bounded: bool, answers: None) -> Any:
        asked.append(always_bounded)
        return whole(*args, always_bounded=always_bounded, answers=answers)

    monkeypatch.setattr(engine, "assess", assess)
    for explain in ("none", "reasons", "full"):
        rules().answer(rules().question(REQUEST | {"options": {"explain": explain}}, NOW), "en", engine)
    assert asked == [False, False, True]


def test_nothing_known_by_then_is_a_fault_of_the_moment() -> None:
    with pytest.raises(FaultyRequest) as refusal:
        rules().assess(REQUEST | {"date": "2020-01-01", "known_at": "1990-01-01"}, "en", NOW)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/known_at", "nothing_known")]


# what is kept


DAYS = tuple(dt.date(2026, 8, day) for day in range(1, 7))


def test_the_same_answerer_answers_again_and_never_for_another_engine() -> None:
    asked = Rules(rules().library)
    engine, other = (asked.engines.at(code, DAYS[0], NOW.date()) for code in ("999900", "150700"))
    first = asked._answerer(engine, "en", DAYS[0])
    assert asked._answerer(engine, "en", DAYS[0]) is first
    asked._answerers[id(engine), "en", DAYS[0]] = Answerer(other, "en", DAYS[0])
    assert asked._answerer(engine, "en", DAYS[0]).engine is engine


def test_no_more_answerers_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_MAX_ANSWERERS", 2)
    asked = Rules(rules().library)
    engine = asked.engines.at("999900", DAYS[0], NOW.date())
    counts = [len(asked._answerers) for day in DAYS if asked._answerer(engine, "en", day)]
    assert counts == [1, 2, 1, 2, 1, 2]


def test_no_more_engines_and_programs_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "_MAX_COMPILED", 2)
    engines = Engines(rules().library)
    for place, days in (("999900", (2016, 2020, 2022, 2026)), ("150700", (2016, 2020))):
        for year in days:
            engine = engines.at(place, dt.date(year, 8, 15), NOW.date())
            assert engines.at(place, dt.date(year, 8, 15), NOW.date()) is engine
    assert (len(engines._engines), len(engines._programs)) == (2, 2)


@pytest.mark.parametrize("explain", ["reasons", "full"], ids=["fast", "bounded"])
def test_the_people_of_an_answered_household_are_gone_at_once(explain: str) -> None:
    couple = [MEMBER, MEMBER | {"id": "p2", "relation": "spouse"}]
    request = REQUEST | {"household": {"residence": "urban", "members": couple}, "options": {"explain": explain}}
    rules().assess(request, "en", NOW)
    gc.collect()
    gc.disable()
    try:
        before = sum(type(thing) is Person for thing in gc.get_objects())
        rules().assess(request, "en", NOW)
        assert sum(type(thing) is Person for thing in gc.get_objects()) == before
    finally:
        gc.enable()


def test_the_engine_of_supplied_figures_is_kept_for_those_figures_alone() -> None:
    def engine(standard: str, date: str = "2026-08-15") -> object:
        options = {"parameters": {"dibao.standard": {"urban": standard}}}
        return rules().engine(rules().question(EXAMPLE | {"options": options, "date": date}, NOW))

    assert engine("900.00") is engine("900.00")
    assert engine("900.00") is not engine("901.00")
    assert engine("900.00") is not engine("900.00", "2024-08-15")
    assert all(engine(f"{number}.00") for number in range(1, 70))
    assert len(rules().engines._supplied) == 64
