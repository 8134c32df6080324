"""Reads the text of a formula into a typed expression tree.

The language is a small subset of Python's expression syntax, read with the standard `ast` module and never evaluated:
what is not listed here cannot be written. Every node has a type; adding money a month to money a year, or comparing
money with a count, is refused with the place of the fault.
"""

import ast
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from app.rules.language import types as t
from app.rules.language.calls import CallReader
from app.rules.language.names import SUBJECTS, Names
from app.rules.language.operations import arithmetic_type, why_not
from app.rules.language.tree import (
    Arithmetic,
    Choice,
    Comparison,
    Fact,
    Literal,
    Logic,
    Node,
    Not,
    OneOf,
    Parameter,
    Pick,
    RuleReference,
    Unpublished,
)
from app.rules.language.types import Type

GRAMMAR_VERSION: Final = "1"
MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40


class FormulaError(ValueError):
    """A formula that is not in the language, with its place in the text (line and column from 1)."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


_PARSING: Final = threading.Lock()  # CPython 3.11 counts the depth of a tree for all threads together
_ARITHMETIC: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: Final = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def parse(text: str, subject: str, names: Names) -> Node:
    """Reads a formula of a rule for `subject` (an entity). Raises FormulaError if it is not in the language."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"a formula has at most {MAX_LENGTH} characters")
    if not text.isascii() or "\0" in text:
        raise FormulaError("a formula is plain ASCII text")
    lead = len(text) - len(text.lstrip())
    try:
        with _PARSING:
            tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise FormulaError(error.msg, error.lineno or 1, lead + (error.offset or len(text.strip()) + 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError("not an expression") from None
    return Reader(names, text.strip(), lead, subject).read(tree.body)


class Reader:
    """Reads one formula: each `_read_…` turns a node of Python's tree into a node of the formula language.

    `scope` holds the variables of the place that is being read, each with its entity: the subject of the rule, if it
    has a variable, and those of the loops around the place.
    """

    def __init__(self, names: Names, text: str, lead: int, subject: str) -> None:
        self.names = names
        self.text = text
        self.lead = lead  # white space before the text, on its first line
        self.depth = 0
        self.scope = {SUBJECTS[subject]: subject} if SUBJECTS[subject] else {}
        self.readers: dict[type[ast.AST], Callable[..., Node]] = {
            ast.Constant: self._read_constant,
            ast.Name: self._read_path,
            ast.Attribute: self._read_path,
            ast.Subscript: self._read_subscript,
            ast.BinOp: self._read_arithmetic,
            ast.Compare: self._read_comparison,
            ast.BoolOp: self._read_logic,
            ast.UnaryOp: self._read_not,
            ast.IfExp: self._read_choice,
            ast.Call: CallReader(self).read,
        }

    def read(self, node: ast.expr) -> Node:
        """Reads one node. Raises FormulaError where the text is not in the language or nested too deeply."""
        if self.depth > MAX_DEPTH:
            raise self.fault(node, "too deeply nested; name an intermediate result as a rule of its own")
        reader = self.readers.get(type(node))
        if reader is None:
            raise self.fault(node, f"{type(node).__name__} is not in the formula language")
        self.depth += 1
        result = reader(node)
        self.depth -= 1
        return result

    def fault(self, node: ast.expr, message: str) -> FormulaError:
        return FormulaError(message, node.lineno, node.col_offset + 1 + (self.lead if node.lineno == 1 else 0))

    # leaves

    def _read_constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Literal(t.BOOL, value)
        if isinstance(value, str):
            return Literal(t.enum(value), value)
        if isinstance(value, int | float):
            return self._number(node)
        raise self.fault(node, f"a {type(value).__name__} is not a value of the formula language")

    def _number(self, node: ast.Constant) -> Literal:
        """Reads a number from its own text, never through a binary float."""
        text = ast.get_source_segment(self.text, node) or ""
        if not text.replace(".", "", 1).isdigit() or len(text) > 20:
            raise self.fault(node, "numbers are plain decimals")
        value = Fraction(text)
        return Literal(t.ZERO if value == 0 else t.NUMBER, value)

    def _read_path(self, node: ast.expr) -> Node:
        path = self.path(node)
        head, _, rest = path.partition(".")
        if head in self.scope:
            return self.of_entity(node, head, self.scope[head], rest)
        if path in self.names.questions:
            return Unpublished(t.BOOL, path, None, None)
        if path in self.names.parameters:
            spec = self.names.parameters[path]
            if spec.index is not None:
                raise self.fault(node, f"{path} is given by {_index_word(spec.index)}: write {path}[…]")
            return Parameter(spec.type, path)
        return self.of_entity(node, "", "household", path)

    def path(self, node: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            raise self.fault(node, "only names and paths of names have attributes")
        return ".".join([node.id, *reversed(parts)])

    def of_entity(self, node: ast.expr, variable: str, entity: str, path: str) -> Node:
        fact = self.names.facts[entity].get(path)
        if fact is not None:
            return Fact(fact.type, variable, entity, path, fact.optional)
        rule = self.names.rules.get(path)
        if rule is not None and rule.entity == entity:
            return RuleReference(rule.type, path, variable)
        if rule is not None:
            raise self.fault(node, f"the rule {path} is for a {rule.entity}, not for a {entity}")
        raise self.fault(node, f"unknown name {path!r} of a {entity}")

    def _read_subscript(self, node: ast.Subscript) -> Node:
        key = self.read(node.slice)
        if isinstance(node.value, ast.Dict):
            return self._pick(node.value, key)
        path = self.path(node.value)
        spec = self.names.parameters.get(path)
        if spec is None or spec.index is None:
            raise self.fault(node, f"{path} is not a parameter given by residence, level or stage")
        self.want_index(node, path, spec.index, key)
        return Parameter(spec.type, path, key)

    def want_index(self, node: ast.expr, path: str, index: Type, key: Node) -> None:
        fits = index.kind == key.type.kind and set(key.type.values) <= set(index.values)
        if not fits:
            raise self.fault(node, f"{path} is given by {_index_word(index)}, not by {_described(key.type)}")

    def _pick(self, table: ast.Dict, key: Node) -> Node:
        entries: list[tuple[str, Node]] = []
        for name, value in zip(table.keys, table.values, strict=True):
            if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
                raise self.fault(table, "the keys of a table are texts")
            if name.value in dict(entries):
                raise self.fault(name, f"{name.value!r} stands twice in the table")
            entries.append((name.value, self.read(value)))
        if key.type.kind != "enum" or {name for name, _ in entries} != set(key.type.values):
            raise self.fault(table, f"a table must have exactly the keys {', '.join(key.type.values) or '(none)'}")
        if isinstance(key, Fact) and key.optional:
            raise self.fault(table, f"{key.path} may be unknown and cannot choose from a table")
        type_ = self.common(table, [value for _, value in entries])
        return Pick(type_, key, tuple(entries))

    # operations

    def _read_arithmetic(self, node: ast.BinOp) -> Node:
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self.fault(node, f"{type(node.op).__name__} is not in the formula language")
        left = self.read(node.left)
        right = self.read(node.right)
        result = arithmetic_type(operator, left, right)
        if result is None:
            raise self.fault(node, why_not(operator, left, right))
        return Arithmetic(result, operator, left, right)

    def _read_comparison(self, node: ast.Compare) -> Node:
        if len(node.ops) != 1:
            raise self.fault(node, "one comparison at a time")
        left = self.read(node.left)
        operator = node.ops[0]
        if isinstance(operator, ast.In | ast.NotIn):
            found = OneOf(t.BOOL, left, self._choices(node.comparators[0], left.type))
            return found if isinstance(operator, ast.In) else Not(t.BOOL, found)
        if type(operator) not in _COMPARISONS:
            raise self.fault(node, f"{type(operator).__name__} is not in the formula language")
        right = self.read(node.comparators[0])
        symbol = _COMPARISONS[type(operator)]
        common = t.unify(left.type, right.type)
        if common is None:
            raise self.fault(node, f"cannot compare {_described(left.type)} with {_described(right.type)}")
        if symbol not in ("==", "!=") and not common.countable:
            raise self.fault(node, f"{common} values have no order")
        return Comparison(t.BOOL, symbol, left, right)

    def _choices(self, node: ast.expr, type_: Type) -> tuple[str, ...]:
        if not isinstance(node, ast.Tuple | ast.List | ast.Set):
            raise self.fault(node, "in takes a list of values")
        values: list[str] = []
        for item in node.elts:
            if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
                raise self.fault(item, "in takes a list of values")
            if item.value not in type_.values:
                raise self.fault(item, f"{item.value!r} is not one of {', '.join(type_.values) or '(none)'}")
            values.append(item.value)
        return tuple(values)

    def _read_logic(self, node: ast.BoolOp) -> Node:
        terms = tuple(self.read(term) for term in node.values)
        for source, term in zip(node.values, terms, strict=True):
            self.want_condition(source, term)
        return Logic(t.BOOL, "and" if isinstance(node.op, ast.And) else "or", terms)

    def want_condition(self, source: ast.expr, term: Node) -> None:
        if term.type != t.BOOL:
            raise self.fault(source, f"a condition is wanted here, not {term.type}")

    def _read_not(self, node: ast.UnaryOp) -> Node:
        if not isinstance(node.op, ast.Not):
            raise self.fault(node, f"{type(node.op).__name__} is not in the formula language")
        term = self.read(node.operand)
        self.want_condition(node.operand, term)
        return Not(t.BOOL, term)

    def _read_choice(self, node: ast.IfExp) -> Node:
        condition = self.read(node.test)
        self.want_condition(node.test, condition)
        then = self.read(node.body)
        otherwise = self.read(node.orelse)
        return Choice(self.common(node, [then, otherwise]), condition, then, otherwise)

    def common(self, node: ast.expr, values: list[Node]) -> Type:
        common: Type | None = values[0].type
        for value in values[1:]:
            common = None if common is None else t.unify(common, value.type)
        if common is None:
            raise self.fault(node, f"these are of different types: {', '.join(str(v.type) for v in values)}")
        return common


def _index_word(index: Type) -> str:
    return " or ".join(index.values) if index.kind == "enum" else "a number"


def _described(type_: Type) -> str:
    return f"one of ({', '.join(type_.values)})" if type_.kind == "enum" else str(type_)
