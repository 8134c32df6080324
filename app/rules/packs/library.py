"""Links all packs: declarations, formulas as typed trees, and the division that answers for a code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.rules.errors import CodedError
from app.rules.language import types as t
from app.rules.language.added import added_facts
from app.rules.language.names import Names, ParameterSpec, RuleSpec, is_name
from app.rules.language.parser import FormulaError, parse
from app.rules.language.tree import Node
from app.rules.language.vocabulary import COLLECTIONS, FACTS
from app.rules.packs.divisions import significant
from app.rules.packs.indexes import INDEX_KEYS, INDEX_TYPES
from app.rules.packs.leads import leads_of
from app.rules.packs.pack import Pack
from app.rules.packs.periods import Known, Line, lines
from app.rules.packs.referrals import link_referrals
from app.rules.packs.schema import ParameterDeclaration, ProgrammeVersion, RuleDeclaration, RuleVersion, Value
from app.rules.packs.schema_beside import Remedy, RemedyVersion, Safeguard, WrittenNotice
from app.rules.packs.strict_yaml import PackError

NATION: Final = "CN"


@dataclass(frozen=True)
class LinkedRule:
    """One version of a rule, parsed."""

    id: str
    pack: str
    number: int
    dates: Known
    version: RuleVersion
    formula: str
    node: Node | None  # none for the closure
    added_facts: tuple[tuple[str, list[object]], ...] = ()


@dataclass(frozen=True)
class LinkedValue:
    parameter: str
    key: str | int | None
    pack: str
    number: int  # its place among the pack's values of this name
    dates: Known
    value: Value
    node: Node | None = None


@dataclass(frozen=True)
class LinkedProgramme:
    id: str
    pack: str
    dates: Known
    version: ProgrammeVersion


class UnknownDivision(CodedError, LookupError):
    """No loaded division stands above the code."""

    code = "unknown_division"


class Library:
    """Packs, linked. Raises PackError, with file, line and column of all that does not fit together."""

    def __init__(self, packs: dict[str, Pack]) -> None:
        self.packs = packs
        self._wrong: list[PackError] = []
        self._same: dict[str, tuple[str, ...]] = {}
        self._documents: dict[str, dict[str, str]] = {}
        self._lines: dict[tuple[str, str, str | int | None, bool], Line[LinkedValue]] = {}
        nation = packs[NATION].content
        self.nation = nation
        self.parameters: dict[str, ParameterDeclaration] = nation.parameters
        self.parameter_order = tuple(sorted(self.parameters))  # of figures, as compiled functions number them
        self.rules: dict[str, RuleDeclaration] = nation.rules
        self.programmes = nation.programmes
        self._check_names()
        self.names = self._names()
        self.rule_versions = {code: self._link_rules(pack) for code, pack in packs.items()}
        linked = {code: self._link_values(pack) for code, pack in packs.items()}
        self.values = {code: counting for code, (counting, _) in linked.items()}
        self.reported = {code: reported for code, (_, reported) in linked.items()}
        self.programme_versions = {code: self._link_programmes(pack) for code, pack in packs.items()}
        self.referral_versions = {code: link_referrals(pack, self._known) for code, pack in packs.items()}
        self.rule_lines, self.programme_lines = lines(self.rule_versions), lines(self.programme_versions)
        self.referral_lines = lines(self.referral_versions)
        self._must_be_sound()
        self.leads = {code: leads_of(pack, self._parameter_key) for code, pack in packs.items()}
        self.first_day = min(
            linked.dates.start for versions in self.rule_versions[NATION].values() for linked in versions
        )
        self._by_significant = {significant(code): code for code in packs if code != NATION}

    # divisions

    def division(self, code: str) -> str:
        """Returns the nearest loaded division at or above a GB/T 2260 code. Raises UnknownDivision if there is none."""
        digits = significant(code)
        for length in (12, 9, 6, 4, 2):
            if len(digits) >= length and digits[:length] in self._by_significant:
                return self._by_significant[digits[:length]]
        raise UnknownDivision(code)

    def path(self, code: str) -> list[str]:
        """Returns the divisions whose packs hold for a division, the nation first."""
        path = [code]
        while path[0] != NATION:
            parent = self.packs[path[0]].content.parent or NATION
            if parent not in self.packs or parent in path:
                raise PackError(f"the parent {parent} of {path[0]} is not loaded", path[0])
            path.insert(0, parent)
        return path

    def has_own(self, code: str) -> bool:
        """Tells if a pack has rules, programmes or figures that count."""
        return bool(self.rule_versions[code] or self.programme_versions[code] or self.values[code])

    def safeguards(self, path: Iterable[str], date: dt.date) -> list[Safeguard]:
        """Returns the safeguards that must be on record, on a day, before an officer decides against a family."""
        declared = (safeguard for code in path for safeguard in self.packs[code].content.safeguards.values())
        return [safeguard for safeguard in declared if safeguard.covers(date)]

    def written_notices(self, path: Iterable[str], date: dt.date) -> list[WrittenNotice]:
        """Returns the written notices owed to a family on a day, with their outcomes and deadlines."""
        declared = (notice for code in path for notice in self.packs[code].content.written_notices.values())
        return [notice for notice in declared if notice.covers(date)]

    def remedies(self, path: Iterable[str], date: dt.date) -> list[tuple[Remedy, list[RemedyVersion]]]:
        """Returns the remedies against a decision of a day."""
        declared = (remedy for code in path for remedy in self.packs[code].content.remedies.values())
        found = ((remedy, [version for version in remedy.versions if version.covers(date)]) for remedy in declared)
        return [(remedy, versions) for remedy, versions in found if versions]

    def documents_of(self, path: Iterable[str]) -> dict[str, str]:
        """Returns the division whose pack holds each document that may be cited along a path."""
        return {name: code for code in path for name in self.packs[code].content.documents}

    def document_division(self, name: str, code: str) -> str | None:
        if code not in self._documents:
            self._documents[code] = self.documents_of(self.path(code))
        return self._documents[code].get(name)

    def same_as(self, parameter: str) -> tuple[str, ...]:
        """Returns the other parameters that print the same in another way, as a sum or as a share."""
        found = self._same.get(parameter)
        if found is None:
            first = self.parameters[parameter].instead_of or parameter
            same = (id_ for id_, declared in self.parameters.items() if first in (id_, declared.instead_of))
            found = self._same[parameter] = tuple(id_ for id_ in same if id_ != parameter)
        return found

    def line(self, code: str, parameter: str, key: str | int | None, reported: bool = False) -> Line[LinkedValue]:
        """Returns the values, or those that are only reported, that one pack gives a parameter for a key, those for all
        keys among them."""
        found = self._lines.get((code, parameter, key, reported))
        if found is None:
            given = (self.reported if reported else self.values)[code].get(parameter, ())
            found = self._lines[code, parameter, key, reported] = Line(v for v in given if v.key in (key, None))
        return found

    # linking

    def _names(self) -> Names:
        parameters = {
            id_: ParameterSpec(t.BY_NAME[p.unit], INDEX_TYPES[p.by] if p.by else None)
            for id_, p in self.parameters.items()
        }
        rules = {id_: RuleSpec(t.BY_NAME[r.unit], r.entity) for id_, r in self.rules.items()}
        for id_, programme in self.programmes.items():
            rules[f"{id_}.eligible"] = RuleSpec(t.BOOL, programme.entity)
        return Names(FACTS, COLLECTIONS, parameters, rules, frozenset(self.nation.questions))

    def _must_be_sound(self) -> None:
        """Raises PackError with every fault found so far."""
        if self._wrong:
            raise PackError.together(self._wrong)

    def _check_names(self) -> None:
        """A name is a name and nothing else (it becomes part of a program), and means one thing: no rule is called like
        a fact, a collection, a parameter or a question."""
        pack = self.packs[NATION]
        for id_, declared in self.parameters.items():
            if declared.instead_of is not None and declared.instead_of not in self.parameters:
                message = f"{declared.instead_of} is not a parameter the nation declares"
                self._wrong.append(pack.fault(message, "parameters", id_))
        for section, ids in (
            ("rules", self.rules),
            ("parameters", self.parameters),
            ("questions", self.nation.questions),
        ):
            for id_ in ids:
                if not is_name(id_):
                    self._wrong.append(pack.fault("a name is small letters, digits, dots and single _", section, id_))
        for id_, rule in self.rules.items():
            taken = {*FACTS[rule.entity], *COLLECTIONS.get(rule.entity, {})}
            if rule.entity == "household":
                taken |= {*self.parameters, *self.nation.questions}
            if id_ in taken:
                self._wrong.append(pack.fault(f"{id_} is already the name of something else", "rules", id_))

    def _link_rules(self, pack: Pack) -> dict[str, list[LinkedRule]]:
        for section in ("parameters", "questions"):
            for id_ in getattr(pack.content, section) if pack.code != NATION else ():
                self._wrong.append(pack.fault(f"only the nation declares {section}", section, id_))
        linked: dict[str, list[LinkedRule]] = {}
        for id_, rule in pack.content.rules.items():
            if pack.code != NATION:
                message = "only the nation declares rules; a place replaces those it left open"
                self._wrong.append(pack.fault(message, "rules", id_))
                continue
            linked[id_] = list(self._versions(pack, "rules", id_, rule.formula, rule.versions))
        for id_, replacement in pack.content.replaces.items():
            if self._is_open(pack, "replaces", id_, self.rules.get(id_)):
                linked[id_] = list(self._versions(pack, "replaces", id_, replacement.formula, replacement.versions))
        return linked

    def _is_open(self, pack: Pack, section: str, id_: str, declared: object) -> bool:
        """Tells if a pack may replace a rule or a programme; notes the fault if it may not."""
        opening = getattr(declared, "open", None)
        if declared is None:
            self._wrong.append(pack.fault(f"{id_} is not declared by the nation", section, id_))
            return False
        if opening is None or pack.content.level not in opening.to:
            message = f"the nation does not leave {id_} open to a {pack.content.level}"
            self._wrong.append(pack.fault(message, section, id_))
            return False
        return True

    def _versions(
        self, pack: Pack, section: str, id_: str, formula: str | None, versions: list[RuleVersion]
    ) -> Iterator[LinkedRule]:
        rule = self.rules[id_]
        text = formula
        for number, version in enumerate(versions):
            text = version.formula or text
            path: tuple[str | int, ...] = ("versions", number, "formula") if version.formula else ("formula",)
            if text is None and not rule.closure:
                message = f"{id_} has no formula from {version.start}"
                self._wrong.append(pack.fault(message, section, id_, "versions", number))
                continue
            node = None if rule.closure else self._parse(pack, section, id_, path, text or "", rule)
            dates = self._known(pack, version.start, version.until, version.published, version.basis)
            yield LinkedRule(id_, pack.code, number, dates, version, text or "", node, tuple(added_facts(node)))

    def _parse(
        self, pack: Pack, section: str, id_: str, path: tuple[str | int, ...], text: str, rule: RuleDeclaration
    ) -> Node | None:
        """Parses a formula; notes the fault and returns None if it is wrong."""
        try:
            node = parse(text, rule.entity, self.names)
        except FormulaError as error:
            self._wrong.append(pack.formula_fault(error, section, id_, *path))
            return None
        wanted = t.BY_NAME[rule.unit]
        if t.unify(node.type, wanted) != wanted:
            self._wrong.append(pack.fault(f"{id_} is {wanted}, its formula is {node.type}", section, id_, *path))
        return node

    def _known(
        self,
        pack: Pack,
        start: dt.date,
        until: dt.date | None,
        published: dt.date | None,
        basis: Iterable[tuple[str, str]],
    ) -> Known:
        if published is None:
            days = [self._published(pack, document) for document, _ in basis]
            published = max((day for day in days if day is not None), default=start)
        return Known(start, until, published)

    def _published(self, pack: Pack, document: str) -> dt.date | None:
        division = self.document_division(document, pack.code)
        return self.packs[division].content.documents[document].published if division else None

    def _link_values(self, pack: Pack) -> tuple[dict[str, list[LinkedValue]], dict[str, list[LinkedValue]]]:
        """Links the values that count for everybody, and those that are only reported."""
        counting: dict[str, list[LinkedValue]] = {}
        reported: dict[str, list[LinkedValue]] = {}
        for name, values in pack.content.values.items():
            found = self._parameter_key(name)
            if found is None:
                self._wrong.append(pack.fault(f"{name} is not a parameter the nation declares", "values", name))
                continue
            id_, key = found
            for number, value in enumerate(values):
                dates = self._known(pack, value.start, value.until, value.published, [(value.document, "")])
                node = self._value_formula(pack, name, number, id_, value)
                found_in = reported if value.status == "reported" else counting
                found_in.setdefault(id_, []).append(LinkedValue(id_, key, pack.code, number, dates, value, node))
        return counting, reported

    def _parameter_key(self, name: str) -> tuple[str, str | int | None] | None:
        """Divides `dibao.standard.urban` into parameter and key (None: for all). Returns None for no parameter."""
        if name in self.parameters:
            return name, None
        id_, _, key = name.rpartition(".")
        declared = self.parameters.get(id_)
        keys = INDEX_KEYS.get(declared.by or "", ()) if declared else ()
        for candidate in keys:
            if str(candidate) == key:
                return id_, candidate
        return None

    def _value_formula(self, pack: Pack, name: str, number: int, id_: str, value: Value) -> Node | None:
        if value.formula is None:
            return None
        try:
            node = parse(value.formula, "household", self.names)
        except FormulaError as error:
            self._wrong.append(pack.formula_fault(error, "values", name, number, "formula"))
            return None
        wanted = t.BY_NAME[self.parameters[id_].unit]
        if t.unify(node.type, wanted) != wanted:
            message = f"{id_} is {wanted}, its formula is {node.type}"
            self._wrong.append(pack.fault(message, "values", name, number, "formula"))
        return node

    def _link_programmes(self, pack: Pack) -> dict[str, list[LinkedProgramme]]:
        linked: dict[str, list[LinkedProgramme]] = {}
        for id_, programme in pack.content.programmes.items():
            if pack.code != NATION:
                self._wrong.append(pack.fault("only the nation declares programmes", "programmes", id_))
                continue
            linked[id_] = [self._programme(pack, id_, version) for version in programme.versions]
        for id_, replacement in pack.content.replaces_programmes.items():
            if self._is_open(pack, "replaces_programmes", id_, self.programmes.get(id_)):
                linked[id_] = [self._programme(pack, id_, version) for version in replacement.versions]
        return linked

    def _programme(self, pack: Pack, id_: str, version: ProgrammeVersion) -> LinkedProgramme:
        dates = self._known(pack, version.start, version.until, version.published, version.basis)
        return LinkedProgramme(id_, pack.code, dates, version)

    def breakpoints(self, path: Iterable[str]) -> tuple[list[dt.date], list[dt.date]]:
        """Returns the days on which an item along a path begins or has ended, and the days on which it became known."""
        dates: set[dt.date] = set()
        known: set[dt.date] = set()
        ends: set[dt.date | None] = set()
        for linked in self.dated(path):
            dates.add(linked.start)
            known.add(linked.known)
            ends.add(linked.until)
        for code in path:
            for document in self.packs[code].content.documents.values():
                if document.start is not None:
                    dates.add(document.start)
                ends.add(document.until)
        for declared in self.programmes.values():
            for assumption in declared.assumptions:
                dates.update(day for day in (assumption.start,) if day)
                ends.add(assumption.until)
        dates.update(end + dt.timedelta(days=1) for end in ends if end is not None and end < dt.date.max)
        return sorted(dates), sorted(known)

    def dated(self, path: Iterable[str]) -> Iterator[Known]:
        """Yields the periods of everything along a path, and the days from which each item was known."""
        for code in path:
            versions = (self.rule_versions, self.values, self.reported, self.programme_versions, self.referral_versions)
            for group in versions:
                for items in group[code].values():
                    for item in items:
                        yield item.dates
