"""Gradual exit: by which month, what share, and on what it hangs (57号 33, 83号 一（三）)."""

from typing import Any, Final

import pytest

from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from tests.support.rules import Key, ask, by_key

HELD: Final[Json] = {"programme": "dibao", "amount": "901.00", "line_passed": "2026-03", "passed_by": "employment"}


def exit_of(date: str, held: Json = HELD, *, jurisdiction: Any = "999900", **more: Any) -> dict[Key, Json]:
    """A worker of Model City alone, 1,500 a month less 300 for work, where 880 and then 920 is the line."""
    worker = {"id": "w", "relation": "applicant", "birth_date": "1984-03-02", "employed": True} | more.pop("worker", {})
    worker = {"income": {"wage": "1500.00"}} | worker
    household = {"residence": "urban", "members": [worker], "assets": {}, "spending": {}, "obligors": []}
    household |= {"receiving": [held]} | more.pop("household", {})
    request = {"jurisdiction": jurisdiction, "date": date, "household": household} | more
    return by_key(ask(request))


@pytest.mark.parametrize(
    ("date", "amount"),
    [
        ("2026-03-31", "901.00"),  # first month
        ("2026-05-01", "901.00"),  # third
        ("2026-06-01", "450.50"),  # fourth
        ("2026-08-31", "450.50"),  # sixth
        ("2026-09-01", None),
    ],
)
def test_six_months_three_whole_and_three_by_half(date: str, amount: str | None) -> None:
    result = exit_of(date)["gradual_exit", None]
    assert result["status"] == ("ineligible" if amount is None else "eligible")
    assert (None if amount is None else result["amount"]["value"]) == amount
    if amount is None:
        assert [test["rule"] for test in result["tests"]] == ["gradual_exit.months_test"]


@pytest.mark.parametrize(
    ("held", "more", "status", "why"),
    [
        ({"passed_by": "other"}, {}, "ineligible", ["gradual_exit.work_test"]),
        ({}, {"worker": {"income": {"wage": "900.00"}}}, "ineligible", ["gradual_exit.not_dibao"]),
        ({}, {"household": {"assets": {"company_interest": True}}}, "ineligible", ["gradual_exit.property_test"]),
        (
            {},
            {"worker": {"income": {}}, "household": {"assets": {"vehicles": 1, "vehicle_value": 0}}},
            "ineligible",
            ["gradual_exit.income_test", "gradual_exit.property_test"],
        ),
        ({"passed_by": None}, {}, "undetermined", ["/household/receiving/0/passed_by"]),
        ({"line_passed": None}, {}, "undetermined", ["/household/receiving/0/line_passed"]),
        ({"amount": None}, {}, "eligible", ["/household/receiving/0/amount"]),
    ],
)
def test_what_it_hangs_on(held: Json, more: Json, status: str, why: list[str]) -> None:
    result = exit_of("2026-05-10", HELD | held, **more)["gradual_exit", None]
    assert result["status"] == status
    shown = list(result["missing"]) or [test["rule"] for test in result["tests"] if test["holds"] is False]
    assert shown == why


def test_nobody_who_says_nothing_of_it_is_asked() -> None:
    assert ("gradual_exit", None) not in exit_of("2026-05-10", {"programme": "dibao", "amount": "901.00"})
    assert ("gradual_exit", None) not in exit_of("2026-05-10", HELD | {"programme": "orphan_subsidy"})


def test_a_place_that_prints_nothing_is_asked_and_its_notice_can_be_typed_in() -> None:
    """Beijing: three months whole, three by half. Without it, from 2020-08-25 the law leaves it to the place."""
    standard = {"dibao.standard": {"urban": "700.00"}, "dibao.property.financial_months": 24}
    limits = {"dibao.property.vehicles": 0, "dibao.property.dwellings": 1, "dibao.property.company_interest": False}
    typed = standard | limits | {"income.employment_deduction_of_standard": "0.80"}
    printed = typed | {"gradual_exit.months": 6, "gradual_exit.share": {"1": 1, "4": "0.5"}}

    def at(date: str, parameters: Json) -> dict[Key, Json]:
        return exit_of(date, HELD, jurisdiction="610900", options={"parameters": parameters})

    asked = at("2026-06-10", typed)["gradual_exit", None]
    assert (asked["status"], set(asked["gaps"])) == ("refer", {"gradual_exit.months", "gradual_exit.share"})
    assert (asked["amount"]["min"], asked["amount"]["max"]) == ("0.00", "901.00")
    known = at("2026-06-10", printed)["gradual_exit", None]
    assert (known["status"], known["amount"]["value"], known["amount"]["from_month"]) == (
        "eligible",
        "450.50",
        "2026-07",
    )
    passed = HELD | {"line_passed": "2020-06"}
    before = exit_of("2020-08-24", passed, jurisdiction="610900", options={"parameters": typed})
    assert ("gradual_exit", None) not in before


def test_whether_subsidies_go_on_is_the_places() -> None:
    worker = {"worker": {"disability": {"kind": "physical", "level": 3}}}
    found = {
        keeps: exit_of(
            "2026-05-10",
            options={"parameters": {} if keeps is None else {"gradual_exit.keeps_status": keeps}},
            **worker,
        )["disability_living_subsidy", "w"]
        for keeps in (None, True, False)
    }
    assert {keeps: one["status"] for keeps, one in found.items()} == {
        None: "refer",
        True: "eligible",
        False: "ineligible",
    }
    assert found[None]["gaps"] == ("gradual_exit.keeps_status",)


def test_a_month_that_is_yet_to_come_is_a_fault() -> None:
    with pytest.raises(FaultyRequest) as refused:
        exit_of("2026-05-10", HELD | {"line_passed": "2026-06"})
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/household/receiving/0/line_passed", "after_date")
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "收入首次超过标准的月份"), ("en", "Month in which income first")]
)
def test_what_is_still_needed_is_asked_in_words(language: Any, words: str) -> None:
    worker = {"id": "w", "relation": "applicant", "birth_date": "1984-03-02", "income": {"pension": "1500.00"}}
    household = {"residence": "urban", "members": [worker], "assets": {}, "spending": {}, "obligors": []}
    household |= {"receiving": [HELD | {"line_passed": None}]}
    answer = ask({"jurisdiction": "999900", "date": "2026-05-10", "household": household}, language)
    summary = by_key(answer)["gradual_exit", None]["summary"]
    assert any(words in sentence and "1" not in sentence.split(words)[0] for sentence in summary), summary
