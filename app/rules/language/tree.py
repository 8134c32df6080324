"""Nodes of the typed expression tree, from which compiled functions and formulas in words are made."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.language.types import Type


@dataclass(frozen=True)
class Node:
    type: Type


@dataclass(frozen=True)
class Literal(Node):
    value: Fraction | bool | str


@dataclass(frozen=True)
class Fact(Node):
    """A fact of an entity, by the variable it is bound to ("" is the household)."""

    variable: str
    entity: str
    path: str
    optional: bool = False


@dataclass(frozen=True)
class Parameter(Node):
    """A value set by a place; `index` chooses the residence, level or stage, or the age for one by bands."""

    id: str
    index: Node | None = None


@dataclass(frozen=True)
class Published(Node):
    """A condition: a parameter has a value in force, for the index if one is given."""

    id: str
    index: Node | None = None


@dataclass(frozen=True)
class RuleReference(Node):
    id: str
    variable: str


@dataclass(frozen=True)
class Arithmetic(Node):
    operator: str  # + - * /
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Node):
    operator: str  # < <= > >= == !=
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    operator: str  # and or
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    term: Node


@dataclass(frozen=True)
class Choice(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class OneOf(Node):
    term: Node
    values: tuple[str, ...]


@dataclass(frozen=True)
class Pick(Node):
    """A table written out in the formula, looked up by an enumerated fact."""

    key: Node
    table: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Extreme(Node):
    function: str  # min max
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Rounded(Node):
    function: str  # round_up round_down round_half_up
    term: Node
    step_fen: int


@dataclass(frozen=True)
class MonthsBetween(Node):
    """Completed calendar months from a date to the day of the assessment."""

    since: Node


@dataclass(frozen=True)
class Unpublished(Node):
    """A figure nobody has published: anything from `low` to `high` (no bound if None), because of a parameter."""

    parameter: str
    low: Node | None
    high: Node | None


@dataclass(frozen=True)
class Aggregate(Node):
    function: str  # sum count any all min max
    variable: str
    source: Fact
    entity: str
    element: Node
    condition: Node | None


def walk(node: Any) -> Iterator[Node]:
    """Yields the nodes of a tree."""
    if isinstance(node, Node):
        yield node
        for part in vars(node).values():
            yield from walk(part)
    elif isinstance(node, tuple):
        for part in node:
            yield from walk(part)
