"""Finds the rules, figures and documents that the results of programmes rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.rules.language import tree
from app.rules.language.tree import walk
from app.rules.packs.library import Library
from app.rules.rulesets.dependencies import reached
from app.rules.rulesets.ruleset import Ruleset


@dataclass(frozen=True)
class SourcesUsed:
    """Ids of rules and parameters, names of documents, each in order."""

    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    documents: tuple[str, ...]


def sources_used(library: Library, ruleset: Ruleset, programmes: Iterable[str]) -> SourcesUsed:
    """Returns everything that the results of programmes rest on in a ruleset."""
    named = [id_ for id_ in programmes if id_ in ruleset.programmes]
    followed = reached(library, ruleset, [rule for id_ in named for rule in _own_rules(library, ruleset, id_)])
    rules = {source.id for source in followed} & ruleset.rules.keys()
    parameters = {part.id for source in followed for part in walk(source.node) if isinstance(part, tree.Parameter)}
    parameters |= {"first_payment" for id_ in named if ruleset.programmes[id_].version.first_month == "place"}
    documents = {name for rule in rules for name, _ in ruleset.rules[rule].version.cited()}
    documents |= {name for id_ in named for name, _ in ruleset.programmes[id_].version.basis}
    documents |= {name for id_ in named for one in ruleset.referrals_of(id_) for name, _ in one.version.basis}
    documents |= {name for id_ in parameters for name in _sources(ruleset, id_)}
    return SourcesUsed(tuple(sorted(rules)), tuple(sorted(parameters)), tuple(sorted(documents)))


def _own_rules(library: Library, ruleset: Ruleset, programme: str) -> list[str]:
    """Returns the rules of a result, and the conditions of its assumptions, cautions and steps."""
    version, declared = ruleset.programmes[programme].version, library.programmes[programme]  # type: ignore[index]
    ids = [version.group, *version.tests, version.amount, *version.lines]
    ids += [assumption.when for assumption in declared.assumptions]
    ids += [caution.when for caution in declared.warnings]
    ids += [step.when for _, steps in version.procedure for step in steps]
    ids += [one.version.when for one in ruleset.referrals_of(programme)]
    ids += [ground.when for id_ in (*version.tests, *version.lines) for ground in ruleset.rules[id_].version.grounds]
    return [id_ for id_ in ids if id_ is not None]


def _sources(ruleset: Ruleset, parameter: str) -> list[str]:
    """Returns the documents of a parameter's figures; none for a figure that an officer supplied."""
    resolved = ruleset.parameters[parameter]
    values = [resolved.source, *(figure.source for figure in resolved.figures.values())]
    return [value.value.document for value in values if value is not None]
