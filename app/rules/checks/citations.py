"""Checks of citations: the document is there, has the article, and was in force while it is relied on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from app.rules.packs.entries import AnyEntry, PackFault, timelines, with_last_days
from app.rules.packs.library import Library, LinkedProgramme, LinkedRule, LinkedValue
from app.rules.packs.pack import Pack
from app.rules.packs.schema import Document, Opening
from app.rules.packs.schema_beside import ChoiceVersion, RemedyVersion, WrittenNotice

Place = tuple[str | int, ...]
Cited = tuple[str, str | None, Place]  # document, article, place below what cites it


def faults_of_documents(library: Library) -> Iterator[PackFault]:
    """Finds cited documents that no pack along the path holds, articles they lack, and days they were not in force."""
    for pack in library.packs.values():
        for timeline in timelines(library, pack):
            for entry, last in with_last_days(timeline):
                yield from _of_entry(library, entry, last)
        yield from _undated(library, pack)
        yield from _of_notices(library, pack)


def _of_entry(library: Library, entry: AnyEntry, last: dt.date | None) -> Iterator[PackFault]:
    for name, article, place in _citations(entry):
        document = _document(library, entry.pack, name)
        wrong = _wrong(document, name, article) or _not_in_force(document, name, entry.start, last)
        if wrong:
            yield entry.fault(wrong, *place)


def _citations(entry: AnyEntry) -> Iterator[Cited]:
    item = entry.item
    if isinstance(item, LinkedValue):
        yield item.value.document, item.value.article, ("article" if item.value.article else "document",)
        return
    yield from _cited(item.version.basis, "basis")
    if isinstance(item, LinkedRule):
        for number, ground in enumerate(item.version.grounds):
            yield from _cited(ground.basis, "grounds", number, "basis")
    if isinstance(item, LinkedProgramme):
        for name, steps in item.version.procedure:
            for number, step in enumerate(steps):
                yield from _cited(step.basis, "procedure", name, number, "basis")


def _cited(basis: Iterable[tuple[str, str]], *place: str | int) -> Iterator[Cited]:
    for number, (name, article) in enumerate(basis):
        yield name, article, (*place, number)


def _document(library: Library, pack: Pack, name: str) -> Document | None:
    division = library.document_division(name, pack.code)
    return None if division is None else library.packs[division].content.documents[name]


def _wrong(document: Document | None, name: str, article: str | None) -> str | None:
    if document is None:
        return f"no pack along the path holds the document {name}"
    if article is not None and not document.has(article):
        return f"{name} has no article {article!r}"
    return None


def _not_in_force(document: Document | None, name: str, first: dt.date, last: dt.date | None) -> str | None:
    if document is None:
        return None
    if not document.in_force(first):
        return f"{name} was not in force on {first}"
    if document.until is not None and (last is None or document.until < last):
        return f"{name} ended on {document.until} and is relied on until {last or 'further notice'}"
    return None


def _undated(library: Library, pack: Pack) -> Iterator[PackFault]:
    """Checks citations of declarations, which have no days of their own: the document and the article must exist."""
    for name, held in pack.content.documents.items():
        for older in held.comes_before:
            if wrong := _wrong(_document(library, pack, older), older, None):
                yield PackFault.of(pack.fault(wrong, "documents", name, "comes_before"))
    for section, name, basis, place in _declarations(pack):
        for document, article, rest in _cited(basis, *place):
            wrong = _wrong(_document(library, pack, document), document, article)
            if wrong:
                yield PackFault.of(pack.fault(wrong, section, name, *rest))


def _of_notices(library: Library, pack: Pack) -> Iterator[PackFault]:
    """Checks that documents cited by notices and choices exist and are in force for as long as they are cited."""
    for section, name, dated, place in _told_in_notices(pack):
        for document, article, rest in _cited(dated.basis, *place, "basis"):
            held = _document(library, pack, document)
            wrong = _wrong(held, document, article) or _not_in_force(held, document, dated.start, dated.until)
            if wrong:
                yield PackFault.of(pack.fault(wrong, section, name, *rest))
    for name, remedy in pack.content.remedies.items():
        wrong = _wrong(_document(library, pack, remedy.law), remedy.law, None)
        if wrong:
            yield PackFault.of(pack.fault(wrong, "remedies", name, "law"))


def _told_in_notices(pack: Pack) -> Iterator[tuple[str, str, WrittenNotice | RemedyVersion | ChoiceVersion, Place]]:
    for id_, notice in pack.content.written_notices.items():
        yield "written_notices", id_, notice, ()
    for id_, remedy in pack.content.remedies.items():
        for number, version in enumerate(remedy.versions):
            yield "remedies", id_, version, ("versions", number)
    for id_, choice in pack.content.choices.items():
        for number, left in enumerate(choice.versions):
            yield "choices", id_, left, ("versions", number)


def _declarations(pack: Pack) -> Iterator[tuple[str, str, list[tuple[str, str]], Place]]:
    content = pack.content
    for id_, parameter in content.parameters.items():
        yield "parameters", id_, parameter.basis, ("basis",)
    for id_, safeguard in content.safeguards.items():
        yield "safeguards", id_, safeguard.basis, ("basis",)
    for id_, rule in content.rules.items():
        yield "rules", id_, _opened_by(rule.open), ("open", "basis")
    for programme, declared in content.programmes.items():
        yield "programmes", programme, _opened_by(declared.open), ("open", "basis")
        for number, caution in enumerate(declared.warnings):
            yield "programmes", programme, caution.basis, ("warnings", number, "basis")


def _opened_by(opening: Opening | None) -> list[tuple[str, str]]:
    return opening.basis if opening else []
