"""Links between people, and who is counted: the closure alone, and with the rules of the packs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.engine.compiler.compile import compile_rules
from app.rules.engine.evaluate import Engine
from app.rules.engine.household import EngineHousehold
from app.rules.facts.family import CLOSURE_INPUTS, counted, marriages, parentage
from app.rules.facts.household import Household, Member
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.rulesets.dependencies import CLOSURE
from app.rules.rulesets.ruleset import Rulesets

CITY = "999900"
DAY = dt.date(2026, 8, 1)
ADULT = dt.date(1984, 3, 2)
MINOR = dt.date(2015, 3, 2)


# Each of these relations has a part in some link or condition.
RELATIONS = ("spouse", "child", "parent", "grandparent", "sibling", "other")


def person(id_: str, relation: str = "other", birth_date: dt.date = ADULT, **facts: Any) -> Member:
    return Member.model_validate({"id": id_, "relation": relation, "birth_date": birth_date.isoformat(), **facts})


def wedded(members: Sequence[Member]) -> dict[str, str]:
    return {members[one].id: members[other].id for one, other in marriages(members).items()}


def descended(members: Sequence[Member]) -> dict[str, set[str]]:
    return {
        member.id: {members[parent].id for parent in parents}
        for member, parents in zip(members, parentage(members), strict=True)
    }


@pytest.fixture(scope="module")
def engine() -> Engine:
    library = Library(load_packs())
    ruleset = Rulesets(library).at(CITY, DAY, DAY)
    return Engine(library, ruleset, compile_rules(library, ruleset))


def in_family(engine: Engine, members: Sequence[Member]) -> set[str]:
    household = Household.model_validate({"residence": "urban", "members": list(members), "obligors": []})
    assessment = engine.assess(EngineHousehold(household, DAY, CITY), DAY)
    found = [assessment.value_of(CLOSURE, index) for index in range(len(members))]
    assert {type(value) for value in found} == {bool}
    return {member.id for member, yes in zip(members, found, strict=True) if yes}


# links


def test_applicant_and_spouse_are_married_by_relation() -> None:
    assert wedded([person("a", "applicant"), person("b", "spouse")]) == {"a": "b", "b": "a"}


def test_two_parents_are_married_by_relation() -> None:
    members = [person("a", "applicant"), person("f", "parent"), person("m", "parent")]
    assert wedded(members) == {"f": "m", "m": "f"}


def test_one_parent_alone_is_not_married() -> None:
    assert wedded([person("a", "applicant"), person("f", "parent")]) == {}


def test_two_said_spouses_are_not_matched_with_one_applicant() -> None:
    assert wedded([person("a", "applicant"), person("b", "spouse"), person("c", "spouse")]) == {}


def test_a_stated_marriage_holds_both_ways() -> None:
    assert wedded([person("a", "applicant"), person("b", spouse_of="a")]) == {"a": "b", "b": "a"}


def test_a_stated_marriage_of_the_applicant_wins_over_the_relation() -> None:
    members = [person("a", "applicant", spouse_of="c"), person("b", "spouse"), person("c")]
    assert wedded(members) == {"a": "c", "c": "a"}


def test_a_stated_marriage_of_a_spouse_to_somebody_else_wins_over_the_relation() -> None:
    members = [person("a", "applicant"), person("b", "spouse", spouse_of="c"), person("c")]
    assert wedded(members) == {"b": "c", "c": "b"}


def test_a_stated_marriage_of_one_parent_leaves_the_other_alone() -> None:
    members = [
        person("a", "applicant"),
        person("f", "parent", spouse_of="s"),
        person("m", "parent"),
        person("s"),
    ]
    assert wedded(members) == {"f": "s", "s": "f"}


def test_a_marriage_to_somebody_not_in_the_request_makes_no_link() -> None:
    assert wedded([person("a", "applicant"), person("b", "spouse", spouse_of="gone")]) == {}


def test_children_descend_from_applicant_and_spouse_by_relation() -> None:
    members = [person("a", "applicant"), person("b", "spouse"), person("c", "child")]
    assert descended(members) == {"a": set(), "b": set(), "c": {"a", "b"}}


def test_the_applicant_descends_from_the_parents_by_relation() -> None:
    members = [person("a", "applicant"), person("f", "parent"), person("m", "parent")]
    assert descended(members) == {"a": {"f", "m"}, "f": set(), "m": set()}


def test_siblings_and_grandparents_get_no_parents_by_relation() -> None:
    members = [
        person("a", "applicant"),
        person("f", "parent"),
        person("s", "sibling"),
        person("g", "grandparent"),
    ]
    assert descended(members) == {"a": {"f"}, "f": set(), "s": set(), "g": set()}


def test_stated_parents_win_over_the_relation() -> None:
    members = [person("a", "applicant"), person("b", "spouse"), person("c", "child", child_of=["b"])]
    assert descended(members)["c"] == {"b"}


def test_an_empty_list_of_parents_wins_over_the_relation() -> None:
    members = [person("a", "applicant"), person("c", "child", child_of=[])]
    assert descended(members)["c"] == set()


def test_parents_not_in_the_request_make_no_link() -> None:
    members = [person("a", "applicant"), person("c", child_of=["gone", "a"])]
    assert descended(members)["c"] == {"a"}


# the closure


def rows(count: int, **conditions: Sequence[bool]) -> list[Sequence[bool]]:
    """Nobody left out and everybody joining by link, nobody by duty, but for what is given."""
    default = {"left_out": False, "joins_by_duty": False}
    names = [id_.removeprefix("family.") for id_ in CLOSURE_INPUTS]
    return [conditions.get(name, [default.get(name, True)] * count) for name in names]


def test_without_links_only_the_applicant_is_counted() -> None:
    assert counted(1, [[], [], []], [[], [], []], [[], [], []], rows(3)) == [False, True, False]


def test_the_walk_goes_on_from_those_it_counted() -> None:
    spouses, parents, children = [[1], [0], []], [[], [], [1]], [[], [2], []]
    assert counted(0, spouses, parents, children, rows(3)) == [True, True, True]


def test_who_is_left_out_is_no_link_to_others() -> None:
    spouses, parents, children = [[1], [0], []], [[], [], [1]], [[], [2], []]
    assert counted(0, spouses, parents, children, rows(3, left_out=[False, True, False])) == [
        True,
        False,
        False,
    ]


def test_the_walk_starts_from_an_applicant_who_is_left_out() -> None:
    assert counted(0, [[1], [0]], [[], []], [[], []], rows(2, left_out=[True, False])) == [False, True]


def test_who_is_left_out_does_not_join_by_duty() -> None:
    conditions = rows(2, left_out=[False, True], joins_by_duty=[False, True])
    assert counted(0, [[], []], [[], []], [[], []], conditions) == [True, False]


@pytest.mark.parametrize("kind", ["joins_as_spouse", "joins_as_child", "joins_as_parent"])
def test_a_link_that_does_not_count_joins_nobody(kind: str) -> None:
    kinds = ("joins_as_spouse", "joins_as_parent", "joins_as_child")
    links: list[list[list[int]]] = [[[1], []] if kind == name else [[], []] for name in kinds]
    spouses, parents, children = links
    assert counted(0, spouses, parents, children, rows(2, **{kind: [True, False]})) == [True, False]
    assert counted(0, spouses, parents, children, rows(2)) == [True, True]


def by_rounds(
    start: int,
    links: Sequence[tuple[Sequence[Sequence[int]], Sequence[bool]]],
    left_out: Sequence[bool],
    by_duty: Sequence[bool],
) -> list[bool]:
    """The same closure as a fixed point: everybody is asked again until nobody is added."""
    present = [not out for out in left_out]
    walked = {start} | {i for i, duty in enumerate(by_duty) if duty and present[i]}
    while True:
        joined = {j for at, joins in links for i in walked for j in at[i] if joins[j] and present[j]}
        if joined <= walked:
            return [i in walked and present[i] for i in range(len(left_out))]
        walked |= joined


@given(st.data())
def test_the_closure_is_the_fixed_point_of_asking_everybody_again(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 7))
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    linked = st.lists(st.lists(st.integers(0, count - 1), max_size=3), min_size=count, max_size=count)
    start = data.draw(st.integers(0, count - 1))
    spouses, parents, children = data.draw(linked), data.draw(linked), data.draw(linked)
    conditions = [data.draw(flags) for _ in CLOSURE_INPUTS]
    left_out, as_spouse, as_child, as_parent, by_duty = conditions
    links = [(spouses, as_spouse), (children, as_child), (parents, as_parent)]
    assert counted(start, spouses, parents, children, conditions) == by_rounds(start, links, left_out, by_duty)


# with the rules of the packs


def test_a_couple_with_a_minor_child_is_counted(engine: Engine) -> None:
    members = [person("a", "applicant"), person("b", "spouse"), person("c", "child", MINOR)]
    assert in_family(engine, members) == {"a", "b", "c"}


def test_an_independent_child_living_apart_is_not_counted(engine: Engine) -> None:
    members = [person("a", "applicant", dt.date(1950, 1, 1)), person("c", "child", lives_together=False)]
    assert in_family(engine, members) == {"a"}


def test_a_minor_child_living_apart_is_counted(engine: Engine) -> None:
    members = [person("a", "applicant"), person("c", "child", MINOR, lives_together=False)]
    assert in_family(engine, members) == {"a", "c"}


def test_a_prisoner_is_left_out(engine: Engine) -> None:
    members = [person("a", "applicant"), person("b", "spouse", absence="prison"), person("c", "child", MINOR)]
    assert in_family(engine, members) == {"a", "c"}


def test_the_family_of_an_applicant_in_prison_is_counted_without_them(engine: Engine) -> None:
    members = [person("a", "applicant", absence="prison"), person("b", "spouse"), person("c", "child", MINOR)]
    assert in_family(engine, members) == {"b", "c"}


def test_nobody_is_counted_where_the_applicant_alone_is_in_prison(engine: Engine) -> None:
    assert in_family(engine, [person("a", "applicant", absence="prison")]) == set()


def test_a_cleric_away_for_three_years_is_left_out_of_the_family(engine: Engine) -> None:
    away = person("b", "spouse", absence="clergy", absent_since="2023-08-01")
    assert in_family(engine, [person("a", "applicant"), away]) == {"a"}


def test_a_cleric_away_for_less_than_three_years_is_counted(engine: Engine) -> None:
    away = person("b", "spouse", absence="clergy", absent_since="2023-08-02")
    assert in_family(engine, [person("a", "applicant"), away]) == {"a", "b"}


def test_a_cleric_alone_is_counted(engine: Engine) -> None:
    assert in_family(engine, [person("a", "applicant", absence="clergy", absent_since="2001-01-01")]) == {"a"}


@pytest.mark.parametrize(
    ("relation", "duty", "joins"),
    [
        ("sibling", None, True),
        ("sibling", True, True),
        ("sibling", False, False),
        ("grandparent", None, True),
        ("other", None, False),
        ("other", True, True),
        ("other", False, False),
    ],
)
def test_a_duty_of_support_joins_who_lives_together(
    engine: Engine, relation: str, duty: bool | None, joins: bool
) -> None:
    members = [person("a", "applicant"), person("b", relation, maintenance_duty=duty)]
    assert in_family(engine, members) == ({"a", "b"} if joins else {"a"})


# whoever applies, in whatever order


@st.composite
def families(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to six people living together, some in prison, with every link stated."""
    count = draw(st.integers(1, 6))
    births = st.sampled_from([ADULT, MINOR])
    facts: list[dict[str, Any]] = [{"id_": f"p{i}", "birth_date": draw(births), "child_of": []} for i in range(count)]
    order = draw(st.permutations(range(count)))
    for one, other in zip(order[::2], order[1::2], strict=False):
        if draw(st.booleans()):
            facts[one]["spouse_of"] = f"p{other}"
    for place, fact in enumerate(facts):
        if place:
            parents = draw(st.lists(st.integers(0, place - 1), max_size=2, unique=True))
            fact["child_of"] = [f"p{parent}" for parent in parents]
        if draw(st.integers(0, 4)) == 0:
            fact["absence"] = "prison"
    return facts


