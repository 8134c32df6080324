"""Support that is due from people outside: an order stands, a place's formula counts, and where none is held nobody guesses."""

import random
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from tests.rules.test_typed_in import MODEL_CITY, property_of
from tests.support.oracle.households import random_request
from tests.support.rules import NOW, ask, by_key

NOTICE: Final[Json] = {
    "dibao.standard": "1000.00",
    "dibao.amount_mode": True,
    "dibao.rounding": "0.01",
    "dibao.uplift.elderly": "0.00",
    "dibao.uplift.minor": "0.00",
    "edge.multiple": "1.5",
    "disposable_income": "4000.00",
    "low_income.upper": "2000.00",
    **property_of("dibao", 24, 0, 1),
    **property_of("edge", 24, 0, 1),
}


def widow(obligors: Any, received: str = "0.00", parameters: Json | None = None, **more: Any) -> Json:
    """A widow of 75 in a place that holds no rule on support, with what a notice prints typed in."""
    member = {"id": "w", "relation": "applicant", "birth_date": "1951-01-01", "income": {"support_received": received}}
    household = {"residence": "urban", "members": [member | more], "assets": {}, "spending": {}, "obligors": obligors}
    options = {"parameters": NOTICE | (parameters or {})}
    return {"jurisdiction": "610900", "date": "2026-09-15", "household": household, "options": options}


def son(income: str | None = "9000.00", **more: Any) -> Json:
    owes = {"id": "o", "of": ["w"], "relation": "child", "birth_date": "1975-01-01", "assets_within_limit": True}
    return owes | {"monthly_income": income, "household_size": 3} | more


def dibao(request: Json) -> Json:
    found: Json = by_key(ask(request))["dibao", None]
    return found


def amount(request: Json) -> tuple[str, str]:
    found = dibao(request)["amount"]
    return found["min"], found["max"]


# no rule of the place is held


def test_without_a_rule_of_the_place_it_is_open_from_nothing_to_all_of_the_income() -> None:
    for income, bounds in (("100.00", ("900.00", "1000.00")), ("9000.00", ("0.00", "1000.00"))):
        found = dibao(widow([son(income)]))
        assert (found["gaps"], found["missing"]) == (("income.support_due",), ())
        assert found["status"] == ("eligible" if income == "100.00" else "refer")
        assert (found["amount"]["min"], found["amount"]["max"]) == bounds


def test_what_is_declared_bounds_it_from_below() -> None:
    assert amount(widow([son()], received="400.00")) == ("0.00", "600.00")


def test_an_unknown_income_is_asked_for() -> None:
    found = dibao(widow([son(None)]))
    assert (found["status"], found["missing"]) == ("undetermined", ("/household/obligors/0/monthly_income",))


@pytest.mark.parametrize(
    "unable",
    [
        {"monthly_income": "0.00"},
        {"receiving": "extreme_poverty_support"},
        {"birth_date": "1955-01-01", "monthly_income": "3999.99"},
        {"status": "prison"},
    ],
)
def test_who_has_nothing_or_is_unable_owes_nothing(unable: Json) -> None:
    """Unable by 民发〔2021〕43号 8: in prison with an income; the widow's own pension keeps her in the family."""
    found = dibao(widow([son() | unable], income={"pension": "1000.00"}))
    assert (found["status"], found["gaps"]) == ("ineligible", ())
    assert found["tests"][0]["left"]["value"] == "1000.00"


def test_nobody_named_is_an_assumption_and_nobody_there_is_none() -> None:
    for obligors, notes in ((None, ["income.support_due"]), ([], [])):
        member: Json = {"income": {"pension": "300.00"}, "birth_date": "1966-01-01"}
        request = widow(obligors, **member)
        request["household"]["members"].append(
            {"id": "s", "relation": "spouse", "birth_date": "1975-01-01", "income": {}, "self_care_failed": 0}
        )
        found = dibao(request)
        assert found["status"] == "eligible"
        assert [note["id"] for note in found["assumptions"] if note["kind"] == "choice"] == notes


# an order, and what is paid


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"ordered_support": "300.00"}, "300.00"),
        ({"ordered_support": "300.00", "paid_support": "120.00"}, "300.00"),
        ({"ordered_support": "300.00", "paid_support": "420.00"}, "420.00"),
        ({"ordered_support": "0.00"}, "0.00"),
        ({"ordered_support": "300.00", "monthly_income": None}, "300.00"),
    ],
)
def test_an_order_stands_as_due_whatever_the_place_says(facts: Json, due: str) -> None:
    found = dibao(widow([son() | facts]))
    assert (Fraction(found["amount"]["value"]), found["gaps"]) == (1000 - Fraction(due), ())


