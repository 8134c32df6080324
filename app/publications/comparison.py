"""Compares a pack with the one in force: what is added, changed, ended and taken away, entry by entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from app.publications.schemas import (
    Cited,
    Comparison,
    DocumentChange,
    Kind,
    RuleChange,
    RuleVersionSide,
    ValueChange,
    ValueSide,
)
from app.rules.catalogue.places import day_text
from app.rules.messages import Language
from app.rules.packs.library import Library
from app.rules.packs.pack import Pack
from app.rules.packs.schema import Document, PackContent, Replacement, RuleDeclaration, Value
from app.rules.values.money import exact_text

T = TypeVar("T")
_SHOWN: Final = ("documents", "values", "rules", "replaces", "programmes", "replaces_programmes")


@dataclass(frozen=True)
class RuleText:
    """A version of a rule: its days, its formula, its articles."""

    start: dt.date
    until: dt.date | None
    published: dt.date | None
    formula: str
    basis: tuple[tuple[str, str], ...]


def comparison(before: Pack | None, after: Pack, library: Library, language: Language) -> Comparison:
    """Compares a pack with the one in force, or with nothing where there is none. `library` has the names."""
    old = before.content if before else PackContent()
    new = after.content
    return Comparison(
        values=list(_values(old, new, library, language)),
        rules=list(_rules(old, new, library, language)),
        programmes=sorted(_differing(_programmes(old), _programmes(new))),
        documents=list(_documents(old.documents, new.documents, language)),
        other=[name for name in PackContent.model_fields if name not in _SHOWN and _differs(name, old, new)],
    )


def first_days(before: Pack | None, after: Pack) -> list[dt.date]:
    """Lists the days from which a pack says something otherwise, in their order."""
    old, new = before.content if before else PackContent(), after.content
    days: set[dt.date] = set()
    for _, kind, left, right in _pairs(old.values, new.values, _ended_value):
        days |= _days(kind, left, right)
    for _, kind, one, other in _pairs(_texts(old), _texts(new), _ended_rule):
        days |= _days(kind, one, other)
    for id_ in _differing(_programmes(old), _programmes(new)):
        versions = {**_programmes(old), **_programmes(new)}[id_].versions
        days |= {version.start for version in versions}
    for name in _differing(old.documents, new.documents):
        days |= {day for one in (old, new) if name in one.documents and (day := one.documents[name].start)}
    return sorted(days)


def _days(kind: Kind, left: Any, right: Any) -> set[dt.date]:
    if kind == "ended":
        return {right.until + dt.timedelta(days=1)} if right.until < dt.date.max else set()
    return {side.start for side in (left, right) if side is not None}


def _values(old: PackContent, new: PackContent, library: Library, language: Language) -> Iterator[ValueChange]:
    for name, kind, left, right in _pairs(old.values, new.values, _ended_value):
        declared = library.parameters.get(name) or library.parameters.get(name.rpartition(".")[0])
        yield ValueChange(
            value=name,
            kind=kind,
            title=declared.title[language] if declared else name,
            unit=declared.unit if declared else None,
            left=_value(left),
            right=_value(right),
        )


def _rules(old: PackContent, new: PackContent, library: Library, language: Language) -> Iterator[RuleChange]:
    for id_, kind, left, right in _pairs(_texts(old), _texts(new), _ended_rule):
        declared = library.rules.get(id_)
        title = declared.title[language] if declared else id_
        yield RuleChange(rule=id_, kind=kind, title=title, left=_rule(left), right=_rule(right))


def _documents(
    old: Mapping[str, Document], new: Mapping[str, Document], language: Language
) -> Iterator[DocumentChange]:
    for name in _differing(old, new):
        kind: Kind = "added" if name not in old else "removed" if name not in new else "changed"
        document = new.get(name) or old[name]
        yield DocumentChange(
            document=name,
            kind=kind,
            title=document.title[language],
            number=document.number,
            published=day_text(document.published),
        )


def _pairs(
    old: Mapping[str, list[T]], new: Mapping[str, list[T]], ended: Callable[[T, T], bool]
) -> Iterator[tuple[str, Kind, T | None, T | None]]:
    """Entries that are not the same on both sides, those that begin on one day beside each other."""
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = _by_start(old.get(name, [])), _by_start(new.get(name, []))
        added: dict[dt.date, list[T]] = {}
        for start, entries in after.items():
            added[start] = [one for one in entries if one not in before.get(start, [])]
        for one in old.get(name, []):
            start = _start(one)
            if one in after.get(start, []):
                continue
            if not added.get(start):
                yield name, "removed", one, None
            else:
                other = added[start].pop(0)
                yield name, "ended" if ended(one, other) else "changed", one, other
        for entries in added.values():
            for other in entries:
                yield name, "added", None, other


def _by_start(entries: list[T]) -> dict[dt.date, list[T]]:
    """Groups entries by the day on which they begin: a notice may give thousands, and only those of a day are compared."""
    found: dict[dt.date, list[T]] = {}
    for entry in entries:
        found.setdefault(_start(entry), []).append(entry)
    return found


def _start(entry: Any) -> dt.date:
    start: dt.date = entry.start
    return start


def _ended_value(left: Value, right: Value) -> bool:
    return left.until is None and right.until is not None and left == right.model_copy(update={"until": None})


def _ended_rule(left: RuleText, right: RuleText) -> bool:
    return left.until is None and right.until is not None and (left.formula, left.basis) == (right.formula, right.basis)


def _texts(content: PackContent) -> dict[str, list[RuleText]]:
    """Each rule's versions, a version without a formula of its own with that of the one before."""
    found: dict[str, list[RuleText]] = {}
    declared: list[tuple[str, RuleDeclaration | Replacement]] = [*content.rules.items(), *content.replaces.items()]
    for id_, rule in declared:
        text = rule.formula
        found[id_] = []
        for version in rule.versions:
            text = version.formula or text
            basis = tuple(version.cited())
            found[id_].append(RuleText(version.start, version.until, version.published, text or "", basis))
    return found


