"""Turns expression trees into Python text: the part shared by the exact and the bounded path.

Money is whole numbers at a scale worked out for each expression, so that every product and quotient is exact and nothing
rounds but a rounding function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

from app.rules.language import tree
from app.rules.language import types as t
from app.rules.language.names import SUBJECTS, is_name
from app.rules.packs.indexes import BANDS
from app.rules.packs.library import Library
from app.rules.rulesets.dependencies import ALWAYS_ASKED, Source, conditions_read, derived_name
from app.rules.rulesets.ruleset import Ruleset
from app.rules.values.money import MONTH_SCALE, RATIO_SCALE


@dataclass(frozen=True)
class Expression:
    """Python text of a value, its units to the fen (or to one), and whether it is known in every household."""

    text: str
    scale: int = 1
    plain: bool = True


@dataclass(frozen=True)
class CompiledRule:
    """A compiled rule: the attribute and scale of its result, and the sides of its comparison if it is one."""

    id: str
    entity: str
    name: str
    scale: int
    unit: t.Type
    plain: bool
    sides: tuple[int, str, t.Type] | None = None  # the scale of both sides, the relation, their type


def variable(id_: str) -> str:
    """Returns the attribute that keeps a rule's result. Raises ValueError for a text that is no name of a rule."""
    if not is_name(id_):
        raise ValueError("not a name")
    return "r_" + id_.replace(".", "__")


def native_scale(type_: t.Type) -> int:
    """Returns the scale of facts and figures of a type: units to the fen, or to one."""
    return MONTH_SCALE if type_ == t.MONEY_MONTH else 1


