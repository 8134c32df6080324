"""Checks that rules named by programmes as group, tests, amount, lines and conditions exist and fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.rules.language import types as t
from app.rules.packs.entries import Entry, PackFault, programmes_of, referrals_of, rules_of
from app.rules.packs.library import NATION, Library, LinkedProgramme, LinkedRule
from app.rules.packs.pack import Pack
from app.rules.packs.schema import ProgrammeDeclaration

_PAID_IN: Final = {"CNY/month": t.MONEY_MONTH, "CNY/year": t.MONEY_YEAR, "CNY/once": t.MONEY}
_MAY_USE: Final = {"household": ("household",), "member": ("household", "member")}


def faults_of_programmes(library: Library) -> Iterator[PackFault]:
    """Finds names without a rule, rules for another entity, amounts in another unit, tests that are no conditions."""
    for pack in library.packs.values():
        for entry in programmes_of(library, pack):
            yield from _version(library, entry)
        for rule in rules_of(library, pack):
            yield from _beside(library, rule)
        yield from _referrals(library, pack)
        yield from _choices(library, pack)
    for id_, declared in library.programmes.items():
        for message, place in _declared(library, id_, declared):
            yield PackFault.of(library.packs[NATION].fault(message, "programmes", id_, *place))


def _version(library: Library, entry: Entry[LinkedProgramme]) -> Iterator[PackFault]:
    version = entry.item.version
    declared = library.programmes[entry.item.id]  # type: ignore[index]
    entities = _MAY_USE[declared.entity]
    conditions = [(version.group, ("group",))] if version.group else []
    conditions += [(test, ("tests", number)) for number, test in enumerate(version.tests)]  # type: ignore[misc]
    for rule, place in conditions:
        yield from _named(library, entry, rule, entities, t.BOOL, place)
    paid = [(version.amount, ("amount",))] if version.amount else []
    paid += [(line, ("lines", number)) for number, line in enumerate(version.lines)]  # type: ignore[misc]
    if paid and declared.unit is None:
        yield entry.fault(f"{entry.name} pays an amount, but the nation declares no unit for it", *paid[0][1])
        return
    for rule, place in paid:
        yield from _named(library, entry, rule, entities, _PAID_IN[declared.unit or ""], place)
    for name, steps in version.procedure:
        for number, step in enumerate(steps):
            if step.when is not None:
                wrong = _condition(library, step.when, ("household",))
                if wrong:
                    yield entry.fault(wrong, "procedure", name, number, "when")


def _referrals(library: Library, pack: Pack) -> Iterator[PackFault]:
    """Checks that a referral's condition fits each programme it names, and that no pack above has its name."""
    above = {name for code in library.path(pack.code)[:-1] for name in library.packs[code].content.referrals}
    for entry in referrals_of(library, pack):
        programme, when = entry.item.programme, entry.item.version.when
        entities = _MAY_USE[library.programmes[programme].entity]  # type: ignore[index]
        wrong = _condition(library, when, entities) if when is not None else None
        if wrong:
            yield entry.fault(wrong, "when")
        if entry.name in above:
            yield entry.fault(f"{entry.name} is already the name of a referral above")


def _choices(library: Library, pack: Pack) -> Iterator[PackFault]:
    """Checks that a choice is between programmes for a person."""
    for id_, choice in pack.content.choices.items():
        for programme, where in ((choice.pick, "pick"), *((one, "held") for one in choice.held)):
            if library.programmes[programme].entity != "member":
                message = f"{programme} is for households; a choice is between programmes for a person"
                yield PackFault.of(pack.fault(message, "choices", id_, where))


def _beside(library: Library, entry: Entry[LinkedRule]) -> Iterator[PackFault]:
    """Checks the rules that a rule names beside its formula: conditions of its grounds, the count of people."""
    declared = library.rules[entry.name]
    for number, ground in enumerate(entry.item.version.grounds):
        wrong = _condition(library, ground.when, _MAY_USE.get(declared.entity, ()))
        if wrong:
            yield entry.fault(wrong, "grounds", number, "when")
    counted = declared.per_head
    if counted is not None and entry.item.number == 0:
        wrong = f"{counted} is not a rule" if counted not in library.rules else None
        wrong = wrong or _unfit(library, counted, ("household",), t.NUMBER)
        if wrong:
            yield entry.fault(wrong)


def _named(
    library: Library,
    entry: Entry[LinkedProgramme],
    rule: str,
    entities: tuple[str, ...],
    wanted: t.Type,
    place: tuple[str | int, ...],
) -> Iterator[PackFault]:
    wrong = f"{rule} is not a rule" if rule not in library.rules else _unfit(library, rule, entities, wanted)
    if wrong:
        yield entry.fault(wrong, *place)


def _condition(library: Library, name: str, entities: tuple[str, ...]) -> str | None:
    """Finds the fault of a condition, which may also be a programme's eligibility."""
    if name not in library.names.rules:
        return f"{name} is not a rule"
    return _unfit(library, name, entities, t.BOOL)


def _unfit(library: Library, name: str, entities: tuple[str, ...], wanted: t.Type) -> str | None:
    rule = library.names.rules[name]
    if rule.entity not in entities:
        return f"{name} is for {rule.entity}s; a rule for {'s or '.join(entities)}s is wanted"
    if rule.type != wanted:
        return f"{name} is {rule.type}, {'a condition' if wanted == t.BOOL else wanted} is wanted"
    return None


def _declared(
    library: Library, id_: str, declared: ProgrammeDeclaration
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    entities = _MAY_USE[declared.entity]
    conditions = [(one.when, "assumptions", number) for number, one in enumerate(declared.assumptions)]
    conditions += [(one.when, "warnings", number) for number, one in enumerate(declared.warnings)]
    for rule, section, number in conditions:
        wrong = _condition(library, rule, entities) if rule is not None else None
        if wrong:
            yield wrong, (section, number, "when")
    tests = {test for version in declared.versions for test in version.tests}
    if declared.decisive is not None and declared.decisive not in tests:
        yield f"{declared.decisive} is not among the tests of {id_}", ("decisive",)
