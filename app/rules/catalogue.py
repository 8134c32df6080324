"""What the packs say, for people to read: places, standards, rules in force, and how two states differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from app.rules import tree
from app.rules import types as t
from app.rules.assessment import Engine, Engines
from app.rules.explain import figure_words
from app.rules.library import INDEX_KEYS, NATION, Library, LinkedValue
from app.rules.messages import Language
from app.rules.money import exact_text
from app.rules.rule_graph import dependencies, derived_name, walk
from app.rules.ruleset import Figure, ResolvedParameter, Ruleset, unscaled
from app.rules.words import formula_words

# The parameter a person asks for first when wondering whether a programme has a standard somewhere.
STANDARDS = {
    "orphan_subsidy": ("orphan.dispersed", "orphan.institution"),
    "unattended_child_subsidy": ("unattended_child.standard",),
    "extreme_poverty_support": ("extreme_poverty.basic",),
    "dibao": ("dibao.standard",),
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
}


class UnknownRule(LookupError):
    """No rule of that name."""


class Catalogue:
    """Reads the library and the rulesets; keeps nothing of its own."""

    def __init__(self, library: Library, engines: Engines) -> None:
        self.library = library
        self.engines = engines

    # places

    def divisions(self, language: Language) -> list[dict[str, Any]]:
        return [self._division_head(code, language) for code in self.library.packs if code != NATION]

    def division(self, code: str, language: Language) -> dict[str, Any]:
        """A loaded division, or the nearest above a code. UnknownDivision if there is none."""
        found = self.library.division(code)
        content = self.library.packs[found].content
        programmes = [
            {"programme": id_, "standards": standards}
            for id_, parameters in STANDARDS.items()
            if (standards := [period for id2 in parameters for period in self._periods(found, id2)])
        ]
        return self._division_head(found, language) | {
            "asked": code,
            "children": [child for child, pack in self.library.packs.items() if pack.content.parent == found],
            "programmes": programmes,
            "without_standard": [id_ for id_ in STANDARDS if id_ not in {p["programme"] for p in programmes}],
            "documents": [
                {
                    "document": name,
                    "title": document.title[language],
                    "number": document.number,
                    "published": _day(document.published),
                    "note": document.note[language] if document.note else None,
                }
                for name, document in content.documents.items()
            ],
        }

    def _division_head(self, code: str, language: Language) -> dict[str, Any]:
        content = self.library.packs[code].content
        return {
            "code": code,
            "name": (content.name or {}).get(language, code),
            "level": content.level,
            "fictional": content.fictional,
            "parent": content.parent or NATION,
        }

    def _periods(self, division: str, parameter: str) -> list[dict[str, Any]]:
        """The dates over which a place has a figure or a rule of its own for a parameter."""
        periods: list[dict[str, Any]] = []
        for code in self.library.path(division)[1:]:
            values = self.library.values[code].get(parameter, [])
            periods.extend(_period(parameter, value.key, value.dates.start, value.dates.until) for value in values)
            for id_, linked in self.library.rule_versions[code].items():
                opening = self.library.rules[id_].open
                if opening is not None and opening.parameter == parameter:
                    periods.extend(_period(parameter, None, rule.dates.start, rule.dates.until) for rule in linked)
        return periods

    # standards

    def standards(self, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """Every parameter on a day: in force with its figures, or a gap."""
        division = self.library.division(code)
        engine = self.engines.at(division, date, known)
        settled = self._settled_by_rule(engine.ruleset)
        return {
            "jurisdiction": self._division_head(division, language),
            "date": date.isoformat(),
            "ruleset": engine.ruleset.hash,
            "items": [
                self._standard(engine, parameter, settled, language) for parameter in engine.ruleset.parameters.values()
            ],
        }

    def _settled_by_rule(self, ruleset: Ruleset) -> dict[str, str]:
        """Parameters that a place settles by a rule of its own, with the rule."""
        found = {}
        for id_, rule in ruleset.rules.items():
            opening = self.library.rules[id_].open
            if opening is not None and opening.parameter and rule.pack != NATION:
                found[opening.parameter] = id_
        return found

    def _standard(
        self, engine: Engine, parameter: ResolvedParameter, settled: dict[str, str], language: Language
    ) -> dict[str, Any]:
        declared = self.library.parameters[parameter.id]
        status = "in_force" if parameter.published or parameter.id in settled else "gap"
        return {
            "parameter": parameter.id,
            "title": declared.title[language],
            "unit": declared.unit,
            "by": declared.by,
            "status": status,
            "rule": settled.get(parameter.id),
            "formula": parameter.formula_text,
            "values": [self._figure(key, figure, parameter.id, language) for key, figure in parameter.figures.items()]
            + list(self._derived(engine, parameter, language)),
            "basis": [{"document": document, "article": article or None} for document, article in declared.basis],
        }

    def _derived(self, engine: Engine, parameter: ResolvedParameter, language: Language) -> Iterator[dict[str, Any]]:
        """What a value given by a formula comes to for each residence."""
        if parameter.formula is None or parameter.source is None:
            return
        declared = self.library.parameters[parameter.id]
        for key in INDEX_KEYS["residence"] if declared.by == "residence" else (None,):
            value, scale = engine.derived(derived_name(parameter.id), "rural" if key == "rural" else "urban")
            if isinstance(value, int):
                number = Fraction(value, scale * 100)
                yield self._entry(key, number, number, parameter.source, parameter.id, language)

    def _figure(self, key: str | int | None, figure: Figure, id_: str, language: Language) -> dict[str, Any]:
        unit = t.BY_NAME[self.library.parameters[id_].unit]
        low, high = unscaled(figure.low, unit), unscaled(figure.high, unit)
        return self._entry(key, low, high, figure.source, id_, language) | {
            "words": figure_words(figure, unit, language)
        }

    def _entry(
        self,
        key: str | int | None,
        low: Fraction | bool,
        high: Fraction | bool,
        source: LinkedValue | None,
        id_: str,
        language: Language,
    ) -> dict[str, Any]:
        entry = {
            "key": None if key is None else str(key),
            "value": _number(low) if low == high else None,
            "min": _number(low),
            "max": _number(high),
        }
        return entry | (self._source(source, id_, language) if source else {})

    def _source(self, source: LinkedValue, id_: str, language: Language) -> dict[str, Any]:
        value = source.value
        document = self.library.packs[source.pack].content.documents.get(value.document)
        printed = None if value.value is None else _number(value.value)
        return {
            "printed": printed,
            "printed_per": value.per,
            "from": value.start.isoformat(),
            "until": _day(value.until),
            "known_from": source.dates.known.isoformat(),
            "precision": value.precision,
            "status": value.status,
            "document": value.document,
            "document_title": document.title[language] if document else value.document,
            "article": value.article,
            "division": source.pack,
        }

    def series(self, code: str, start: dt.date, until: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """Every figure that holds on some day of a stretch, in order of date."""
        division = self.library.division(code)
        items = []
        for pack in self.library.path(division):
            for id_, values in self.library.values[pack].items():
                for value in sorted(values, key=lambda v: (str(v.key), v.dates.start, v.dates.known)):
                    ended = value.dates.until is not None and value.dates.until < start
                    if value.dates.known <= known and value.dates.start <= until and not ended:
                        items.append(self._series_item(id_, value, language))
        return {"jurisdiction": self._division_head(division, language), "items": items}

    def _series_item(self, id_: str, value: LinkedValue, language: Language) -> dict[str, Any]:
        declared = self.library.parameters[id_]
        return {
            "parameter": id_,
            "title": declared.title[language],
            "unit": declared.unit,
            "key": None if value.key is None else str(value.key),
            **self._source(value, id_, language),
            "formula": value.value.formula,
            "table": {k: _number(v) for k, v in value.value.table.items()} if value.value.table else None,
            "bands": {str(k): _band(v) for k, v in value.value.bands.items()} if value.value.bands else None,
        }

    # rules

    def rules(self, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        division = self.library.division(code)
        ruleset = self.engines.at(division, date, known).ruleset
        return {
            "jurisdiction": self._division_head(division, language),
            "date": date.isoformat(),
            "ruleset": ruleset.hash,
            "items": [self._rule(ruleset, id_, language) for id_ in ruleset.rules],
        }

    def rule(self, id_: str, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """One rule in force, with what it needs and what needs it, and all its versions. UnknownRule if there is none."""
        if id_ not in self.library.rules:
            raise UnknownRule(id_)
        ruleset = self.engines.at(self.library.division(code), date, known).ruleset
        return self._rule(ruleset, id_, language) | {"versions": self._versions(ruleset, id_)}

    def _rule(self, ruleset: Ruleset, id_: str, language: Language) -> dict[str, Any]:
        rule, declared = ruleset.rules[id_], self.library.rules[id_]
        needs = sorted(set(dependencies(rule.node, ruleset)))
        return {
            "rule": id_,
            "title": declared.title[language],
            "for": declared.entity,
            "unit": declared.unit,
            "formula": rule.formula or None,
            "words": formula_words(rule.node, self.library, language) if rule.node is not None else None,
            "basis": [{"document": document, "article": article or None} for document, article in rule.version.basis],
            "from": rule.version.start.isoformat(),
            "until": _day(rule.version.until),
            "division": rule.pack,
            "open_to": declared.open.to if declared.open else [],
            "needs": needs,
            "parameters": sorted(_parameters(rule.node)),
            "needed_by": sorted(
                other for other, linked in ruleset.rules.items() if id_ in set(dependencies(linked.node, ruleset))
            ),
            "decides": [
                p for p, linked in ruleset.programmes.items() if id_ in (linked.version.group, *linked.version.tests)
            ],
        }

    def _versions(self, ruleset: Ruleset, id_: str) -> list[dict[str, Any]]:
        return [
            {
                "division": code,
                "from": rule.version.start.isoformat(),
                "until": _day(rule.version.until),
                "known_from": rule.dates.known.isoformat(),
                "formula": rule.formula or None,
                "basis": [
                    {"document": document, "article": article or None} for document, article in rule.version.basis
                ],
            }
            for code in ruleset.path
            for rule in self.library.rule_versions[code].get(id_, [])
        ]

    # differences

    def difference(
        self, left: tuple[str, dt.date, dt.date], right: tuple[str, dt.date, dt.date], language: Language
    ) -> dict[str, Any]:
        """Two dates, two states of knowledge or two places, side by side: what differs, rule by rule, figure by figure."""
        one, other = self._state(left), self._state(right)
        rules = [
            {
                "rule": id_,
                "title": self.library.rules[id_].title[language],
                "left": _formula(one.rules[id_].formula, one.rules[id_].version.basis),
                "right": _formula(other.rules[id_].formula, other.rules[id_].version.basis),
            }
            for id_ in one.rules
            if (one.rules[id_].formula, one.rules[id_].version.basis)
            != (other.rules[id_].formula, other.rules[id_].version.basis)
        ]
        values = [
            {
                "parameter": id_,
                "title": self.library.parameters[id_].title[language],
                "unit": self.library.parameters[id_].unit,
                "left": self._plain(one, id_, language),
                "right": self._plain(other, id_, language),
            }
            for id_ in one.parameters
            if self._plain(one, id_, language) != self._plain(other, id_, language)
        ]
        programmes = [
            {"programme": id_, "left": id_ in one.programmes, "right": id_ in other.programmes}
            for id_ in self.library.programmes
            if (id_ in one.programmes) != (id_ in other.programmes)
        ]
        return {
            "left": self._side(left, one, language),
            "right": self._side(right, other, language),
            "same": one.hash == other.hash,
            "programmes": programmes,
            "rules": rules,
            "values": values,
        }

    def _state(self, side: tuple[str, dt.date, dt.date]) -> Ruleset:
        return self.engines.at(self.library.division(side[0]), side[1], side[2]).ruleset

    def _side(self, side: tuple[str, dt.date, dt.date], ruleset: Ruleset, language: Language) -> dict[str, Any]:
        head = self._division_head(ruleset.path[-1], language)
        return {
            "jurisdiction": head,
            "date": side[1].isoformat(),
            "known": side[2].isoformat(),
            "ruleset": ruleset.hash,
        }

    def _plain(self, ruleset: Ruleset, id_: str, language: Language) -> Any:
        parameter = ruleset.parameters[id_]
        if parameter.formula_text is not None:
            return {"": parameter.formula_text}
        unit = t.BY_NAME[self.library.parameters[id_].unit]
        return {
            "" if key is None else str(key): figure_words(f, unit, language) for key, f in parameter.figures.items()
        }


def _period(parameter: str, key: str | int | None, start: dt.date, until: dt.date | None) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "key": None if key is None else str(key),
        "from": start.isoformat(),
        "until": _day(until),
    }


def _day(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _number(value: Fraction | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else exact_text(value)


def _band(value: Fraction | tuple[Fraction, Fraction]) -> str | list[str]:
    return [exact_text(side) for side in value] if isinstance(value, tuple) else exact_text(value)


def _parameters(node: tree.Node | None) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, tree.Parameter)}


def _formula(text: str, basis: list[tuple[str, str]]) -> dict[str, Any]:
    return {"formula": text or None, "basis": [{"document": d, "article": a or None} for d, a in basis]}
