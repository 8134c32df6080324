"""What a notice prints can be typed in: with its numbers a place that holds none answers to the fen."""

import random
from fractions import Fraction
from typing import Any, Final

import pytest

from app.rules.packs.pack import CONTENT, Pack
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from tests.support.oracle import reference
from tests.support.oracle.households import random_request
from tests.support.rules import ask, by_key, rules

NOT_TYPED_IN: Final = {
    "review_months": "the law gives the classes of reviews; no result reads it",
}


def property_of(programme: str, months: int, vehicles: int, dwellings: int) -> Json:
    limits = {"financial_months": months, "vehicles": vehicles, "dwellings": dwellings, "company_interest": False}
    return {f"{programme}.property.{name}": limit for name, limit in limits.items()}


NOTICE: Final[Json] = {
    "dibao.standard": {"urban": "760.00", "rural": {"value": "6016.00", "per": "year"}},
    "dibao.amount_mode": True,
    "dibao.rounding": 1,
    "dibao.uplift.elderly_share": "0.20",
    "dibao.uplift.elderly_age": 70,
    "dibao.uplift.minor": "100.00",
    "dibao.uplift.severe_disability_share": "0.50",
    "dibao.uplift.serious_illness_share": "0.30",
    "dibao.counts.basic_pension": False,
    "dibao.counts.old_age_allowance": False,
    **property_of("dibao", 24, 0, 1),
    **property_of("edge", 36, 1, 2),
    **property_of("rigid", 48, 1, 2),
    **property_of("extreme_poverty", 12, 0, 1),
    "income.employment_deduction_share": "0.20",
    "income.employment_deduction_most": "0.50",
    "income.rigid_cost_kinds": {"medical": 1, "disability_rehab": 1, "education": 0, "living": 0, "other": 0},
    "single_person.mode": True,
    "disposable_income": {"urban": {"value": "39000.00", "per": "year"}},
    "rigid.ratio": "0.50",
    "rigid.kinds": 1,
    "extreme_poverty.basic": {"urban": "1000.00"},
    "extreme_poverty.care.able": "100.00",
    "extreme_poverty.care.partial": {"home": "300.00", "institution": "400.00"},
    "extreme_poverty.care.total": {"home": "700.00", "institution": "900.00"},
    "temporary.emergency": {"light": "2000.00", "moderate": "5000.00", "grave": "10000.00"},
    "temporary.expenditure_share": "0.50",
    "temporary.expenditure_most_months": 12,
    "temporary.township_limit": "5000.00",
    "disability.living": {"1": "80.00", "2": "80.00", "3": "60.00", "4": "60.00"},
    "disability.care": {"1": "120.00", "2": "100.00"},
    "old_age.allowance": {"80": "100.00", "70": "50.00"},
    "elder_care.amount": {"partial": "150.00", "total": "300.00"},
    "education_aid.amount": {"primary": "500.00"},
}
FAMILY: Final[Json] = {
    "residence": "urban",
    "members": [
        {
            "id": "w",
            "relation": "applicant",
            "birth_date": "1984-03-02",
            "employed": True,
            "income": {"wage": "9600.00"},
            "income_months": 6,
        },
        {
            "id": "s",
            "relation": "spouse",
            "birth_date": "1986-11-20",
            "income": {},
            "disability": {"kind": "physical", "level": 2},
        },
        {"id": "c", "relation": "child", "birth_date": "2015-05-05", "income": {}, "education": "primary"},
        {
            "id": "o",
            "relation": "parent",
            "birth_date": "1948-01-05",
            "income": {"basic_pension": "180.00"},
            "serious_illness": True,
            "self_care_failed": 2,
        },
    ],
    "assets": {"financial": "3000.00", "dwellings": 1},
    "spending": {"medical": "6000.00", "education": "1000.00"},
    "obligors": [],
    "crisis": {"kind": "emergency", "severity": "moderate", "urgent": True, "cause": "illness"},
}
# Wage 1600, less 20 % for work (at most half of 760); 6000 / 12 for illness: 780. 760 x 4 - 780 = 2260. Uplifts: half
# of 760 for the disability, 100 for the pupil, 30 % of 760 for the illness (more than a fifth for age): 708.
DUE: Final = {
    ("dibao", None): "2968.00",
    ("temporary_assistance", None): "5000.00",
    ("disability_living_subsidy", "s"): "80.00",
    ("disability_care_subsidy", "s"): "100.00",
    ("old_age_allowance", "o"): "50.00",
    ("elder_care_subsidy", "o"): "150.00",
    ("education_aid", "c"): "500.00",
}


