"""Formula text -> typed expression tree.

The language is a small subset of Python's expression syntax, read with the standard `ast` module and never evaluated:
what is not listed here cannot be written. Every node has a type; adding money a month to money a year, or comparing
money with a count, is refused with the place of the fault.
"""

import ast
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from app.rules.language import types as t
from app.rules.language.tree import (
    Aggregate,
    Arithmetic,
    Choice,
    Comparison,
    Extreme,
    Fact,
    Literal,
    Logic,
    MonthsBetween,
    Node,
    Not,
    OneOf,
    Parameter,
    Pick,
    Published,
    Rounded,
    RuleReference,
    Unpublished,
)
from app.rules.language.types import Type

GRAMMAR_VERSION: Final = "1"
MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40
MAX_AGGREGATE_DEPTH: Final = 2


class FormulaError(ValueError):
    """A formula that is not in the language, with its place in the text (line and column from 1)."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True)
class FactSpec:
    """A fact in the vocabulary. `attribute` is its name on the engine's objects; an optional one can be unknown."""

    type: Type
    attribute: str
    optional: bool = False


@dataclass(frozen=True)
class CollectionSpec:
    entity: str
    attribute: str
    optional: bool = False


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


# The variable by which a rule for somebody speaks of whom it is about.
SUBJECTS: Final = {"household": "", "member": "person", "obligor": "obligor", "claim": "claim"}

# Short names keep loops readable, and apart from every name of the compiled functions (whose figures are p).
_PARSING: Final = threading.Lock()  # CPython 3.11 counts the depth of a tree for all threads together
_LOOP_NAME: Final = re.compile(r"[a-oq-z]")
_NAME: Final = re.compile(r"(?![0-9])[a-z0-9]+([._][a-z0-9]+)*", re.ASCII)
_ARITHMETIC: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: Final = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
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


def is_name(text: str) -> bool:
    """Whether a text may be the name of a rule, a parameter or a question: two names never look alike in a program."""
    return _NAME.fullmatch(text) is not None


def parse(text: str, subject: str, names: Names) -> Node:
    """The expression tree of a formula of a rule for `subject` (an entity). FormulaError if it is not in the language."""
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
    variable = SUBJECTS[subject]
    scope = {variable: subject} if variable else {}
    return _Reader(names, text.strip(), lead).read(tree.body, scope, 0, 0)


