"""The places that have rules of their own: names, levels, parents and children, documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.rules.messages import Language
from app.rules.packs.library import NATION, Library


def division_head(library: Library, code: str, language: Language) -> dict[str, Any]:
    """How a place is named wherever it is named: its code, its name, and whether it is fictional."""
    content = library.packs[code].content
    return {
        "code": code,
        "name": (content.name or {}).get(language, code),
        "level": content.level,
        "fictional": content.fictional,
        "parent": content.parent or NATION,
    }


def children(library: Library, code: str) -> list[str]:
    return [child for child, pack in library.packs.items() if pack.content.parent == code]


def documents(library: Library, code: str, language: Language) -> list[dict[str, Any]]:
    """The documents on which a place's own rules and figures rest."""
    return [
        {
            "document": name,
            "title": document.title[language],
            "number": document.number,
            "published": day_text(document.published),
            "note": document.note[language] if document.note else None,
        }
        for name, document in library.packs[code].content.documents.items()
    ]


def day_text(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()
