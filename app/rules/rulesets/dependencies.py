"""Dependencies between rules of a ruleset: the rules that answers need, and the order of computation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.rules.facts.family import CLOSURE_INPUTS
from app.rules.language import tree
from app.rules.language import types as t
from app.rules.language.names import SUBJECTS
from app.rules.language.tree import walk
from app.rules.packs.library import NATION, Library
from app.rules.rulesets.ruleset import Ruleset

CLOSURE: Final = "family.counted"
ALWAYS_ASKED: Final = ("counted", "household.size", "household.income", "family.no_result", CLOSURE)


def dependencies(node: tree.Node | None, ruleset: Ruleset) -> Iterator[str]:
    """Yields the rules a formula refers to, also through values given by a formula."""
    for part in walk(node):
        yield from _needed(part, ruleset)


def _needed(part: tree.Node, ruleset: Ruleset) -> Iterator[str]:
    """Yields the rule that a node refers to, if it does."""
    if isinstance(part, tree.RuleReference):
        yield part.id
    elif isinstance(part, tree.Parameter) and ruleset.parameters[part.id].formula is not None:
        yield derived_name(part.id)


def derived_name(parameter: str) -> str:
    """Returns the rule that stands for a value given by a formula."""
    return f"value.{parameter}"


def parameters_read(library: Library, ruleset: Ruleset, rules: Iterable[str], *, through_results: bool) -> list[str]:
    """Returns the parameters that rules and the rules they need read; through programmes' results if asked."""
    asked = (tuple(rules), through_results)
    found: list[str] | None = ruleset.walked.get(asked)
    if found is None:
        followed = reached(library, ruleset, asked[0], through_results=through_results)
        read = (part for source in followed for part in walk(source.node) if isinstance(part, tree.Parameter))
        found = ruleset.walked[asked] = sorted({part.id for part in read})
    return found


def figures_carrying(
    library: Library,
    ruleset: Ruleset,
    rules: Iterable[str],
    carried: Mapping[str, frozenset[str]],
    absent: str | None = None,
) -> set[str]:
    """Returns the parameters that rules read, of other programmes' results through the group and what `carried` names;
    not through rules for an entity of which there is none."""
    every = _every_source(library, ruleset)
    found: set[str] = set()
    read: set[str] = set()
    waiting = list(rules)
    while waiting:
        id_ = waiting.pop()
        if id_ in found or every[id_].entity == absent:
            continue
        found.add(id_)
        programme = id_.removesuffix(".eligible")
        if programme != id_:
            linked = ruleset.programmes.get(programme)
            asked = {linked.version.group} if linked else set()
            waiting.extend(need for need in every[id_].needs if need in asked or need in carried.get(programme, ()))
            continue
        source = every[id_]
        if ruleset.edition <= 2 or source.node is None:
            read.update(part.id for part in walk(source.node) if isinstance(part, tree.Parameter))
            waiting.extend(source.needs)
            continue
        parts = list(_taken(source.node, ruleset))
        read.update(part.id for part in parts if isinstance(part, tree.Parameter))
        waiting.extend(need for part in parts for need in _needed(part, ruleset))
    return read


def _taken(node: Any, ruleset: Ruleset) -> Iterator[tree.Node]:
    """Yields the nodes of a tree but those behind a condition that fails in this ruleset, whatever the household."""
    if isinstance(node, tree.Choice):
        holds = _printed(node.condition, ruleset)
        branches = (node.then, node.otherwise) if holds is None else (node.then if holds else node.otherwise,)
        yield node
        for part in (node.condition, *branches):
            yield from _taken(part, ruleset)
    elif isinstance(node, tree.Logic):
        ends = node.operator == "or"  # what one of the terms must be to settle it alone
        settled = [term for term in node.terms if _printed(term, ruleset) is ends]
        for term in settled[:1] or node.terms:
            yield from _taken(term, ruleset)
    elif isinstance(node, tree.Node):
        yield node
        for part in vars(node).values():
            yield from _taken(part, ruleset)
    elif isinstance(node, tuple):
        for part in node:
            yield from _taken(part, ruleset)


