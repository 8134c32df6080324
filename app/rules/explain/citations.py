"""Citations: documents and articles in force on a day, as answers name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from app.rules.messages import Language
from app.rules.packs.forms import Citation
from app.rules.packs.library import Library
from app.rules.packs.schema import Document


class Articles:
    """The documents along the path of one ruleset, on one day and in one language."""

    def __init__(self, library: Library, path: list[str], date: dt.date, language: Language) -> None:
        self.date = date
        self.language: Language = language
        self.documents: dict[str, Document] = {
            name: document for code in path for name, document in library.packs[code].content.documents.items()
        }
        self._known: dict[int, list[dict[str, Any]]] = {}

    def basis(self, citations: list[Citation]) -> list[dict[str, Any]]:
        """Returns the citations that are in force: never one that had not begun or had ended."""
        found = self._known.get(id(citations))
        if found is None:
            found = self._known[id(citations)] = list(self._in_force(citations))
        return found

    def uncached_basis(self, citations: Iterable[Citation]) -> list[dict[str, Any]]:
        """Returns the citations that are in force, of a list made for one answer."""
        return list(self._in_force(citations))

    def _in_force(self, citations: Iterable[Citation]) -> Iterator[dict[str, Any]]:
        for name, article in citations:
            document = self.documents.get(name)
            if document is not None and document.in_force(self.date):
                start = document.start.isoformat() if document.start else None
                yield {"document": name, "article": article or None, "from": start}

    def source(self, name: str, article: str | None) -> dict[str, Any]:
        """Describes the document that prints a figure."""
        document = self.documents.get(name)
        return {"document": name, "title": document.title[self.language] if document else name, "article": article}