def test_support_that_counts_although_it_is_not_received_is_said_in_a_warning() -> None:
    owed, received = (dibao(widow([son(ordered_support="300.00")], got)) for got in ("0.00", "300.00"))
    assert [one["id"] for one in owed["warnings"]] == ["support.due"]
    assert not received["warnings"]
    assert owed["amount"] == received["amount"]


# the printed forms, typed in


@pytest.mark.parametrize(
    ("facts", "parameters", "due"),
    [
        # the sum an officer worked out
        ({}, {"income.support_due": "250.50"}, "250.50"),
        # a quarter of what one head has beyond twice the standard, shared: (3000 - 2000) / 4 / 2
        ({"supports": 2}, {"income.support_due_share_per_head": "0.25", "income.support_due_above": 2}, "125.00"),
        # a quarter of what the household has beyond it: (9000 - 6000) / 4 / 2
        ({"supports": 2}, {"income.support_due_share": "0.25", "income.support_due_above": 2}, "375.00"),
        # a third, to four decimals, above the low-income line of 2000: (9000 - 6000) x 0.3333
        ({}, {"income.support_due_share": "0.3333", "income.support_due_above_sum": "2000.00"}, "999.90"),
        # half, and two fifths, of what a head has above the standard: (3000 - 1000) / 2 / 4
        (
            {"supports": 4},
            {"income.support_due_share_per_head": "0.5", "income.support_due_above": 1},
            "250.00",
        ),
        (
            {"supports": 4},
            {"income.support_due_share_per_head": "0.4", "income.support_due_above": 1},
            "200.00",
        ),
        # a tenth of the income, for which nobody asks how many they are
        ({"household_size": None}, {"income.support_due_share": "0.1"}, "900.00"),
        # a fifth beyond one and a half times the standard
        ({}, {"income.support_due_share": "0.2", "income.support_due_above": "1.5"}, "900.00"),
        # nothing is left beyond three times the standard
        ({}, {"income.support_due_share": "0.2", "income.support_due_above": 3}, "0.00"),
    ],
)
def test_each_printed_form_can_be_typed_in(facts: Json, parameters: Json, due: str) -> None:
    found = dibao(widow([son() | facts], parameters=parameters))
    assert Fraction(found["amount"]["value"]) == 1000 - Fraction(due)
    assert (found["gaps"], found["missing"]) == ((), ())


def test_a_household_of_unknown_size_is_asked_for_where_it_matters() -> None:
    parameters = {"income.support_due_share": "0.25", "income.support_due_above": 2}
    found = dibao(widow([son(household_size=None)], parameters=parameters))
    assert found["missing"] == ("/household/obligors/0/household_size",)
    assert dibao(widow([son("1500.00", household_size=None)], parameters=parameters))["missing"] == ()


def test_one_family_is_taken_and_said_where_nobody_says_how_many() -> None:
    parameters = {"income.support_due_share": "0.1"}
    for supports, notes in ((None, ["support.supports"]), (1, [])):
        found = dibao(widow([son(supports=supports)], parameters=parameters))
        assert found["amount"]["value"] == "100.00"
        assert [note["id"] for note in found["assumptions"] if note["kind"] == "choice"] == notes


def test_what_two_are_owed_counts_once_and_a_part_for_each() -> None:
    """700 for both parents; the father's part is 350 where the mother is not of the family that is counted."""
    father = {"id": "f", "relation": "spouse", "birth_date": "1950-01-01", "income": {}}
    for absent, left in (({}, "1300.00"), ({"absence": "prison"}, "650.00")):
        request = widow([son("7000.00", of=["w", "f"])], parameters={"income.support_due_share": "0.1"})
        request["household"]["members"].append(father | absent)
        assert dibao(request)["amount"]["value"] == left


