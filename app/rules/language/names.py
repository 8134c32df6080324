"""Names that a formula may use: facts, collections, parameters, rules and officers' questions, each with its type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.rules.language.types import Type

_NAME: Final = re.compile(r"(?![0-9])[a-z0-9]+([._][a-z0-9]+)*", re.ASCII)

# The variable by which a rule for somebody speaks of whom it is about.
SUBJECTS: Final = {"household": "", "member": "person", "obligor": "obligor", "claim": "claim"}


@dataclass(frozen=True)
class FactSpec:
    """A fact in the vocabulary. `attribute` is its name on the engine's objects; an optional one can be unknown.

    One that was `added` after rulesets were first stored is in the hash of those alone that read it.
    """

    type: Type
    attribute: str
    optional: bool = False
    added: bool = False
    scale: int = 1  # units to one, of a number with decimals
    added_values: tuple[str, ...] = ()  # of an enumeration, likewise


@dataclass(frozen=True)
class CollectionSpec:
    entity: str
    attribute: str
    optional: bool = False
    added: bool = False


@dataclass(frozen=True)
class ParameterSpec:
    type: Type
    index: Type | None = None  # an enumeration, a number (bands, levels) or none


@dataclass(frozen=True)
class RuleSpec:
    type: Type
    entity: str  # whom the rule is for


@dataclass
class Names:
    """Everything a formula may name."""

    facts: Mapping[str, Mapping[str, FactSpec]]
    collections: Mapping[str, Mapping[str, CollectionSpec]]
    parameters: Mapping[str, ParameterSpec] = field(default_factory=dict)
    rules: Mapping[str, RuleSpec] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()


def is_name(text: str) -> bool:
    """Tells if a text may name a rule, a parameter or a question: two names never look alike in a program."""
    return _NAME.fullmatch(text) is not None
