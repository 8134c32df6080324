"""What a decision is computed again against: its record, what is known now, or something made up, never two of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.core.paging import Filter
from app.decisions.replay import intake as replay_requests
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json, parse_json
from tests.support.rules import NOW, rules

RULESET = "sha256:" + "0" * 64


def read_against(raw: Any) -> Json:
    return replay_requests.read_against(raw, rules().library, NOW)


def read_bulk(raw: Any) -> tuple[Filter, Json]:
    return replay_requests.read_bulk(raw, rules().library, NOW)


def faults(raw: Any) -> list[Fault]:
    with pytest.raises(FaultyRequest) as refused:
        read_against(raw)
    return refused.value.faults


@pytest.mark.parametrize("raw", [{}, {"against": None}, {"against": "record"}, {"known_at": None, "date": None}])
def test_without_more_a_decision_is_computed_against_its_own_record(raw: Json) -> None:
    assert read_against(raw) == {"against": "record"}


def test_against_what_is_known_now() -> None:
    assert read_against({"against": "now"}) == {"against": "now"}


@pytest.mark.parametrize(
    "raw",
    [
        {"known_at": "2024-10-01"},
        {"known_at": "2024-10-01T08:00:00+08:00", "date": "2024-08-01"},
        {"ruleset": RULESET},
        {"parameters": {"dibao.standard": {"urban": "900.00"}}},
    ],
)
def test_what_is_made_up_is_kept_as_it_was_sent(raw: Json) -> None:
    assert read_against(raw | {"against": None}) == raw


def test_a_number_is_kept_as_its_text() -> None:
    assert read_against(parse_json(b'{"parameters": {"edge.multiple": 1.50}}')) == {
        "parameters": {"edge.multiple": "1.50"}
    }


@pytest.mark.parametrize("against", ["record", "now"])
@pytest.mark.parametrize(
    "made_up",
    [{"known_at": "2024-10-01"}, {"date": "2024-10-01"}, {"ruleset": RULESET}, {"parameters": {}}],
    ids=lambda made_up: next(iter(made_up)),
)
def test_record_or_now_stands_with_nothing_made_up(against: str, made_up: Json) -> None:
    assert faults({"against": against} | made_up) == [Fault("/against", "not_allowed")]


def test_every_fault_of_form_is_found_at_once() -> None:
    found = faults({"against": "then", "known_at": "yesterday", "date": "2024-02-30", "ruleset": "x", "colour": 1})
    assert {fault.pointer for fault in found} == {"/against", "/known_at", "/date", "/ruleset", "/colour"}


@pytest.mark.parametrize("raw", [None, [], 1, "record"])
def test_what_is_no_object_is_faulty(raw: Any) -> None:
    assert [fault.pointer for fault in faults(raw)] == [""]


@pytest.mark.parametrize("raw", [{}, {"filter": None}, {"filter": {}}])
def test_many_without_a_filter_are_all(raw: Json) -> None:
    assert read_bulk(raw) == (Filter(), {"against": "record"})


def test_many_are_chosen_by_everything_that_is_said() -> None:
    chosen = {"jurisdiction": "9999", "from": "2024-07-01", "until": "2024-09-10", "programme": "dibao", "rule": "r"}
    filter_, against = read_bulk({"filter": chosen, "against": "now"})
    assert filter_ == Filter(
        jurisdiction="9999", start=dt.date(2024, 7, 1), until=dt.date(2024, 9, 10), programme="dibao", rule="r"
    )
    assert against == {"against": "now"}


def test_faults_in_a_filter_are_found() -> None:
    with pytest.raises(FaultyRequest) as refused:
        read_bulk({"filter": {"from": "soon", "programme": "rent", "colour": 1}, "against": "now"})
    assert {fault.pointer for fault in refused.value.faults} == {"/filter/from", "/filter/programme", "/filter/colour"}


def test_figures_and_days_that_make_no_sense_are_found_where_they_stand() -> None:
    made_up = {"dibao.standard": {"urban": "0.00"}, "no.such": "1.00"}
    assert faults({"parameters": made_up, "date": "2010-01-01"}) == [
        Fault("/date", "before_any_law"),
        Fault("/parameters/dibao.standard/urban", "outside_domain"),
        Fault("/parameters/no.such", "parameter_not_supplied_here"),
    ]
    with pytest.raises(FaultyRequest) as refused:
        read_bulk({"parameters": {"no.such": "1.00"}})
    assert refused.value.faults == [Fault("/parameters/no.such", "parameter_not_supplied_here")]
