"""Figures of a ruleset as compiled functions read them: known, refusing to be read, or open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from app.rules.language import types as t
from app.rules.packs.indexes import BANDS, WHOLE_TABLES, keys_of
from app.rules.packs.library import Library
from app.rules.packs.schema import ParameterDeclaration
from app.rules.rulesets.asked import asked_of, settled_in
from app.rules.rulesets.ruleset import Figure, ResolvedParameter, Ruleset
from app.rules.rulesets.scales import scaled
from app.rules.values.open_values import Range
from app.rules.values.space import Space
from app.rules.values.unknown import UNKNOWN

Supplied = dict[str, dict[str | int | None, Fraction | bool]]


@dataclass(frozen=True)
class Figures:
    """Figures of every parameter, in the order of `library.parameter_order`.

    In `known` what is not settled refuses to be read; in `open` every gap and every published range is an open value of
    the space `questions`. `published` holds the keys that have a figure.
    """

    known: tuple[Any, ...]
    published: tuple[tuple[Any, ...], ...]
    open: tuple[Any, ...]
    questions: Space

    @classmethod
    def of(cls, library: Library, ruleset: Ruleset) -> Figures:
        parameters = [(ruleset.parameters[id_], library.parameters[id_]) for id_ in library.parameter_order]
        known = tuple(_known(parameter, declared) for parameter, declared in parameters)
        published = tuple(
            tuple(_keys(parameter, declared)) or ((None,) if parameter.formula is not None else ())
            for parameter, declared in parameters
        )
        space = Space()
        opened = tuple(
            _opened(parameter, declared, figure, space)
            for (parameter, declared), figure in zip(parameters, known, strict=True)
        )
        return cls(known, published, opened, space)

    def space(self) -> Space:
        """Returns a space for one household, in which the gaps of these figures are open already."""
        return self.questions.copy()


def with_supplied(ruleset: Ruleset, library: Library, supplied: Supplied) -> Ruleset:
    """Returns the ruleset with figures that an officer took from the notice in hand. They stand in place of published
    figures, of other ways to print the same and of a formula of the place."""
    parameters = dict(ruleset.parameters)
    for id_, values in supplied.items():
        declared = library.parameters[id_]
        unit = t.BY_NAME[declared.unit]
        whole = None in values or declared.by in (*WHOLE_TABLES, *BANDS)
        figures = {} if whole else dict(parameters[id_].figures)
        figures.update(
            {
                key: Figure(scaled(value, unit), scaled(value, unit), None, supplied=True)
                for key, value in values.items()
            }
        )
        if declared.by in BANDS:  # they are read from the first on
            figures = dict(sorted(figures.items()))
        parameters |= {other: ResolvedParameter(other) for other in library.same_as(id_)}
        parameters[id_] = ResolvedParameter(id_, figures)
    rules = ruleset.rules | {id_: ruleset.behind[id_] for id_ in _given_up(ruleset, library, supplied)}
    settled = settled_in(library, rules, parameters)
    programmes = {id_: asked_of(library, one, settled) for id_, one in ruleset.whole.items()}
    return replace(ruleset, parameters=parameters, rules=rules, programmes=programmes)


def _given_up(ruleset: Ruleset, library: Library, supplied: Supplied) -> Iterator[str]:
    """Yields the formulas of the place in whose stead figures were supplied."""
    for id_ in ruleset.behind:
        opening = library.rules[id_].open
        parameter = opening.parameter if opening else None
        if parameter is not None and not supplied.keys().isdisjoint((parameter, *library.same_as(parameter))):
            yield id_


def overridden(published: Ruleset, library: Library, supplied: Supplied) -> list[str]:
    """Returns the parameters for which a figure that was supplied is not the one that is published."""
    return [
        id_
        for id_, values in supplied.items()
        if any(published.parameters[other].published for other in library.same_as(id_))
        or any(_given_up(published, library, {id_: values}))
        or any(_overrides(published, library, id_, *one) for one in values.items())
    ]


def _overrides(published: Ruleset, library: Library, id_: str, key: str | int | None, value: Fraction | bool) -> bool:
    parameter, figure = published.parameters[id_], scaled(value, t.BY_NAME[library.parameters[id_].unit])
    if parameter.formula is not None:
        return True
    replaced = list(parameter.figures.values()) if key is None else [_figure(parameter, key)]
    return any(one is not None and (one.low, one.high) != (figure, figure) for one in replaced)


def _figure(parameter: ResolvedParameter, key: str | int | None) -> Figure | None:
    return parameter.figures.get(key) or parameter.figures.get(None)


def _known(parameter: ResolvedParameter, declared: ParameterDeclaration) -> Any:
    keys = keys_of(declared)
    if keys is not None:
        return {key: _settled(_figure(parameter, key)) for key in keys}
    if declared.by == "education":
        return {key: _settled(figure) for key, figure in parameter.figures.items()}
    if declared.by in BANDS and (parameter.figures or declared.by in WHOLE_TABLES):
        pairs = zip(_keys(parameter, declared), parameter.figures.values(), strict=True)
        return tuple((start, _settled(figure)) for start, figure in pairs)
    if declared.by in BANDS:
        return ((0, UNKNOWN),)
    return _settled(parameter.figures.get(None))


def _keys(parameter: ResolvedParameter, declared: ParameterDeclaration) -> Iterator[Any]:
    """Yields the keys of the figures in force; one figure for all numbers is the band from nought."""
    yield from (0 if key is None and declared.by in BANDS else key for key in parameter.figures)


def _settled(figure: Figure | None) -> Any:
    return figure.low if figure is not None and figure.low == figure.high else UNKNOWN


def _opened(parameter: ResolvedParameter, declared: ParameterDeclaration, known: Any, space: Space) -> Any:
    if declared.by in BANDS and (parameter.figures or declared.by in WHOLE_TABLES):
        pairs = zip(_keys(parameter, declared), parameter.figures.values(), strict=True)
        return tuple((start, _range(figure, parameter.id, space)) for start, figure in pairs)
    if declared.by in BANDS:
        return ((0, _open_figure(parameter, declared, None, space)),)
    keys = keys_of(declared)
    if keys is not None:
        return {
            key: value if value is not UNKNOWN else _open_figure(parameter, declared, key, space)
            for key, value in known.items()
        }
    return known if known is not UNKNOWN else _open_figure(parameter, declared, None, space)


def _open_figure(
    parameter: ResolvedParameter, declared: ParameterDeclaration, key: str | int | None, space: Space
) -> Any:
    figure = _figure(parameter, key)
    if figure is not None:
        return _range(figure, parameter.id, space)
    cause = space.cause(parameter.id)
    unit = t.BY_NAME[declared.unit]
    if unit == t.BOOL:
        return space.axis(cause)
    lowest = declared.above if declared.above is not None else declared.at_least
    highest = None if declared.at_most is None else scaled(declared.at_most, unit)
    return Range(0 if lowest is None else scaled(lowest, unit), highest, cause, declared.above is not None)


def _range(figure: Figure, id_: str, space: Space) -> Any:
    return figure.low if figure.low == figure.high else Range(figure.low, figure.high, space.cause(id_))