def at_ankang(date: str, household: Json, parameters: Json) -> Json:
    options = {"parameters": parameters}
    return ask({"jurisdiction": "610900", "date": date, "household": household, "options": options})


@pytest.mark.parametrize("date", ["2026-01-31", "2026-06-30", "2026-07-01", "2026-08-15", "2026-12-31"])
def test_a_family_of_a_real_place_is_worked_to_full_amounts_by_the_numbers_of_a_notice(date: str) -> None:
    answer = at_ankang(date, FAMILY, NOTICE)
    granted = {key: one["amount"] for key, one in by_key(answer).items() if one["status"] == "eligible"}
    assert {key: amount["value"] for key, amount in granted.items()} == DUE
    assert [one["status"] for one in answer["results"] if one["status"] in ("refer", "undetermined")] == []
    assert [one["gaps"] for one in answer["results"] if one["gaps"]] == []
    assert answer["total_month"]["value"] == "3348.00"


def test_a_figure_of_a_year_is_exact() -> None:
    """6016 a year for three people is 1504 a month."""
    three = [
        {"id": str(n), "relation": "other", "maintenance_duty": True, "birth_date": "1980-01-01"} for n in range(3)
    ]
    three[0] |= {"relation": "applicant"}
    home = FAMILY | {"residence": "rural", "members": [one | {"income": {}} for one in three], "crisis": None}
    dibao = by_key(at_ankang("2026-08-15", home, NOTICE))["dibao", None]
    assert dibao["amount"]["value"] == "1504.00"


# The numbers of Model City on one day: with them any place decides as the second computation does for that city.
DAY: Final = "2026-12-31"
MODEL_CITY: Final[Json] = {
    "gradual_exit.months": 6,
    "gradual_exit.share": {"1": "1", "4": "0.5"},
    "family.leaves_out.military_service": False,
    "family.leaves_out.boarder": False,
    "family.leaves_out.clergy_sooner": False,
    "dibao.standard": {"urban": "920.00", "rural": {"value": "8900.00", "per": "year"}},
    "dibao.amount_mode": True,
    "dibao.rounding": 1,
    "dibao.counts_orphans": True,
    "dibao.counts.old_age_allowance": False,
    "dibao.counts.basic_pension": False,
    "dibao.uplift.elderly_age": 70,
    "dibao.uplift.elderly_share": "0.20",
    "dibao.uplift.minor_share": "0.20",
    "dibao.uplift.severe_disability_share": "0.50",
    "dibao.uplift.serious_illness_share": "0.40",
    **property_of("dibao", 24, 0, 2),
    **property_of("edge", 36, 1, 2),
    **property_of("rigid", 48, 1, 2),
    **property_of("extreme_poverty", 24, 0, 1),
    "edge.multiple": "1.5",
    "disposable_income": {"urban": "3500.00", "rural": "1750.00"},
    "income.employment_deduction_share": "0.20",
    "income.employment_deduction_most": "0.50",
    "income.rigid_cost_kinds": {"medical": 1, "education": 0, "disability_rehab": 1, "living": 0, "other": 0},
    "income.support_due_share": "0.25",
    "income.support_due_above": 2,
    "rigid.ratio": "0.50",
    "rigid.kinds": 1,
    "single_person.mode": True,
    "extreme_poverty.basic": {"urban": "1196.00", "rural": "965.00"},
    "extreme_poverty.care.able": "40.00",
    "extreme_poverty.care.partial": "600.00",
    "extreme_poverty.care.total": "1200.00",
    "extreme_poverty.more_disabilities": False,
    "orphan.institution": "2000.00",
    "orphan.dispersed": "1500.00",
    "unattended_child.standard": "1500.00",
    "temporary.emergency_months": {"light": 1, "moderate": 3, "grave": 6},
    "temporary.expenditure_share": "0.50",
    "temporary.expenditure_above_months": 3,
    "temporary.expenditure_most_months": 12,
    "temporary.township_limit_months": 4,
    "disability.living": "100.00",
    "disability.care": {"1": "130.00", "2": "110.00"},
    "old_age.allowance": {"80": "60.00", "90": "120.00", "100": "400.00"},
    "elder_care.amount": {"partial": "150.00", "total": "300.00"},
    "education_aid.amount": {"senior_secondary": "3000.00", "undergraduate": "5000.00"},
}


