"""Checks rules together: no rule needs itself, and every declared rule, parameter and question is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.rules.language import tree
from app.rules.language.tree import walk
from app.rules.packs.entries import AnyItem, Entry, PackFault, value_timelines, values_of
from app.rules.packs.library import NATION, Library
from app.rules.packs.periods import Known, Line
from app.rules.rulesets.dependencies import Source, sources
from app.rules.rulesets.ruleset import NoLaw, Ruleset, Rulesets

# What is read without a formula: when payment begins, and how often a case is looked at again.
READ_BY_THE_ENGINE: Final = ("first_payment", "review_months")


def faults_of_rules(library: Library) -> Iterator[PackFault]:
    """Finds rules that need themselves on some day in some division, and unused rules, parameters and questions.

    Every name in programmes must have been checked before, and every value.
    """
    used: set[str] = set()
    for ruleset in structures(library):
        found = sources(library, replace(ruleset, programmes=ruleset.whole))
        used.update(found)
        circle = _circle(found)
        if circle:
            yield _where(library, ruleset, circle)
    yield from _unused(library, used)


def structures(library: Library) -> Iterator[Ruleset]:
    """Yields a ruleset for each structure of rules that a division has on some day, as known on some day."""
    rulesets = Rulesets(library)
    seen: set[object] = set()
    for division in _divisions(library):
        for day, known in _stretches(library, library.path(division)):
            try:
                ruleset = rulesets.at(division, day, known)
            except NoLaw:
                continue
            if ruleset.structure not in seen:
                seen.add(ruleset.structure)
                yield ruleset


def _divisions(library: Library) -> Iterable[str]:
    """Yields one division for each set of packs that give rules."""
    by_packs: dict[tuple[str, ...], str] = {}
    for code in library.packs:
        by_packs.setdefault(tuple(above for above in library.path(code) if any(_dated(library, above))), code)
    return by_packs.values()


def _stretches(library: Library, path: list[str]) -> Iterator[tuple[dt.date, dt.date]]:
    """Yields a day, and a day of knowledge, for each choice of versions along a path."""
    structural = [items for code in path for items in _structural(library, code)]
    lines = [Line(items) for items in structural]
    dated = [item.dates for items in structural for item in items]
    ends = {dates.until + dt.timedelta(days=1) for dates in dated if dates.until and dates.until < dt.date.max}
    seen: set[tuple[int, ...]] = set()
    for known in sorted({dates.known for dates in dated}):
        for day in sorted(ends | {dates.start for dates in dated}):
            chosen = tuple(id(line.latest(day, known)) for line in lines)
            if chosen not in seen:
                seen.add(chosen)
                yield day, known


def _dated(library: Library, code: str) -> Iterator[Known]:
    """Yields the periods of a pack's rules, programmes and values given by a formula."""
    yield from (item.dates for items in _structural(library, code) for item in items)


def _structural(library: Library, code: str) -> Iterator[Sequence[AnyItem]]:
    """Yields a pack's versions of each rule and programme, and its formulas of each parameter and key."""
    yield from library.rule_versions[code].values()
    yield from library.programme_versions[code].values()
    for _, _, entries in value_timelines(library, library.packs[code]):
        if any(entry.item.node is not None for entry in entries):
            yield [entry.item for entry in entries]


def _circle(found: dict[str, Source]) -> list[str]:
    """Returns rules each of which needs the next, and the last the first; empty if there is no circle."""
    waiting = {id_: {need for need in source.needs if need in found} for id_, source in found.items()}
    while ready := [id_ for id_, needs in waiting.items() if not needs & waiting.keys()]:
        for id_ in ready:
            del waiting[id_]
    if not waiting:
        return []
    trail = [min(waiting)]
    while True:
        needed = min(waiting[trail[-1]] & waiting.keys())
        if needed in trail:
            return trail[trail.index(needed) :]
        trail.append(needed)


def _where(library: Library, ruleset: Ruleset, circle: list[str]) -> PackFault:
    """Makes the fault of a circle at its first rule, or at a value given by a formula if no rule takes part."""
    first = min((id_ for id_ in circle if id_ in ruleset.rules), default=min(circle))
    start = circle.index(first)
    message = " needs ".join([*circle[start:], *circle[:start], first])
    if first in ruleset.rules:
        rule = ruleset.rules[first]
        pack = library.packs[rule.pack]
        section = "rules" if first in pack.content.rules else "replaces"
        return Entry(pack, section, first, rule.number, rule).fault(message, "formula")
    source = ruleset.parameters[first.removeprefix("value.")].source
    values = (entry for pack in library.packs.values() for entry in values_of(library, pack))
    return next(entry.fault(message, "formula") for entry in values if entry.item is source)


def _unused(library: Library, used: set[str]) -> Iterator[PackFault]:
    nation = library.packs[NATION]
    read = {*READ_BY_THE_ENGINE, *_read(library)}
    for id_, declared in library.rules.items():
        if id_ not in used and not declared.for_places:
            yield PackFault.of(nation.fault(f"no result uses the rule {id_}", "rules", id_))
    for id_ in library.parameters:
        if id_ not in read:
            yield PackFault.of(nation.fault(f"nothing reads the parameter {id_}", "parameters", id_))
    for id_ in library.nation.questions:
        if id_ not in read:
            yield PackFault.of(nation.fault(f"no rule asks the question {id_}", "questions", id_))
    for section, id_, parameter in _opened(library):
        if parameter not in library.parameters:
            yield PackFault.of(nation.fault(f"{parameter} is not a parameter", section, id_, "open", "parameter"))
    for id_, rule in library.rules.items():
        for place, parameters in (("where", rule.where), ("gives_way_to", rule.gives_way_to)):
            for parameter in parameters:
                if parameter not in library.parameters:
                    yield PackFault.of(nation.fault(f"{parameter} is not a parameter", "rules", id_, place))


def _read(library: Library) -> Iterator[str]:
    """Returns parameters and questions that a formula reads or that an opening leaves to a place."""
    for node in _formulas(library):
        for part in walk(node):
            if isinstance(part, tree.Parameter | tree.Published):
                yield part.id
            elif isinstance(part, tree.Unpublished):
                yield part.parameter
    yield from (parameter for _, _, parameter in _opened(library))


def _opened(library: Library) -> Iterator[tuple[str, str, str]]:
    for id_, rule in library.rules.items():
        if rule.open is not None and rule.open.parameter is not None:
            yield "rules", id_, rule.open.parameter
    for programme, declared in library.programmes.items():
        if declared.open is not None and declared.open.parameter is not None:
            yield "programmes", programme, declared.open.parameter


def _formulas(library: Library) -> Iterator[tree.Node | None]:
    for code in library.packs:
        for rules in library.rule_versions[code].values():
            yield from (rule.node for rule in rules)
        for values in library.values[code].values():
            yield from (value.node for value in values)
