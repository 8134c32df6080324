"""The catalogue: places, standards and rules in force as people read them, and how two states differ."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.rules.catalogue.places import children, citations, day_text, division_head, documents
from app.rules.catalogue.schemas import (
    Difference,
    DifferenceSide,
    FormulaSide,
    JurisdictionList,
    JurisdictionPage,
    ListedPlace,
    ProgrammeDifference,
    ProgrammeStandards,
    RuleDifference,
    RuleItem,
    RuleList,
    RulePage,
    RulesetPage,
    RuleVersionShown,
    Series,
    StandardList,
    StandardsOrSeries,
    ValueDifference,
)
from app.rules.catalogue.standards import STANDARDS, Standards, words_of
from app.rules.engine.evaluate import Engines
from app.rules.errors import CodedError
from app.rules.explain.formulas import formula_words
from app.rules.explain.leads import every_lead
from app.rules.explain.schemas import GapDetail
from app.rules.language import tree
from app.rules.language import types as t
from app.rules.language.tree import walk
from app.rules.messages import Language
from app.rules.packs.library import NATION, Library, LinkedRule
from app.rules.packs.periods import stretches
from app.rules.rulesets.dependencies import dependencies
from app.rules.rulesets.ruleset import NoLaw, Ruleset

Side = tuple[str, dt.date, dt.date]  # a place, a day, and the day by which it was known
Stretch = tuple[dt.date, dt.date]  # the first and the last day


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
        """Tells if rules held in a place on a day, as far as was known. UnknownDivision if nothing stands above it."""
        try:
            self.engines.at(self.library.division(code), date, known)
        except NoLaw:
            return False
        return True

    # places

    def divisions(self, language: Language) -> JurisdictionList:
        """Lists every place with a pack; the nation is none."""
        codes = [code for code in self.library.packs if code != NATION]
        return JurisdictionList(items=[self._listed(code, language) for code in codes], next=None)

    def _listed(self, code: str, language: Language) -> ListedPlace:
        return ListedPlace(
            **dict(division_head(self.library, code, language)),
            figures=sum(map(len, self.library.values[code].values())),
            leads=sum(map(len, self.library.leads[code].values())),
        )

    def division(self, code: str, known: dt.date, language: Language) -> JurisdictionPage:
        """Shows a loaded division, or the nearest above a code. UnknownDivision if there is none."""
        found = self.library.division(code)
        programmes = [
            ProgrammeStandards(programme=id_, standards=periods)
            for id_, parameters in STANDARDS.items()
            if (periods := [p for parameter in parameters for p in self._standards.periods(found, parameter, known)])
        ]
        with_standard = {entry.programme for entry in programmes}
        return JurisdictionPage(
            **dict(self._listed(found, language)),
            asked=code,
            children=children(self.library, found),
            programmes=programmes,
            without_standard=[id_ for id_ in STANDARDS if id_ not in with_standard],
            documents=documents(self.library, found, language),
            lead_details=[GapDetail.model_validate(one) for one in every_lead(self.library, found, language)],
        )

    # standards

    def figures(self, side: Side, stretch: Stretch | None, language: Language) -> StandardsOrSeries:
        """Lists the standards of a day, or the series over a stretch of days if one is given."""
        code, date, known = side
        if stretch is None:
            return StandardsOrSeries(self.standards(code, date, known, language))
        return StandardsOrSeries(self.series(code, *stretch, known, language))

    def standards(self, code: str, date: dt.date, known: dt.date, language: Language) -> StandardList:
        """Lists every parameter on a day: in force with its figures, or a gap."""
        return self._standards.on(code, date, known, language)

    def series(self, code: str, first: dt.date, last: dt.date, known: dt.date, language: Language) -> Series:
        """Lists every figure that holds on some day of a stretch."""
        return self._standards.series(code, first, last, known, language)

    # rules

    def rules(self, code: str, date: dt.date, known: dt.date, language: Language) -> RuleList:
        """Lists the rules in force, each with what it needs and what needs it."""
        division = self.library.division(code)
        ruleset = self.engines.at(division, date, known).ruleset
        needs = _needs(ruleset)
        items = [RuleItem(**self._rule(ruleset, needs, id_, (date, known), language)) for id_ in ruleset.rules]
        head = division_head(self.library, division, language)
        return RuleList(jurisdiction=head, date=date.isoformat(), ruleset=ruleset.hash, items=items, next=None)

    def rule(self, id_: str, code: str, date: dt.date, known: dt.date, language: Language) -> RulePage:
        """Shows a rule in force with all its versions. UnknownRule if there is none of that id."""
        if id_ not in self.library.rules:
            raise UnknownRule(id_)
        division = self.library.division(code)
        ruleset = self.engines.at(division, date, known).ruleset
        return RulePage(
            jurisdiction=division_head(self.library, division, language),
            date=date.isoformat(),
            ruleset=ruleset.hash,
            **self._rule(ruleset, _needs(ruleset), id_, (date, known), language),
            versions=self._versions(ruleset, id_),
        )

    def _rule(
        self,
        ruleset: Ruleset,
        needs: dict[str, set[str]],
        id_: str,
        when: tuple[dt.date, dt.date],
        language: Language,
    ) -> dict[str, Any]:
        """Gives the fields of `RuleItem`."""
        rule, declared = ruleset.rules[id_], self.library.rules[id_]
        levels = [self.library.rule_versions[code].get(id_, []) for code in ruleset.path]
        date, known = when
        held = next(held for held in stretches(levels, known) if held.covers(date))
        return {
            "rule": id_,
            "title": declared.title[language],
            "entity": declared.entity,
            "unit": declared.unit,
            "formula": rule.formula or None,
            "words": formula_words(rule.node, self.library, language) if rule.node is not None else None,
            "basis": citations(rule.version.cited()),
            "start": rule.version.start.isoformat(),
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

    def _versions(self, ruleset: Ruleset, id_: str) -> list[RuleVersionShown]:
        return [
            RuleVersionShown(
                division=code,
                start=rule.version.start.isoformat(),
                until=day_text(rule.version.until),
                known_from=rule.dates.known.isoformat(),
                formula=rule.formula or None,
                basis=citations(rule.version.cited()),
            )
            for code in ruleset.path
            for rule in self.library.rule_versions[code].get(id_, [])
        ]

    def ruleset(self, hash_: str, language: Language) -> RulesetPage | None:
        """Shows the exact rules and values of a hash; None if they cannot be built from what is loaded."""
        found = self.engines.rulesets.by_hash(hash_)
        if found is None:
            return None
        head = division_head(self.library, found.path[-1], language)
        return RulesetPage(jurisdiction=head, ruleset=found.hash, path=found.path, content=found.content)

    # differences

    def difference(self, left: Side, right: Side, language: Language, beside: Catalogue | None = None) -> Difference:
        """Puts two dates, two states of knowledge or two places side by side: what differs, rule by rule, figure by
        figure.

        The right side is read in another catalogue if there is one. What only one of them declares has nothing on the
        other side.
        """
        beside = beside or self
        one, other = self._state(left), beside._state(right)
        declared = beside.library.rules | self.library.rules
        rules = [
            RuleDifference(rule=id_, title=declared[id_].title[language], left=_formula(before), right=_formula(after))
            for id_ in one.rules | other.rules
            for before, after in [(one.rules.get(id_), other.rules.get(id_))]
            if _text(before) != _text(after)
        ]
        parameters = beside.library.parameters | self.library.parameters
        figures = {
            id_: (self._plain(one, id_, language), beside._plain(other, id_, language))
            for id_ in one.parameters | other.parameters
        }
        values = [
            ValueDifference(
                parameter=id_,
                title=parameters[id_].title[language],
                unit=parameters[id_].unit,
                left=before,
                right=after,
            )
            for id_, (before, after) in figures.items()
            if before != after
        ]
        programmes = [
            ProgrammeDifference(programme=id_, left=id_ in one.programmes, right=id_ in other.programmes)
            for id_ in self.library.programmes | beside.library.programmes
            if (id_ in one.programmes) != (id_ in other.programmes)
        ]
        return Difference(
            left=self._side(left, one, language),
            right=beside._side(right, other, language),
            same=one.hash == other.hash,
            programmes=programmes,
            rules=rules,
            values=values,
        )

    def _state(self, side: Side) -> Ruleset:
        return self.engines.at(self.library.division(side[0]), side[1], side[2]).ruleset

    def _side(self, side: Side, ruleset: Ruleset, language: Language) -> DifferenceSide:
        return DifferenceSide(
            jurisdiction=division_head(self.library, ruleset.path[-1], language),
            date=side[1].isoformat(),
            known=side[2].isoformat(),
            ruleset=ruleset.hash,
        )

    def _plain(self, ruleset: Ruleset, id_: str, language: Language) -> dict[str, str]:
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


def _text(rule: LinkedRule | None) -> tuple[str, list[tuple[str, str]]]:
    """Gives a rule's formula and basis, both empty where there is no rule."""
    return ("", []) if rule is None else (rule.formula, rule.version.basis)


def _formula(rule: LinkedRule | None) -> FormulaSide:
    formula, basis = _text(rule)
    return FormulaSide(formula=formula or None, basis=citations(basis))
