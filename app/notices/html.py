"""Notices as HTML to print: each sentence carries the pointers of the fields it says in `data-fields`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.notices.sentences import Notice, Sentence

_LISTED: Final = frozenset({"line", "lines.sum", "test", "test.plain", "missing", "gap"})


def html_of(notice: Notice) -> str:
    """Write the page, without scripts and without anything from elsewhere."""
    return _template().render(notice=notice, english=notice.language == "en")


def _grouped(sentences: Iterable[Sentence]) -> list[tuple[bool, list[Sentence]]]:
    """Group sentences in their order; those of a list stand together, with True."""
    return [(listed, list(group)) for listed, group in groupby(sentences, lambda one: one.kind in _LISTED)]


def _attribute(fields: Iterable[str]) -> str:
    """Join pointers with spaces; a space within a pointer is written %20."""
    return " ".join(field.replace(" ", "%20") for field in fields)


@lru_cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"grouped": _grouped, "attribute": _attribute}
    return environment.get_template("notice.html")
