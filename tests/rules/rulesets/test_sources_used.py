"""Rules, figures and documents that results rest on; nothing else changes a result."""

from __future__ import annotations

import datetime as dt
import random
from typing import Final, get_args

import pytest

from app.rules.engine.evaluate import Engine, Engines
from app.rules.explain.codes import answer_codes
from app.rules.facts.household import Programme
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.rulesets.sources_used import SourcesUsed, sources_used
from app.rules.service import Question
from app.rules.values.strict_json import Json
from tests.rules.packs.texts import city
from tests.support.oracle.households import random_request
from tests.support.rules import NOW, by_key, rules

PROGRAMMES: Final = get_args(Programme)
DAY: Final = "2026-12-31"


# A figure for each parameter that an officer may supply, unlike any that Model City publishes.
FIGURES: Final[Json] = {
    "dibao.standard": {"urban": "1111.00", "rural": "1111.00"},
    "extreme_poverty.basic": {"urban": "1777.00", "rural": "1777.00"},
    "extreme_poverty.care.able": "77.00",
    "extreme_poverty.care.partial": "777.00",
    "extreme_poverty.care.total": "1999.00",
    "orphan.institution": "2777.00",
    "orphan.dispersed": "2222.00",
    "unattended_child.standard": "2121.00",
    "disposable_income": {"urban": "900.00", "rural": "900.00"},
    "edge.multiple": "1.05",
    "rigid.ratio": "0.01",
    "disability.living": "155.00",
    "disability.care": {"1": "166.00", "2": "144.00"},
    "dibao.counts_orphans": False,
    "dibao.property.financial_months": "1",
    "edge.property.vehicles": "0",
    "extreme_poverty.property.dwellings": "9",
}


def engine_on(place: str, day: str) -> Engine:
    return rules().engines.at(place, dt.date.fromisoformat(day), NOW.date())


def reach_of(*programmes: str, place: str = "999900", day: str = DAY) -> SourcesUsed:
    return sources_used(rules().library, engine_on(place, day).ruleset, programmes)


READ: Final = {
    "dibao": {"dibao.standard", "first_payment", "dibao.property.financial_months", "dibao.counts.basic_pension"},
    "edge_family": {"dibao.standard", "edge.multiple", "edge.property.vehicles"},
    "extreme_poverty_support": {"extreme_poverty.basic", "extreme_poverty.care.total", "minimum_wage"},
    "orphan_subsidy": {"orphan.dispersed", "orphan.institution"},
    "unattended_child_subsidy": {"unattended_child.standard", "orphan.dispersed"},
    "rigid_expenditure_family": {"rigid.ratio", "disposable_income"},
    "disability_care_subsidy": {"disability.care"},
    "old_age_allowance": {"old_age.allowance"},
    "education_aid": {"education_aid.amount"},
    "temporary_assistance": {"dibao.standard", "disposable_income"},
    "single_person_dibao": {"dibao.standard", "first_payment"},
}


@pytest.mark.parametrize(("programme", "read"), READ.items(), ids=READ)
def test_what_a_programme_reads_is_in_its_reach(programme: str, read: set[str]) -> None:
    found = reach_of(programme)
    assert read - set(found.parameters) == set()
    assert set(found.parameters) <= set(rules().library.parameters)


NOT_READ: Final = {
    "dibao": {"old_age.allowance", "education_aid.amount", "rigid.ratio", "disability.care"},
    "old_age_allowance": {"dibao.standard", "orphan.dispersed"},
    "orphan_subsidy": {"dibao.standard", "old_age.allowance"},
}


@pytest.mark.parametrize(("programme", "not_read"), NOT_READ.items(), ids=NOT_READ)
def test_what_a_programme_does_not_read_is_not(programme: str, not_read: set[str]) -> None:
    assert not_read & set(reach_of(programme).parameters) == set()


def test_the_reach_of_several_is_what_each_reaches() -> None:
    both, dibao, aged = reach_of("dibao", "old_age_allowance"), reach_of("dibao"), reach_of("old_age_allowance")
    for part in ("rules", "parameters", "documents"):
        assert set(getattr(both, part)) == set(getattr(dibao, part)) | set(getattr(aged, part))


def test_the_conditions_of_what_is_said_beside_a_result_are_in_its_reach() -> None:
    """Who decides on temporary assistance hangs on the township's limit, which no test and no amount reads."""
    declared = rules().library.programmes["temporary_assistance"]
    said = {caution.when for caution in declared.warnings} | {note.when for note in declared.assumptions if note.when}
    assert {"temporary.limit_of_township"} | said <= set(reach_of("temporary_assistance").rules)


def test_the_reach_of_nothing_is_empty() -> None:
    assert reach_of() == SourcesUsed((), (), ())


def test_what_is_reached_is_in_order_and_there() -> None:
    found = reach_of(*PROGRAMMES)
    ruleset = engine_on("999900", DAY).ruleset
    assert set(found.rules) <= set(ruleset.rules)
    for part in (found.rules, found.parameters, found.documents):
        assert list(part) == sorted(set(part))


def test_documents_are_those_of_the_law_of_the_day_and_of_the_figures() -> None:
    assert "社会救助法" in reach_of("dibao").documents
    assert "model-city-rules" in reach_of("dibao").documents
    assert "社会救助法" not in reach_of("dibao", day="2026-06-30").documents


def test_the_documents_of_a_programme_itself_are_in_its_reach() -> None:
    declared = rules().library.programmes.items()
    opened = next(id_ for id_, programme in declared if programme.open and "prefecture" in programme.open.to)
    text = f"replaces_programmes:\n  {opened}: {{versions: [{{from: 2021-07-01, basis: [[own-paper, '1']]}}]}}\n"
    library = Library({"CN": Pack.load(CONTENT / "CN"), "999900": city(text)})
    ruleset = Engines(library).rulesets.at("999900", dt.date(2026, 8, 15), NOW.date())
    assert "own-paper" in sources_used(library, ruleset, [opened]).documents


def household(seed: int) -> Json:
    """A random household on one day, so that all share the engine of a figure."""
    return random_request(random.Random(seed)) | {"date": DAY, "known_at": None}


HOUSEHOLDS: Final = [rules().question(household(seed), NOW) for seed in range(120)]
PUBLISHED: Final = engine_on("999900", DAY)


def outcomes(question: Question, engine: Engine) -> dict[tuple[str, str | None], Json]:
    return by_key(answer_codes(rules().answer(question, "zh", engine)))


def test_every_rule_an_answer_names_is_in_the_reach_of_its_programme() -> None:
    rules_of = {programme: set(reach_of(programme).rules) for programme in PROGRAMMES}
    for question in HOUSEHOLDS:
        for (programme, _), result in outcomes(question, PUBLISHED).items():
            named = {entry["rule"] for entry in (*result["tests"], *result["lines"])}
            assert {rule for rule in named if not rule.endswith(".rounding")} <= rules_of[programme]


@pytest.mark.parametrize("id_", FIGURES)
def test_a_figure_changes_results_within_its_reach_alone(id_: str) -> None:
    """Whoever the household is; and some result does change, else this would show nothing."""
    supplied = rules().engine(rules().question(household(0) | {"options": {"parameters": {id_: FIGURES[id_]}}}, NOW))
    reached = {programme for programme in PROGRAMMES if id_ in reach_of(programme).parameters}
    changed = set()
    for question in HOUSEHOLDS:
        before, after = outcomes(question, PUBLISHED), outcomes(question, supplied)
        changed |= {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed
    assert changed <= reached
