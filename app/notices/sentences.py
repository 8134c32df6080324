"""Sentences tied to fields: a template without figures, filled with values by their JSON Pointers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.notices.wording import DAY_UNITS, MONTHS, RELATIONS, TEMPLATES
from app.rules.explain.sentences import comparison_words, money_words, side_words
from app.rules.messages import Language
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Part:
    """A piece of a sentence, with the JSON Pointers of the values it says."""

    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence, the pointers of all values in it, and the articles it rests on; `kind` names its template."""

    kind: str
    text: str
    fields: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    heading: Sentence
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Notice:
    """A notice: banners to be read first, the head, and the sections."""

    language: Language
    title: Sentence
    banners: tuple[Sentence, ...]
    head: tuple[Sentence, ...]
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Yield every sentence, headings too."""
        yield self.title
        yield from self.banners
        yield from self.head
        for section in self.sections:
            yield section.heading
            yield from section.sentences


def pointer_to(*parts: str | int) -> str:
    """Write a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def value_at(material: Any, pointer: str) -> Any:
    """Find the value at a JSON Pointer. Raises KeyError or IndexError where there is none."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        material = material[int(name)] if isinstance(material, list) else material[name]
    return material


class Teller:
    """Puts values of the material (material.py) into words of one language. No value reaches a sentence otherwise."""

    def __init__(self, material: Json, language: Language) -> None:
        self.material = material
        self.language: Language = language

    def at(self, *parts: str | int) -> Any:
        """Find a value of the material."""
        return value_at(self.material, pointer_to(*parts))

    def say(self, kind: str, cited: Iterable[Part] = (), /, **parts: Part) -> Sentence:
        """Fill a template; every part brings its pointers."""
        cited = tuple(cited)
        text = TEMPLATES[kind][self.language].format_map({name: part.text for name, part in parts.items()})
        fields = dict.fromkeys(field for part in (*parts.values(), *cited) for field in part.fields)
        return Sentence(kind, text, tuple(fields), tuple(dict.fromkeys(part.text for part in cited)))

    # parts

    def text(self, *parts: str | int) -> Part:
        return Part(str(self.at(*parts)), (pointer_to(*parts),))

    def word(self, words: dict[str, dict[Language, str]], *parts: str | int) -> Part:
        """Put a code into words."""
        return Part(words[self.at(*parts)][self.language], (pointer_to(*parts),))

    def money(self, unit: str, *parts: str | int) -> Part:
        return Part(money_words(self.at(*parts), unit, self.language), (pointer_to(*parts),))

    def amount(self, *parts: str | int) -> Part:
        """Word a figure of the record with its unit, settled or open: `{figure, unit}`."""
        figure, unit = self.at(*parts, "figure"), self.at(*parts, "unit")
        shown = {"value": figure, "min": None, "max": None} if isinstance(figure, str) else {"value": None, **figure}
        words = money_words(figure, unit, self.language) if isinstance(figure, str) else self._range(shown, unit)
        return Part(words, (pointer_to(*parts),))

    def _range(self, shown: Json, unit: str) -> str:
        return side_words(shown | {"unit": unit}, self.language)

    def income(self, name: str) -> Part:
        """Word a figure of the recorded household, or its range, in the answer's unit."""
        words = side_words(self.at("words", "household", name), self.language)
        return Part(words, (pointer_to("record", "results", "household", name),))

    def day(self, *parts: str | int) -> Part:
        day = dt.date.fromisoformat(self.at(*parts))
        if self.language == "zh":
            return Part(f"{day.year}年{day.month}月{day.day}日", (pointer_to(*parts),))
        return Part(f"{day.day} {MONTHS[day.month - 1]} {day.year}", (pointer_to(*parts),))

    def month(self, *parts: str | int) -> Part:
        year, month = (int(part) for part in self.at(*parts).split("-"))
        text = f"{year}年{month}月" if self.language == "zh" else f"{MONTHS[month - 1]} {year}"
        return Part(text, (pointer_to(*parts),))

    def days(self, *parts: str | int) -> Part:
        """Word a number of days: `{value, unit}`."""
        value, unit = self.at(*parts, "value"), self.at(*parts, "unit")
        return Part(DAY_UNITS[unit][self.language].format(value), (pointer_to(*parts),))

    def comparison(self, result: int, test: int) -> Part:
        """Word a test's two recorded figures and their relation, in the rule's unit."""
        shown = ("words", "results", result, "tests", test)
        words = comparison_words(self.at(*shown), self.language)
        heads = () if self.at(*shown, "per_head") is None else (pointer_to(*shown, "per_head"),)
        return Part(words, (pointer_to("record", "results", "results", result, "tests", test), *heads))

    def person(self, id_: str, *parts: str | int) -> Part:
        """Name a member by the relation to the applicant and the recorded id; `parts` lead to the id."""
        household = self.at("record", "facts", "household")
        for index, member in enumerate(household["members"]):
            if member["id"] == id_:
                relation = RELATIONS[member["relation"]][self.language]
                text = f"{relation}（{id_}）" if self.language == "zh" else f"{relation} ({id_})"
                where = pointer_to("record", "facts", "household", "members", index)
                return Part(text, (pointer_to(*parts), f"{where}/relation", f"{where}/id"))
        return Part(id_, (pointer_to(*parts),))

    def people(self, *parts: str | int) -> Part:
        """Name the members of a list."""
        found = [self.person(id_, *parts, index) for index, id_ in enumerate(self.at(*parts))]
        return self.listed(found)

    def listed(self, parts: Sequence[Part]) -> Part:
        """Join parts to a list."""
        text = ("、" if self.language == "zh" else ", ").join(part.text for part in parts)
        return Part(text, tuple(field for part in parts for field in part.fields))

    def fact(self, *parts: str | int) -> Part:
        """Word an unknown fact and its person; the value at `parts` is the fact's JSON Pointer."""
        fact, title = self.at(*parts), self.term(*parts)
        names = fact.split("/")[1:]
        if len(names) < 3 or names[1] not in ("members", "obligors"):
            return title
        whose = ("record", "facts", *names[:3], "id")
        who = self.person(self.at(*whose), *whose)
        text = f"{who.text}：{title.text}" if self.language == "zh" else f"{who.text}: {title.text}"
        return Part(text, (*title.fields, *who.fields))

    def term(self, *parts: str | int) -> Part:
        """Name a missing fact or figure; the value at `parts` is its id."""
        id_ = self.at(*parts)
        return Part(self.at("terms", id_), (pointer_to(*parts), pointer_to("terms", id_)))

    def cited(self, *parts: str | int) -> list[Part]:
        """Cite the articles of a basis, a list of `{document, article}`."""
        return [self._article(pointer_to(*parts, index), one) for index, one in enumerate(self.at(*parts))]

    def document(self, *parts: str | int) -> Part:
        """Cite a document by its key, without an article."""
        return self._article(pointer_to(*parts), {"document": self.at(*parts), "article": None})

    def _article(self, where: str, cited: Json) -> Part:
        known = pointer_to("documents", cited["document"])
        title, article = value_at(self.material, known)["title"], cited["article"]
        return Part(_citation(title, article, self.language), (where, known))


def _citation(title: str, article: str | None, language: Language) -> str:
    if language == "zh":
        number = f"第{article}条" if article and article.isdigit() else article or ""
        return f"《{title}》{number}"
    name = "article" if article and article.isdigit() else "section"
    return f"{title}, {name} {article}" if article else title
