"""Lists assumptions of a result beyond the text of the law: choices, memory, inferred or supplied figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.rules.engine.evaluate import Assessment, Engine
from app.rules.engine.household import EngineHousehold
from app.rules.engine.outcomes import Outcome, Test
from app.rules.explain.sentences import figure_words
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.rulesets.dependencies import figures_carrying, parameters_read
from app.rules.rulesets.ruleset import Figure

Note = dict[str, Any]
Carried = Mapping[str, frozenset[str]]  # of each programme, the rules its results rest on

_MOST_NOTED: Final = 4096


def carrying_tests(library: Library, outcome: Outcome) -> tuple[Test, ...]:
    """Returns the tests that carried an outcome: of a refusal one alone, if without it the others have no meaning."""
    if outcome.status == "ineligible":
        for test in outcome.tests:
            if test.holds is False and library.rules[test.rule].settles:
                return (test,)
    return outcome.tests


def results_rest_on(library: Library, outcomes: Iterable[Outcome]) -> dict[str, frozenset[str]]:
    """Returns the tests that each programme's results rest on, of all people together."""
    found: dict[str, set[str]] = {}
    for outcome in outcomes:
        rules = (test.rule for test in carrying_tests(library, outcome))
        found.setdefault(outcome.programme, set()).update(rules)
    return {programme: frozenset(rules) for programme, rules in found.items()}


_ROUNDED: Final[dict[Language, Note]] = {
    "zh": {"kind": "choice", "id": "rounding", "message": "金额在最后向上取整到分"},
    "en": {"kind": "choice", "id": "rounding", "message": "The amount is rounded up to the fen at the very end"},
}