def applying(facts: Sequence[dict[str, Any]], applicant: str) -> list[Member]:
    return [person(relation="applicant" if f["id_"] == applicant else "other", **f) for f in facts]


@settings(max_examples=60, deadline=None)
@given(families())
def test_the_same_people_are_counted_whoever_of_them_applies(engine: Engine, facts: list[dict[str, Any]]) -> None:
    family = in_family(engine, applying(facts, "p0"))
    if "p0" not in family:
        return
    for applicant in sorted(family):
        assert in_family(engine, applying(facts, applicant)) == family


@st.composite
def households(draw: st.DrawFn) -> list[Member]:
    """An applicant with up to five people by relation, some links stated, some people away."""
    count = draw(st.integers(0, 5))
    relations = ["applicant", *(draw(st.sampled_from(RELATIONS)) for _ in range(count))]
    ids = [f"p{i}" for i in range(len(relations))]
    stated: dict[str, dict[str, Any]] = {id_: {} for id_ in ids}
    order = draw(st.permutations(ids))
    for one, other in zip(order[::2], order[1::2], strict=False):
        if draw(st.integers(0, 3)) == 0:
            stated[one]["spouse_of"] = other
    for id_ in ids:
        if draw(st.integers(0, 3)) == 0:
            others = [other for other in ids if other != id_]
            parents = st.lists(st.sampled_from(others), max_size=2, unique=True) if others else st.just([])
            stated[id_]["child_of"] = draw(parents)
        stated[id_]["absence"] = draw(st.sampled_from([None, None, "prison", "military_service"]))
        stated[id_]["lives_together"] = draw(st.sampled_from([None, True, False]))
        stated[id_]["maintenance_duty"] = draw(st.sampled_from([None, True, False]))
    births = st.sampled_from([ADULT, MINOR])
    return [person(id_, relation, draw(births), **stated[id_]) for id_, relation in zip(ids, relations, strict=True)]


@settings(max_examples=100, deadline=None)
@given(households(), st.data())
def test_the_order_of_members_changes_no_link_and_nobody_counted(
    engine: Engine, members: list[Member], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(members))
    assert wedded(shuffled) == wedded(members)
    assert descended(shuffled) == descended(members)
    assert in_family(engine, shuffled) == in_family(engine, members)
