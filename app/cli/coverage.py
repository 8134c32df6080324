"""Shows which places publish which standards, year by year."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from app.rules.messages import Language
from app.rules.packs.library import NATION, Library, LinkedValue

_SHOWN: Final = ("dibao.standard", "extreme_poverty.basic", "orphan.dispersed", "unattended_child.standard", "disability.living",
                 "disability.care", "low_income.upper", "old_age.allowance", "education_aid.amount")  # fmt: skip
_SIGNS: Final = {"published": ("█", "green"), "inferred": ("▒", "yellow"), "gap": ("·", "dim")}


def coverage_rows(library: Library, language: Language) -> list[dict[str, Any]]:
    """List each place and standard, with its state in each year: published, inferred or a gap."""
    years = _years(library)
    rows = []
    for code, pack in library.packs.items():
        if code == NATION or pack.content.level == "province":
            continue
        name = (pack.content.name or {}).get(language, code)
        for parameter in _SHOWN:
            values = library.values[code].get(parameter, [])
            states = {str(year): _state(values, year) for year in years}
            title = library.parameters[parameter].title[language]
            rows.append({"division": code, "name": name, "parameter": parameter, "title": title, "years": states})
    return rows


def _years(library: Library) -> range:
    starts = [v.dates.start.year for c, p in library.values.items() if c != NATION for vs in p.values() for v in vs]
    return range(min(starts), max(starts) + 1)


def _state(values: list[LinkedValue], year: int) -> str:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    states = {
        v.value.status for v in values if v.dates.start <= last and (v.dates.until is None or v.dates.until >= first)
    }
    return "published" if "published" in states else "inferred" if states else "gap"


def coverage_table(library: Library, language: Language) -> Table:
    """Draw the coverage: a block for a published year, a shaded block for an inferred one, a dot for a gap."""
    rows = coverage_rows(library, language)
    years = list(rows[0]["years"])
    legend = "█ 已公布  ▒ 间接得出  · 未公布" if language == "zh" else "█ published  ▒ inferred  · gap"
    table = Table(caption=legend, caption_justify="left")
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
