"""The registers that can be asked, the facts each can speak on, and which of them bear on given facts of a household."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from app.rules.packs.forms import Citation, Text
from app.verification.registers.yaml_file import Section, checked, load

FILE: Final = Path(__file__).with_name("sources.yaml")
ANY: Final = "*"

ValueType = Literal["money", "count", "flag", "date", "choice"]


class Fact(Section):
    """One kind of finding: of which type, over months or on a day, and on which facts of a household it bears."""

    title: Text
    type: ValueType
    over: Literal["months", "day"] = "day"
    choices: tuple[str, ...] = ()
    bears_on: tuple[str, ...]

    @model_validator(mode="after")
    def _choices_belong_to_a_choice(self) -> Self:
        if bool(self.choices) != (self.type == "choice"):
            raise ValueError("choices are given for a choice, and only for one")
        return self


class Source(Section):
    """A register: which facts it can speak on, and where the law says that it may be asked."""

    title: Text
    facts: tuple[str, ...]
    basis: tuple[Citation, ...]


class Bearing(Section):
    """How many months before that of a case can bear on its figures."""

    months: int = Field(ge=1)
    basis: tuple[Citation, ...]


class Sources(Section):
    """All registers and all facts."""

    bearing: Bearing
    facts: dict[str, Fact]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _facts_are_declared_and_said(self) -> Self:
        said = {fact for source in self.sources.values() for fact in source.facts}
        if wrong := said ^ set(self.facts):
            raise ValueError(f"declared and said by no register, or the other way round: {', '.join(sorted(wrong))}")
        return self


@cache
def shipped() -> Sources:
    """The registers that come with the service. PackError if their file is faulty."""
    return checked(load(FILE), Sources)


def sources_for(pointers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The registers that can speak on given facts of a household, each with those of the pointers it bears on.

    A pointer names a fact or everything below it: `/household/members/1/income` asks about every kind of income.
    Registers come in the order of their file; one that can say nothing is left out.
    """
    wanted = list(dict.fromkeys(pointers))
    known = shipped()
    found = {
        id_: tuple(pointer for pointer in wanted if any(_asks_about(pointer, pattern) for pattern in _patterns(source)))
        for id_, source in known.sources.items()
    }
    return {id_: asked for id_, asked in found.items() if asked}


def facts_of(source: str) -> tuple[str, ...]:
    """The facts a register can speak on. KeyError if there is no such register."""
    return shipped().sources[source].facts


def pointers_of(fact: str, place: str) -> tuple[str, ...]:
    """On which facts of the household a finding about one person bears.

    `place` is where the person stands, such as `members/1` or `obligors/0`: what an obligor owns is not the
    household's. KeyError if there is no such fact.
    """
    kind, _, number = place.partition("/")
    return tuple(
        pattern.replace(ANY, number)
        for pattern in shipped().facts[fact].bears_on
        if (kind == "members" if ANY not in pattern else pattern.startswith(f"/household/{kind}/"))
    )


def _patterns(source: Source) -> Iterable[str]:
    return (pattern for fact in source.facts for pattern in shipped().facts[fact].bears_on)


def _asks_about(pointer: str, pattern: str) -> bool:
    asked, said = pointer.split("/"), pattern.split("/")
    return len(asked) <= len(said) and all(a in (s, ANY) or s == ANY for a, s in zip(asked, said, strict=False))