class Writer:
    """Base of both writers: the order of the rules, the loops over entities, the scales of expressions."""

    def __init__(
        self, library: Library, ruleset: Ruleset, found: dict[str, Source], order: list[str], tested: set[str]
    ) -> None:
        self.library = library
        self.ruleset = ruleset
        self.found = found
        self.order = order
        self.tested = tested
        self.compiled: dict[str, CompiledRule] = {}
        self.constants: dict[str, Expression] = {}
        self.subject = ""  # whom the rule that is written is for
        self.asked = {*conditions_read(library, ruleset), *ALWAYS_ASKED}
        self.parameter_index = {id_: index for index, id_ in enumerate(library.parameter_order)}

    def environment(self) -> dict[str, Any]:
        raise NotImplementedError

    # the whole function

    def write(self) -> str:
        lines = [
            "def run(household, p, published, today, space, algebra):",
            "    links = household.links",
            "    members = household.members",
        ]
        lines += [f"    {line}" for line in self.preamble()]
        current = ""
        computed: set[str] = set()  # by the loop that is being written
        for id_ in self.order:
            source = self.found[id_]
            if source.node is None:
                lines += [f"    {line}" for line in self.closure()]
                current = ""
                continue
            if source.entity != current or computed.intersection(self.of_others(source)):
                current = source.entity
                computed.clear()
                lines += [f"    {line}" for line in self.loop(current)]
            indent = "    " if current == "household" else "        "
            lines += [indent + line for line in self.rule(source)]
            computed.add(id_)
        lines += [f"    {line}" for line in self.ending()]
        return "\n".join(lines) + "\n"

    def of_others(self, source: Source) -> Iterator[str]:
        """Yields the rules whose results for other people a rule reads: their loop must have ended."""
        for part in tree.walk(source.node):
            if isinstance(part, tree.RuleReference) and part.variable not in SUBJECTS.values():
                yield part.id

    def preamble(self) -> list[str]:
        raise NotImplementedError

    def loop(self, entity: str) -> list[str]:
        return {
            "household": [],
            "member": ["for person in members:"],
            "obligor": ["for obligor in household.obligors:"],
        }[entity]

    def rule(self, source: Source) -> list[str]:
        node = source.node
        target = self.target(source)
        self.subject = SUBJECTS[source.entity]
        if isinstance(node, tree.Comparison) and source.id in self.tested and node.left.type.countable:
            return self.test(source, node, target)
        expression = self.expression(node)  # type: ignore[arg-type]
        self.compiled[source.id] = self.entry(source, expression)
        if isinstance(node, tree.Literal):
            self.constants[source.id] = expression
        return self.guarded(source, [self.assigned(source, target, self.finished(source, expression))])

    def test(self, source: Source, node: tree.Comparison, target: str) -> list[str]:
        left, right = self.expression(node.left), self.expression(node.right)
        (left_text, right_text), scale = self.aligned([left, right])
        sides = [Expression(f"{target}_l", scale, left.plain), Expression(f"{target}_r", scale, right.plain)]
        result = self.compare(node.operator, sides[0], sides[1], node.left.type)
        self.compiled[source.id] = CompiledRule(
            source.id,
            source.entity,
            variable(source.id),
            1,
            t.BOOL,
            result.plain,
            (scale, node.operator, _side_type(node)),
        )
        texts = ((target + "_l", left_text), (target + "_r", right_text), (target, result.text))
        return self.guarded(source, [self.assigned_side(source, name, text) for name, text in texts])

    def assigned(self, source: Source, target: str, text: str) -> str:
        return f"{target} = {text}"

    def assigned_side(self, source: Source, target: str, text: str) -> str:
        return f"{target} = {text}"

    def ending(self) -> list[str]:
        return ["return []"]

    def guarded(self, source: Source, lines: list[str]) -> list[str]:
        return lines

    def entry(self, source: Source, expression: Expression) -> CompiledRule:
        return CompiledRule(
            source.id, source.entity, variable(source.id), expression.scale, source.unit, expression.plain
        )

    def finished(self, source: Source, expression: Expression) -> str:
        return expression.text

    def target(self, source: Source) -> str:
        return f"{self.holder(SUBJECTS[source.entity])}.{variable(source.id)}"

    def holder(self, variable_: str) -> str:
        return variable_ or "household"

    def derived(self, parameter: str) -> str:
        return f"household.{variable(derived_name(parameter))}"

    def closure(self) -> list[str]:
        raise NotImplementedError

    # expressions

    def expression(self, node: tree.Node) -> Expression:
        method: Callable[[Any], Expression] = getattr(self, f"on_{type(node).__name__.lower()}")
        return method(node)

    def on_literal(self, node: tree.Literal) -> Expression:
        if isinstance(node.value, Fraction):
            value = node.value * 100 if node.type.kind == "money" else node.value
            return Expression(str(value.numerator), value.denominator)
        return Expression(repr(node.value))

    def on_fact(self, node: tree.Fact) -> Expression:
        spec = self.library.names.facts[node.entity][node.path]
        return Expression(
            f"{self.holder(node.variable)}.{spec.attribute}", native_scale(spec.type) * spec.scale, not spec.optional
        )

    def on_rulereference(self, node: tree.RuleReference) -> Expression:
        rule = self.compiled.get(node.id)
        if rule is None:  # the closure, written by hand
            return Expression(f"{self.holder(node.variable)}.{variable(node.id)}", 1, False)
        return Expression(f"{self.holder(node.variable)}.{rule.name}", rule.scale, rule.plain)

    def on_parameter(self, node: tree.Parameter) -> Expression:
        if self.ruleset.parameters[node.id].formula is not None:
            rule = self.compiled[derived_name(node.id)]
            return Expression(self.derived(node.id), rule.scale, rule.plain)
        spec = self.library.names.parameters[node.id]
        scale = native_scale(spec.type) if spec.type.kind == "money" else RATIO_SCALE
        figure = f"p[{self.parameter_index[node.id]}]"
        if node.index is None:
            return Expression(figure, 1 if spec.type == t.BOOL else scale, False)
        return self.indexed(figure, self.expression(node.index), self.library.parameters[node.id].by in BANDS, scale)

    def indexed(self, figure: str, index: Expression, bands: bool, scale: int) -> Expression:
        return Expression(f"banded({figure}, {index.text})" if bands else f"{figure}[{index.text}]", scale, False)

    def on_published(self, node: tree.Published) -> Expression:
        keys = f"published[{self.parameter_index[node.id]}]"
        if node.index is None:
            return Expression(f"({keys} != ())")
        index = self.expression(node.index).text
        if self.library.parameters[node.id].by in BANDS:
            return Expression(f"({keys} != () and {index} >= {keys}[0])")
        return Expression(f"({index} in {keys})")

    def on_oneof(self, node: tree.OneOf) -> Expression:
        term = self.expression(node.term)
        if term.plain:
            return Expression(f"({term.text} in {node.values!r})")
        return self.one_of(term, node.values)

    def on_pick(self, node: tree.Pick) -> Expression:
        values = [self.expression(value) for _, value in node.table]
        texts, scale = self.aligned(values)
        table = ", ".join(f"{name!r}: {text}" for (name, _), text in zip(node.table, texts, strict=True))
        key = self.expression(node.key)
        return Expression(f"{{{table}}}[{key.text}]", scale, all(value.plain for value in values))

    def on_arithmetic(self, node: tree.Arithmetic) -> Expression:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.operator in "+-" and right.text == "0":
            return left
        if node.operator in "+-":
            texts, scale = self.aligned([left, right])
            sides = [Expression(text, scale, part.plain) for text, part in zip(texts, (left, right), strict=True)]
            return self.plus_minus(node.operator, sides[0], sides[1])
        if node.operator == "*":
            return self.times(left, right)
        if isinstance(node.right, tree.Literal) and isinstance(node.right.value, Fraction):
            divisor = node.right.value
            scaled = Expression(str(divisor.denominator), divisor.numerator)
            return self.times(left, scaled)
        if right.scale != 1:
            raise ValueError("an amount is divided by a whole number of people")
        return self.divided(left, right)

    def on_comparison(self, node: tree.Comparison) -> Expression:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.left.type.countable:
            texts, scale = self.aligned([left, right])
            left, right = Expression(texts[0], scale, left.plain), Expression(texts[1], scale, right.plain)
        return self.compare(node.operator, left, right, node.left.type)

    def on_logic(self, node: tree.Logic) -> Expression:
        terms = [self.expression(term) for term in node.terms]
        if all(term.plain for term in terms):
            return Expression("(" + f" {node.operator} ".join(term.text for term in terms) + ")")
        return self.logic(node.operator, terms)

    def on_not(self, node: tree.Not) -> Expression:
        term = self.expression(node.term)
        return Expression(f"(not {term.text})") if term.plain else self.negated(term)

    def on_choice(self, node: tree.Choice) -> Expression:
        condition = self.expression(node.condition)
        branches = [self.expression(node.then), self.expression(node.otherwise)]
        texts, scale = self.aligned(branches)
        plain = all(branch.plain for branch in branches)
        if condition.plain:
            return Expression(f"({texts[0]} if {condition.text} else {texts[1]})", scale, plain)
        return Expression(self.chosen(condition.text, texts[0], texts[1]), scale, False)

    def on_extreme(self, node: tree.Extreme) -> Expression:
        terms = [self.expression(term) for term in node.terms]
        texts, scale = self.aligned(terms)
        if all(term.plain for term in terms):
            return Expression(f"{node.function}({', '.join(texts)})", scale)
        return Expression(f"{self.extreme_name(node.function)}({', '.join(texts)})", scale, False)

    def extreme_name(self, function: str) -> str:
        return function

    def on_rounded(self, node: tree.Rounded) -> Expression:
        term = self.expression(node.term)
        return self.rounded(node.function, term, node.step_fen)

    def on_monthsbetween(self, node: tree.MonthsBetween) -> Expression:
        since = self.expression(node.since)
        return Expression(f"months_between({since.text}, today)", 1, since.plain)

    def on_unpublished(self, node: tree.Unpublished) -> Expression:
        bounds = [self.expression(b) for b in (node.low, node.high) if b is not None]
        texts, scale = self.aligned(bounds) if bounds else ([], 1)
        declared = self.library.parameters.get(node.parameter)
        above = bool(declared and declared.above == 0 and bounds and bounds[0].text == "0")
        return Expression(self.unpublished(node.parameter, texts, above), scale, False)

    def aligned(self, parts: list[Expression]) -> tuple[list[str], int]:
        """Writes amounts at one common scale; returns the texts and the scale."""
        scale = lcm(*(part.scale for part in parts))
        return [self.enlarged(part, scale // part.scale) for part in parts], scale

    # what differs between the paths

    def enlarged(self, part: Expression, factor: int) -> str:
        return part.text if factor == 1 or part.text == "0" else f"({part.text} * {factor})"

    def plus_minus(self, operator: str, left: Expression, right: Expression) -> Expression:
        raise NotImplementedError

    def times(self, left: Expression, right: Expression) -> Expression:
        raise NotImplementedError

    def divided(self, left: Expression, right: Expression) -> Expression:
        raise NotImplementedError

    def compare(self, operator: str, left: Expression, right: Expression, type_: t.Type) -> Expression:
        raise NotImplementedError

    def logic(self, operator: str, terms: list[Expression]) -> Expression:
        raise NotImplementedError

    def negated(self, term: Expression) -> Expression:
        raise NotImplementedError

    def one_of(self, term: Expression, values: tuple[str, ...]) -> Expression:
        raise NotImplementedError

    def chosen(self, condition: str, then: str, otherwise: str) -> str:
        raise NotImplementedError

    def rounded(self, function: str, term: Expression, step: int) -> Expression:
        raise NotImplementedError

    def unpublished(self, parameter: str, bounds: list[str], above: bool) -> str:
        raise NotImplementedError

    def on_aggregate(self, node: tree.Aggregate) -> Expression:
        raise NotImplementedError

    def collection(self, node: tree.Aggregate) -> str:
        if not node.source.variable:
            return "members"
        specs = (specs.get(node.source.path) for specs in self.library.names.collections.values())
        attribute = next(spec.attribute for spec in specs if spec and spec.entity == node.source.entity)
        return f"{node.source.variable}.{attribute}"


def _side_type(node: tree.Comparison) -> t.Type:
    return t.unify(node.left.type, node.right.type) or node.left.type


ROUNDINGS: Final[dict[str, Callable[[int, int], int]]] = {
    "round_up": lambda value, step: -(-value // step),
    "round_down": lambda value, step: value // step,
    "round_half_up": lambda value, step: (2 * value + step) // (2 * step),
}
ROUND_TEXTS: Final = {
    "round_up": "(-(-{value} // {unit}) * {step})",
    "round_down": "({value} // {unit} * {step})",
    "round_half_up": "((2 * {value} + {unit}) // (2 * {unit}) * {step})",
}
