"""Rules that others need, directly or through results of programmes, and the order of computation."""

import datetime as dt

import pytest

from app.rules.engine.evaluate import Engines
from app.rules.language import types as t
from app.rules.language.tree import Literal, Logic, RuleReference
from app.rules.packs.library import NATION, Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.rulesets.dependencies import (
    Cycle,
    Source,
    ordered,
    parameters_read,
    programme_rules,
    references,
    sources,
)
from tests.rules.packs.texts import city
from tests.support.rules import NOW, rules

DAY = dt.date(2026, 8, 15)


def _source(id_: str, *needs: str, entity: str = "household") -> Source:
    return Source(id_, entity, t.BOOL, Literal(t.BOOL, True), needs)


def _ordered(*found: Source) -> list[str]:
    return ordered({source.id: source for source in found})


def test_each_rule_comes_after_those_it_needs() -> None:
    assert _ordered(_source("a", "b"), _source("b", "c"), _source("c")) == ["c", "b", "a"]


def test_rules_for_one_kind_of_entity_stay_together() -> None:
    found = _ordered(
        _source("m1", entity="member"), _source("h1"), _source("m2", "h1", entity="member"), _source("h2", "m2")
    )
    assert found == ["h1", "m1", "m2", "h2"]


def test_a_need_that_is_nobodys_rule_is_passed_over() -> None:
    assert _ordered(_source("a", "elsewhere")) == ["a"]


def test_rules_that_need_one_another_are_named() -> None:
    with pytest.raises(Cycle, match=r"^a, b$"):
        _ordered(_source("b", "a"), _source("a", "b"), _source("c"))


def test_figures_behind_another_programmes_result_are_read_only_if_asked() -> None:
    engine = rules().engines.at("999900", DAY, NOW.date())
    library, ruleset = engine.library, engine.ruleset
    within = parameters_read(library, ruleset, ["edge_family.eligible"], through_results=True)
    assert "edge.multiple" in within
    assert parameters_read(library, ruleset, ["edge_family.eligible"], through_results=False) == []
    version = ruleset.programmes["disability_living_subsidy"].version
    tests = [*version.tests, *([version.group] if version.group else [])]
    past = parameters_read(library, ruleset, tests, through_results=True)
    before = parameters_read(library, ruleset, tests, through_results=False)
    assert set(before) <= set(past)
    assert "dibao.standard" in past
    assert past == sorted(past)


def test_every_source_has_its_needs_and_they_are_computed_first() -> None:
    engine = rules().engines.at("999900", DAY, NOW.date())
    found = sources(engine.library, engine.ruleset)
    order = ordered(found)
    assert sorted(order) == sorted(found)
    places = {id_: place for place, id_ in enumerate(order)}
    assert all(places[need] < places[id_] for id_, source in found.items() for need in source.needs)


def test_amounts_are_asked_of_those_eligible_and_tests_of_the_group() -> None:
    engine = rules().engines.at("999900", DAY, NOW.date())
    found = sources(engine.library, engine.ruleset)
    for id_, linked in engine.ruleset.programmes.items():
        version = linked.version
        for rule in (version.amount, *version.lines):
            assert rule is None or found[rule].guard in (f"{id_}.eligible", None)
        for rule in version.tests:
            assert found[rule].guard in (version.group, None) or found[rule].guard in engine.ruleset.rules
    assert found["orphan.amount"].guard == "orphan_subsidy.eligible"
    assert found["elder_care.needs_care"].guard == "elder_care.of_age"
    assert found["dibao.amount"].guard is None  # the household's income elsewhere reads it


def test_the_rules_behind_a_programme_are_the_nations_and_end_at_other_results() -> None:
    library = rules().library
    for programme in library.programmes:
        found = programme_rules(library, programme)
        version = library.programme_versions[NATION][programme][-1].version
        assert found == sorted(set(found))
        assert {*version.tests, *version.lines} <= set(found)
        assert not [rule for rule in found if rule.endswith(".eligible")]


def test_a_test_that_others_read_is_not_guarded_but_those_after_it_are() -> None:
    engine = rules().engines.at("999900", DAY, NOW.date())
    found = sources(engine.library, engine.ruleset)
    version = engine.ruleset.programmes["extreme_poverty_support"].version
    assert [found[rule].guard is not None for rule in version.tests] == [True, True, False, True]
    assert {found[rule].guard for rule in version.tests} == {version.group, None}


def test_eligibility_is_the_group_and_every_test() -> None:
    engine = rules().engines.at("999900", DAY, NOW.date())
    found = sources(engine.library, engine.ruleset)
    for id_, linked in engine.ruleset.programmes.items():
        version = linked.version
        named = [*([version.group] if version.group else []), *version.tests]
        assert list(references(found[f"{id_}.eligible"].node)) == named
    assert isinstance(found["old_age_allowance.eligible"].node, RuleReference)  # a group and no tests
    assert isinstance(found["education_aid.eligible"].node, Logic)


def test_a_programme_without_conditions_is_everybodys_and_one_not_in_force_is_nobodys() -> None:
    declared = rules().library.programmes.items()
    opened = next(id_ for id_, programme in declared if programme.open and "prefecture" in programme.open.to)
    text = f"replaces_programmes:\n  {opened}: {{versions: [{{from: 2021-07-01}}]}}\n"
    library = Library({"CN": Pack.load(CONTENT / "CN"), "999900": city(text)})
    ruleset = Engines(library).rulesets.at("999900", DAY, NOW.date())
    assert sources(library, ruleset)[f"{opened}.eligible"].node == Literal(t.BOOL, True)
    early = Engines(library).rulesets.at("999900", dt.date(2014, 6, 1), NOW.date())
    assert sources(library, early)["edge_family.eligible"].node == Literal(t.BOOL, False)


def test_the_rules_behind_a_programme_go_through_the_closure_and_what_formulas_name() -> None:
    found = programme_rules(rules().library, "dibao")
    assert {"family.joins_as_spouse", "family.no_result", "income.of_member", "standard"} <= set(found)
    assert "edge.income_test" not in found
