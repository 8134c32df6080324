"""Reviews what holds in a place on a day: what is old, indirect, about to end or overtaken, and what the place lacks.

How often figures were asked for or typed in is counted elsewhere, from stored decisions, and handed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from app.rules.catalogue.standards import STANDARDS
from app.rules.engine.evaluate import Engines
from app.rules.language import tree
from app.rules.packs.library import NATION, Library, LinkedValue
from app.rules.packs.schema import Document
from app.rules.rulesets.dependencies import sources
from app.rules.rulesets.ruleset import Accepting, Figure, Ruleset

SOON: Final = dt.timedelta(days=90)
MORE_THAN_A_YEAR: Final = dt.timedelta(days=400)
_SET_YEARLY: Final = {*(one for names in STANDARDS.values() for one in names), "disposable_income"}

Kind = Literal["stale", "inferred", "reported", "ends_soon", "overtaken", "supplied"]


@dataclass(frozen=True)
class Asked:
    """How many stored decisions of a place left a figure open, and how many had it typed in."""

    open: int = 0
    supplied: int = 0


@dataclass(frozen=True)
class ReviewFinding:
    """Something to look at: a figure, a rule or a programme, the document it rests on, and the day that matters."""

    kind: Kind
    id: str
    title: dict[str, str] = field(compare=False)
    document: str | None = None
    day: dt.date | None = None
    count: int = 0


@dataclass(frozen=True)
class Lacking:
    """A figure or an officer's question that keeps answers open, with how often it was asked for; the most asked first."""

    id: str
    title: dict[str, str]
    asked: Asked
    leads: int


@dataclass(frozen=True)
class PlaceReview:
    code: str
    name: dict[str, str]
    findings: list[ReviewFinding] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)


Counted = Mapping[str, Mapping[str, Asked]]  # by division and parameter


def review(
    library: Library, engines: Engines, places: Iterable[str], date: dt.date, known: dt.date, counted: Counted
) -> list[PlaceReview]:
    """Reviews places on a day, by what was known by another. Raises NoLaw if no rule was in force."""
    return [_Reviewer(library, engines, code, date, known, counted.get(code, {})).review() for code in places]


def places_of_interest(library: Library, counted: Counted) -> list[str]:
    """Lists the places that have figures of their own, or stored decisions that asked for some."""
    return [code for code in library.packs if code != NATION and (library.values[code] or code in counted)]


