"""Names places and documents the same way in every answer: codes, names, levels, articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.rules.catalogue.schemas import Citation, Place, PlaceDocument
from app.rules.messages import Language
from app.rules.packs.library import NATION, Library


def division_head(library: Library, code: str, language: Language) -> Place:
    """Names a place: its code, its name, and whether it is fictional."""
    content = library.packs[code].content
    return Place(
        code=code,
        name=(content.name or {}).get(language, code),
        level=None if content.level == "nation" else content.level,
        fictional=content.fictional,
        parent=content.parent or NATION,
    )


def children(library: Library, code: str) -> list[str]:
    """Lists the codes of the loaded places directly below a place."""
    return [child for child, pack in library.packs.items() if pack.content.parent == code]


def documents(library: Library, code: str, language: Language) -> list[PlaceDocument]:
    """Lists the documents on which a place's own rules and figures rest."""
    return [
        PlaceDocument(
            document=name,
            title=document.title[language],
            number=document.number,
            published=day_text(document.published),
            note=document.note[language] if document.note else None,
        )
        for name, document in library.packs[code].content.documents.items()
    ]


def citations(basis: Iterable[tuple[str, str]]) -> list[Citation]:
    """Names documents with their articles; an empty article stands for the whole document."""
    return [Citation(document=document, article=article or None) for document, article in basis]


def day_text(value: dt.date | None) -> str | None:
    """Writes a day as YYYY-MM-DD; None for none."""
    return None if value is None else value.isoformat()
