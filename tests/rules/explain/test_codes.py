"""Records keep codes and values of an answer, and no words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.rules.explain.codes import answer_codes
from app.rules.values.strict_json import Json
from tests.support.rules import ask, by_key, cases, rules

CODE: Final = re.compile(r"[A-Za-z0-9_.:/<>=+-]*", re.ASCII)  # ids, figures, units, months, pointers, relations


def texts(value: Any) -> Iterator[str]:
    """Every text within a value, keys of objects included."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


CASES: Final = cases()


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case["name"])
def test_the_language_of_an_answer_changes_nothing(case: Json) -> None:
    assert answer_codes(ask(case["request"], "zh")) == answer_codes(ask(case["request"], "en"))


@pytest.mark.parametrize("case", CASES[1::3], ids=lambda case: case["name"])
def test_no_text_for_people_is_kept(case: Json) -> None:
    kept = answer_codes(ask(case["request"]))
    assert [text for text in texts(kept) if not CODE.fullmatch(text)] == []


@pytest.mark.parametrize("case", CASES[2::3], ids=lambda case: case["name"])
def test_every_result_is_kept_with_its_status_and_its_figures(case: Json) -> None:
    answer = ask(case["request"])
    kept = by_key(answer_codes(answer))
    assert list(kept) == list(by_key(answer))
    for key, result in by_key(answer).items():
        assert kept[key]["status"] == result["status"]
        assert kept[key]["missing"] == list(result["missing"])
        assert kept[key]["gaps"] == list(result["gaps"])
        assert (kept[key]["amount"] is None) == (result["amount"] is None)
        if result["amount"] is not None and result["amount"]["value"] is not None:
            assert kept[key]["amount"]["figure"] == result["amount"]["value"]


def test_an_open_figure_keeps_its_bounds() -> None:
    answer = ask(next(case for case in CASES if case["name"] == "shaoyang-2026-01-01-basic-pension")["request"])
    shown, kept = (by_key(one)["dibao", None]["amount"] for one in (answer, answer_codes(answer)))
    assert shown["value"] is None
    assert kept["figure"] == {"min": shown["min"], "max": shown["max"]}


def test_every_rule_that_is_kept_is_one_of_the_packs_or_a_rounding() -> None:
    known = set(rules().library.rules)
    kept = {
        entry["rule"]
        for case in CASES[::5]
        for result in answer_codes(ask(case["request"]))["results"]
        for entry in [*result["lines"], *result["tests"]]
    }
    assert kept
    assert {rule for rule in kept - known if not rule.endswith(".rounding")} == set()


def test_the_sides_of_a_test_and_the_steps_of_procedure_are_kept() -> None:
    case = next(case for case in CASES if case["name"] == "model-edge-one-fen-below")
    edge, dibao = (
        by_key(answer_codes(ask(case["request"])))[programme, None] for programme in ("edge_family", "dibao")
    )
    tests = {test["rule"]: test for test in edge["tests"]}
    assert tests["edge.not_dibao"] == {"rule": "edge.not_dibao", "holds": True}
    assert tests["edge.income_test"] == {
        "rule": "edge.income_test", "holds": True, "left": "2759.99", "relation": "<", "right": "2760.00",
    }  # fmt: skip
    assert dibao["procedure"]["deadline"] == {"value": 20, "unit": "working_days"}
    assert set(dibao["procedure"]) == {"authority", "pay_first", "deadline", "public_notice_days", "review_months"}
    case = next(case for case in CASES if case["name"] == "chongqing-2022-single-person-same-month")
    assert by_key(answer_codes(ask(case["request"])))["disability_living_subsidy", "p2"]["procedure"] is None
