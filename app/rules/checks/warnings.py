"""Warns of figures that are lawful but seldom right; warnings stop no publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from app.rules.checks.constant_formulas import figure_of, figure_on
from app.rules.packs.entries import Entry, Key, PackFault, in_force, value_timelines, values_of, with_last_days
from app.rules.packs.indexes import INDEX_KEYS
from app.rules.packs.library import Library, LinkedValue
from app.rules.packs.pack import Pack
from app.rules.values.money import exact_text

STANDARD: Final = "dibao.standard"
BASIC: Final = "extreme_poverty.basic"
LEAST_SHARE: Final = Fraction("1.3")
LARGEST_CHANGE: Final = Fraction("0.25")
ABOUT_A_YEAR: Final = dt.timedelta(days=400)

Named = tuple[str, Key]  # a parameter and a residence

_RESIDENCE_ZH: Final = {"urban": "城镇", "rural": "农村"}


@dataclass(frozen=True, order=True)
class Finding(PackFault):
    """A warning about a figure, in both languages, with its file and line."""

    message_zh: str


def warnings(library: Library) -> list[Finding]:
    """Returns warnings about figures, each once, by file and line; they stop no publication."""
    found: set[Finding] = set()
    for pack in library.packs.values():
        for id_, key, timeline in value_timelines(library, pack):
            found.update(_changes(library, pack, id_, key, timeline))
            found.update(_years_without(library, pack, id_, key, timeline))
        found.update(_low_basic_living(library, pack))
        found.update(_rural_above_urban(library, pack))
    return sorted(found)


# two figures of one day


def _low_basic_living(library: Library, pack: Pack) -> Iterator[Finding]:
    """Warns of basic living in extreme poverty below 1.3 times the dibao standard of the same day and residence."""
    for residence in INDEX_KEYS["residence"]:
        for day, entry, basic, standard in _pairs(library, pack, (BASIC, residence), (STANDARD, residence)):
            least = standard * LEAST_SHARE
            if basic >= least:
                continue
            texts, texts_zh = _texts(library, BASIC, basic, standard, least)
            en, zh = _place(library, pack, BASIC, residence)
            yield _finding(
                entry,
                f"{en} on {day}: {texts[0]} is below 1.3 x {STANDARD} ({texts[1]} x 1.3 = {texts[2]})",
                f"{zh}，{day}：{texts_zh[0]}，低于低保标准的1.3倍（{texts_zh[1]}×1.3={texts_zh[2]}）",
            )


def _rural_above_urban(library: Library, pack: Pack) -> Iterator[Finding]:
    """Warns of a rural figure above the urban one of the same day."""
    for id_, declared in library.parameters.items():
        if declared.by != "residence":
            continue
        for day, entry, rural, urban in _pairs(library, pack, (id_, "rural"), (id_, "urban")):
            if rural <= urban:
                continue
            texts, texts_zh = _texts(library, id_, rural, urban)
            en, zh = _place(library, pack, id_, None)
            yield _finding(
                entry,
                f"{en} on {day}: rural {texts[0]} is above urban {texts[1]}",
                f"{zh}，{day}：农村{texts_zh[0]}，高于城镇{texts_zh[1]}",
            )


def _pairs(
    library: Library, pack: Pack, first: Named, second: Named
) -> Iterator[tuple[dt.date, Entry[LinkedValue], Fraction, Fraction]]:
    """Yields pairs of figures in force in a place, each once, with the first day and the place's own value.

    Pairs of which neither is the place's own are left to the division above.
    """
    path, seen = library.path(pack.code), set()
    entries = {
        id(entry.item): entry for entry in values_of(library, pack) if entry.item.parameter in (first[0], second[0])
    }
    for day in _days(library, path, (first[0], second[0])):
        values = [in_force(library, path, id_, key, day) for id_, key in (first, second)]
        figures = [figure_on(library, path, id_, key, day) for id_, key in (first, second)]
        own = [value for value in values if value is not None and value.pack == pack.code]
        pair = (figures[0], figures[1])
        if pair[0] is None or pair[1] is None or not own or pair in seen:
            continue
        seen.add(pair)
        yield day, entries[id(own[0])], pair[0], pair[1]


def _days(library: Library, path: list[str], parameters: tuple[str, ...]) -> list[dt.date]:
    """Returns days on which a value of the parameters begins along a path."""
    given = [library.values[code].get(id_, []) for code in path for id_ in parameters]
    return sorted({value.dates.start for values in given for value in values})


# from one value to the next


def _changes(library: Library, pack: Pack, id_: str, key: Key, timeline: list[Entry[LinkedValue]]) -> Iterator[Finding]:
    """Warns of a figure more than a quarter below or above the one that began up to about a year before."""
    for before, after in pairwise(_corrected(timeline)):
        old, new = _own_figure(library, before, key), _own_figure(library, after, key)
        if old is None or new is None or after.start - before.start > ABOUT_A_YEAR:
            continue
        if abs(new - old) <= old * LARGEST_CHANGE:
            continue
        (old_en, new_en), (old_zh, new_zh) = _texts(library, id_, old, new)
        en, zh = _place(library, pack, id_, key)
        word, word_zh = ("rises", "上升") if new > old else ("falls", "下降")
        yield _finding(
            after,
            f"{en} {word} by more than 25 %, from {old_en} ({before.start}) to {new_en} ({after.start})",
            f"{zh}{word_zh}超过25%：{before.start}起{old_zh}，{after.start}起{new_zh}",
        )


def _years_without(
    library: Library, pack: Pack, id_: str, key: Key, timeline: list[Entry[LinkedValue]]
) -> Iterator[Finding]:
    """Warns of years without a value between two values that are dated by the year."""
    for (before, last), (after, _) in pairwise(with_last_days(_corrected(timeline))):
        if last is None or {before.item.value.precision, after.item.value.precision} != {"year"}:
            continue
        first, final = last.year + 1, after.start.year - 1
        if first > final:
            continue
        years = str(first) if first == final else f"{first}-{final}"
        (old_en, new_en), (old_zh, new_zh) = _spoken(library, before, after, key)
        en, zh = _place(library, pack, id_, key)
        yield _finding(
            after,
            f"{en} has no value for {years}: {old_en} in {last.year}, {new_en} in {after.start.year}",
            f"{zh}缺{years}年的数值，此前{last.year}年{old_zh}，此后{after.start.year}年{new_zh}",
        )


def _corrected(timeline: list[Entry[LinkedValue]]) -> list[Entry[LinkedValue]]:
    """Keeps one value for each first day: the one known last."""
    return list({entry.start: entry for entry in timeline}.values())


def _own_figure(library: Library, entry: Entry[LinkedValue], key: Key) -> Fraction | None:
    """Returns a value's figure on its first day; None for a formula, which follows the values it rests on."""
    if entry.item.node is not None:
        return None
    return figure_of(library, library.path(entry.pack.code), entry.item, key, entry.start)


