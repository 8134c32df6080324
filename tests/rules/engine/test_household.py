"""Facts as the rules read them: defaults, months, pointers to unknown facts, and bounds when opened."""

import datetime as dt
from typing import Any, Final

import pytest

from app.rules.engine.household import EngineHousehold
from app.rules.facts.household import Household, Residence
from app.rules.language.vocabulary import FACTS, OUTGOING_KINDS
from app.rules.values.money import MONTH_SCALE
from app.rules.values.open_values import AnyOf, Maybe, Range
from app.rules.values.space import Space
from app.rules.values.unknown import UNKNOWN

DAY = dt.date(2022, 3, 1)


def _read(member: dict[str, Any] | None = None, **household: Any) -> EngineHousehold:
    applicant = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"} | (member or {})
    facts = {"residence": "urban", "members": [applicant]} | household
    return EngineHousehold(Household.model_validate(facts), DAY, "430500")


@pytest.mark.parametrize(("level", "care"), [(1, True), (2, True), (3, False), (4, False)])
def test_who_is_severely_disabled_is_taken_to_need_care_unless_it_is_said(level: int, care: bool) -> None:
    disability = {"kind": "physical", "level": level}
    assert _read({"disability": disability}).members[0].needs_long_term_care is care
    assert (
        _read({"disability": disability, "needs_long_term_care": not care}).members[0].needs_long_term_care is not care
    )
    assert _read().members[0].needs_long_term_care is False


def test_income_is_spread_over_its_own_months_or_those_of_all() -> None:
    member = {"income": {"wage": "12.00", "property": "24.00"}, "income_months": 12, "income_periods": {"property": 6}}
    person = _read(member | {"education": "primary"}).members[0]
    assert (person.education, _read().members[0].education) == ("primary", "none")
    assert person.__dict__["income_wage"] == 1200 * MONTH_SCALE // 12
    assert person.__dict__["income_property"] == 2400 * MONTH_SCALE // 6
    whole = _read({"income": {"wage": "12.00"}}).members[0]
    assert whole.__dict__["income_wage"] == 1200 * MONTH_SCALE


def test_an_obligor_of_whom_little_is_said_has_its_defaults_and_pointers() -> None:
    obligor = {"id": "o1", "of": ["p1"], "relation": "child", "birth_date": "1960-03-01"}
    plain = _read(obligors=[obligor]).obligors[0]
    assert (plain.status, plain.age, plain.receiving_dibao) == ("none", 62, False)
    assert plain.unknown == {
        "monthly_income": "/household/obligors/0/monthly_income",
        "assets_within_limit": "/household/obligors/0/assets_within_limit",
        "household_size": "/household/obligors/0/household_size",
    }
    assert (plain.supports, plain.supports_stated, plain.support_ordered, plain.paid_support) == (1, False, False, 0)
    told = obligor | {"receiving": "dibao", "monthly_income": "5.00", "assets_within_limit": False}
    told |= {"household_size": 3, "supports": 2, "ordered_support": "0.00", "paid_support": "1.00"}
    full = _read(obligors=[told]).obligors[0]
    assert full.unknown == {}
    assert (full.receiving_dibao, full.receiving_extreme_poverty_support) == (True, False)
    assert (full.monthly_income, full.assets_within_limit) == (500 * MONTH_SCALE, False)
    assert (full.household_size, full.supports, full.supports_stated) == (3, 2, True)
    assert (full.support_ordered, full.ordered_support, full.paid_support) == (True, 0, 100 * MONTH_SCALE)


def test_a_crisis_has_its_own_facts_and_none_the_defaults() -> None:
    none = _read()
    assert (none.crisis_cause, none.crisis_loss, none.members[0].residence) == ("none", 0, "urban")
    told = _read(
        {"residence": "rural"}, crisis={"kind": "emergency", "severity": "grave", "cause": "fire", "loss": "9.00"}
    )
    assert (told.crisis_cause, told.crisis_loss, told.members[0].residence) == ("fire", 900, "rural")
    assert (none.crisis_given, none.crisis_kind, none.crisis_severity, none.crisis_urgent) == (
        False,
        "none",
        "light",
        False,
    )
    assert (none.crisis_persons_stated, none.crisis_persons, none.crisis_elsewhere) == (False, 0, False)
    crisis = {"kind": "emergency", "severity": "grave", "urgent": True, "persons": 2, "place": "440000"}
    given = _read(crisis=crisis)
    assert (given.crisis_kind, given.crisis_severity) == ("emergency", "grave")
    assert (given.crisis_given, given.crisis_urgent, given.crisis_persons_stated, given.crisis_persons) == (
        True,
        True,
        True,
        2,
    )
    assert given.crisis_elsewhere is True
    here = _read(crisis={"kind": crisis["kind"], "severity": "grave"})
    assert (here.crisis_persons_stated, here.crisis_persons, here.crisis_elsewhere) == (False, 0, False)