class Assumptions:
    """Lists the assumptions of one programme in one ruleset, on one day and in one language."""

    def __init__(self, engine: Engine, programme: str, date: dt.date, language: Language) -> None:
        self.engine = engine
        self.programme = programme
        self.language: Language = language
        self._declared = list(self._holding(date))

    def of(self, assessment: Assessment, outcome: Outcome, tests: Sequence[Test], carried: Carried) -> list[Note]:
        """Returns the assumptions that decided something in an outcome, which `tests` carried."""
        paid = outcome.amount is not None
        stated = ((when, note) for when, of_amount, note in self._declared if paid or not of_amount)
        notes = [note for when, note in stated if when is None or assessment.holds(when, outcome.person)]
        if outcome.rounded:
            notes.append(_ROUNDED[self.language])
        return notes + self._of_figures(carried, tests, paid, assessment.household)

    def _holding(self, date: dt.date) -> Iterator[tuple[str | None, bool, Note]]:
        """Yields the programme's own assumptions on the day, each with the condition under which it is stated."""
        for assumption in self.engine.library.programmes[self.programme].assumptions:  # type: ignore[index]
            too_early = assumption.start is not None and date < assumption.start
            too_late = assumption.until is not None and date > assumption.until
            if too_early or too_late or (assumption.figure and not self._national(assumption.figure)):
                continue
            message = assumption.message[self.language]
            yield assumption.when, assumption.paid, {"kind": assumption.kind, "id": assumption.id, "message": message}

    def _national(self, parameter: str) -> bool:
        """Tells if a figure is the nation's own: neither the place nor an officer gave one."""
        figures = self.engine.ruleset.parameters[parameter].figures.values()
        return all(f.source is not None and f.source.pack == self.engine.ruleset.path[0] for f in figures)

    def _of_figures(
        self, carried: Carried, tests: Sequence[Test], paid: bool, household: EngineHousehold
    ) -> list[Note]:
        """Returns the assumptions that figures bring: the same on every day that has this ruleset."""
        residence, nobody = household.residence, not household.obligors
        named: tuple[Any, ...] = (self.programme, self.language, paid, residence)
        every: list[Note] | None = self.engine.noted.get(named)
        if every is None:
            every = self.engine.noted[named] = list(self._notes(self._read([], paid, None), residence))
        if not every or self.engine.ruleset.edition == 1:
            return every
        failed = tuple(test.rule for test in tests if test.holds is not True)
        key = (*named, failed, nobody, *carried.items())
        notes: list[Note] | None = self.engine.noted.get(key)
        if notes is None:
            if len(self.engine.noted) >= _MOST_NOTED:
                self.engine.noted.clear()
            notes = self.engine.noted[key] = list(
                self._notes(self._read([t.rule for t in tests], paid, carried, nobody), residence)
            )
        return notes

    def _read(self, tests: list[str], paid: bool, carried: Carried | None, nobody: bool = False) -> list[str]:
        """Returns the parameters that tests read, all of the programme's if none are given, and the amount if one is paid.

        `carried` says what other programmes' results rest on; the standard comes first, as the nation declares it. Where
        `nobody` outside owes support, the rules for obligors decided nothing.
        """
        ruleset, library = self.engine.ruleset, self.engine.library
        version = ruleset.programmes[self.programme].version
        rules = [*(tests if carried is not None else version.tests), *([version.group] if version.group else [])]
        if paid and version.amount:
            rules += [version.amount, *version.lines]
        if carried is None:
            return parameters_read(library, ruleset, rules, through_results=True)
        read = figures_carrying(library, ruleset, rules, carried, "obligor" if nobody else None)
        return [id_ for id_ in library.parameters if id_ in read]

    def _notes(self, parameters: list[str], residence: str) -> Iterator[Note]:
        library = self.engine.library
        for id_ in parameters:
            figures = self.engine.ruleset.parameters[id_].figures
            if library.parameters[id_].by == "residence":
                shown = [figure for key, figure in figures.items() if key in (None, residence)]
            else:  # one document prints a whole table: its first entry speaks for it, beside what an officer supplied
                supplied = [figure for figure in figures.values() if figure.supplied]
                shown = supplied + [figure for figure in figures.values() if not figure.supplied][:1]
            for figure in shown:
                yield from self._on_figure(id_, figure)

    def _on_figure(self, id_: str, figure: Figure) -> Iterator[Note]:
        for kind in _kinds(figure):
            yield {"kind": kind, "id": id_, "message": self._message(kind, id_, figure)}

    def _message(self, kind: str, id_: str, figure: Figure) -> str:
        declared = self.engine.library.parameters[id_]
        value = figure_words(figure, t.BY_NAME[declared.unit], self.language)
        source = figure.source
        said = {"title": declared.title[self.language], "value": value, "until": source.value.until if source else None}
        if source is not None and kind == "reported":
            documents = self.engine.library.packs[source.pack].content.documents
            said["document"] = documents[source.value.document].title[self.language]
        return _OF_FIGURES[kind][self.language].format(**said)


def brings_note(figure: Figure) -> bool:
    """Tells if a figure brings an assumption."""
    return any(True for _ in _kinds(figure))


def _kinds(figure: Figure) -> Iterator[str]:
    """Yields the kinds of assumption that a figure brings; most figures bring none."""
    if figure.supplied:
        yield "supplied"
    source = figure.source.value if figure.source else None
    if source is None:
        return
    if figure.carried and source.until is not None:
        yield "carried"
    if source.status != "published":
        yield source.status
    elif source.precision == "year":
        yield "convention"


_OF_FIGURES: Final[dict[str, dict[Language, str]]] = {
    "supplied": {
        "zh": "{title}{value}，由经办人员按手中的通知录入",
        "en": "{title}: {value}, supplied by the officer from the notice in hand",
    },
    "carried": {
        "zh": "{title}沿用截至{until}的数值{value}",
        "en": "{title}: the value that ended on {until} ({value}) is carried on",
    },
    "inferred": {
        "zh": "{title}{value}由文件间接得出",
        "en": "{title}: {value} follows from the document only indirectly",
    },
    "reported": {
        "zh": "{title}{value}据转载的{document}，未见原文",
        "en": "{title}: {value}, reported of {document}; the official text itself was not seen",
    },
    "convention": {
        "zh": "{title}{value}只印到年份，年内调整日期不详",
        "en": "{title}: {value} is printed for the year; the day of a change within it is not known",
    },
}
