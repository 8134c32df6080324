"""The figures a place publishes, on a day or over the years, and where there is a gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final, TypeVar

from app.rules.catalogue.places import citations, day_text, division_head
from app.rules.catalogue.schemas import Period, Series, SeriesItem, Standard, StandardFigure, StandardList
from app.rules.engine.evaluate import Engine, Engines
from app.rules.explain.sentences import figure_words, money_words
from app.rules.facts.household import Programme
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.indexes import INDEX_KEYS, keys_of
from app.rules.packs.library import NATION, Library, LinkedRule, LinkedValue
from app.rules.packs.periods import Stretch, stretches
from app.rules.rulesets.dependencies import derived_name
from app.rules.rulesets.ruleset import Figure, ResolvedParameter, Ruleset
from app.rules.rulesets.scales import unscaled
from app.rules.values.money import exact_text, format_fen

# The parameter a person asks for first when wondering whether a programme has a standard somewhere.
STANDARDS: Final[dict[Programme, tuple[str, ...]]] = {
    "orphan_subsidy": ("orphan.dispersed", "orphan.institution"),
    "unattended_child_subsidy": ("unattended_child.standard",),
    "extreme_poverty_support": ("extreme_poverty.basic",),
    "dibao": ("dibao.standard",),
    "gradual_exit": ("gradual_exit.share",),
    "edge_family": ("edge.multiple",),
    "single_person_dibao": ("single_person.mode",),
    "rigid_expenditure_family": ("rigid.ratio",),
    "low_income_family": ("low_income.upper",),
    "temporary_assistance": ("temporary.emergency", "temporary.expenditure"),
    "disability_living_subsidy": ("disability.living",),
    "disability_care_subsidy": ("disability.care",),
    "old_age_allowance": ("old_age.allowance",),
    "elder_care_subsidy": ("elder_care.amount",),
    "education_aid": ("education_aid.amount",),
    "child_in_difficulty_subsidy": ("child_in_difficulty.amount", "child_in_difficulty.share"),
    "low_income_child_subsidy": ("low_income.child_subsidy",),
    "price_subsidy": ("price.cpi_growth", "price.food_cpi_growth"),
}

Key = str | int | None


class Standards:
    """Reads the figures of the library and the rulesets; keeps nothing of its own."""

    def __init__(self, library: Library, engines: Engines) -> None:
        self.library = library
        self.engines = engines

    # over which days

    def periods(self, division: str, parameter: str, known: dt.date) -> list[Period]:
        """Lists the days over which a place, or one between it and the nation, has a figure or a rule of its own."""
        path = self.library.path(division)[1:]
        figures = [_period(parameter, key, held) for key, held in self._held(path, parameter, known)]
        rules = [_period(parameter, None, held) for held in self._settled(path, parameter, known)]
        return figures + rules

    def _held(self, path: list[str], parameter: str, known: dt.date) -> Iterator[tuple[Key, Stretch[LinkedValue]]]:
        """Finds which value holds when, for each key; for all keys at once where it is the same for all."""
        keys = self._keys(parameter)
        by_key = {key: stretches(self._levels(path, parameter, key), known) for key in keys}
        for key in keys:
            for held in by_key[key]:
                if not all(held in others for others in by_key.values()):
                    yield key, held
                elif key == keys[0]:
                    yield None, held

    def _keys(self, parameter: str) -> tuple[Key, ...]:
        """Lists the keys by which a parameter is published; a table or bands are one value."""
        return keys_of(self.library.parameters[parameter]) or (None,)

    def _levels(self, path: list[str], parameter: str, key: Key) -> list[list[LinkedValue]]:
        values = [self.library.values[code].get(parameter, []) for code in path]
        return [[value for value in level if value.key in (key, None)] for level in values]

    def _settled(self, path: list[str], parameter: str, known: dt.date) -> list[Stretch[LinkedRule]]:
        """Finds when a rule of the place's own settles what the parameter would."""
        rules = [id_ for id_, rule in self.library.rules.items() if rule.open and rule.open.parameter == parameter]
        versions = ([self.library.rule_versions[code].get(id_, []) for code in path] for id_ in rules)
        return [held for levels in versions for held in stretches(levels, known)]

    # on a day

    def on(self, code: str, date: dt.date, known: dt.date, language: Language) -> StandardList:
        """Lists every parameter on a day: in force with its figures, or a gap."""
        division = self.library.division(code)
        engine = self.engines.at(division, date, known)
        page = _Page(self, engine, date, known, language)
        return StandardList(
            jurisdiction=division_head(self.library, division, language),
            date=date.isoformat(),
            ruleset=engine.ruleset.hash,
            items=[page.standard(parameter) for parameter in engine.ruleset.parameters.values()],
            next=None,
        )

    def settled_by_rule(self, ruleset: Ruleset) -> dict[str, str]:
        """Finds the parameters that a place settles by a rule of its own, with the rule."""
        found = {}
        for id_, rule in ruleset.rules.items():
            opening = self.library.rules[id_].open
            if opening is not None and opening.parameter and rule.pack != NATION:
                found[opening.parameter] = id_
        return found

    def stretch_of(
        self, path: list[str], value: LinkedValue, key: Key, date: dt.date, known: dt.date
    ) -> Stretch[LinkedValue]:
        """Finds the days around a day over which a value holds for a key."""
        held = stretches(self._levels(path, value.parameter, key), known)
        return next(s for s in held if s.item is value and s.covers(date))

    # over the years

    def series(self, code: str, first: dt.date, last: dt.date, known: dt.date, language: Language) -> Series:
        """Lists every figure that holds on some day of a stretch, each from its first day to its last."""
        division = self.library.division(code)
        path = self.library.path(division)
        items = [
            self._series_item(key, held, language)
            for parameter in self.library.parameters
            for key, held in self._held(path, parameter, known)
            if held.meets(first, last)
        ]
        return Series(jurisdiction=division_head(self.library, division, language), items=items, next=None)

    def _series_item(self, key: Key, held: Stretch[LinkedValue], language: Language) -> SeriesItem:
        value = held.item.value
        declared = self.library.parameters[held.item.parameter]
        unit = t.BY_NAME[declared.unit]
        low, high = (value.value, value.value) if value.value is not None else (value.low, value.high)
        return SeriesItem(
            parameter=held.item.parameter,
            title=declared.title[language],
            unit=declared.unit,
            **_numbers(key, _in_unit(low, value.per, unit), _in_unit(high, value.per, unit), unit),
            **self.source(held, language),
            formula=value.formula,
            table=_table(value.table, value.per, unit),
            bands=_bands(value.bands, value.per, unit),
        )

    def source(self, held: Stretch[LinkedValue], language: Language) -> dict[str, Any]:
        """Gives the fields of `Source`: where a figure is printed and how, and the days over which it holds."""
        value, pack = held.item.value, held.item.pack
        document = self.library.packs[pack].content.documents.get(value.document)
        return {
            "printed": None if value.value is None else _plain(value.value),
            "printed_per": value.per,
            "printed_until": day_text(value.until),
            "start": held.start.isoformat(),
            "until": day_text(held.until),
            "known_from": held.item.dates.known.isoformat(),
            "precision": value.precision,
            "status": value.status,
            "document": value.document,
            "document_title": document.title[language] if document else value.document,
            "article": value.article,
            "division": pack,
        }


