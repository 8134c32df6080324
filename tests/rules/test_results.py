"""What one programme's result says beside its status: the first month, how far from the line, the steps of procedure."""

from typing import Any, Final

import pytest

from app.rules.messages import Language
from app.rules.values.strict_json import Json
from tests.rules.asking import ask, by_key, cases

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
CASES: Final = {case["name"]: case["request"] for case in cases()}


def _result(name: str, programme: str, person: str | None = None, **changed: Any) -> Json:
    return by_key(ask(CASES[name] | changed, "en"))[programme, person]


# the first month


@pytest.mark.parametrize(
    ("name", "programme", "person", "day", "month"),
    [
        ("hulunbuir-2019-one-fen-below", "dibao", None, "2019-06-15", "2019-07"),
        ("hulunbuir-2019-one-fen-below", "dibao", None, "2019-11-30", "2019-12"),
        ("hulunbuir-2019-one-fen-below", "dibao", None, "2019-12-01", "2020-01"),
        ("kaizhou-2020-two-months", "dibao", None, "2020-06-15", "2020-06"),
        ("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2", "2022-12-10", "2022-12"),
        ("kaizhou-2020-orphan-last-day-of-17", "orphan_subsidy", "p1", "2020-06-15", "2020-07"),
    ],
)
def test_payment_begins_next_month_or_in_the_month_itself(
    name: str, programme: str, person: str | None, day: str, month: str
) -> None:
    assert _result(name, programme, person, date=day)["amount"]["from_month"] == month


def test_what_is_paid_once_has_no_first_month() -> None:
    amount = _result("model-emergency", "temporary_assistance")["amount"]
    assert (amount["unit"], amount["from_month"]) == ("CNY/once", None)
    lines = _result("model-emergency", "temporary_assistance")["lines"]
    assert [(line["rule"], line["amount"]["unit"]) for line in lines] == [("temporary.amount", "CNY/once")]


# the decisive test and the distance from its line


@pytest.mark.parametrize(
    ("name", "programme", "person", "margin"),
    [
        ("hulunbuir-2019-exactly-at-the-line", "dibao", None, ("0.00", "CNY/month")),
        ("hulunbuir-2019-one-fen-below", "dibao", None, ("0.01", "CNY/month")),
        ("chongqing-2022-single-person-same-month", "dibao", None, ("-366.00", "CNY/month")),
        ("chongqing-2022-single-person-same-month", "edge_family", None, ("351.00", "CNY/month")),
        ("model-rigid-one-fen-above", "rigid_expenditure_family", None, ("0.01", "CNY")),
        ("model-rigid-at-the-ratio", "rigid_expenditure_family", None, ("0.00", "CNY")),
        ("model-rigid-no-gross-income", "dibao", None, ("-17920.00", "CNY")),
        ("model-day-short-of-six-months", "unattended_child_subsidy", "p1", ("-1", "count")),
        ("hulunbuir-old-age-last-day", "old_age_allowance", "p1", None),
        ("model-2022-10-20-disabled-in-rich-household", "disability_living_subsidy", "p2", None),
    ],
)
def test_the_margin_is_the_distance_from_the_line_of_the_decisive_test(
    name: str, programme: str, person: str | None, margin: tuple[str, str] | None
) -> None:
    found = _result(name, programme, person)["margin"]
    assert (found and (found["value"], found["unit"])) == margin


def test_an_eligible_result_without_a_decisive_test_has_no_margin() -> None:
    result = _result("model-extreme-poverty-total-loss", "elder_care_subsidy", "p1")
    assert result["status"] == "eligible"
    assert any(test["left"] for test in result["tests"])
    assert result["margin"] is None


def test_each_test_names_the_figures_behind_it_and_their_documents() -> None:
    tests = {test["rule"]: test for test in _result("kaizhou-2020-two-months", "dibao")["tests"]}
    figures = {rule: [figure["parameter"] for figure in test["figures"]] for rule, test in tests.items()}
    assert figures["dibao.income_test"] == ["dibao.standard"]
    assert figures["dibao.somebody_counted"] == []
    assert tests["dibao.income_test"]["figures"][0]["document"] == "kaizhou-plan"
    past = _result("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2")["tests"]
    assert [test["figures"] for test in past] == [[], [], []]