def test_what_is_not_said_of_assets_and_spending_is_unknown_with_its_pointer() -> None:
    nothing = _read()
    assert set(nothing.unknown.values()) >= {"/household/assets", "/household/spending"}
    some = _read(assets={"financial": None, "dwellings": 1}, spending={"medical": "5.00", "education": None})
    assert set(some.unknown.values()) == {
        "/household/assets/financial",
        "/household/assets/dwelling_area",  # there is a dwelling, and nobody has said how large
        "/household/spending/education",
        "/household/receiving",  # no dibao whose line was passed
        "/household/dibao_class",
    }
    assert some.__dict__["spending_medical"] == 500


def test_what_is_unknown_opens_to_all_it_may_be() -> None:
    space = Space()
    read = _read({"absence": "clergy"})
    opened = read.opened(space)
    person = opened.members[0].__dict__
    assert type(person["absent_since"]) is AnyOf
    failed, wage = person["self_care_failed"], person["income_wage"]
    assert (failed.low, failed.high) == (0, 6)
    assert type(wage) is Range
    assert (wage.low, wage.high) == (0, None)
    assert space.names(wage.causes) == ["/household/members/0/income"]
    assert [type(tail) for tail in opened.members[0].obligors_tail] == [Maybe]
    assert opened.members[0].obligors == []
    assert read.members[0].__dict__["absent_since"] is UNKNOWN
    told = _read(obligors=[]).opened(Space())
    assert told.members[0].obligors_tail == []


@pytest.mark.parametrize(("level", "worst"), [(2, (2, 4)), (4, None)])
def test_a_part_of_a_multiple_disability_is_at_worst_as_severe_as_the_whole(
    level: int, worst: tuple[int, int] | None
) -> None:
    read = _read({"disability": {"kind": "multiple", "level": level}})
    (part,) = read.opened(Space()).members[0].disabilities
    assert type(part.kind) is AnyOf
    assert (part.level == 4) if worst is None else (part.level.low, part.level.high) == worst


@pytest.mark.parametrize(("said", "duty"), [(True, "yes"), (False, "no"), (None, "not_stated")])
def test_a_duty_of_support_is_stated_denied_or_not_stated(said: bool | None, duty: str) -> None:
    assert _read({"maintenance_duty": said}).members[0].maintenance_duty == duty


NOTHING_IS_SAID: Final[dict[str, Any]] = {
    "member": {
        "income": None,
        "employed": True,
        "outgoings": None,
        "self_care_failed": None,
        "disability": {"kind": "multiple", "level": 2},
        "parents": {"father": {"state": "imprisoned"}, "mother": {"state": "unknown"}},
    },
    "obligors": [{"id": "o1", "of": ["p1"], "relation": "child", "birth_date": "1960-03-01"}],
}


def test_a_fact_may_be_unknown_to_formulas_exactly_where_a_request_may_leave_it_open() -> None:
    crisis = {"kind": "emergency", "severity": "light"}
    read = _read(
        NOTHING_IS_SAID["member"], obligors=NOTHING_IS_SAID["obligors"], assets=None, spending=None, crisis=crisis
    )
    child = {"id": "p2", "relation": "child", "birth_date": "2015-01-01"}
    raises = _read(members=[{"id": "p1", "relation": "applicant", "birth_date": "1984-03-02"}, child]).members[0]
    assert raises.single_parent is UNKNOWN
    read.members[0].single_parent = raises.single_parent
    person = read.members[0]
    entities = [read, person, read.obligors[0], person.disabilities[0], person.parent_states[0]]
    assert {entity.entity for entity in entities} == set(FACTS)
    for entity in entities:
        for path, spec in FACTS[entity.entity].items():
            assert (getattr(entity, spec.attribute) is UNKNOWN) is spec.optional, f"{entity.entity} {path}"


AUGUST = dt.date(2026, 8, 15)


def _household(member: dict[str, Any] | None = None, **facts: Any) -> EngineHousehold:
    first = {"id": "a", "relation": "applicant", "birth_date": "1984-03-02"} | (member or {})
    others = [{"id": "b", "relation": "other", "birth_date": "1950-01-01"}]
    household = Household.model_validate({"residence": "urban", "members": [first, *others]} | facts)
    return EngineHousehold(household, AUGUST, "999900")


