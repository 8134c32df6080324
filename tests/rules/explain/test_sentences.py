"""Results in words: amounts, comparisons, unknown facts and gaps, in both languages."""

from fractions import Fraction
from typing import Any

import pytest

from app.rules.engine.outcomes import Outcome
from app.rules.explain.sentences import (
    Teller,
    comparison_words,
    fact_title,
    fact_words,
    figure_words,
    gap_words,
    money_words,
    side_words,
)
from app.rules.language import types as t
from app.rules.rulesets.ruleset import Figure
from app.rules.rulesets.scales import scaled
from tests.support.rules import rules


def _side(value: str | None, low: str | None = None, high: str | None = None, unit: str = "CNY/month") -> Any:
    return {"unit": unit, "value": value, "min": low if value is None else value, "max": high}


def _amount(value: str | None, low: str | None = None, high: str | None = None) -> dict[str, Any]:
    return {"unit": "CNY/month", "value": value, "min": low, "max": high}


def _told(status: str, amount: dict[str, Any] | None, **more: Any) -> tuple[list[str], list[str]]:
    """The summary in Chinese and English."""
    library = rules().library
    outcome: Any = Outcome("dibao", None, status, missing=more.get("missing", ()), gaps=more.get("gaps", ()))  # type: ignore[arg-type]
    shaped = {"amount": amount, "tests": more.get("tests", [])}
    found = [
        Teller(library, "P", "T", language).summary(outcome, shaped, more.get("reason"), more.get("notes", []))
        for language in ("zh", "en")
    ]
    return found[0], found[1]


@pytest.mark.parametrize(
    ("side", "zh", "en"),
    [
        (_side("5.00"), "5.00元", "5.00 yuan"),
        (_side("5.00", unit="CNY/year"), "每年5.00元", "5.00 yuan a year"),
        (_side("5", unit="number"), "5", "5"),
        (_side(None, None, None), "至少0.00元", "at least 0.00 yuan"),
        (_side(None, "1.00", None), "至少1.00元", "at least 1.00 yuan"),
        (_side(None, "1.00", "2.00"), "1.00元至2.00元", "1.00 yuan to 2.00 yuan"),
        (_side(None, None, "2.00"), "0.00元至2.00元", "0.00 yuan to 2.00 yuan"),
    ],
)
def test_a_side_is_a_figure_or_its_range(side: dict[str, Any], zh: str, en: str) -> None:
    assert (side_words(side, "zh"), side_words(side, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("holds", "left", "zh", "en"),
    [
        (True, _side("1.00"), "1.00元，低于2.00元", "1.00 yuan is below 2.00 yuan"),
        (None, _side("1.00"), "1.00元，低于2.00元", "1.00 yuan is below 2.00 yuan"),
        (False, _side("3.00"), "3.00元，不低于2.00元", "3.00 yuan is at least 2.00 yuan"),
        (None, _side(None, "1.00", "3.00"), "1.00元至3.00元，对照2.00元", "1.00 yuan to 3.00 yuan, against 2.00 yuan"),
    ],
)
def test_a_comparison_is_said_as_it_came_out(holds: bool | None, left: dict[str, Any], zh: str, en: str) -> None:
    test = {"relation": "<", "holds": holds, "left": left, "right": _side("2.00")}
    assert (comparison_words(test, "zh"), comparison_words(test, "en")) == (zh, en)


def test_a_range_on_the_right_is_set_against_as_well() -> None:
    test = {"relation": "<", "holds": None, "left": _side("2.00"), "right": _side(None, "1.00", "3.00")}
    assert comparison_words(test, "en") == "2.00 yuan, against 1.00 yuan to 3.00 yuan"


@pytest.mark.parametrize(
    ("pointer", "zh", "en"),
    [
        ("/household/assets", "家庭财产", "Assets"),
        ("/household/members/0/income/wage", "第1位成员的工资性收入", "Wage of member 1"),
        (
            "/household/obligors/1/monthly_income",
            "第2位义务人的月收入（税后）",
            "Monthly income after tax of obligor 2",
        ),
        ("/household/members/0/nonsense/wage", "第1位成员的家庭成员", "Members of member 1"),
    ],
)
def test_an_unknown_fact_is_named_with_whose_it_is(pointer: str, zh: str, en: str) -> None:
    assert (fact_words(pointer, "zh"), fact_words(pointer, "en")) == (zh, en)


def test_the_title_of_a_fact_does_not_say_whose_it_is() -> None:
    pointer = "/household/members/0/income/wage"
    assert (fact_title(pointer, "zh"), fact_title(pointer, "en")) == ("工资性收入", "Wage")


def test_a_gap_is_a_question_a_parameter_or_its_own_name() -> None:
    library = rules().library
    question = next(iter(library.nation.questions))
    assert gap_words(library, question, "en") == library.nation.questions[question]["en"]
    assert gap_words(library, "minimum_wage", "zh") == library.parameters["minimum_wage"].title["zh"]
    assert gap_words(library, "no.such.thing", "en") == "no.such.thing"


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (None, "按P的规定，符合T的条件。", "Under the rules of P, entitled to: T."),
        (_amount("5.00"), "按P的规定，符合T的条件，每月5.00元。", "Under the rules of P, entitled to: T, 5.00 yuan a month."),
        (_amount(None, "0.00"), "按P的规定，符合T的条件，金额待定。", "Under the rules of P, entitled to: T, the amount is still open."),
        (_amount(None, None), "按P的规定，符合T的条件，金额待定。", "Under the rules of P, entitled to: T, the amount is still open."),
        (_amount(None, "1.00"), "按P的规定，符合T的条件，至少每月1.00元。", "Under the rules of P, entitled to: T, at least 1.00 yuan a month."),
        (
            _amount(None, "1.00", "2.00"),
            "按P的规定，符合T的条件，每月1.00至2.00元。",
            "Under the rules of P, entitled to: T, 1.00 to 2.00 yuan a month.",
        ),
        (
            _amount(None, None, "2.00"),
            "按P的规定，符合T的条件，每月0.00至2.00元。",
            "Under the rules of P, entitled to: T, 0.00 to 2.00 yuan a month.",
        ),
    ],
)  # fmt: skip
def test_the_first_sentence_says_the_amount_as_far_as_it_is_known(
    amount: dict[str, Any] | None, zh: str, en: str
) -> None:
    assert _told("eligible", amount) == ([zh], [en])