class _Reviewer:
    def __init__(
        self, library: Library, engines: Engines, code: str, date: dt.date, known: dt.date, counted: Mapping[str, Asked]
    ) -> None:
        self.library = library
        self.code = code
        self.date = date
        self.counted = counted
        self.ruleset = engines.at(code, date, known).ruleset
        self.carried = engines.at(code, date, known, Accepting(carried=True)).ruleset
        self.reported = engines.at(code, date, known, Accepting(reported=True)).ruleset
        self.documents: dict[str, Document] = {
            name: document
            for one in self.ruleset.path
            for name, document in library.packs[one].content.documents.items()
        }
        self.newer = {
            older: name
            for name, document in self.documents.items()
            if document.in_force(date)
            for older in document.comes_before
        }

    def review(self) -> PlaceReview:
        found = dict.fromkeys([*self._figures(), *self._rules(), *self._supplied()])
        name = self.library.packs[self.code].content.name or {"zh": self.code, "en": self.code}
        return PlaceReview(
            self.code, name, list(found), sorted(self._lacking(), key=lambda one: (-one.asked.open, one.id))
        )

    def _title(self, id_: str) -> dict[str, str]:
        declared = self.library.parameters.get(id_) or self.library.rules.get(id_)
        return declared.title if declared else self.library.nation.questions[id_]

    def _figures(self) -> Iterator[ReviewFinding]:
        for id_, parameter in self.ruleset.parameters.items():
            held = [figure.source for figure in parameter.figures.values()] or [parameter.source]
            for source in {id(one): one for one in held if one is not None}.values():
                yield from self._figure(id_, source)
            if not parameter.published:
                for figure in _of(self.carried, id_):
                    if figure.source:
                        yield self._found("stale", id_, figure.source, figure.source.dates.until)
                for figure in _of(self.reported, id_):
                    if figure.source:
                        yield self._found("reported", id_, figure.source)

    def _figure(self, id_: str, source: LinkedValue) -> Iterator[ReviewFinding]:
        dates, value = source.dates, source.value
        if value.status == "inferred":
            yield self._found("inferred", id_, source)
        if dates.until is not None and dates.until <= self.date + SOON:
            yield self._found("ends_soon", id_, source, dates.until)
        if (
            dates.until is None
            and id_ in _SET_YEARLY
            and self.library.parameters[id_].unit.startswith("CNY")
            and source.pack != NATION
            and self.date - dates.start > MORE_THAN_A_YEAR
        ):
            yield self._found("stale", id_, source, dates.start)
        if value.document in self.newer:
            yield self._found("overtaken", id_, source)

    def _found(self, kind: Kind, id_: str, source: LinkedValue, day: dt.date | None = None) -> ReviewFinding:
        return ReviewFinding(kind, id_, self._title(id_), source.value.document, day)

    def _rules(self) -> Iterator[ReviewFinding]:
        """Yields rules and programmes that end soon, and those all of whose articles a newer document comes before."""
        versions = [
            (id_, self.library.rules[id_].title, one.version.cited(), one.dates)
            for id_, one in self.ruleset.rules.items()
        ]
        versions += [
            (id_, self.library.programmes[id_].title, one.version.basis, one.dates)  # type: ignore[index]
            for id_, one in self.ruleset.programmes.items()
        ]
        for id_, title, basis, dates in versions:
            if dates.until is not None and dates.until <= self.date + SOON:
                yield ReviewFinding("ends_soon", id_, title, None, dates.until)
            if basis and all(document in self.newer for document, _ in basis):
                yield ReviewFinding("overtaken", id_, title, basis[0][0])

    def _supplied(self) -> Iterator[ReviewFinding]:
        """Yields the figures that officers typed in, the most often first."""
        for id_, asked in sorted(self.counted.items(), key=lambda one: (-one[1].supplied, one[0])):
            if asked.supplied and id_ in self.library.parameters:
                yield ReviewFinding("supplied", id_, self._title(id_), count=asked.supplied)

    def _lacking(self) -> Iterator[Lacking]:
        """Yields the figures that rules ask for and the place has not, and what stored decisions left open."""
        known = {*self.library.parameters, *self.library.nation.questions}
        unpublished = {id_ for id_, one in self.ruleset.parameters.items() if not one.published}
        lacking = unpublished & set(_read_openly(self.library, self.ruleset))
        asked = {id_ for id_, one in self.counted.items() if one.open and id_ in known}
        for id_ in lacking | {id_ for id_ in asked if not self._is_published(id_)}:
            leads = self.library.leads[self.code].get(id_, [])
            yield Lacking(id_, self._title(id_), self.counted.get(id_, Asked()), len(leads))

    def _is_published(self, id_: str) -> bool:
        return id_ in self.ruleset.parameters and self.ruleset.parameters[id_].published


def _read_openly(library: Library, ruleset: Ruleset) -> Iterator[str]:
    """Yields the parameters that a formula reads without asking first whether they are published: unpublished, they stay
    open in answers."""
    for source in sources(library, ruleset).values():
        parts = list(tree.walk(source.node))
        guarded = {part.id for part in parts if isinstance(part, tree.Published)}
        for part in parts:
            if isinstance(part, tree.Unpublished):
                yield part.parameter
            elif isinstance(part, tree.Parameter) and part.id not in guarded:
                yield part.id


def _of(ruleset: Ruleset, parameter: str) -> list[Figure]:
    return list(ruleset.parameters[parameter].figures.values())
