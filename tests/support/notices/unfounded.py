"""Whether a sentence says more than stands at its pointers. Shares nothing with what writes sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from app.notices.sentences import Sentence

_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"),
    (re.compile(r"(\d{4})年(\d{1,2})月"), lambda m: f"{m[1]}-{int(m[2]):02d}"),
    (re.compile(rf"(\d{{1,2}}) ({_MONTHS}) (\d{{4}})"), lambda m: f"{m[3]}-{_number(m[2])}-{int(m[1]):02d}"),
    (re.compile(rf"({_MONTHS}) (\d{{4}})"), lambda m: f"{m[2]}-{_number(m[1])}"),
)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_TITLE: Final = re.compile(r"《([^》]*)》")
_ARTICLE: Final = re.compile(r"第([^条第]{1,12})条|\b(?:article|section) (\S+)")


def _number(month: str) -> str:
    return f"{_MONTHS.split('|').index(month) + 1:02d}"


def unfounded(sentence: Sentence, material: Any) -> list[str]:
    """Every number, day, month, article and document in a sentence that is not a value at one of its pointers."""
    values = list(_scalars([_at(material, field) for field in sentence.fields]))
    numbers = {str(value) for value in values if isinstance(value, int)} | {v for v in values if isinstance(v, str)}
    found = []
    for text in (sentence.text, *sentence.basis):
        found += [title for title in _TITLE.findall(text) if title not in numbers]
        articles = [one or other for one, other in _ARTICLE.findall(text)]
        found += [article for article in articles if article not in numbers]
        found += [token for token in _tokens(_without_words(text, values)) if token not in numbers]
    return found


def _without_words(text: str, values: list[Any]) -> str:
    """A text less the values that stand in it word for word and are more than a number."""
    words = {value for value in values if isinstance(value, str) and not re.fullmatch(r"[-\d.]+", value)}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "□")
    return text


def _tokens(text: str) -> Iterator[str]:
    for pattern, written in _DAYS:
        for match in pattern.finditer(text):
            yield written(match)
        text = pattern.sub("□", text)
    yield from _NUMBER.findall(text)


def _scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner)
    elif value is not None and not isinstance(value, bool):
        yield value


def _at(value: Any, pointer: str) -> Any:
    """RFC 6901, written a second time."""
    for part in pointer.removeprefix("/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