def test_a_test_without_sides_shows_none() -> None:
    tests = {test["rule"]: test for test in _result("model-edge-one-fen-below", "edge_family")["tests"]}
    without, with_sides = tests["edge.not_dibao"], tests["edge.income_test"]
    assert (without["left"], without["relation"], without["right"]) == (None, None, None)
    assert (with_sides["left"]["value"], with_sides["relation"]) == ("2759.99", "<")


# lines and procedure


def test_the_lines_have_titles_and_articles_and_the_rounding_has_none() -> None:
    lines = _result("model-one-fen-below", "dibao")["lines"]
    assert [(line["rule"], line["amount"]["value"]) for line in lines] == [
        ("dibao.difference", "0.01"),
        ("dibao.uplift", "0.00"),
        ("dibao.rounding", "0.99"),
    ]
    assert lines[0]["basis"] == [{"document": "社会救助法", "article": "18", "from": "2026-07-01"}]
    assert (lines[2]["title"], lines[2]["basis"]) == ("Rounding", [])


def test_the_procedure_names_what_holds_with_its_articles_and_the_rest_as_null() -> None:
    procedure = _result("model-one-fen-below", "dibao")["procedure"]
    basis = procedure.pop("basis")
    assert procedure == {
        "authority": "township",
        "pay_first": None,
        "deadline": {"value": 20, "unit": "working_days"},
        "public_notice_days": 7,
        "review_months": 6,
    }
    assert set(basis) == {"authority", "deadline", "public_notice_days", "review_months"}
    assert basis["deadline"] == [{"document": "民发〔2022〕83号", "article": "四（一）", "from": "2022-10-20"}]


def test_a_programme_without_any_steps_has_no_procedure() -> None:
    assert _result("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2")["procedure"] is None


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
    notes = [(note["kind"], note["id"]) for note in _result(name, programme, person)["assumptions"]]
    assert notes.count((kind, id_)) == 1


def test_nothing_is_reserved_where_nothing_was_assumed() -> None:
    assert _result("model-one-fen-below", "dibao")["assumptions"] == []


def test_rounding_up_to_the_fen_at_the_end_is_said_only_where_it_happened() -> None:
    for case in cases():
        for result in ask(case["request"])["results"]:
            noted = "rounding" in [note["id"] for note in result["assumptions"]]
            line = f"{result['programme']}.rounding" in [line["rule"] for line in result["lines"]]
            assert not noted or line, case["name"]
    results = ask(CASES["model-six-months-out-of-contact"], "en")["results"]
    child = next(r for r in results if r["programme"] == "unattended_child_subsidy" and r["amount"])
    assert "The amount is rounded up to the fen at the very end" in [note["message"] for note in child["assumptions"]]


STANDARD_ZH, STANDARD_EN = "低保标准（每人每月）", "Dibao standard per person and month: "


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
         [("memory", "disability_care_subsidy"), ("inferred", "dibao.standard"), ("inferred", "disability.care")]),
        ("shaoyang-2020-care-without-living", "disability_living_subsidy", "p1",
         [("memory", "disability_living_subsidy"), ("inferred", "dibao.standard")]),
        ("kaizhou-2020-orphan-last-day-of-17", "orphan_subsidy", "p1",
         [("inferred", "orphan.dispersed"), ("inferred", "orphan.institution")]),
    ],
)  # fmt: skip
def test_each_figure_is_reserved_once_and_that_of_the_amount_where_it_is_paid(
    name: str, programme: str, person: str, notes: list[tuple[str, str]]
) -> None:
    assert [(note["kind"], note["id"]) for note in _result(name, programme, person)["assumptions"]] == notes


def test_the_figures_of_an_amount_are_not_reserved_where_none_is_paid() -> None:
    result = _result("hulunbuir-old-age-last-day", "extreme_poverty_support", "p1")
    assert result["status"] == "ineligible"
    assert "extreme_poverty.basic" not in [note["id"] for note in result["assumptions"]]


def test_no_test_of_a_refusal_holds_and_every_test_of_an_eligible_result_does() -> None:
    for case in cases():
        for result in ask(case["request"])["results"]:
            held = {test["holds"] for test in result["tests"]}
            assert result["status"] != "ineligible" or True not in held, case["name"]
            assert result["status"] != "eligible" or held <= {True}, case["name"]