def test_single_person_dibao_takes_the_persons_own_part() -> None:
    """A disabled adult in an edge family: of 300 from an uncle, 200 go to nobody else."""
    parents = [
        {"id": "f", "relation": "parent", "birth_date": "1970-01-01", "income": {"pension": "1500.00"}},
        {"id": "m", "relation": "parent", "birth_date": "1971-01-01", "income": {"pension": "1500.00"}},
    ]
    disabled: Json = {
        "disability": {"kind": "mental", "level": 2},
        "birth_date": "1995-01-01",
        "needs_long_term_care": False,
    }
    given = {"single_person.mode": True, "dibao.uplift.severe_disability": "0.00"}
    for typed, facts in (({}, {"ordered_support": "200.00"}), ({"income.support_due": "200.00"}, {})):
        request = widow([son() | facts], parameters=given | typed, **disabled)
        request["household"]["members"] += parents
        assert by_key(ask(request))["single_person_dibao", "w"]["amount"]["value"] == "800.00"


# the kind: where the place's rule is not held, no answer rests on what was declared alone


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_a_decided_answer_is_the_same_whatever_the_place_holds(first: int) -> None:
    """Random households of a place that holds no rule: decided as if nothing were due, and as if all the income were."""
    parameters = {id_: value for id_, value in MODEL_CITY.items() if not id_.startswith("income.support_due")}
    opened = 0
    for seed in range(first, first + 100):
        request = random_request(random.Random(seed)) | {
            "jurisdiction": "610900",
            "date": "2026-12-31",
            "known_at": None,
        }
        silent, nothing, everything = (
            by_key(ask(request | {"options": {"parameters": parameters | typed}}))
            for typed in ({}, {"income.support_due_share": "0"}, {"income.support_due_share": "1"})
        )
        for key, result in silent.items():
            others = [one[key] for one in (nothing, everything) if key in one]
            opened += "income.support_due" in result["gaps"]
            if result["status"] in ("eligible", "ineligible"):
                assert {one["status"] for one in others} <= {result["status"], "not_applicable"}, (seed, key)
            for other in others if result["amount"] else ():
                if other["amount"]:
                    assert Fraction(result["amount"]["min"]) <= Fraction(other["amount"]["min"]), (seed, key)
                    assert Fraction(other["amount"]["max"]) <= Fraction(result["amount"]["max"]), (seed, key)
    assert opened > 20


# a real rule that the language can say


@pytest.fixture(scope="module")
def beijing() -> Rules:
    text = (Path(__file__).parent / "beijing_support.yaml").read_text(encoding="utf-8")
    return Rules(Library({"CN": Pack.load(CONTENT / "CN"), "110000": Pack.of_texts("110000", {"pack.yaml": text})}))


def in_beijing(beijing: Rules, request: Json) -> Json:
    found = by_key(beijing.assess(request | {"jurisdiction": "110000", "date": "2020-06-15"}, "zh", NOW))
    return found["dibao", None]


@pytest.mark.parametrize(
    ("facts", "bounds"),
    [
        # (9000 - 1.5 x 1000 x 3) x 20 % = 900, for one family and for two
        ({}, ("100.00", "100.00")),
        ({"supports": 2}, ("550.00", "550.00")),
        # a judgment of more stands, an agreement of less is markedly low or is not
        ({"ordered_support": "950.00"}, ("50.00", "50.00")),
        ({"ordered_support": "200.00"}, ("100.00", "800.00")),
        # what is paid beyond counts as paid
        ({"paid_support": "980.00"}, ("20.00", "20.00")),
        # whoever is helped himself owes nothing
        ({"receiving": "dibao"}, ("1000.00", "1000.00")),
        ({"receiving": "low_income_family"}, ("1000.00", "1000.00")),
    ],
)
def test_the_rule_of_beijing_can_be_said(beijing: Rules, facts: Json, bounds: tuple[str, str]) -> None:
    """京民社救发〔2018〕445号 十二（一）, with the standard of 1000 that is typed in."""
    found = in_beijing(beijing, widow([son(**facts)]))
    assert (found["amount"]["min"], found["amount"]["max"]) == bounds


def test_in_beijing_a_child_is_owed_a_share_of_the_income(beijing: Rules) -> None:
    child: Json = {"birth_date": "2012-01-01", "self_care_failed": 0}
    found = in_beijing(beijing, widow([son("2000.00", relation="parent")], **child))
    assert (found["amount"]["min"], found["amount"]["max"]) == ("400.00", "600.00")


def test_in_beijing_who_has_a_fully_able_child_is_refused_for_that(beijing: Rules) -> None:
    found = in_beijing(beijing, widow([son(assets_within_limit=False, receiving="dibao")]))
    failed = [test["rule"] for test in found["tests"] if test["holds"] is False]
    assert (found["status"], failed) == ("ineligible", ["support.nobody_fully_able"])
    assert found["summary"][1] == "有完全赡养能力的义务人。"