@pytest.mark.parametrize("place", ["610900", "999900"])
@pytest.mark.parametrize("first", range(0, 300, 100))
def test_a_place_with_typed_in_numbers_decides_as_one_that_publishes_them(first: int, place: str) -> None:
    """Beside the reference; 999900 by the nation's rules then, not by its own formulas. Temporary assistance is rounded
    to whole yuan there by a formula, which no figure says."""
    for seed in range(first, first + 100):
        request = random_request(random.Random(seed)) | {"date": DAY, "known_at": None}
        expected = {
            (one["programme"], one["person"]): (one["status"], _bounds(one)) for one in reference.assess(request)
        }
        typed = request | {"jurisdiction": place, "options": {"parameters": MODEL_CITY}}
        answer = by_key(ask(typed))
        found = {key: (one["status"], _answered(one)) for key, one in answer.items()}
        assert found == expected, f"household {seed}"


def _bounds(result: Json) -> tuple[Fraction, Fraction] | None:
    amount = result["amount"]
    return amount if amount is None or isinstance(amount, tuple) else (amount, amount)


def _amount(result: Json) -> tuple[Fraction, Fraction] | None:
    amount = result["amount"]
    if amount is None:
        return None
    assert amount["max"] is not None, result
    return Fraction(amount["min"]), Fraction(amount["max"])


