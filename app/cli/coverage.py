"""Shows which places publish which standards, year by year."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from app.rules.messages import Language
from app.rules.packs.leads import LinkedLead
from app.rules.packs.library import NATION, Library, LinkedValue

_SHOWN: Final = ("dibao.standard", "extreme_poverty.basic", "orphan.dispersed", "unattended_child.standard", "disability.living",
                 "disability.care", "low_income.upper", "old_age.allowance", "education_aid.amount")  # fmt: skip
_SIGNS: Final = {"published": ("█", "green"), "inferred": ("▒", "yellow"), "reported": ("?", "cyan"), "lead": ("?", "magenta"),
                 "gap": ("·", "dim")}  # fmt: skip
_LEGEND: Final[dict[Language, str]] = {
    "zh": "█ 已公布  ▒ 间接得出  ? 仅有线索（未见原文，不作计算）  · 未公布",
    "en": "█ published  ▒ inferred  ? a lead only (official text not seen, never counted)  · gap",
}


def coverage_rows(library: Library, language: Language) -> list[dict[str, Any]]:
    """List each place and standard, with its state in each year: published, inferred, reported, a lead or a gap.

    Of a province or a place with leads, only the standards of which something is held.
    """
    years = _years(library)
    rows = []
    for code, pack in library.packs.items():
        if code == NATION:
            continue
        name = (pack.content.name or {}).get(language, code)
        for parameter in _SHOWN:
            values, leads = library.values[code].get(parameter, []), library.leads[code].get(parameter, [])
            if not values and not leads and (library.leads[code] or pack.content.level == "province"):
                continue
            states = {str(year): _state(values, leads, year) for year in years}
            title = library.parameters[parameter].title[language]
            rows.append({"division": code, "name": name, "parameter": parameter, "title": title, "years": states})
    return rows


def _years(library: Library) -> range:
    starts = [v.dates.start.year for c, p in library.values.items() if c != NATION for vs in p.values() for v in vs]
    return range(min(starts), max(starts) + 1)


def _state(values: list[LinkedValue], leads: list[LinkedLead], year: int) -> str:
    states: set[str] = {v.value.status for v in values if _meets(v.dates.start, v.dates.until, year)}
    states |= {
        "reported" if lead.grade == "B" else "lead"
        for lead in leads
        if _meets(lead.start or dt.date.min, lead.until, year)
    }
    return next((state for state in _SIGNS if state in states), "gap")


def _meets(start: dt.date, until: dt.date | None, year: int) -> bool:
    return start <= dt.date(year, 12, 31) and (until is None or until >= dt.date(year, 1, 1))


def coverage_table(library: Library, language: Language) -> Table:
    """Draw the coverage: a sign for each year."""
    rows = coverage_rows(library, language)
    years = list(rows[0]["years"])
    table = Table(caption=_LEGEND[language], caption_justify="left")
    table.add_column("地区" if language == "zh" else "Place")
    table.add_column("标准" if language == "zh" else "Standard", overflow="fold")
    table.add_column(f"{years[0]} … {years[-1]}", no_wrap=True)
    place = ""
    for row in rows:
        if row["name"] != place:
            table.add_section()
        blocks = Text()
        for state in row["years"].values():
            sign, style = _SIGNS[state]
            blocks.append(sign, style=style)
        table.add_row(row["name"] if row["name"] != place else "", row["title"], blocks)
        place = row["name"]
    return table