class _Page:
    """The standards of one place on one day, in one language."""

    def __init__(self, standards: Standards, engine: Engine, date: dt.date, known: dt.date, language: Language) -> None:
        self.standards = standards
        self.engine = engine
        self.date = date
        self.known = known
        self.language: Language = language
        self.settled = standards.settled_by_rule(engine.ruleset)

    def standard(self, parameter: ResolvedParameter) -> Standard:
        declared = self.engine.library.parameters[parameter.id]
        unit = t.BY_NAME[declared.unit]
        in_force = parameter.published or parameter.id in self.settled
        return Standard(
            parameter=parameter.id,
            title=declared.title[self.language],
            unit=declared.unit,
            by=declared.by,
            status="in_force" if in_force else "gap",
            rule=self.settled.get(parameter.id),
            formula=parameter.formula_text,
            values=[self._figure(key, figure, unit) for key, figure in parameter.figures.items()]
            + list(self._derived(parameter, unit)),
            basis=citations(declared.basis),
        )

    def _figure(self, key: Key, figure: Figure, unit: t.Type) -> StandardFigure:
        words = words_of(figure, unit, self.language)
        return self._entry(key, unscaled(figure.low, unit), unscaled(figure.high, unit), unit, figure.source, words)

    def _derived(self, parameter: ResolvedParameter, unit: t.Type) -> Iterator[StandardFigure]:
        """Computes a value given by a formula for each residence."""
        if parameter.formula is None:
            return
        by_residence = self.engine.library.parameters[parameter.id].by == "residence"
        for key in INDEX_KEYS["residence"] if by_residence else (None,):
            value, scale = self.engine.derived(derived_name(parameter.id), "rural" if key == "rural" else "urban")
            if isinstance(value, int):
                number = Fraction(value, scale * (100 if unit.kind == "money" else 1))
                words = money_words(figure_text(number, unit), "CNY", self.language) if unit.kind == "money" else None
                yield self._entry(key, number, number, unit, parameter.source, words)

    def _entry(
        self,
        key: Key,
        low: Fraction | bool,
        high: Fraction | bool,
        unit: t.Type,
        source: LinkedValue | None,
        words: str | None,
    ) -> StandardFigure:
        assert source is not None  # noqa: S101  only a figure that a request supplies has none
        held = self.standards.stretch_of(self.engine.ruleset.path, source, key, self.date, self.known)
        return StandardFigure(
            **_numbers(key, low, high, unit), words=words, **self.standards.source(held, self.language)
        )