def _answered(result: Json) -> tuple[Fraction, Fraction] | None:
    found = _amount(result)
    if found is None:
        return None
    low, high = found
    whole = result["programme"] == "temporary_assistance"
    return (Fraction(-(-low // 1)), Fraction(-(-high // 1))) if whole else (low, high)


# the other ways in which a notice prints


def amount_of(programme: str, person: str | None, household: Json, instead: Json) -> Any:
    given = {id_: value for id_, value in NOTICE.items() if id_ not in _displaced(instead)} | instead
    return by_key(at_ankang("2026-08-15", household, given))[programme, person]["amount"]["value"]


def _displaced(instead: Json) -> set[str]:
    return {other for id_ in instead for other in rules().library.same_as(id_)}


ALONE: Final = FAMILY | {
    "members": [
        {"id": "a", "relation": "applicant", "birth_date": "1975-01-01", "income": {"pension": "2100.00"}},
        {
            "id": "b",
            "relation": "spouse",
            "birth_date": "1975-01-01",
            "income": {},
            "disability": {"kind": "mental", "level": 2},
        },
    ]
}


@pytest.mark.parametrize(
    ("programme", "person", "household", "instead", "amount"),
    [
        ("dibao", None, FAMILY, {"income.employment_deduction": "200.00"}, "2848.00"),  # 120 less for work
        ("dibao", None, FAMILY, {"income.employment_deduction_of_standard": "0.30"}, "2876.00"),  # 228 for work
        ("dibao", None, FAMILY, {"income.rigid_cost_deduction": "100.00"}, "2568.00"),
        ("dibao", None, FAMILY, {"income.rigid_cost_deduction": "900.00"}, "3052.00"),  # 7000 / 12 were spent
        ("dibao", None, FAMILY, {"dibao.uplift.severe_disability": "150.00"}, "2738.00"),
        ("dibao", None, FAMILY, {"dibao.amount_mode": False, "dibao.class_amount": "500.00"}, "2708.00"),
        ("single_person_dibao", "b", ALONE, {}, "1140.00"),
        ("single_person_dibao", "b", ALONE, {"single_person.fixed": "600.00"}, "980.00"),
        ("single_person_dibao", "b", ALONE, {"single_person.fixed_share": "0.80"}, "988.00"),
        ("temporary_assistance", None, FAMILY, {"temporary.emergency": "20000.00"}, "20000.00"),  # case by case
        ("temporary_assistance", None, FAMILY, {"temporary.emergency_months": 2}, "6080.00"),
    ],
)
def test_each_way_to_print_it_counts(
    programme: str, person: str | None, household: Json, instead: Json, amount: str
) -> None:
    assert amount_of(programme, person, household, instead) == amount


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (
            {"dibao.uplift.minor": "50.00", "dibao.uplift.minor_share": "0.2"},
            {("dibao.uplift.minor", "parameter_given_twice"), ("dibao.uplift.minor_share", "parameter_given_twice")},
        ),
        ({"dibao.uplift.minor_share": "20"}, {("dibao.uplift.minor_share", "outside_domain")}),
        ({"dibao.rounding": "0.5"}, {("dibao.rounding", "outside_domain")}),
        ({"old_age.allowance": "100.00"}, {("old_age.allowance", "parameter_shape")}),
        ({"old_age.allowance": {"eighty": "1.00"}}, {("old_age.allowance", "parameter_shape")}),
        ({"education_aid.amount": "100.00"}, {("education_aid.amount", "parameter_shape")}),
        ({"rigid.kinds": {"travel": 1}}, {("rigid.kinds", "parameter_shape")}),
        ({"dibao.standard": {"value": "9000.00", "per": "day"}}, {("dibao.standard", "not_allowed")}),
        ({"temporary.emergency": {"value": "9000.00", "per": "year"}}, {("temporary.emergency", "wrong_type")}),
    ],
)
def test_what_contradicts_itself_or_has_another_form_is_a_fault(given: Json, faults: set[tuple[str, str]]) -> None:
    with pytest.raises(FaultyRequest) as refused:
        at_ankang("2026-08-15", FAMILY, given)
    assert {
        (fault.pointer.removeprefix("/options/parameters/"), fault.code) for fault in refused.value.faults
    } == faults


def test_a_kind_of_spending_that_was_not_typed_in_stays_a_gap_within_what_was_spent() -> None:
    given = {**NOTICE, "income.rigid_cost_kinds": {"medical": 1}}
    dibao = by_key(at_ankang("2026-08-15", FAMILY, given))["dibao", None]
    assert dibao["gaps"] == ("income.rigid_cost_kinds",)
    assert (dibao["amount"]["min"], dibao["amount"]["max"]) == ("2968.00", "3052.00")


# the kind: no parameter is forgotten


@pytest.mark.parametrize("id_", sorted(Pack.load(CONTENT / "CN").content.parameters))
def test_every_parameter_can_be_typed_in_or_a_reason_is_listed(id_: str) -> None:
    assert rules().library.parameters[id_].supply is (NOT_TYPED_IN.get(id_) is None)


# past 18 in school


def student(state: str, birth: str = "2001-05-01", **more: Any) -> Json:
    parents = {"father": {"state": "deceased"}, "mother": {"state": state}}
    member = {"id": "o", "relation": "applicant", "birth_date": birth, "income": {}, "parents": parents, **more}
    return FAMILY | {"members": [member], "crisis": None}


@pytest.mark.parametrize(
    ("programme", "state", "parameter"),
    [
        ("orphan_subsidy", "deceased", "orphan.in_school_past_18"),
        ("unattended_child_subsidy", "seriously_ill", "unattended_child.in_school_past_18"),
    ],
)
def test_a_child_of_lost_parents_past_18_in_school_is_a_question_to_the_place(
    programme: str, state: str, parameter: str
) -> None:
    figures = {"orphan.dispersed": "1500.00", "unattended_child.standard": "1500.00", "dibao.counts_orphans": False}
    asked = student(state, education="undergraduate")
    open_, yes, no = (
        by_key(at_ankang("2026-08-15", asked, NOTICE | figures | said))[programme, "o"]
        for said in ({}, {parameter: True}, {parameter: False})
    )
    assert (open_["status"], open_["gaps"]) == ("refer", (parameter,))
    assert (yes["status"], no["status"]) == ("eligible", "ineligible")
    assert yes["amount"] is not None
    grown = by_key(at_ankang("2026-08-15", student(state), NOTICE | figures))
    assert (programme, "o") not in grown


def test_an_orphan_in_college_is_shown_the_amount() -> None:
    """国办发〔2010〕54号 二（三）; a case of Zhongshan in 2020, when 1550 was printed for children outside institutions."""
    request = {
        "jurisdiction": "442000",
        "date": "2020-10-15",
        "household": student("deceased", education="undergraduate"),
    }
    found = by_key(ask(request))["orphan_subsidy", "o"]
    assert (found["status"], found["amount"]["value"]) == ("refer", "1550.00")


@pytest.mark.parametrize("placement", ["home", "institution"])
def test_care_is_paid_by_the_table_of_placements(placement: str) -> None:
    """A person of 76 alone, totally unable: 1000 and what the notice prints for the place of care."""
    alone = {"id": "e", "relation": "applicant", "birth_date": "1950-01-01", "income": {}, "self_care_failed": 5}
    household = FAMILY | {"members": [alone | {"placement": placement}], "crisis": None}
    support = by_key(at_ankang("2026-08-15", household, NOTICE))["extreme_poverty_support", "e"]
    assert support["amount"]["value"] == {"home": "1700.00", "institution": "1900.00"}[placement]


def test_what_the_place_says_by_a_formula_gives_way_to_what_was_typed_in() -> None:
    """The fictional city gives minors a fifth of 920; 50 a head is typed in for its one minor. And it is warned of."""
    options = {"parameters": {"dibao.uplift.minor": "50.00"}}
    request = {"jurisdiction": "999900", "date": "2026-08-15", "household": FAMILY}
    published, typed = ask(request), ask(request | {"options": options})
    before, after = (Fraction(by_key(one)["dibao", None]["amount"]["value"]) for one in (published, typed))
    assert before - after == 134
    assert [one["code"] for one in typed["warnings"]] == ["replaces_published"]


def test_students_with_lost_parents_are_decided_as_by_the_second_computation() -> None:
    """Random households in which everybody past 18 studies and claims that the parents cannot care."""
    for seed in range(60):
        request = random_request(random.Random(seed)) | {"date": DAY, "known_at": None}
        rng = random.Random(seed)
        for member in request["household"]["members"]:
            if member["birth_date"] <= "2008-12-31":
                father, mother = (rng.choice(("deceased", "unknown", "seriously_ill", "alive")) for _ in range(2))
                member |= {
                    "education": "undergraduate",
                    "parents": {"father": {"state": father}, "mother": {"state": mother}},
                }
        expected = {
            (one["programme"], one["person"]): (one["status"], _bounds(one)) for one in reference.assess(request)
        }
        found = {key: (one["status"], _amount(one)) for key, one in by_key(ask(request)).items()}
        assert found == expected, f"household {seed}"


def test_a_figure_that_no_rule_reads_on_the_day_is_doubted() -> None:
    typed = {"rigid.ratio": "0.5", "dibao.standard": "600.00"}
    before = _with(typed, "2022-08-15")
    assert ("/options/parameters/rigid.ratio", "not_read") in [
        (one["pointer"], one["code"]) for one in before["warnings"]
    ]
    after = _with(typed, "2025-08-15")
    assert not [one for one in after.get("warnings", []) if one["code"] == "not_read"]


def _with(parameters: Json, date: str) -> Json:
    adult = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
    home = {"residence": "urban", "members": [adult], "assets": {}, "spending": {}, "obligors": []}
    return ask({"jurisdiction": "610900", "date": date, "household": home}, parameters=parameters)