def _programmes(content: PackContent) -> dict[str, Any]:
    return dict([*content.programmes.items(), *content.replaces_programmes.items()])


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = [*old, *(name for name in new if name not in old)]
    return [name for name in names if old.get(name) != new.get(name)]


def _differs(section: str, old: PackContent, new: PackContent) -> bool:
    return bool(getattr(old, section) != getattr(new, section))


def _value(value: Value | None) -> ValueSide | None:
    if value is None:
        return None
    return ValueSide(
        start=value.start.isoformat(),
        until=day_text(value.until),
        published=day_text(value.published),
        figure=_figure(value),
        per=value.per,
        document=value.document,
        article=value.article,
    )


def _figure(value: Value) -> str:
    if value.formula is not None:
        return value.formula
    if value.table is not None:
        return ", ".join(f"{stage}: {exact_text(number)}" for stage, number in value.table.items())
    if value.bands is not None:
        return ", ".join(f"{age}: {_band(band)}" for age, band in sorted(value.bands.items()))
    if value.low is not None and value.high is not None:
        return _band((value.low, value.high))
    return str(value.value).lower() if value.value is None or isinstance(value.value, bool) else exact_text(value.value)


def _band(band: Any) -> str:
    return "–".join(map(exact_text, band)) if isinstance(band, tuple) else exact_text(band)


def _rule(rule: RuleText | None) -> RuleVersionSide | None:
    if rule is None:
        return None
    return RuleVersionSide(
        start=rule.start.isoformat(),
        until=day_text(rule.until),
        published=day_text(rule.published),
        formula=rule.formula or None,
        basis=[Cited(document=document, article=article or None) for document, article in rule.basis],
    )