def figure_text(number: Fraction | bool, unit: t.Type) -> str:
    """Writes a figure for reading: money with exactly two decimals (floored to the fen), anything else as it is."""
    if unit.kind == "money" and not isinstance(number, bool):
        return format_fen(number.numerator * 100 // number.denominator)
    return _plain(number)


def _numbers(key: Key, low: Fraction | bool | None, high: Fraction | bool | None, unit: t.Type) -> dict[str, Any]:
    """Gives the fields of `Numbers`: a figure or the range of it. Nulls for what is no single figure."""
    least = None if low is None else figure_text(low, unit)
    is_single = low is not None and low == high
    return {
        "key": None if key is None else str(key),
        "value": least if is_single else None,
        "min": least,
        "max": least if is_single else None if high is None else figure_text(high, unit),
        "exact": _exact(low, unit) if is_single and low is not None else None,
    }


def _exact(number: Fraction | bool, unit: t.Type) -> str | None:
    if isinstance(number, bool) or unit.kind != "money" or (number * 100).denominator == 1:
        return None
    return exact_text(number)


def words_of(figure: Figure, unit: t.Type, language: Language) -> str:
    """Writes a figure or a range in words; one printed for the year is said for the year."""
    if figure.low != figure.high:
        low, high = replace(figure, high=figure.low), replace(figure, low=figure.high)
        return f"{figure_words(low, unit, language)} – {figure_words(high, unit, language)}"
    source = figure.source.value if figure.source else None
    printed = source.value if source and source.per == "year" else None
    if isinstance(printed, Fraction) and unit == t.MONEY_MONTH:
        return money_words(figure_text(printed, t.MONEY_YEAR), "CNY/year", language)
    return figure_words(figure, unit, language)


Printed = TypeVar("Printed", Fraction, Fraction | bool | None)


def _in_unit(number: Printed, per: str | None, unit: t.Type) -> Printed:
    """Turns a printed figure into the parameter's unit: money a year becomes exact money a month."""
    yearly = per == "year" and unit.kind == "money" and unit.per == "month"
    return number / 12 if yearly and isinstance(number, Fraction) else number


def _table(table: dict[str, Fraction] | None, per: str | None, unit: t.Type) -> dict[str, str] | None:
    return None if table is None else {key: _shown(number, per, unit) for key, number in table.items()}


def _bands(
    bands: dict[int, Fraction | tuple[Fraction, Fraction]] | None, per: str | None, unit: t.Type
) -> dict[str, str | list[str]] | None:
    if bands is None:
        return None
    return {
        str(age): [_shown(side, per, unit) for side in band] if isinstance(band, tuple) else _shown(band, per, unit)
        for age, band in bands.items()
    }


def _shown(number: Fraction, per: str | None, unit: t.Type) -> str:
    return figure_text(_in_unit(number, per, unit), unit)


def _plain(value: Fraction | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else exact_text(value)


def _period(parameter: str, key: Key, held: Stretch[Any]) -> Period:
    return Period(
        parameter=parameter,
        key=None if key is None else str(key),
        start=held.start.isoformat(),
        until=day_text(held.until),
    )
