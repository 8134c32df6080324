"""Checks each value's shape, unit and domain, and that it is not below the value of a higher division."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.rules.language import types as t
from app.rules.packs.entries import Entry, PackFault, figures_of, in_force, value_timelines, values_of, with_last_days
from app.rules.packs.indexes import INDEX_KEYS
from app.rules.packs.library import Library, LinkedValue
from app.rules.packs.schema import ParameterDeclaration, Value
from app.rules.rulesets.scales import scaled
from app.rules.values.money import exact_text

_SHAPES: Final = ("value", "range", "table", "bands", "formula")
_SHAPES_BY: Final = {
    "age": ("bands", "formula"),
    "education": ("table", "formula"),
    "persons": ("value", "range", "bands", "formula"),
    "months": ("value", "range", "bands", "formula"),
}
_FLOORS_SET_BY: Final = ("province", "prefecture")
_PERIODS: Final = {"CNY/month": ("month", "year"), "CNY/year": ("year",), "CNY": ("once",)}


def faults_of_values(library: Library) -> Iterator[PackFault]:
    """Finds values of the wrong shape, unit or level, outside their domain, or finer than the engine counts."""
    for pack in library.packs.values():
        for entry in values_of(library, pack):
            declared = library.parameters[entry.item.parameter]
            if declared.set_by == "nation" and pack.content.level != "nation":
                yield entry.fault(f"{entry.item.parameter} is set by the nation, not by {pack.code}")
            yield from _value(entry, declared)


def _value(entry: Entry[LinkedValue], declared: ParameterDeclaration) -> Iterator[PackFault]:
    wrong = _shape(entry, declared)
    if wrong is not None:
        yield wrong
        return
    yield from _period(entry, declared)
    for number, place in _numbers(entry.item.value):
        yield from _number(entry, declared, number, place)
    for low, high, place in _ranges(entry.item.value):
        if low > high:
            yield entry.fault(f"{entry.name} runs from {exact_text(low)} to {exact_text(high)}", *place)


def _shape(entry: Entry[LinkedValue], declared: ParameterDeclaration) -> PackFault | None:
    value = entry.item.value
    if (value.low is None) != (value.high is None):
        return entry.fault(f"{entry.name} gives one end of a range only")
    given = _given(value)
    if len(given) != 1:
        return entry.fault(f"{entry.name} gives {' and '.join(given) or 'no figure'}; one of {', '.join(_SHAPES)}")
    wanted = _SHAPES_BY.get(declared.by or "", ("value", "range", "formula"))
    if given[0] not in wanted:
        return entry.fault(f"{entry.name} is given by {' or '.join(wanted)}, not by {given[0]}")
    stages = [stage for stage in value.table or {} if stage not in INDEX_KEYS["education"]]
    if stages:
        return entry.fault(f"{stages[0]} is not a stage of education", "table", stages[0])
    return None


def _given(value: Value) -> list[str]:
    said = (value.value, value.low, value.table or None, value.bands or None, value.formula)
    return [shape for shape, part in zip(_SHAPES, said, strict=True) if part is not None]


def _period(entry: Entry[LinkedValue], declared: ParameterDeclaration) -> Iterator[PackFault]:
    """Checks the period of a figure: that of its unit, except that money a month may be printed per year."""
    value = entry.item.value
    if value.per is None:
        return
    if value.formula is not None:
        yield entry.fault("a formula has its unit in itself; per is not said beside it", "per")
    elif value.per not in _PERIODS.get(declared.unit, ()):
        yield entry.fault(f"{entry.item.parameter} is {declared.unit}, not per {value.per}", "per")


def _numbers(value: Value) -> Iterator[tuple[Fraction | bool, tuple[str | int, ...]]]:
    """Yields every number of a value with its path in the file."""
    for name, number in (("value", value.value), ("low", value.low), ("high", value.high)):
        if number is not None:
            yield number, (name,)
    for stage, number in (value.table or {}).items():
        yield number, ("table", stage)
    for age, band in (value.bands or {}).items():
        if isinstance(band, tuple):
            yield band[0], ("bands", str(age), 0)
            yield band[1], ("bands", str(age), 1)
        else:
            yield band, ("bands", str(age))


def _ranges(value: Value) -> Iterator[tuple[Fraction, Fraction, tuple[str | int, ...]]]:
    if value.low is not None and value.high is not None:
        yield value.low, value.high, ("low",)
    for age, band in (value.bands or {}).items():
        if isinstance(band, tuple):
            yield *band, ("bands", str(age))


def _number(
    entry: Entry[LinkedValue],
    declared: ParameterDeclaration,
    number: Fraction | bool,
    place: tuple[str | int, ...],
) -> Iterator[PackFault]:
    if isinstance(number, bool) or declared.unit == "bool":
        if not (isinstance(number, bool) and declared.unit == "bool"):
            kind = "true or false" if declared.unit == "bool" else "a figure"
            yield entry.fault(f"{entry.item.parameter} is {kind}", *place)
        return
    figure = f"{entry.name} is {exact_text(number)}"
    months = 12 if entry.item.value.per == "year" and declared.unit == "CNY/month" else 1
    if declared.above is not None and number <= declared.above * months:
        yield entry.fault(f"{figure}, not above {exact_text(declared.above)}", *place)
    if declared.at_least is not None and number < declared.at_least * months:
        yield entry.fault(f"{figure}, below {exact_text(declared.at_least)}", *place)
    if declared.at_most is not None and number > declared.at_most * months:
        yield entry.fault(f"{figure}, above {exact_text(declared.at_most)}", *place)
    if declared.one_of and number not in declared.one_of:
        yield entry.fault(f"{figure}, not {' or '.join(map(exact_text, declared.one_of))}", *place)
    try:
        scaled(number, t.BY_NAME[declared.unit], entry.item.value.per)
    except ValueError as error:
        yield entry.fault(f"{figure}: {error}", *place)


def faults_of_floors(library: Library) -> Iterator[PackFault]:
    """Finds values below those of a province or prefecture that sets a floor on the same day."""
    for pack in library.packs.values():
        for id_, key, entries in value_timelines(library, pack):
            if library.parameters[id_].set_by in _FLOORS_SET_BY:
                for entry, last in with_last_days(entries):
                    for higher in library.path(pack.code)[:-1]:
                        yield from _floor(library, entry, last, higher, id_, key)


def _floor(
    library: Library, entry: Entry[LinkedValue], last: dt.date | None, higher: str, id_: str, key: str | int | None
) -> Iterator[PackFault]:
    """Returns the first day on which a value is below that of the higher division."""
    for day in [entry.start, *library.line(higher, id_, key).starts(entry.start, last or dt.date.max)]:
        floor = in_force(library, [higher], id_, key, day)
        if floor is None or in_force(library, [entry.pack.code], id_, key, day) is not entry.item:
            continue
        wrong = _below(library, entry, floor, day)
        if wrong is not None:
            yield wrong
            return


def _below(library: Library, entry: Entry[LinkedValue], floor: LinkedValue, day: dt.date) -> PackFault | None:
    declared = library.parameters[entry.item.parameter]
    floors = figures_of(floor.value, declared)
    for key, (low, _) in figures_of(entry.item.value, declared).items():
        if key in floors and low < floors[key][0]:
            here = f"{exact_text(low)} in {entry.pack.code}"
            return entry.fault(f"{entry.name}: {here} is below {exact_text(floors[key][0])} in {floor.pack} on {day}")
    return None
