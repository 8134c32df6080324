"""What a place publishes, as it is listed: values by formula, rules of the place's own, articles, differences."""

import datetime as dt
from typing import Final

import pytest

from app.rules.catalogue import Catalogue
from app.rules.library import Library
from app.rules.packs import CONTENT, Pack
from app.rules.service import Rules
from tests.rules.asking import NOW, Json, rules
from tests.rules.test_packs import city

DAY: Final = dt.date(2026, 8, 15)
KNOWN: Final = NOW.date()


def _catalogue() -> Catalogue:
    return Catalogue(rules().library, rules().engines)


def _standards(code: str, day: dt.date = DAY) -> dict[str, Json]:
    return {item["parameter"]: item for item in _catalogue().standards(code, day, KNOWN, "en")["items"]}


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("extreme_poverty.basic", [("urban", "1196.00", "1196.00 yuan"), ("rural", "965.00", "965.00 yuan")]),
        ("extreme_poverty.care.able", [(None, "40.00", "40.00 yuan")]),
        ("unattended_child.standard", [(None, "1500.00", "1500.00 yuan")]),
        ("dibao.standard", [("urban", "920.00", "920.00 yuan"), ("rural", "741.66", "8900.00 yuan a year")]),
        ("edge.multiple", [(None, "1.5", "1.5")]),
    ],
)
def test_a_standard_has_its_figure_for_each_residence_or_one(
    parameter: str, values: list[tuple[str | None, str, str]]
) -> None:
    found = _standards("999900")[parameter]
    assert [(value["key"], value["value"], value["words"]) for value in found["values"]] == values
    assert all(value["min"] == value["max"] == value["value"] for value in found["values"])


def test_only_what_a_formula_gives_has_a_formula() -> None:
    found = _standards("999900")
    assert found["extreme_poverty.care.able"]["formula"] == "minimum_wage * 0.02"
    assert found["dibao.standard"]["formula"] is None


def test_a_figure_that_two_decimals_do_not_hold_is_given_exactly_as_well() -> None:
    urban, rural = _standards("999900")["dibao.standard"]["values"]
    assert (urban["exact"], rural["exact"]) == (None, "2225/3")


def test_what_a_place_settles_by_a_rule_of_its_own_is_in_force_and_names_the_rule() -> None:
    found = _standards("442000", dt.date(2020, 6, 15))
    assert (found["temporary.emergency"]["rule"], found["temporary.emergency"]["status"]) == (
        "temporary.emergency_amount",
        "in_force",
    )
    elsewhere = _standards("430500", dt.date(2020, 6, 15))["temporary.emergency"]
    assert (elsewhere["rule"], elsewhere["status"], elsewhere["values"]) == (None, "gap", [])


def test_each_article_of_a_standard_is_named() -> None:
    assert _standards("999900")["dibao.standard"]["basis"] == [
        {"document": "社会救助暂行办法", "article": "10"},
        {"document": "社会救助法", "article": "19"},
    ]


def test_a_figure_that_names_no_residence_holds_for_each_over_the_same_days() -> None:
    text = "values: {dibao.standard: [{from: 2022-01-01, value: 500, document: x}]}\n"
    loaded = Rules(Library({"CN": Pack.load(CONTENT / "CN"), "999900": city(text)}))
    page = Catalogue(loaded.library, loaded.engines).standards("999900", DAY, KNOWN, "en")
    standard = next(item for item in page["items"] if item["parameter"] == "dibao.standard")
    shown = [(value["key"], value["value"], value["from"]) for value in standard["values"]]
    assert shown == [("urban", "500.00", "2022-01-01"), ("rural", "500.00", "2022-01-01")]


def test_before_any_law_there_is_none() -> None:
    assert _catalogue().has_law("999900", dt.date(2000, 1, 1), KNOWN) is False
    assert _catalogue().has_law("999900", DAY, KNOWN) is True


def test_a_difference_names_the_programmes_that_only_one_side_has() -> None:
    early, late = ("999900", dt.date(2016, 8, 15), KNOWN), ("999900", DAY, KNOWN)
    found = {entry["programme"]: entry for entry in _catalogue().difference(early, late, "en")["programmes"]}
    assert (found["edge_family"]["left"], found["edge_family"]["right"]) == (False, True)
    assert "dibao" not in found
    back = {entry["programme"]: entry for entry in _catalogue().difference(late, early, "en")["programmes"]}
    assert (back["edge_family"]["left"], back["edge_family"]["right"]) == (True, False)


def test_a_difference_shows_formulas_and_articles_of_both_sides() -> None:
    early, late = ("999900", dt.date(2016, 8, 15), KNOWN), ("999900", DAY, KNOWN)
    found = {entry["rule"]: entry for entry in _catalogue().difference(early, late, "en")["rules"]}
    assert found["elder_care.of_age"]["left"] == {"formula": "False", "basis": []}
    assert found["elder_care.of_age"]["right"] == {
        "formula": "age(person) >= 60",
        "basis": [{"document": "model-city-rules", "article": None}],
    }
    assert found["on_dibao"]["right"]["basis"] == [{"document": "社会救助法", "article": "18"}]


def test_a_rule_has_all_its_versions_with_articles_and_one_without_a_formula_has_none() -> None:
    page = _catalogue().rule("dibao.income_test", "999900", DAY, KNOWN, "en")
    assert [version["from"] for version in page["versions"]] == ["2014-05-01", "2021-07-01", "2026-07-01"]
    assert page["versions"][0]["basis"][0] == {"document": "社会救助暂行办法", "article": "9"}
    own = _catalogue().rule("elder_care.of_age", "999900", DAY, KNOWN, "en")
    assert own["basis"] == [{"document": "model-city-rules", "article": None}]
    assert own["versions"][-1]["basis"] == own["basis"]
    closure = _catalogue().rule("family.counted", "999900", DAY, KNOWN, "en")
    assert (closure["formula"], closure["words"]) == (None, None)
    assert closure["versions"][0]["formula"] is None


def test_a_ruleset_is_of_the_place_it_was_made_for() -> None:
    ruleset = rules().engines.at("500154", dt.date(2020, 6, 15), KNOWN).ruleset
    found = _catalogue().ruleset(ruleset.hash, "en")
    assert found is not None
    assert found["jurisdiction"]["code"] == "500154"
    assert _catalogue().ruleset("0" * 64, "en") is None
