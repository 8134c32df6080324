"""Names the gaps of a result with their leads: figures collected without the official text, to look for a notice by."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Final

from app.rules.language import types as t
from app.rules.messages import Language
from app.rules.packs.leads import LinkedLead
from app.rules.packs.library import Library
from app.rules.values.money import exact_text, format_fen

_MOST_KEPT: Final = 1024


class GapDetails:
    """Describes gaps of the results in one place, on one day and in one language; each set of gaps once."""

    def __init__(self, library: Library, path: list[str], date: dt.date, language: Language) -> None:
        self.library = library
        self.path = path
        self.date = date
        self.language: Language = language
        self._kept: dict[tuple[str, ...], list[dict[str, Any]]] = {}

    def of(self, gaps: tuple[str, ...]) -> list[dict[str, Any]]:
        """Returns title and leads of each gap; an officer's question has no leads."""
        found = self._kept.get(gaps)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[gaps] = [self._detail(id_) for id_ in gaps]
        return found

    def _detail(self, id_: str) -> dict[str, Any]:
        declared = self.library.parameters.get(id_)
        title = declared.title if declared is not None else self.library.nation.questions[id_]
        leads = [(code, lead) for code in reversed(self.path) for lead in self.library.leads[code].get(id_, ())]
        shown = [_shown(self.library, code, lead, self.language) for code, lead in leads if lead.covers(self.date)]
        return {"parameter": id_, "title": title[self.language], "leads": shown}


def every_lead(library: Library, code: str, language: Language) -> list[dict[str, Any]]:
    """Returns all leads of a place by parameter, whenever they are said to hold."""
    return [
        {
            "parameter": id_,
            "title": library.parameters[id_].title[language],
            "leads": [_shown(library, code, lead, language) for lead in leads],
        }
        for id_, leads in library.leads[code].items()
    ]


def _shown(library: Library, code: str, lead: LinkedLead, language: Language) -> dict[str, Any]:
    document = library.packs[code].content.documents[lead.document]
    unit = t.BY_NAME[library.parameters[lead.parameter].unit]
    if lead.per == "year" and unit == t.MONEY_MONTH:
        unit = t.MONEY_YEAR
    return {
        "key": None if lead.key is None else str(lead.key),
        "value": None if lead.printed is None else _text(lead.printed, unit),
        "unit": str(unit),
        "source": document.title[language],
        "address": document.address,
        "quote": lead.quote,
        "grade": lead.grade,
        "as_of": lead.start.isoformat() if lead.start else None,
    }


def _text(printed: Fraction | bool, unit: t.Type) -> str:
    if isinstance(printed, bool):
        return str(printed).lower()
    return format_fen(int(printed * 100)) if unit.kind == "money" else exact_text(printed)
