"""Types of sums, products and quotients, and the operations on amounts that the law does not know."""

from fractions import Fraction

from app.rules.language import types as t
from app.rules.language.tree import Aggregate, Extreme, Fact, Literal, Node, RuleReference
from app.rules.language.types import Type


def arithmetic_type(operator: str, left: Node, right: Node) -> Type | None:
    """Returns the type of an operation's result; None if the law knows no such figure."""
    if operator in "+-":
        common = t.unify(left.type, right.type)
        return common if common is not None and common.countable else None
    if operator == "*":
        return _product(left.type, right.type) or _product(right.type, left.type)
    return _quotient(left, right)


def why_not(operator: str, left: Node, right: Node) -> str:
    if operator == "/" and right.type.kind in ("number", "zero") and not _above_zero(right):
        return "divide by a number above zero, or by max(1, a count)"
    return f"cannot compute {left.type} {operator} {right.type}"


def _product(left: Type, right: Type) -> Type | None:
    if right.kind == "number" and left.countable:
        return left
    if left == t.MONEY_MONTH and right == t.MONTHS:
        return t.MONEY
    return None


def _quotient(left: Node, right: Node) -> Type | None:
    """Allows division by a written number, by `max(1, a count)`, or of money by months: never by zero."""
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
        and all(isinstance(term, RuleReference | Aggregate | Fact) for term in counts)
    )