def _printed(node: tree.Node, ruleset: Ruleset) -> bool | None:
    """Tells if a condition on what is published holds in a ruleset; None for any other."""
    if isinstance(node, tree.Published) and node.index is None:
        return ruleset.parameters[node.id].published
    if isinstance(node, tree.Not):
        found = _printed(node.term, ruleset)
        return None if found is None else not found
    if isinstance(node, tree.Logic):
        found_terms = [_printed(term, ruleset) for term in node.terms]
        ends = node.operator == "or"
        return ends if ends in found_terms else None if None in found_terms else not ends
    return None


def reached(library: Library, ruleset: Ruleset, rules: Iterable[str], *, through_results: bool = True) -> list[Source]:
    """Returns rules and all that they need; through other programmes' results if asked."""
    every = _every_source(library, ruleset)
    found: dict[str, Source] = {}
    waiting = list(rules)
    while waiting:
        id_ = waiting.pop(0)
        if id_ not in found and (through_results or not id_.endswith(".eligible")):
            found[id_] = every[id_]
            waiting.extend(every[id_].needs)
    return list(found.values())


def parameters_in_use(library: Library, ruleset: Ruleset) -> frozenset[str]:
    """Returns the parameters that some rule behind the answers reads, or asks whether they are published."""
    found: frozenset[str] | None = ruleset.walked.get("in use")
    if found is None:
        parts = [part for source in sources(library, ruleset).values() for part in tree.walk(source.node)]
        read = {part.id for part in parts if isinstance(part, tree.Parameter | tree.Published)}
        asked = {part.parameter for part in parts if isinstance(part, tree.Unpublished)}
        found = ruleset.walked["in use"] = frozenset(read | asked)
    return found


def references(node: tree.Node | None) -> Iterator[str]:
    """Yields the rules a formula names."""
    return (part.id for part in walk(node) if isinstance(part, tree.RuleReference))


def programme_rules(library: Library, programme: str) -> list[str]:
    """Returns the national rules behind a programme's latest version; other programmes' results end the search."""
    version = library.programme_versions[NATION][programme][-1].version
    waiting = [*version.tests, *version.lines, *(rule for rule in (version.group, version.amount) if rule)]
    found: set[str] = set()
    while waiting:
        id_ = waiting.pop()
        if id_ in found or id_ not in library.rules:
            continue
        found.add(id_)
        declared = library.rules[id_]
        waiting.extend(CLOSURE_INPUTS if declared.closure else ())
        for linked in library.rule_versions[NATION][id_]:
            waiting.extend(references(linked.node))
    return sorted(found)


@dataclass(frozen=True)
class Source:
    """A rule to compile: whom it is for, its tree (none for the closure) and what it depends on.

    Where `guard` is given, nobody asks for the result unless that condition holds.
    """

    id: str
    entity: str
    unit: t.Type
    node: tree.Node | None
    needs: tuple[str, ...]
    guard: str | None = None


def sources(library: Library, ruleset: Ruleset) -> dict[str, Source]:
    """Returns the rules that an answer needs, with the implied ones: eligibilities, values given by a formula."""
    every = _every_source(library, ruleset)
    guards = _guards(library, ruleset, every)
    found: dict[str, Source] = {}
    waiting = [*_asked_for(library, ruleset), *ALWAYS_ASKED]
    while waiting:
        id_ = waiting.pop()
        if id_ in found:
            continue
        source, guard = every[id_], guards.get(id_)
        if guard is not None:
            source = replace(source, guard=guard, needs=(*source.needs, guard))
        found[id_] = source
        waiting.extend(source.needs)
    return found


def _asked_for(library: Library, ruleset: Ruleset) -> Iterator[str]:
    """Yields the rules that results, assumptions, cautions and procedures read."""
    for linked in ruleset.programmes.values():
        version = linked.version
        yield from version.tests
        yield from version.lines
        yield from (rule for rule in (version.group, version.amount) if rule)
    yield from conditions_read(library, ruleset)
    yield from (f"{id_}.eligible" for id_ in library.programmes)


