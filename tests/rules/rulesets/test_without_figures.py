"""Figures taken out of a ruleset: what rests on them becomes open, the rest stays."""

from __future__ import annotations

import pytest

from app.rules.explain.codes import answer_codes
from app.rules.rulesets.without_figures import Wanted, without_figures
from app.rules.values.strict_json import Json
from tests.support.rules import NOW, by_key, cases, rules


def rural(parameter: str, key: object, _: object) -> bool:
    return (parameter, key) == ("dibao.standard", "rural")


def urban(parameter: str, key: object, _: object) -> bool:
    return (parameter, key) == ("dibao.standard", "urban")


def answered_without(request: Json, wanted: Wanted) -> Json:
    question = rules().question(request, NOW)
    less = without_figures(rules().engine(question).ruleset, wanted)
    assert less is not None
    return rules().answer(question, "zh", rules().engines.of(less))


def request_of(name: str) -> Json:
    (case,) = (case for case in cases() if case["name"] == name)
    request: Json = case["request"]
    return request


@pytest.mark.parametrize(("wanted", "same"), [(rural, True), (urban, False)], ids=["of the country", "of the town"])
def test_a_household_in_town_rests_on_the_standard_of_the_town(wanted: Wanted, same: bool) -> None:
    request = request_of("model-worked-example")
    before = rules().assess(request, "zh", NOW)
    found = answered_without(request, wanted)
    assert (answer_codes(found) == answer_codes(before)) is same
    dibao = by_key(found)["dibao", None]
    assert dibao["status"] == ("eligible" if same else "refer")
    assert list(dibao["gaps"]) == ([] if same else ["dibao.standard"])


def test_what_is_not_there_cannot_be_taken_away() -> None:
    ruleset = rules().engine(rules().question(request_of("model-worked-example"), NOW)).ruleset
    assert without_figures(ruleset, lambda *_: False) is None


def test_a_supplied_figure_is_not_the_published_one() -> None:
    request = request_of("model-worked-example")
    supplied = request | {"options": {"parameters": {"dibao.standard": {"urban": "900.00"}}}}
    question = rules().question(supplied, NOW)
    assert without_figures(rules().engine(question).ruleset, urban) is None


def test_every_figure_can_be_taken_away_and_everything_can_still_be_asked() -> None:
    """Bands by age, tables, formulas: no result fails for want of a figure."""
    asked = [case["request"] for case in cases()[::7] if case["request"]["jurisdiction"] == "999900"]
    assert len(asked) > 2
    for request in asked:
        found = answered_without(request, lambda *_: True)
        assert {result["status"] for result in found["results"]} <= {
            "eligible",
            "ineligible",
            "undetermined",
            "refer",
            "not_applicable",
        }
