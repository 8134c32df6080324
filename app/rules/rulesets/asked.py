"""The tests that a programme asks in a place: some of them only where the place prints what they read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.rules.packs.library import NATION, Library, LinkedProgramme, LinkedRule

if TYPE_CHECKING:
    from app.rules.rulesets.ruleset import ResolvedParameter


def settled_in(
    library: Library, rules: dict[str, LinkedRule], parameters: dict[str, ResolvedParameter]
) -> frozenset[str]:
    """Returns the parameters for which a place prints a figure or lays down a rule."""
    own = (library.rules[id_].open for id_, rule in rules.items() if rule.pack != NATION)
    printed = {opening.parameter for opening in own if opening and opening.parameter}
    return frozenset(printed | {id_ for id_, parameter in parameters.items() if parameter.published})


def asked_of(
    library: Library,
    programme: LinkedProgramme,
    printed: frozenset[str],
) -> LinkedProgramme:
    """Returns a programme with the tests that are asked in a place: those alone for which it prints a figure, or lays
    down a rule, where the nation says so."""
    conditional = {
        test: declared
        for test in programme.version.tests
        if (declared := library.rules.get(test)) and (declared.where or declared.gives_way_to)
    }
    if not conditional:
        return programme

    def is_asked(test: str) -> bool:
        declared = conditional.get(test)
        if declared is None or not printed.isdisjoint(declared.where):
            return True
        return bool(declared.gives_way_to) and printed.isdisjoint(declared.gives_way_to)

    tests = [test for test in programme.version.tests if is_asked(test)]
    return replace(programme, version=programme.version.model_copy(update={"tests": tests}))
