"""One programme's result: first month, margin, tests, lines, warnings and procedure."""

from typing import Any

import pytest

from app.rules.messages import Language
from tests.rules.explain.households import result_of
from tests.support.rules import ask, by_key, cases

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
    assert result_of(name, programme, person, date=day)["amount"]["from_month"] == month


def test_what_is_paid_once_has_no_first_month() -> None:
    amount = result_of("model-emergency", "temporary_assistance")["amount"]
    assert (amount["unit"], amount["from_month"]) == ("CNY/once", None)
    lines = result_of("model-emergency", "temporary_assistance")["lines"]
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
    found = result_of(name, programme, person)["margin"]
    assert (found and (found["value"], found["unit"])) == margin


def test_an_eligible_result_without_a_decisive_test_has_no_margin() -> None:
    result = result_of("model-extreme-poverty-total-loss", "elder_care_subsidy", "p1")
    assert result["status"] == "eligible"
    assert any(test["left"] for test in result["tests"])
    assert result["margin"] is None


def test_each_test_names_the_figures_behind_it_and_their_documents() -> None:
    tests = {test["rule"]: test for test in result_of("kaizhou-2020-two-months", "dibao")["tests"]}
    figures = {rule: [figure["parameter"] for figure in test["figures"]] for rule, test in tests.items()}
    assert figures["dibao.income_test"] == ["dibao.standard"]
    assert figures["dibao.somebody_counted"] == []
    assert tests["dibao.income_test"]["figures"][0]["document"] == "kaizhou-plan"
    past = result_of("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2")["tests"]
    assert [test["figures"] for test in past] == [[], [], []]


def test_a_test_without_sides_shows_none() -> None:
    tests = {test["rule"]: test for test in result_of("model-edge-one-fen-below", "edge_family")["tests"]}
    without, with_sides = tests["edge.not_dibao"], tests["edge.income_test"]
    assert (without["left"], without["relation"], without["right"]) == (None, None, None)
    assert (with_sides["left"]["value"], with_sides["relation"]) == ("2759.99", "<")


# lines and procedure


def test_the_lines_have_titles_and_articles_and_the_rounding_has_none() -> None:
    lines = result_of("model-one-fen-below", "dibao")["lines"]
    assert [(line["rule"], line["amount"]["value"]) for line in lines] == [
        ("dibao.difference", "0.01"),
        ("dibao.uplift", "0.00"),
        ("dibao.rounding", "0.99"),
    ]
    assert lines[0]["basis"] == [{"document": "社会救助法", "article": "18", "from": "2026-07-01"}]
    assert (lines[2]["title"], lines[2]["basis"]) == ("Rounding", [])


def test_the_procedure_names_what_holds_with_its_articles_and_the_rest_as_null() -> None:
    procedure = result_of("model-one-fen-below", "dibao")["procedure"]
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
    assert result_of("chongqing-2022-single-person-same-month", "disability_living_subsidy", "p2")["procedure"] is None


def test_no_test_of_a_refusal_holds_and_every_test_of_an_eligible_result_does() -> None:
    for case in cases():
        for result in ask(case["request"])["results"]:
            held = {test["holds"] for test in result["tests"]}
            assert result["status"] != "ineligible" or True not in held, case["name"]
            assert result["status"] != "eligible" or held <= {True}, case["name"]


def _request(crisis: dict[str, Any]) -> dict[str, Any]:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
    household = {
        "residence": "urban",
        "members": [member],
        "assets": {},
        "spending": {},
        "obligors": [],
        "crisis": crisis,
    }
    return {"jurisdiction": "999900", "date": "2026-08-15", "household": household}


@pytest.mark.parametrize(("language", "place"), [("zh", "（430500）"), ("en", " (430500)")])
def test_a_crisis_elsewhere_is_pointed_out_with_its_place(language: Language, place: str) -> None:
    crisis = {"kind": "emergency", "severity": "grave", "place": "430500"}
    result = by_key(ask(_request(crisis), language))["temporary_assistance", None]
    assert [warning["message"].endswith(place) for warning in result["warnings"]] == [True]
    assert result["warnings"][0]["basis"]


def test_a_crisis_in_the_place_itself_needs_no_warning() -> None:
    crisis = {"kind": "emergency", "severity": "grave", "place": "999900"}
    assert by_key(ask(_request(crisis), "en"))["temporary_assistance", None]["warnings"] == []


@pytest.mark.parametrize(("day", "said"), [("2026-06-30", []), ("2026-07-01", ["temporary.elsewhere"])])
def test_a_crisis_elsewhere_is_pointed_out_from_the_first_day_of_the_law(day: str, said: list[str]) -> None:
    request = _request({"kind": "emergency", "severity": "grave", "place": "430500"}) | {"date": day}
    warnings = by_key(ask(request, "en"))["temporary_assistance", None]["warnings"]
    assert [warning["id"] for warning in warnings] == said


@pytest.mark.parametrize(
    ("place", "date", "said", "open_"),
    [
        ("610900", "2017-06-01", "may", True),
        ("610900", "2026-08-15", "must", True),
        ("999900", "2024-08-15", "may", False),
        ("999900", "2026-08-15", "must", False),
    ],
)
def test_an_urgent_emergency_is_paid_first_also_where_no_limit_of_the_township_is_held(
    place: str, date: str, said: str, open_: bool
) -> None:
    crisis = {"kind": "emergency", "severity": "moderate", "urgent": True, "occurred_on": date}
    request = _request(crisis) | {"jurisdiction": place, "date": date, "programmes": ["temporary_assistance"]}
    result = by_key(ask(request, "zh"))["temporary_assistance", None]
    assert result["procedure"]["pay_first"] == said
    assert [one["id"] for one in result["warnings"]] == ["temporary.limit_not_held"] * open_
    calm = _request(crisis | {"urgent": False}) | {"jurisdiction": place, "date": date}
    assert (by_key(ask(calm, "zh"))["temporary_assistance", None]["procedure"] or {}).get("pay_first") is None
