"""Takes published figures out of a ruleset: results that become open without them rest on them."""

from __future__ import annotations

from collections.abc import Callable

from app.rules.packs.library import LinkedValue
from app.rules.rulesets.ruleset import ResolvedParameter, Ruleset

Key = str | int | None
Wanted = Callable[[str, Key, LinkedValue], bool]  # parameter, key of the figure, the published value


def without_figures(ruleset: Ruleset, wanted: Wanted) -> Ruleset | None:
    """The ruleset less the published figures that are wanted; None if it has none of them. What an officer supplied in
    place of a published figure is no such figure."""
    less = {id_: _without(parameter, wanted) for id_, parameter in ruleset.parameters.items()}
    if all(less[id_] is parameter for id_, parameter in ruleset.parameters.items()):
        return None
    return Ruleset(ruleset.path, ruleset.rules, less, ruleset.programmes, ruleset.edition, referrals=ruleset.referrals)


def _without(parameter: ResolvedParameter, wanted: Wanted) -> ResolvedParameter:
    if parameter.source is not None:  # a formula gives all its figures
        return ResolvedParameter(parameter.id) if wanted(parameter.id, None, parameter.source) else parameter
    left = {
        key: figure
        for key, figure in parameter.figures.items()
        if figure.source is None or not wanted(parameter.id, key, figure.source)
    }
    return parameter if len(left) == len(parameter.figures) else ResolvedParameter(parameter.id, left)