class _Reader:
    """One formula being read. Each `_read_…` takes a node of Python's tree and the variables in scope."""

    def __init__(self, names: Names, text: str, lead: int) -> None:
        self.names = names
        self.text = text
        self.lead = lead  # white space before the text, on its first line
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
            ast.Call: self._read_call,
        }

    def read(self, node: ast.expr, scope: dict[str, str], depth: int, loops: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._fault(node, "too deeply nested; name an intermediate result as a rule of its own")
        reader = self.readers.get(type(node))
        if reader is None:
            raise self._fault(node, f"{type(node).__name__} is not in the formula language")
        return reader(node, scope, depth, loops)

    def _fault(self, node: ast.expr, message: str) -> FormulaError:
        return FormulaError(message, node.lineno, node.col_offset + 1 + (self.lead if node.lineno == 1 else 0))

    # leaves

    def _read_constant(self, node: ast.Constant, *_: object) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Literal(t.BOOL, value)
        if isinstance(value, str):
            return Literal(t.enum(value), value)
        if isinstance(value, int | float):
            return self._number(node)
        raise self._fault(node, f"a {type(value).__name__} is not a value of the formula language")

    def _number(self, node: ast.Constant) -> Literal:
        """A number from its own text: never through a binary float."""
        text = ast.get_source_segment(self.text, node) or ""
        if not text.replace(".", "", 1).isdigit() or len(text) > 20:
            raise self._fault(node, "numbers are plain decimals")
        value = Fraction(text)
        return Literal(t.ZERO if value == 0 else t.NUMBER, value)

    def _read_path(self, node: ast.expr, scope: dict[str, str], depth: int, loops: int) -> Node:
        path = self._path(node)
        head, _, rest = path.partition(".")
        if head in scope:
            return self._of_entity(node, head, scope[head], rest)
        if path in self.names.questions:
            return Unpublished(t.BOOL, path, None, None)
        if path in self.names.parameters:
            spec = self.names.parameters[path]
            if spec.index is not None:
                raise self._fault(node, f"{path} is given by {_index_word(spec.index)}: write {path}[…]")
            return Parameter(spec.type, path)
        return self._of_entity(node, "", "household", path)

    def _path(self, node: ast.expr) -> str:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            raise self._fault(node, "only names and paths of names have attributes")
        return ".".join([node.id, *reversed(parts)])

    def _of_entity(self, node: ast.expr, variable: str, entity: str, path: str) -> Node:
        fact = self.names.facts[entity].get(path)
        if fact is not None:
            return Fact(fact.type, variable, entity, path, fact.optional)
        rule = self.names.rules.get(path)
        if rule is not None and rule.entity == entity:
            return RuleReference(rule.type, path, variable)
        if rule is not None:
            raise self._fault(node, f"the rule {path} is for a {rule.entity}, not for a {entity}")
        raise self._fault(node, f"unknown name {path!r} of a {entity}")

    def _read_subscript(self, node: ast.Subscript, scope: dict[str, str], depth: int, loops: int) -> Node:
        key = self.read(node.slice, scope, depth + 1, loops)
        if isinstance(node.value, ast.Dict):
            return self._pick(node.value, key, scope, depth, loops)
        path = self._path(node.value)
        spec = self.names.parameters.get(path)
        if spec is None or spec.index is None:
            raise self._fault(node, f"{path} is not a parameter given by residence, level or stage")
        self._want_index(node, path, spec.index, key)
        return Parameter(spec.type, path, key)

    def _want_index(self, node: ast.expr, path: str, index: Type, key: Node) -> None:
        fits = index.kind == key.type.kind and set(key.type.values) <= set(index.values)
        if not fits:
            raise self._fault(node, f"{path} is given by {_index_word(index)}, not by {_described(key.type)}")

    def _pick(self, table: ast.Dict, key: Node, scope: dict[str, str], depth: int, loops: int) -> Node:
        entries: list[tuple[str, Node]] = []
        for name, value in zip(table.keys, table.values, strict=True):
            if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
                raise self._fault(table, "the keys of a table are texts")
            if name.value in dict(entries):
                raise self._fault(name, f"{name.value!r} stands twice in the table")
            entries.append((name.value, self.read(value, scope, depth + 1, loops)))
        if key.type.kind != "enum" or {name for name, _ in entries} != set(key.type.values):
            raise self._fault(table, f"a table must have exactly the keys {', '.join(key.type.values) or '(none)'}")
        if isinstance(key, Fact) and key.optional:
            raise self._fault(table, f"{key.path} may be unknown and cannot choose from a table")
        type_ = self._common(table, [value for _, value in entries])
        return Pick(type_, key, tuple(entries))

    # operations

    def _read_arithmetic(self, node: ast.BinOp, scope: dict[str, str], depth: int, loops: int) -> Node:
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self._fault(node, f"{type(node.op).__name__} is not in the formula language")
        left = self.read(node.left, scope, depth + 1, loops)
        right = self.read(node.right, scope, depth + 1, loops)
        result = _arithmetic_type(operator, left, right)
        if result is None:
            raise self._fault(node, _cannot(operator, left, right))
        return Arithmetic(result, operator, left, right)

    def _read_comparison(self, node: ast.Compare, scope: dict[str, str], depth: int, loops: int) -> Node:
        if len(node.ops) != 1:
            raise self._fault(node, "one comparison at a time")
        left = self.read(node.left, scope, depth + 1, loops)
        operator = node.ops[0]
        if isinstance(operator, ast.In | ast.NotIn):
            found = OneOf(t.BOOL, left, self._choices(node.comparators[0], left.type))
            return found if isinstance(operator, ast.In) else Not(t.BOOL, found)
        if type(operator) not in _COMPARISONS:
            raise self._fault(node, f"{type(operator).__name__} is not in the formula language")
        right = self.read(node.comparators[0], scope, depth + 1, loops)
        symbol = _COMPARISONS[type(operator)]
        common = t.unify(left.type, right.type)
        if common is None:
            raise self._fault(node, f"cannot compare {_described(left.type)} with {_described(right.type)}")
        if symbol not in ("==", "!=") and not common.countable:
            raise self._fault(node, f"{common} values have no order")
        return Comparison(t.BOOL, symbol, left, right)

    def _choices(self, node: ast.expr, type_: Type) -> tuple[str, ...]:
        if not isinstance(node, ast.Tuple | ast.List | ast.Set):
            raise self._fault(node, "in takes a list of values")
        values: list[str] = []
        for item in node.elts:
            if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
                raise self._fault(item, "in takes a list of values")
            if item.value not in type_.values:
                raise self._fault(item, f"{item.value!r} is not one of {', '.join(type_.values) or '(none)'}")
            values.append(item.value)
        return tuple(values)

    def _read_logic(self, node: ast.BoolOp, scope: dict[str, str], depth: int, loops: int) -> Node:
        terms = tuple(self.read(term, scope, depth + 1, loops) for term in node.values)
        for source, term in zip(node.values, terms, strict=True):
            self._want_condition(source, term)
        return Logic(t.BOOL, "and" if isinstance(node.op, ast.And) else "or", terms)

    def _want_condition(self, source: ast.expr, term: Node) -> None:
        if term.type != t.BOOL:
            raise self._fault(source, f"a condition is wanted here, not {term.type}")

    def _read_not(self, node: ast.UnaryOp, scope: dict[str, str], depth: int, loops: int) -> Node:
        if not isinstance(node.op, ast.Not):
            raise self._fault(node, f"{type(node.op).__name__} is not in the formula language")
        term = self.read(node.operand, scope, depth + 1, loops)
        self._want_condition(node.operand, term)
        return Not(t.BOOL, term)

    def _read_choice(self, node: ast.IfExp, scope: dict[str, str], depth: int, loops: int) -> Node:
        condition = self.read(node.test, scope, depth + 1, loops)
        self._want_condition(node.test, condition)
        then = self.read(node.body, scope, depth + 1, loops)
        otherwise = self.read(node.orelse, scope, depth + 1, loops)
        return Choice(self._common(node, [then, otherwise]), condition, then, otherwise)

    def _common(self, node: ast.expr, values: list[Node]) -> Type:
        common: Type | None = values[0].type
        for value in values[1:]:
            common = None if common is None else t.unify(common, value.type)
        if common is None:
            raise self._fault(node, f"these are of different types: {', '.join(str(v.type) for v in values)}")
        return common

    # calls

    def _read_call(self, node: ast.Call, scope: dict[str, str], depth: int, loops: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            raise self._fault(node, "no such function")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self._fault(node, "functions take plain arguments")
        name = node.func.id
        if name in _AGGREGATES and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._aggregate(name, node.args[0], scope, depth, loops)
        if name in ("published", "unpublished", "band"):
            return self._of_parameter(name, node, scope, depth, loops)
        if name == "age":
            return self._age(node, scope)
        if name == "months_between":
            return self._months_between(node, scope, depth, loops)
        arguments = [self.read(argument, scope, depth + 1, loops) for argument in node.args]
        if name in ("min", "max") and len(arguments) >= 2:
            return self._extreme(name, node, arguments)
        if name in _UNITS:
            return self._unit(name, node, arguments)
        if name in _ROUNDINGS:
            return self._rounded(name, node, arguments)
        raise self._fault(node, f"{name} is not called like this")

    def _extreme(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        common = self._common(node, arguments)
        if not common.countable:
            raise self._fault(node, f"{common} values have no order")
        return Extreme(common, name, tuple(arguments))

    def _unit(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        if (
            len(arguments) != 1
            or not isinstance(arguments[0], Literal)
            or arguments[0].type.kind not in ("number", "zero")
        ):
            raise self._fault(node, f"{name} takes one number")
        return Literal(_UNITS[name], arguments[0].value)

    def _rounded(self, name: str, node: ast.Call, arguments: list[Node]) -> Node:
        if len(arguments) != 2 or arguments[0].type.kind != "money" or not isinstance(arguments[1], Literal):
            raise self._fault(node, f"{name} takes an amount and the step in yuan")
        step = arguments[1].value
        plain = arguments[1].type == t.NUMBER
        if not plain or not isinstance(step, Fraction) or step <= 0 or (step * 100).denominator != 1:
            raise self._fault(node, "a step is a whole number of fen")
        return Rounded(arguments[0].type, name, arguments[0], int(step * 100))

    def _age(self, node: ast.Call, scope: dict[str, str]) -> Node:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name) or node.args[0].id not in scope:
            raise self._fault(node, "age takes a person")
        variable = node.args[0].id
        return self._of_entity(node, variable, scope[variable], "age")

    def _months_between(self, node: ast.Call, scope: dict[str, str], depth: int, loops: int) -> Node:
        today = len(node.args) == 2 and isinstance(node.args[1], ast.Name) and node.args[1].id == "today"
        since = self.read(node.args[0], scope, depth + 1, loops) if today else None
        if since is None or since.type != t.DATE:
            raise self._fault(node, "months_between takes a date and today")
        return MonthsBetween(t.NUMBER, since)

    def _of_parameter(self, name: str, node: ast.Call, scope: dict[str, str], depth: int, loops: int) -> Node:
        if not node.args:
            raise self._fault(node, f"{name} takes a parameter")
        id_ = self._path(node.args[0])
        spec = self.names.parameters.get(id_)
        if spec is None:
            raise self._fault(node, f"unknown parameter {id_!r}")
        rest = [self.read(argument, scope, depth + 1, loops) for argument in node.args[1:]]
        if name == "published" and not rest:
            return Published(t.BOOL, id_, None)
        if name == "published" and len(rest) == 1 and spec.index is not None:
            self._want_index(node, id_, spec.index, rest[0])
            return Published(t.BOOL, id_, rest[0])
        if name == "band" and len(rest) == 1 and spec.index == t.NUMBER and rest[0].type.kind == "number":
            return Parameter(spec.type, id_, rest[0])
        if name == "unpublished" and len(rest) <= 2:
            return self._unpublished(node, id_, rest)
        raise self._fault(node, f"{name} is not called like this")

    def _unpublished(self, node: ast.Call, id_: str, bounds: list[Node]) -> Node:
        """`unpublished(p)` is a condition, `unpublished(p, low[, high])` a figure."""
        if not bounds:
            return Unpublished(t.BOOL, id_, None, None)
        common = self._common(node, bounds)
        if not common.countable or not self.names.parameters[id_].type.countable:
            raise self._fault(node, "the bounds of a figure are figures")
        if common == t.ZERO:
            common = self.names.parameters[id_].type
        return Unpublished(common, id_, bounds[0], bounds[1] if len(bounds) > 1 else None)

    def _aggregate(self, name: str, node: ast.GeneratorExp, scope: dict[str, str], depth: int, loops: int) -> Node:
        if loops >= MAX_AGGREGATE_DEPTH:
            raise self._fault(node, "collections are gone through two levels deep at most")
        if len(node.generators) != 1:
            raise self._fault(node, "one collection at a time")
        clause = node.generators[0]
        if clause.is_async or not isinstance(clause.target, ast.Name) or clause.target.id in scope:
            raise self._fault(node, "for takes one new name")
        if not _LOOP_NAME.fullmatch(clause.target.id):
            raise self._fault(clause.target, "a loop's name is one small letter other than p")
        source = self._collection(clause.iter, scope)
        variable = clause.target.id
        inner = {**scope, variable: source.entity}
        condition = self._condition(clause.ifs, inner, depth, loops)
        element = self._element(name, node.elt, variable, inner, depth, loops)
        type_ = self._aggregate_type(name, node, element)
        return Aggregate(type_, name, variable, source, source.entity, element, condition)

    def _element(self, name: str, node: ast.expr, variable: str, scope: dict[str, str], depth: int, loops: int) -> Node:
        """What is gathered; `count(m for m in …)` counts the entities themselves."""
        if name == "count" and isinstance(node, ast.Name) and node.id == variable:
            return Literal(t.BOOL, True)
        return self.read(node, scope, depth + 1, loops + 1)

    def _collection(self, node: ast.expr, scope: dict[str, str]) -> Fact:
        path = self._path(node)
        head, _, rest = path.partition(".")
        variable, entity, name = (head, scope[head], rest) if head in scope else ("", "household", path)
        spec = self.names.collections.get(entity, {}).get(name)
        if spec is None:
            raise self._fault(node, f"{path} is not a collection")
        return Fact(Type("enum"), variable, spec.entity, name, spec.optional)

    def _condition(self, ifs: list[ast.expr], scope: dict[str, str], depth: int, loops: int) -> Node | None:
        terms = [self.read(term, scope, depth + 1, loops + 1) for term in ifs]
        for source, term in zip(ifs, terms, strict=True):
            self._want_condition(source, term)
        if not terms:
            return None
        return terms[0] if len(terms) == 1 else Logic(t.BOOL, "and", tuple(terms))

    def _aggregate_type(self, name: str, node: ast.GeneratorExp, element: Node) -> Type:
        if name in ("any", "all"):
            self._want_condition(node.elt, element)
            return t.BOOL
        if name == "count":
            return t.NUMBER
        if not element.type.countable:
            raise self._fault(node, f"cannot take the {name} of {element.type} values")
        return element.type


def _index_word(index: Type) -> str:
    return " or ".join(index.values) if index.kind == "enum" else "a number"


def _described(type_: Type) -> str:
    return f"one of ({', '.join(type_.values)})" if type_.kind == "enum" else str(type_)


def _cannot(operator: str, left: Node, right: Node) -> str:
    if operator == "/" and right.type.kind in ("number", "zero") and not _above_zero(right):
        return "divide by a number above zero, or by max(1, a count)"
    return f"cannot compute {left.type} {operator} {right.type}"


def _arithmetic_type(operator: str, left: Node, right: Node) -> Type | None:
    """What comes out of an operation, None if the law knows no such figure."""
    if operator in "+-":
        common = t.unify(left.type, right.type)
        return common if common is not None and common.countable else None
    if operator == "*":
        return _product(left.type, right.type) or _product(right.type, left.type)
    return _quotient(left, right)


def _product(left: Type, right: Type) -> Type | None:
    if right.kind == "number" and left.countable:
        return left
    if left == t.MONEY_MONTH and right == t.MONTHS:
        return t.MONEY
    return None


def _quotient(left: Node, right: Node) -> Type | None:
    """Division by a number written out, by `max(1, a count)`, or of money by a number of months: never by zero."""
    if not left.type.countable or not _above_zero(right):
        return None
    if left.type == t.MONEY and right.type == t.MONTHS and isinstance(right, Literal):
        return t.MONEY_MONTH
    return left.type if right.type.kind == "number" else None


def _above_zero(node: Node) -> bool:
    if isinstance(node, Literal):
        return isinstance(node.value, Fraction) and node.value > 0
    if not isinstance(node, Extreme) or node.function != "max":
        return False
    written = [term.value for term in node.terms if isinstance(term, Literal) and isinstance(term.value, Fraction)]
    counts = [term for term in node.terms if not isinstance(term, Literal)]
    return (
        any(value >= 1 for value in written)
        and all(value.denominator == 1 for value in written)
        and all(isinstance(term, RuleReference | Aggregate) for term in counts)
    )
