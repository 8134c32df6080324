"""What the packs say, for people to read: places, standards, rules in force, and how two states differ."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.rules.catalogue.places import children, day_text, division_head, documents
from app.rules.catalogue.standards import STANDARDS, Standards, words_of
from app.rules.engine.evaluate import Engines
from app.rules.errors import CodedError
from app.rules.explain.formulas import formula_words
from app.rules.language import tree
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.library import NATION, Library, LinkedRule
from app.rules.packs.periods import stretches
from app.rules.rulesets.dependencies import dependencies, walk
from app.rules.rulesets.ruleset import NoLaw, Ruleset

Side = tuple[str, dt.date, dt.date]  # a place, a day, and the day by which it was known


class UnknownRule(CodedError, LookupError):
    """No rule of that name."""

    code = "unknown_rule"


class Catalogue:
    """Reads the library and the rulesets; keeps nothing of its own."""

    def __init__(self, library: Library, engines: Engines) -> None:
        self.library = library
        self.engines = engines
        self._standards = Standards(library, engines)

    def has_law(self, code: str, date: dt.date, known: dt.date) -> bool:
        """Whether rules held in a place on a day, as far as was known. UnknownDivision if nothing stands above it."""
        try:
            self.engines.at(self.library.division(code), date, known)
        except NoLaw:
            return False
        return True

    # places

    def divisions(self, language: Language) -> list[dict[str, Any]]:
        return [division_head(self.library, code, language) for code in self.library.packs if code != NATION]

    def division(self, code: str, known: dt.date, language: Language) -> dict[str, Any]:
        """A loaded division, or the nearest above a code. UnknownDivision if there is none."""
        found = self.library.division(code)
        programmes = [
            {"programme": id_, "standards": periods}
            for id_, parameters in STANDARDS.items()
            if (periods := [p for parameter in parameters for p in self._standards.periods(found, parameter, known)])
        ]
        with_standard = {entry["programme"] for entry in programmes}
        return division_head(self.library, found, language) | {
            "asked": code,
            "children": children(self.library, found),
            "programmes": programmes,
            "without_standard": [id_ for id_ in STANDARDS if id_ not in with_standard],
            "documents": documents(self.library, found, language),
        }

    # standards

    def standards(self, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """Every parameter on a day: in force with its figures, or a gap."""
        return self._standards.on(code, date, known, language)

    def series(self, code: str, first: dt.date, last: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """Every figure that holds on some day of a stretch."""
        return self._standards.series(code, first, last, known, language)

    # rules

    def rules(self, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        division = self.library.division(code)
        ruleset = self.engines.at(division, date, known).ruleset
        graph = _needs(ruleset)
        return {
            "jurisdiction": division_head(self.library, division, language),
            "date": date.isoformat(),
            "ruleset": ruleset.hash,
            "items": [self._rule(ruleset, graph, id_, (date, known), language) for id_ in ruleset.rules],
            "next": None,
        }

    def rule(self, id_: str, code: str, date: dt.date, known: dt.date, language: Language) -> dict[str, Any]:
        """One rule in force, with what it needs and what needs it, and all its versions. UnknownRule if there is none."""
        if id_ not in self.library.rules:
            raise UnknownRule(id_)
        division = self.library.division(code)
        ruleset = self.engines.at(division, date, known).ruleset
        return {
            "jurisdiction": division_head(self.library, division, language),
            "date": date.isoformat(),
            "ruleset": ruleset.hash,
            **self._rule(ruleset, _needs(ruleset), id_, (date, known), language),
            "versions": self._versions(ruleset, id_),
        }

    def _rule(
        self,
        ruleset: Ruleset,
        needs: dict[str, set[str]],
        id_: str,
        when: tuple[dt.date, dt.date],
        language: Language,
    ) -> dict[str, Any]:
        rule, declared = ruleset.rules[id_], self.library.rules[id_]
        levels = [self.library.rule_versions[code].get(id_, []) for code in ruleset.path]
        date, known = when
        held = next(held for held in stretches(levels, known) if held.covers(date))
        return {
            "rule": id_,
            "title": declared.title[language],
            "for": declared.entity,
            "unit": declared.unit,
            "formula": rule.formula or None,
            "words": formula_words(rule.node, self.library, language) if rule.node is not None else None,
            "basis": [{"document": document, "article": article or None} for document, article in rule.version.basis],
            "from": rule.version.start.isoformat(),
            "until": day_text(held.until),
            "division": rule.pack,
            "open_to": declared.open.to if declared.open else [],
            "needs": sorted(needs[id_]),
            "parameters": sorted(_parameters(rule.node)),
            "needed_by": sorted(other for other, needed in needs.items() if id_ in needed),
            "decides": [
                p for p, linked in ruleset.programmes.items() if id_ in (linked.version.group, *linked.version.tests)
            ],
        }

    def _versions(self, ruleset: Ruleset, id_: str) -> list[dict[str, Any]]:
        return [
            {
                "division": code,
                "from": rule.version.start.isoformat(),
                "until": day_text(rule.version.until),
                "known_from": rule.dates.known.isoformat(),
                "formula": rule.formula or None,
                "basis": [
                    {"document": document, "article": article or None} for document, article in rule.version.basis
                ],
            }
            for code in ruleset.path
            for rule in self.library.rule_versions[code].get(id_, [])
        ]

    def ruleset(self, hash_: str, language: Language) -> dict[str, Any] | None:
        """The exact rules and values of a hash; None if they cannot be built from what is loaded."""
        found = self.engines.rulesets.by_hash(hash_)
        if found is None:
            return None
        head = division_head(self.library, found.path[-1], language)
        return {"jurisdiction": head, "ruleset": found.hash, "path": found.path, "content": found.content}

    # differences

    def difference(
        self, left: Side, right: Side, language: Language, beside: Catalogue | None = None
    ) -> dict[str, Any]:
        """Two dates, two states of knowledge or two places, side by side: what differs, rule by rule, figure by figure.

        The right side is read in another catalogue if there is one. What only one of them declares has nothing on the
        other side.
        """
        beside = beside or self
        one, other = self._state(left), beside._state(right)
        declared = beside.library.rules | self.library.rules
        rules = [
            {
                "rule": id_,
                "title": declared[id_].title[language],
                "left": _formula(one.rules.get(id_)),
                "right": _formula(other.rules.get(id_)),
            }
            for id_ in one.rules | other.rules
            if _formula(one.rules.get(id_)) != _formula(other.rules.get(id_))
        ]
        parameters = beside.library.parameters | self.library.parameters
        figures = {
            id_: (self._plain(one, id_, language), beside._plain(other, id_, language))
            for id_ in one.parameters | other.parameters
        }
        values = [
            {
                "parameter": id_,
                "title": parameters[id_].title[language],
                "unit": parameters[id_].unit,
                "left": before,
                "right": after,
            }
            for id_, (before, after) in figures.items()
            if before != after
        ]
        programmes = [
            {"programme": id_, "left": id_ in one.programmes, "right": id_ in other.programmes}
            for id_ in self.library.programmes | beside.library.programmes
            if (id_ in one.programmes) != (id_ in other.programmes)
        ]
        return {
            "left": self._side(left, one, language),
            "right": beside._side(right, other, language),
            "same": one.hash == other.hash,
            "programmes": programmes,
            "rules": rules,
            "values": values,
        }

    def _state(self, side: Side) -> Ruleset:
        return self.engines.at(self.library.division(side[0]), side[1], side[2]).ruleset

    def _side(self, side: Side, ruleset: Ruleset, language: Language) -> dict[str, Any]:
        head = division_head(self.library, ruleset.path[-1], language)
        return {
            "jurisdiction": head,
            "date": side[1].isoformat(),
            "known": side[2].isoformat(),
            "ruleset": ruleset.hash,
        }

    def _plain(self, ruleset: Ruleset, id_: str, language: Language) -> Any:
        parameter = ruleset.parameters.get(id_)
        if parameter is None:
            return {}
        if parameter.formula_text is not None:
            return {"": parameter.formula_text}
        unit = t.BY_NAME[self.library.parameters[id_].unit]
        return {"" if key is None else str(key): words_of(f, unit, language) for key, f in parameter.figures.items()}


def _needs(ruleset: Ruleset) -> dict[str, set[str]]:
    """The rules each rule reads."""
    return {id_: set(dependencies(linked.node, ruleset)) for id_, linked in ruleset.rules.items()}


def _parameters(node: tree.Node | None) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, tree.Parameter)}


def _formula(rule: LinkedRule | None) -> dict[str, Any]:
    if rule is None:
        return {"formula": None, "basis": []}
    basis = [{"document": document, "article": article or None} for document, article in rule.version.basis]
    return {"formula": rule.formula or None, "basis": basis}
