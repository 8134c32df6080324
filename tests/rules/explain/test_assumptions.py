"""Assumptions of a result: choices, rounding, and figures that were supplied, carried on or inferred."""

from typing import Any, Final

import pytest

from app.rules.messages import Language
from tests.rules.explain.households import CASES, STANDARD_EN, STANDARD_ZH, result_of
from tests.support.rules import ask, by_key, cases

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


# reservations


@pytest.mark.parametrize(
    ("name", "programme", "person", "kind", "id_"),
    [
        ("kaizhou-2020-two-months", "dibao", None, "convention", "dibao.standard"),
        ("kaizhou-2020-two-months", "dibao", None, "choice", "family.maintenance_duty"),
        ("hulunbuir-2020-prisoner-income-unknown", "dibao", None, "inferred", "dibao.standard"),
        ("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2", "supplied", "dibao.standard"),
        ("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2", "memory",
         "disability_living_subsidy"),
    ],
)  # fmt: skip
def test_each_kind_of_reservation_is_said_where_it_decides(
    name: str, programme: str, person: str | None, kind: str, id_: str
) -> None:
    notes = [(note["kind"], note["id"]) for note in result_of(name, programme, person)["assumptions"]]
    assert notes.count((kind, id_)) == 1


def test_nothing_is_reserved_where_nothing_was_assumed() -> None:
    assert result_of("model-one-fen-below", "dibao")["assumptions"] == []


def test_rounding_up_to_the_fen_at_the_end_is_said_only_where_it_happened() -> None:
    for case in cases():
        for result in ask(case["request"])["results"]:
            noted = "rounding" in [note["id"] for note in result["assumptions"]]
            line = f"{result['programme']}.rounding" in [line["rule"] for line in result["lines"]]
            assert not noted or line, case["name"]
    results = ask(CASES["model-six-months-out-of-contact"], "en")["results"]
    child = next(r for r in results if r["programme"] == "unattended_child_subsidy" and r["amount"])
    assert "The amount is rounded up to the fen at the very end" in [note["message"] for note in child["assumptions"]]


@pytest.mark.parametrize(
    ("name", "kind", "zh", "en"),
    [
        (
            "ankang-2022-rigid-cost-decides",
            "supplied",
            "640.00元，由经办人员按手中的通知录入",
            "640.00 yuan, supplied by the officer from the notice in hand",
        ),
        (
            "shaoyang-2021-carry-forward",
            "carried",
            "沿用截至2020-12-31的数值340.00元",
            "the value that ended on 2020-12-31 (340.00 yuan) is carried on",
        ),
        (
            "hulunbuir-2016-extreme-poverty-no-figure",
            "inferred",
            "488.00元由文件间接得出",
            "488.00 yuan follows from the document only indirectly",
        ),
        (
            "kaizhou-2015-before-the-regulation",
            "convention",
            "420.00元只印到年份，年内调整日期不详",
            "420.00 yuan is printed for the year; the day of a change within it is not known",
        ),
    ],
)
def test_a_reservation_on_a_figure_is_said_in_both_languages(name: str, kind: str, zh: str, en: str) -> None:
    said = []
    for language in LANGUAGES:
        notes = by_key(ask(CASES[name], language))["dibao", None]["assumptions"]
        said.append([note["message"] for note in notes if note["kind"] == kind and note["id"] == "dibao.standard"])
    assert said == [[STANDARD_ZH + zh], [STANDARD_EN + en]]


def _edge(day: str, **parameters: Any) -> list[tuple[str, str]]:
    request = CASES["hulunbuir-2022-single-person-no-mode"] | {"date": day}
    supplied = {"dibao.standard": {"urban": "700.00"}} | parameters
    notes = by_key(ask(request, "en", parameters=supplied))["edge_family", None]["assumptions"]
    return [(note["kind"], note["id"]) for note in notes]


def test_a_choice_is_said_from_its_first_day_and_of_the_nations_own_figure_only() -> None:
    choice = ("choice", "edge.multiple")
    assert choice not in _edge("2026-06-30")
    assert choice in _edge("2026-07-01")
    supplied = _edge("2026-07-01", **{"edge.multiple": "1.5"})
    assert choice not in supplied
    assert supplied.count(("supplied", "edge.multiple")) == 1


def test_a_reservation_is_said_to_its_last_day() -> None:
    request = CASES["kaizhou-extreme-poverty"]
    for day, said in (("2021-06-30", True), ("2021-07-01", False)):
        result = by_key(ask(request | {"date": day}, "en"))["extreme_poverty_support", "p1"]
        assert ("extreme_poverty.before_2021" in [note["id"] for note in result["assumptions"]]) is said


def test_a_figure_is_reserved_for_the_households_own_residence_only() -> None:
    request = CASES["kaizhou-2020-two-months"]
    supplied = {"dibao.standard": {"urban": "700.00"}}
    notes = by_key(ask(request, "en", parameters=supplied))["dibao", None]["assumptions"]
    assert [note["kind"] for note in notes if note["id"] == "dibao.standard"] == ["convention"]


def test_a_value_carried_forward_is_said_with_its_last_day() -> None:
    request = CASES["kaizhou-2020-two-months"] | {"date": "2024-06-15"}
    notes = by_key(ask(request, "en", carry_forward=True))["dibao", None]["assumptions"]
    carried = [note["message"] for note in notes if note["kind"] == "carried"]
    assert carried
    assert all("the value that ended on 20" in message for message in carried)
    plain = by_key(ask(request, "en"))["dibao", None]["assumptions"]
    assert not [note for note in plain if note["kind"] == "carried"]


@pytest.mark.parametrize(
    ("name", "programme", "person", "notes"),
    [
        ("hulunbuir-old-age", "old_age_allowance", "p1", [("inferred", "old_age.allowance")]),
        ("shaoyang-2020-care-without-living", "disability_care_subsidy", "p1",
         [("memory", "disability_care_subsidy"), ("inferred", "disability.care")]),
        ("shaoyang-2020-care-without-living", "disability_living_subsidy", "p1",
         [("memory", "disability_living_subsidy"), ("inferred", "dibao.standard")]),
        ("kaizhou-2020-orphan-last-day-of-17", "orphan_subsidy", "p1",
         [("inferred", "orphan.institution"), ("inferred", "orphan.dispersed")]),
    ],
)  # fmt: skip
def test_each_figure_is_reserved_once_and_that_of_the_amount_where_it_is_paid(
    name: str, programme: str, person: str, notes: list[tuple[str, str]]
) -> None:
    assert [(note["kind"], note["id"]) for note in result_of(name, programme, person)["assumptions"]] == notes


def test_the_figures_of_an_amount_are_not_reserved_where_none_is_paid() -> None:
    result = result_of("hulunbuir-old-age-last-day", "extreme_poverty_support", "p1")
    assert result["status"] == "ineligible"
    assert "extreme_poverty.basic" not in [note["id"] for note in result["assumptions"]]