def _guards(library: Library, ruleset: Ruleset, every: Mapping[str, Source]) -> dict[str, str]:
    """Returns the condition under which a rule is needed: tests of the group alone, amounts of those eligible."""
    used: dict[str, set[str]] = {}
    for source in every.values():
        for need in source.needs:
            used.setdefault(need, set()).add(source.id)
    elsewhere = set(conditions_read(library, ruleset))
    guards: dict[str, str] = {}
    for id_, linked in ruleset.programmes.items():
        version, eligible = linked.version, f"{id_}.eligible"
        entity = library.programmes[id_].entity  # type: ignore[index]
        paid = {rule for rule in (version.amount, *version.lines) if rule}
        for rule in (*version.tests, *paid):
            users = used.get(rule, set()) - {eligible} - paid
            if users or rule in elsewhere or every[rule].entity != entity or rule in guards:
                continue
            guard = eligible if rule in paid else version.group
            if guard is not None:
                guards[rule] = guard
    return guards


def conditions_read(library: Library, ruleset: Ruleset) -> Iterator[str]:
    """Yields the rules that answers read beside tests and amounts: conditions, grounds, counts of people."""
    for id_, linked in ruleset.programmes.items():
        declared = library.programmes[id_]  # type: ignore[index]
        yield from (assumption.when for assumption in declared.assumptions if assumption.when)
        yield from (caution.when for caution in declared.warnings)
        for _, steps in linked.version.procedure:
            yield from (step.when for step in steps if step.when)
        if linked.version.group:
            yield linked.version.group
        yield from (one.version.when for one in ruleset.referrals_of(id_) if one.version.when)
        for rule in (*linked.version.tests, *linked.version.lines):
            yield from (ground.when for ground in ruleset.rules[rule].version.grounds)
            counted = library.rules[rule].per_head
            yield from (counted,) if counted else ()


def _every_source(library: Library, ruleset: Ruleset) -> Mapping[str, Source]:
    every: Mapping[str, Source] | None = ruleset.walked.get("every")
    if every is None:
        every = ruleset.walked["every"] = _all_sources(library, ruleset)
    return every


def _all_sources(library: Library, ruleset: Ruleset) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for id_, rule in ruleset.rules.items():
        declared = library.rules[id_]
        needs = CLOSURE_INPUTS if declared.closure else tuple(dependencies(rule.node, ruleset))
        found[id_] = Source(id_, declared.entity, t.BY_NAME[declared.unit], rule.node, needs)
    for id_, parameter in ruleset.parameters.items():
        if parameter.formula is not None:
            name = derived_name(id_)
            unit = t.BY_NAME[library.parameters[id_].unit]
            found[name] = Source(
                name, "household", unit, parameter.formula, tuple(dependencies(parameter.formula, ruleset))
            )
    for id_, declared_programme in library.programmes.items():
        node = _eligibility(library, ruleset, id_, declared_programme.entity)
        name = f"{id_}.eligible"
        found[name] = Source(name, declared_programme.entity, t.BOOL, node, tuple(dependencies(node, ruleset)))
    return found


def _eligibility(library: Library, ruleset: Ruleset, id_: str, entity: str) -> tree.Node:
    programme = ruleset.programmes.get(id_)
    if programme is None:
        return tree.Literal(t.BOOL, False)
    who = SUBJECTS[entity]
    ids = ([programme.version.group] if programme.version.group else []) + programme.version.tests
    terms = tuple(tree.RuleReference(t.BOOL, rule, who if library.rules[rule].entity == entity else "") for rule in ids)
    if not terms:
        return tree.Literal(t.BOOL, True)
    return terms[0] if len(terms) == 1 else tree.Logic(t.BOOL, "and", terms)


class Cycle(ValueError):
    """Rules that need one another."""


def ordered(found: dict[str, Source]) -> list[str]:
    """Orders rules after those they need, one kind of entity as long as possible. Raises Cycle."""
    waiting = {id_: {need for need in source.needs if need in found} for id_, source in found.items()}
    order: list[str] = []
    current = "household"
    while waiting:
        ready = sorted(id_ for id_, needs in waiting.items() if not needs)
        if not ready:
            raise Cycle(", ".join(sorted(waiting)))
        same = [id_ for id_ in ready if found[id_].entity == current]
        if not same:
            current = found[ready[0]].entity
            continue
        for id_ in same:
            order.append(id_)
            del waiting[id_]
        for needs in waiting.values():
            needs.difference_update(same)
    return order