# facts


@pytest.mark.parametrize(("level", "needed"), [(1, True), (2, True), (3, False), (4, False)])
def test_long_term_care_is_presumed_for_the_two_most_severe_levels_alone(level: int, needed: bool) -> None:
    person = _household({"disability": {"kind": "physical", "level": level}}).members[0]
    assert person.needs_long_term_care is needed


def test_long_term_care_as_stated_wins_over_the_level() -> None:
    facts = {"disability": {"kind": "physical", "level": 1}, "needs_long_term_care": False}
    assert _household(facts).members[0].needs_long_term_care is False
    assert _household().members[0].needs_long_term_care is False


def test_income_and_outgoings_are_spread_over_the_months_they_cover() -> None:
    kind = OUTGOING_KINDS[0]
    facts = {"income": {"wage": "24.00"}, "outgoings": {kind: "12.00"}, "income_months": 12}
    person = _household(facts).members[0]
    assert person.income_wage == 200 * MONTH_SCALE
    assert getattr(person, f"outgoings_{kind}") == 100 * MONTH_SCALE


@pytest.mark.parametrize(("level", "lowest"), [(1, 1), (3, 3)])
def test_unnamed_components_are_at_most_as_severe_as_the_card(level: int, lowest: int) -> None:
    opened = _household({"disability": {"kind": "multiple", "level": level}}).opened(Space())
    part = opened.members[0].disabilities[0].level
    assert (part.low, part.high) == (lowest, 4)


def test_unnamed_components_of_the_mildest_card_are_of_the_mildest_level() -> None:
    opened = _household({"disability": {"kind": "multiple", "level": 4}}).opened(Space())
    assert opened.members[0].disabilities[0].level == 4


def test_unknown_self_care_lies_between_none_and_all_six_items() -> None:
    failed = _household().opened(Space()).members[0].self_care_failed
    assert (failed.low, failed.high) == (0, 6)


def test_an_unknown_amount_is_at_least_nothing_and_has_no_end() -> None:
    opened = _household({"income": {"wage": None}}).opened(Space())
    assert (opened.members[0].income_wage.low, opened.members[0].income_wage.high) == (0, None)


def test_opening_a_household_leaves_it_as_it_was_and_links_the_copies() -> None:
    household = _household({"relation": "applicant", "spouse_of": "b"}, obligors=None)
    space = Space()
    opened = household.opened(space)
    assert opened.members[0].spouses == [opened.members[1]]
    assert opened.members[0] is not household.members[0]
    assert household.members[0].obligors is not opened.members[0].obligors
    assert [type(tail) for tail in opened.members[0].obligors_tail] == [Maybe]
    assert "/household/obligors" in space.causes


def test_an_obligor_owes_support_to_exactly_those_named_and_once() -> None:
    obligor = {"id": "x", "relation": "child", "of": ["b", "b"], "birth_date": "1980-01-01"}
    first, second = _household(obligors=[obligor]).members
    assert first.obligors == []
    assert [other.age for other in second.obligors] == [46]


@pytest.mark.parametrize(
    ("person", "programme", "receiving"),
    [
        (None, "dibao", [True, True]),
        ("b", "dibao", [False, True]),
        ("b", "single_person_dibao", [False, True]),
        ("b", "extreme_poverty_support", [False, False]),
    ],
)
def test_dibao_received_is_noted_for_the_person_named_or_for_all(
    person: str | None, programme: str, receiving: list[bool]
) -> None:
    members = _household(receiving=[{"programme": programme, "person": person}]).members
    assert [member.receiving_dibao for member in members] == receiving
    extreme = [programme == "extreme_poverty_support" and person in (None, member.id) for member in members]
    assert [member.receiving_extreme_poverty_support for member in members] == extreme


def test_an_income_said_to_be_unknown_is_unknown_and_not_nothing() -> None:
    person = _household({"income": {"wage": None}}).members[0]
    assert person.income_wage is UNKNOWN
    assert person.income_pension == 0
    assert person.unknown["income_wage"] == "/household/members/0/income/wage"


def test_outgoings_left_empty_are_nothing() -> None:
    kind = OUTGOING_KINDS[0]
    assert getattr(_household({"outgoings": {kind: None}}).members[0], f"outgoings_{kind}") == 0


@pytest.mark.parametrize("residence", ["urban", "rural"])
def test_an_empty_household_has_its_residence_and_one_person(residence: Residence) -> None:
    household = EngineHousehold.empty(residence)
    assert household.residence == residence
    assert [person.relation for person in household.members] == ["applicant"]
