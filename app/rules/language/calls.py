"""Reads function calls of a formula: units, rounding, parameters, ages, and sums or counts over collections."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from app.rules.language import types as t
from app.rules.language.tree import (
    Aggregate,
    Extreme,
    Fact,
    Literal,
    Logic,
    MonthsBetween,
    Node,
    Parameter,
    Published,
    Rounded,
    Unpublished,
)
from app.rules.language.types import Type

if TYPE_CHECKING:
    from app.rules.language.parser import Reader

MAX_LOOPS: Final = 2

# Short names keep loops readable, and apart from every name of the compiled functions (whose figures are p).
_LOOP_NAME: Final = re.compile(r"[a-oq-z]")
_UNITS: Final = {"yuan": t.MONEY, "yuan_month": t.MONEY_MONTH, "yuan_year": t.MONEY_YEAR, "months": t.MONTHS}
_ROUNDINGS: Final = ("round_up", "round_down", "round_half_up")
_AGGREGATES: Final = ("sum", "count", "any", "all", "min", "max")
FUNCTIONS: Final = (
    *_UNITS,
    *_ROUNDINGS,
    *_AGGREGATES,
    "age",
    "months_between",
    "published",
    "unpublished",
    "band",
)


class CallReader:
    """Reads the calls of one formula; `reader` reads their arguments and knows the variables in scope."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.loops = 0

    def read(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self.reader.fault(node, "no such function")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.reader.fault(node, "functions take plain arguments")
        name = node.func.id
        if name in _AGGREGATES and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._aggregate(name, node.args[0])
        if name in ("published", "unpublished", "band"):
            return self._of_parameter(name, node)
        if name == "age":
            return self._age(node)
        if name == "months_between":
            return self._months_between(node)
        arguments = [self.reader.read(argument) for argument in node.args]
        if name in ("min", "max") and len(arguments) >= 2:
            return self._extreme(name, node, arguments)
        if name in _UNITS:
            return self._unit(name, node, arguments)
        if name in _ROUNDINGS:
            return self._rounded(name, node, arguments)
        raise self.reader.fault(node, f"{name} is not called like this")

    def _extreme(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        common = self.reader.common(node, arguments)
        if not common.countable:
            raise self.reader.fault(node, f"{common} values have no order")
        return Extreme(common, name, tuple(arguments))

    def _unit(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        if (
            len(arguments) != 1
            or not isinstance(arguments[0], Literal)
            or arguments[0].type.kind not in ("number", "zero")
        ):
            raise self.reader.fault(node, f"{name} takes one number")
        return Literal(_UNITS[name], arguments[0].value)

    def _rounded(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        if len(arguments) != 2 or arguments[0].type.kind != "money" or not isinstance(arguments[1], Literal):
            raise self.reader.fault(node, f"{name} takes an amount and the step in yuan")
        step = arguments[1].value
        plain = arguments[1].type == t.NUMBER
        if not plain or not isinstance(step, Fraction) or step <= 0 or (step * 100).denominator != 1:
            raise self.reader.fault(node, "a step is a whole number of fen")
        return Rounded(arguments[0].type, name, arguments[0], int(step * 100))

    def _age(self, node: ast.Call) -> Node:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name) or node.args[0].id not in self.reader.scope:
            raise self.reader.fault(node, "age takes a person")
        variable = node.args[0].id
        return self.reader.of_entity(node, variable, self.reader.scope[variable], "age")

    def _months_between(self, node: ast.Call) -> Node:
        today = len(node.args) == 2 and isinstance(node.args[1], ast.Name) and node.args[1].id == "today"
        since = self.reader.read(node.args[0]) if today else None
        if since is None or since.type != t.DATE:
            raise self.reader.fault(node, "months_between takes a date and today")
        return MonthsBetween(t.NUMBER, since)

    def _of_parameter(self, name: str, node: ast.Call) -> Node:
        if not node.args:
            raise self.reader.fault(node, f"{name} takes a parameter")
        id_ = self.reader.path(node.args[0])
        spec = self.reader.names.parameters.get(id_)
        if spec is None:
            raise self.reader.fault(node, f"unknown parameter {id_!r}")
        rest = [self.reader.read(argument) for argument in node.args[1:]]
        if name == "published" and not rest:
            return Published(t.BOOL, id_, None)
        if name == "published" and len(rest) == 1 and spec.index is not None:
            self.reader.want_index(node, id_, spec.index, rest[0])
            return Published(t.BOOL, id_, rest[0])
        if name == "band" and len(rest) == 1 and spec.index == t.NUMBER and rest[0].type.kind == "number":
            return Parameter(spec.type, id_, rest[0])
        if name == "unpublished" and len(rest) <= 2:
            return self._unpublished(node, id_, rest)
        raise self.reader.fault(node, f"{name} is not called like this")

    def _unpublished(self, node: ast.Call, id_: str, bounds: list[Node]) -> Node:
        """Reads `unpublished(p)` as a condition, `unpublished(p, low[, high])` as a figure."""
        if not bounds:
            return Unpublished(t.BOOL, id_, None, None)
        common = self.reader.common(node, bounds)
        own = self.reader.names.parameters[id_].type
        if not common.countable or not (own if common == t.ZERO else common).countable:
            raise self.reader.fault(node, "the bounds of a figure are figures")
        if common == t.ZERO:
            common = own
        return Unpublished(common, id_, bounds[0], bounds[1] if len(bounds) > 1 else None)

    def _aggregate(self, name: str, node: ast.GeneratorExp) -> Node:
        if self.loops >= MAX_LOOPS:
            raise self.reader.fault(node, "collections are gone through two levels deep at most")
        if len(node.generators) != 1:
            raise self.reader.fault(node, "one collection at a time")
        clause = node.generators[0]
        if clause.is_async or not isinstance(clause.target, ast.Name) or clause.target.id in self.reader.scope:
            raise self.reader.fault(node, "for takes one new name")
        if not _LOOP_NAME.fullmatch(clause.target.id):
            raise self.reader.fault(clause.target, "a loop's name is one small letter other than p")
        source = self._collection(clause.iter)
        variable = clause.target.id
        self.reader.scope[variable] = source.entity
        self.loops += 1
        condition = self._condition(clause.ifs)
        element = self._element(name, node.elt, variable)
        self.loops -= 1
        del self.reader.scope[variable]
        type_ = self._aggregate_type(name, node, element)
        return Aggregate(type_, name, variable, source, source.entity, element, condition)

    def _element(self, name: str, node: ast.expr, variable: str) -> Node:
        """Reads the element of a loop; `count(m for m in …)` counts the entities themselves."""
        if name == "count" and isinstance(node, ast.Name) and node.id == variable:
            return Literal(t.BOOL, True)
        return self.reader.read(node)

    def _collection(self, node: ast.expr) -> Fact:
        path = self.reader.path(node)
        head, _, rest = path.partition(".")
        variable, entity, name = (
            (head, self.reader.scope[head], rest) if head in self.reader.scope else ("", "household", path)
        )
        spec = self.reader.names.collections.get(entity, {}).get(name)
        if spec is None:
            raise self.reader.fault(node, f"{path} is not a collection")
        return Fact(Type("enum"), variable, spec.entity, name, spec.optional)

    def _condition(self, ifs: list[ast.expr]) -> Node | None:
        terms = [self.reader.read(term) for term in ifs]
        for source, term in zip(ifs, terms, strict=True):
            self.reader.want_condition(source, term)
        if not terms:
            return None
        return terms[0] if len(terms) == 1 else Logic(t.BOOL, "and", tuple(terms))

    def _aggregate_type(self, name: str, node: ast.GeneratorExp, element: Node) -> Type:
        if name in ("any", "all"):
            self.reader.want_condition(node.elt, element)
            return t.BOOL
        if name == "count":
            return t.NUMBER
        if not element.type.countable:
            raise self.reader.fault(node, f"cannot take the {name} of {element.type} values")
        return element.type