# words


def _finding(entry: Entry[LinkedValue], message: str, message_zh: str) -> Finding:
    error = entry.error(message)
    return Finding(error.file, error.line, error.column, error.message, message_zh)


def _place(library: Library, pack: Pack, id_: str, key: Key) -> tuple[str, str]:
    """Names the place and the parameter, in English and Chinese."""
    name = pack.content.name or {"en": pack.code, "zh": pack.code}
    title = library.parameters[id_].title["zh"]
    suffix, suffix_zh = ("", "") if key is None else (f".{key}", f"（{_RESIDENCE_ZH.get(str(key), str(key))}）")
    return f"{name['en']} ({pack.code}) {id_}{suffix}", f"{name['zh']}“{title}”{suffix_zh}"


def _texts(library: Library, id_: str, *figures: Fraction) -> tuple[list[str], list[str]]:
    """Writes figures in words: money a month per month where all are whole fen, else per year."""
    unit = library.parameters[id_].unit
    months = 1
    if unit == "CNY/month" and any((figure * 100).denominator != 1 for figure in figures):
        months, unit = 12, "CNY/year"
    numbers = [exact_text(figure * months) for figure in figures]
    en, zh = {"CNY/month": (" a month", "每月"), "CNY/year": (" a year", "每年")}.get(unit, ("", ""))
    yuan = "元" if unit.startswith("CNY") else ""
    return [f"{number}{en}" for number in numbers], [f"{zh}{number}{yuan}" for number in numbers]


def _spoken(
    library: Library, before: Entry[LinkedValue], after: Entry[LinkedValue], key: Key
) -> tuple[list[str], list[str]]:
    """Writes two values in words, also where a value is not one figure."""
    old, new = _own_figure(library, before, key), _own_figure(library, after, key)
    if old is None or new is None:
        return ["a value", "a value"], ["有数值", "有数值"]
    return _texts(library, before.item.parameter, old, new)
