"""Figures an officer supplies beside those that are published."""

import datetime as dt
from fractions import Fraction

from app.rules.engine.figures import Supplied, with_supplied
from app.rules.rulesets.ruleset import ResolvedParameter
from tests.support.rules import NOW, rules


def _resolved(supplied: Supplied) -> tuple[ResolvedParameter, ResolvedParameter]:
    ruleset = rules().engines.rulesets.at("999900", dt.date(2026, 8, 15), NOW.date())
    changed = with_supplied(ruleset, rules().library, supplied)
    return ruleset.parameters["dibao.standard"], changed.parameters["dibao.standard"]


def test_a_figure_supplied_for_all_replaces_every_published_one() -> None:
    published, changed = _resolved({"dibao.standard": {None: Fraction(700)}})
    assert published.figures
    assert set(changed.figures) == {None}
    assert changed.figures[None].supplied is True


def test_a_figure_supplied_for_the_town_leaves_the_published_one_of_the_country() -> None:
    published, changed = _resolved({"dibao.standard": {"urban": Fraction(700)}})
    assert changed.figures["urban"].supplied is True
    assert changed.figures["rural"] == published.figures["rural"]