def test_at_most_four_open_things_are_named_and_the_others_counted() -> None:
    facts = [f"/household/members/{n}/income/wage" for n in range(6)]
    assert _told("undetermined", None, missing=facts[:4])[1][1] == (
        "Still needed: Wage of member 1, Wage of member 2, Wage of member 3, Wage of member 4."
    )
    assert _told("undetermined", None, missing=facts[:5])[1][1].endswith("Wage of member 4 and 1 more.")
    zh, en = _told("undetermined", None, missing=facts)
    assert (
        zh[1]
        == "还需要了解：第1位成员的工资性收入、第2位成员的工资性收入、第3位成员的工资性收入、第4位成员的工资性收入等6项。"
    )
    assert en[1].endswith("Wage of member 4 and 2 more.")
    assert (
        _told("refer", None, gaps=["x", "x"])[1][1]
        == "The place's own rule is not held here, or an officer has to decide: x."
    )


BELOW = {"title": "Below", "said": "Not below", "relation": "<", "left": _side("3.00"), "right": _side("2.00")}


def test_a_refusal_says_the_test_that_fails_and_a_grant_the_one_that_decides() -> None:
    zh, en = _told("ineligible", None, reason=BELOW | {"holds": False})
    assert (zh[1:], en[1:]) == (["Not below：3.00元，不低于2.00元。"], ["Not below: 3.00 yuan is at least 2.00 yuan."])
    plain = BELOW | {"holds": False, "left": None, "right": None}
    assert _told("ineligible", None, reason=plain)[1][1:] == ["Not below."]
    met = BELOW | {"said": "Below", "holds": True, "left": _side("1.00")}
    zh, en = _told("eligible", None, reason=met)
    assert (zh[1:], en[1:]) == (["Below：1.00元，低于2.00元。"], ["Below: 1.00 yuan is below 2.00 yuan."])
    assert _told("undetermined", None, reason=met)[1][1:] == ["Already met: Below: 1.00 yuan is below 2.00 yuan."]
    assert len(_told("undetermined", None, reason=BELOW | {"holds": None})[1]) == 1


def test_a_refusal_of_which_each_case_fails_at_another_test_names_them_all() -> None:
    tests = [BELOW | {"holds": None}, BELOW | {"title": "At home", "holds": None}]
    zh, en = _told("ineligible", None, tests=tests)
    assert zh[1:] == ["尚缺的情况无论如何，以下条件都不能全部满足：Below；At home。"]
    assert en[1:] == ["Whatever the open facts are, not all of these can be met: Below; At home."]


@pytest.mark.parametrize(
    ("persons", "left", "total", "en"),
    [
        (1, "1.00", "1.00", "1.00 yuan is below 6.00 yuan"),
        (3, "1.00", "3.00", "per head 1.00 yuan is below 2.00 yuan (for 3 together: 3.00 yuan is below 6.00 yuan)"),
        (3, "2.00", "5.99", "for 3 together: 5.99 yuan is below 6.00 yuan"),
    ],
)
def test_figures_a_head_are_said_first_unless_they_look_alike(persons: int, left: str, total: str, en: str) -> None:
    heads = {"persons": persons, "left": _side(left), "right": _side("2.00")}
    test = {"relation": "<", "holds": True, "left": _side(total), "right": _side("6.00"), "per_head": heads}
    assert comparison_words(test, "en") == en


def test_one_supplied_figure_is_mentioned() -> None:
    notes = [
        {"kind": "choice", "message": "a"},
        {"kind": "supplied", "message": "b"},
        {"kind": "supplied", "message": "c"},
    ]
    assert _told("eligible", None, notes=notes)[1][1:] == ["b."]


def test_a_figure_is_read_to_the_fen_or_exactly() -> None:
    def read(number: str, unit: t.Type) -> str:
        value = scaled(Fraction(number), unit)
        return figure_words(Figure(value, value, None), unit, "en")

    assert read("5.5", t.MONEY_MONTH) == "5.50 yuan"
    assert read("105.05", t.MONEY) == "105.05 yuan"
    assert read("1.5", t.NUMBER) == "1.5"
    assert figure_words(Figure(True, True, None), t.BOOL, "en") == "yes"
    assert figure_words(Figure(False, False, None), t.BOOL, "zh") == "否"
    assert money_words("5", "months", "en") == "5"
