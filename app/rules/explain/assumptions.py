"""Lists assumptions of a result beyond the text of the law: choices, memory, inferred or supplied figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from app.rules.engine.evaluate import Assessment, Engine
from app.rules.engine.outcomes import Outcome
from app.rules.explain.sentences import figure_words
from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.rulesets.dependencies import parameters_read
from app.rules.rulesets.ruleset import Figure

Note = dict[str, Any]

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

    def of(self, assessment: Assessment, outcome: Outcome) -> list[Note]:
        """Returns the assumptions that decided something in an outcome."""
        notes = [note for when, note in self._declared if when is None or assessment.holds(when, outcome.person)]
        if outcome.rounded:
            notes.append(_ROUNDED[self.language])
        return notes + self._of_figures(outcome.amount is not None, assessment.household.residence)

    def _holding(self, date: dt.date) -> Iterator[tuple[str | None, Note]]:
        """Yields the programme's own assumptions on the day, each with the condition under which it is stated."""
        for assumption in self.engine.library.programmes[self.programme].assumptions:  # type: ignore[index]
            too_early = assumption.start is not None and date < assumption.start
            too_late = assumption.until is not None and date > assumption.until
            if too_early or too_late or (assumption.figure and not self._national(assumption.figure)):
                continue
            message = assumption.message[self.language]
            yield assumption.when, {"kind": assumption.kind, "id": assumption.id, "message": message}

    def _national(self, parameter: str) -> bool:
        """Tells if a figure is the nation's own: neither the place nor an officer gave one."""
        figures = self.engine.ruleset.parameters[parameter].figures.values()
        return all(f.source is not None and f.source.pack == self.engine.ruleset.path[0] for f in figures)

    def _of_figures(self, paid: bool, residence: str) -> list[Note]:
        """Returns the assumptions that figures bring: the same on every day that has this ruleset."""
        key = (self.programme, self.language, paid, residence)
        notes: list[Note] | None = self.engine.noted.get(key)
        if notes is None:
            notes = self.engine.noted[key] = list(self._read(paid, residence))
        return notes

    def _read(self, paid: bool, residence: str) -> Iterator[Note]:
        """Yields the assumptions of figures that the tests read, and the amount if one is paid."""
        version = self.engine.ruleset.programmes[self.programme].version
        rules = [*version.tests, *([version.group] if version.group else [])]
        if paid and version.amount:
            rules += [version.amount, *version.lines]
        library = self.engine.library
        for id_ in parameters_read(library, self.engine.ruleset, rules, through_results=True):
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
        until = figure.source.value.until if figure.source else None
        return _OF_FIGURES[kind][self.language].format(title=declared.title[self.language], value=value, until=until)


def _kinds(figure: Figure) -> Iterator[str]:
    """Yields the kinds of assumption that a figure brings; most figures bring none."""
    if figure.supplied:
        yield "supplied"
    source = figure.source.value if figure.source else None
    if source is None:
        return
    if figure.carried and source.until is not None:
        yield "carried"
    if source.status == "inferred":
        yield "inferred"
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
    "convention": {
        "zh": "{title}{value}只印到年份，年内调整日期不详",
        "en": "{title}: {value} is printed for the year; the day of a change within it is not known",
    },
}
