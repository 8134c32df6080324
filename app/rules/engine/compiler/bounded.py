"""Writes a ruleset as Python for facts that may be open: operations go through the algebra of open values."""

from __future__ import annotations

from typing import Any

from app.rules.engine.compiler.writer import ROUND_TEXTS, ROUNDINGS, Expression, Writer, variable
from app.rules.engine.days import months_between
from app.rules.facts.family import CLOSURE_INPUTS, Links, counted
from app.rules.language import tree
from app.rules.language import types as t
from app.rules.rulesets.dependencies import CLOSURE, Source
from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE
from app.rules.values.open_values import AnyOf, Range
from app.rules.values.space import Space


class BoundedWriter(Writer):
    """Writes the formulas as operations of the algebra of open values."""

    def environment(self) -> dict[str, Any]:
        return {
            "months_between": _open_months_between,
            "close_family": close_family,
            **ROUNDINGS,
        }

    def preamble(self) -> list[str]:
        names = (
            *("add", "sub", "scale", "mul", "divide", "smallest", "largest", "less", "equal", "one_of", "negate"),
            *("both", "either", "choose", "total", "number_of", "some", "every", "extreme", "unpublished"),
        )
        return [f"{name} = algebra.{name}" for name in names] + [
            "round_to = algebra.round",
            "settle = space.settle",
            "split = space.split",
            "cause = space.cause",
            "maybe = algebra.maybe",
            "banded = algebra.banded",
            "ask = space.ask",
        ]

    def closure(self) -> list[str]:
        return [f"close_family(space, members, links, {variable(CLOSURE)!r})"]

    def finished(self, source: Source, expression: Expression) -> str:
        """Makes an open eligibility, and a rule that the packs mark as `cases`, a case of its own."""
        if expression.plain:
            return expression.text
        declared = self.library.rules.get(source.id)
        if source.unit == t.BOOL and (declared is None or declared.cases):
            return f"split({expression.text})"
        return f"settle({expression.text})"

    def enlarged(self, part: Expression, factor: int) -> str:
        if part.plain or factor == 1:
            return super().enlarged(part, factor)
        return f"scale({part.text}, {factor})"

    def plus_minus(self, operator: str, left: Expression, right: Expression) -> Expression:
        if left.plain and right.plain:
            return Expression(f"({left.text} {operator} {right.text})", left.scale)
        name = "add" if operator == "+" else "sub"
        return Expression(f"{name}({left.text}, {right.text})", left.scale, False)

    def times(self, left: Expression, right: Expression) -> Expression:
        scale = left.scale * right.scale
        if right.text == "1":
            return Expression(left.text, scale, left.plain)
        if left.plain and right.plain:
            return Expression(f"({left.text} * {right.text})", scale)
        return Expression(f"mul({left.text}, {right.text})", scale, False)

    def divided(self, left: Expression, right: Expression) -> Expression:
        return Expression(f"divide({left.text}, {right.text})", left.scale * COUNT_SCALE, False)

    def compare(self, operator: str, left: Expression, right: Expression, type_: t.Type) -> Expression:
        if left.plain and right.plain:
            return Expression(f"({left.text} {operator} {right.text})")
        text = {
            "<": "less({l}, {r})",
            ">": "less({r}, {l})",
            "<=": "negate(less({r}, {l}))",
            ">=": "negate(less({l}, {r}))",
            "==": "equal({l}, {r})",
            "!=": "negate(equal({l}, {r}))",
        }[operator]
        return Expression(text.format(l=left.text, r=right.text), 1, False)

    def logic(self, operator: str, terms: list[Expression]) -> Expression:
        name = "both" if operator == "and" else "either"
        return Expression(f"{name}({', '.join(term.text for term in terms)})", 1, False)

    def negated(self, term: Expression) -> Expression:
        return Expression(f"negate({term.text})", 1, False)

    def one_of(self, term: Expression, values: tuple[str, ...]) -> Expression:
        return Expression(f"one_of({term.text}, {set(values)!r})", 1, False)

    def chosen(self, condition: str, then: str, otherwise: str) -> str:
        return f"choose({condition}, {then}, {otherwise})"

    def extreme_name(self, function: str) -> str:
        return "largest" if function == "max" else "smallest"

    def rounded(self, function: str, term: Expression, step: int) -> Expression:
        if term.plain:
            return Expression(ROUND_TEXTS[function].format(value=term.text, unit=step * term.scale, step=step))
        text = f"round_to({term.text}, {step * term.scale}, {function})"
        return Expression(f"scale({text}, {step})", 1, False)

    def _asked_of(self) -> str:
        return "person.index" if "person" in self.subject else "None"

    def unpublished(self, parameter: str, bounds: list[str], above: bool) -> str:
        if parameter in self.library.nation.questions:
            return f"ask({parameter!r}, {self._asked_of()})"
        if not bounds:
            return f"maybe(cause({parameter!r}))"
        high = bounds[1] if len(bounds) > 1 else "None"
        return f"unpublished({bounds[0]}, {high}, cause({parameter!r}), {above})"

    def on_aggregate(self, node: tree.Aggregate) -> Expression:
        condition = self.expression(node.condition).text if node.condition is not None else "True"
        loop = f"for {node.variable} in {self.collection(node)}"
        if node.function == "count":
            return Expression(f"number_of([{condition} {loop}])", 1, False)
        element = self.expression(node.element)
        pair = f"({condition}, {element.text})"
        if node.function == "any":
            return Expression(f"some([both{pair} {loop}] + {self.tail(node)})", 1, False)
        if node.function == "all":
            return Expression(
                f"every([either(negate({condition}), {element.text}) {loop}] + {self.tail(node)})", 1, False
            )
        if node.function == "sum":
            return Expression(f"total([{pair} {loop}])", element.scale, False)
        name = self.extreme_name(node.function)
        return Expression(f"extreme([{pair} {loop}], {name})", element.scale, False)

    def tail(self, node: tree.Aggregate) -> str:
        """Yields open members of a collection that the request left unknown."""
        if not node.source.optional:
            return "[]"
        return f"{node.source.variable}.{node.source.path}_tail"


def _open_months_between(since: Any, today: Any) -> Any:
    return Range(0, None, since.causes) if type(since) is AnyOf else months_between(since, today)


def close_family(space: Space, members: list[Any], links: Links, name: str) -> None:
    """Sets the closure of the family on each member in every open case; beyond too many cases it is open for all."""
    flags = [getattr(person, variable(id_)) for id_ in CLOSURE_INPUTS for person in members]
    indexes = [index for index, flag in enumerate(flags) if type(flag) is not bool]
    opened = [flags[index] for index in indexes]
    count = len(members)

    def close(*answers: bool) -> tuple[bool, ...]:
        for index, answer in zip(indexes, answers, strict=True):
            flags[index] = answer
        rows = [flags[start : start + count] for start in range(0, len(flags), count)]
        return tuple(counted(links.start, links.spouses, links.parents, links.children, rows))

    if space.too_many(opened):
        causes = space.causes_within(opened)
        for person in members:
            setattr(person, name, Algebra.maybe(causes))
        return
    result = space.lift(close, *opened)
    for index, person in enumerate(members):
        setattr(person, name, space.settle(space.lift(lambda row, index=index: row[index], result)))
