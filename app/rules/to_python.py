"""Expression trees -> two Python functions: the fast path, and bounded evaluation for what is not fully known.

Both come from the same trees. Money is whole numbers at a scale the compiler works out for each expression, so every
product and quotient is exact and nothing rounds but a rounding function. On the fast path an unknown refuses to be used
(unknown.py); bounded evaluation computes with ranges and cases instead (bounds.py).

The generated text holds only names and numbers made here from trees that language.py has let through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any, Final

from app.rules import language as lang
from app.rules import types as t
from app.rules.bounds import Algebra, AnyOf, Range, Space
from app.rules.family import CLOSURE_INPUTS, counted
from app.rules.household import Links, months_between
from app.rules.library import Library
from app.rules.outcomes import Outcome, Test
from app.rules.packs import ProgrammeVersion
from app.rules.money import COUNT_SCALE, MONTH_SCALE, RATIO_SCALE
from app.rules.ruleset import Ruleset
from app.rules.unknown import NeedsBounds
from app.rules.vocabulary import PROGRAMMES

CLOSURE: Final = "family.counted"
ALWAYS_ASKED: Final = ("counted", "household.size", "household.income", "family.no_result", CLOSURE)


@dataclass(frozen=True)
class Expression:
    """Python text of a value, its units to the fen (or to one), and whether it is known in every household."""

    text: str
    scale: int = 1
    plain: bool = True


@dataclass(frozen=True)
class CompiledRule:
    """Where a rule's result is kept and at which scale; the sides of a comparison beside it."""

    id: str
    entity: str
    name: str
    scale: int
    unit: t.Type
    plain: bool
    sides: tuple[int, str, t.Type] | None = None  # the scale of both sides, the relation, their type


@dataclass
class Program:
    """A ruleset's rules, compiled. Both functions set each rule's result on the entity it is for."""

    rules: dict[str, CompiledRule]
    order: list[str]
    fast: Callable[..., Any]
    bounded: Callable[..., Any]
    fast_source: str
    bounded_source: str


def variable(id_: str) -> str:
    """The name under which a rule's result is kept."""
    return "r_" + id_.replace(".", "__")


def native_scale(type_: t.Type) -> int:
    """The scale at which facts and figures of a type arrive."""
    return MONTH_SCALE if type_ == t.MONEY_MONTH else 1


def dependencies(node: lang.Node | None, ruleset: Ruleset) -> Iterator[str]:
    """The rules a formula refers to, also through values given by a formula."""
    for part in walk(node):
        if isinstance(part, lang.RuleReference):
            yield part.id
        elif isinstance(part, lang.Parameter):
            derived = ruleset.parameters[part.id].formula
            if derived is not None:
                yield derived_name(part.id)


def derived_name(parameter: str) -> str:
    """The rule that stands for a value given by a formula."""
    return f"value.{parameter}"


def parameters_read(
    library: Library, ruleset: Ruleset, rules: Iterable[str], *, through_results: bool
) -> list[str]:
    """The parameters some rules read, also through the rules they need; past other programmes' results if asked."""
    every = _every_source(library, ruleset)
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(rules)
    while waiting:
        id_ = waiting.pop(0)
        if id_ in seen or (id_.endswith(".eligible") and not through_results):
            continue
        seen.add(id_)
        source = every[id_]
        for part in walk(source.node):
            if isinstance(part, lang.Parameter):
                found.setdefault(part.id)
        waiting.extend(source.needs)
    return sorted(found)


def walk(node: Any) -> Iterator[lang.Node]:
    """A tree's nodes."""
    if isinstance(node, lang.Node):
        yield node
        for part in vars(node).values():
            yield from walk(part)
    elif isinstance(node, tuple):
        for part in node:
            yield from walk(part)


@dataclass(frozen=True)
class Source:
    """A rule to compile: whom it is for, its tree (none for the closure) and what it depends on.

    Where `guard` is given, nobody asks for the result unless that condition holds.
    """

    id: str
    entity: str
    unit: t.Type
    node: lang.Node | None
    needs: tuple[str, ...]
    guard: str | None = None


def sources(library: Library, ruleset: Ruleset) -> dict[str, Source]:
    """The rules that some answer needs, with the implied ones: eligibilities, values given by a formula."""
    every = _every_source(library, ruleset)
    guards = _guards(library, ruleset, every)
    found: dict[str, Source] = {}
    waiting = [*_asked_for(library, ruleset), *ALWAYS_ASKED]
    while waiting:
        id_ = waiting.pop()
        if id_ in found:
            continue
        source, guard = every[id_], guards.get(id_)
        if guard is not None:
            source = replace(source, guard=guard, needs=(*source.needs, guard))
        found[id_] = source
        waiting.extend(source.needs)
    return found


def _asked_for(library: Library, ruleset: Ruleset) -> Iterator[str]:
    """What results, assumptions, cautions and procedures read."""
    for id_, linked in ruleset.programmes.items():
        version = linked.version
        yield from version.tests
        yield from version.lines
        yield from (rule for rule in (version.group, version.amount) if rule)
        declared = library.programmes[id_]  # type: ignore[index]
        yield from (assumption.when for assumption in declared.assumptions if assumption.when)
        yield from (caution.when for caution in declared.warnings)
        for _, steps in version.procedure:
            yield from (step.when for step in steps if step.when)
    yield from (f"{id_}.eligible" for id_ in library.programmes)


def _guards(library: Library, ruleset: Ruleset, every: dict[str, Source]) -> dict[str, str]:
    """Tests asked only of the programme's group, and amounts only of those eligible: nobody else needs them."""
    used: dict[str, set[str]] = {}
    for source in every.values():
        for need in source.needs:
            used.setdefault(need, set()).add(source.id)
    elsewhere = set(_conditions(library, ruleset))
    guards: dict[str, str] = {}
    for id_, linked in ruleset.programmes.items():
        version, eligible = linked.version, f"{id_}.eligible"
        entity = library.programmes[id_].entity  # type: ignore[index]
        paid = {rule for rule in (version.amount, *version.lines) if rule}
        for rule in (*version.tests, *paid):
            users = used.get(rule, set()) - {eligible} - paid
            if users or rule in elsewhere or every[rule].entity != entity or rule in guards:
                continue
            guard = eligible if rule in paid else version.group
            if guard is not None:
                guards[rule] = guard
    return guards


def _conditions(library: Library, ruleset: Ruleset) -> Iterator[str]:
    for id_, linked in ruleset.programmes.items():
        declared = library.programmes[id_]  # type: ignore[index]
        yield from (assumption.when for assumption in declared.assumptions if assumption.when)
        yield from (caution.when for caution in declared.warnings)
        for _, steps in linked.version.procedure:
            yield from (step.when for step in steps if step.when)
        if linked.version.group:
            yield linked.version.group


def _every_source(library: Library, ruleset: Ruleset) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for id_, rule in ruleset.rules.items():
        declared = library.rules[id_]
        needs = CLOSURE_INPUTS if declared.closure else tuple(dependencies(rule.node, ruleset))
        found[id_] = Source(id_, declared.entity, t.BY_NAME[declared.unit], rule.node, needs)
    for id_, parameter in ruleset.parameters.items():
        if parameter.formula is not None:
            name = derived_name(id_)
            unit = t.BY_NAME[library.parameters[id_].unit]
            found[name] = Source(name, "household", unit, parameter.formula, tuple(dependencies(parameter.formula, ruleset)))
    for id_, declared_programme in library.programmes.items():
        node = _eligibility(library, ruleset, id_, declared_programme.entity)
        name = f"{id_}.eligible"
        found[name] = Source(name, declared_programme.entity, t.BOOL, node, tuple(dependencies(node, ruleset)))
    return found


def _eligibility(library: Library, ruleset: Ruleset, id_: str, entity: str) -> lang.Node:
    programme = ruleset.programmes.get(id_)
    if programme is None:
        return lang.Literal(t.BOOL, False)
    who = lang.SUBJECTS[entity]
    ids = ([programme.version.group] if programme.version.group else []) + programme.version.tests
    terms = tuple(lang.RuleReference(t.BOOL, rule, who if library.rules[rule].entity == entity else "") for rule in ids)
    if not terms:
        return lang.Literal(t.BOOL, True)
    return terms[0] if len(terms) == 1 else lang.Logic(t.BOOL, "and", terms)


class Cycle(ValueError):
    """Rules that need one another."""


def ordered(found: dict[str, Source]) -> list[str]:
    """The rules so that each comes after those it needs, staying with one kind of entity as long as possible."""
    waiting = {id_: {need for need in source.needs if need in found} for id_, source in found.items()}
    order: list[str] = []
    current = "household"
    while waiting:
        ready = sorted(id_ for id_, needs in waiting.items() if not needs)
        if not ready:
            raise Cycle(", ".join(sorted(waiting)))
        same = [id_ for id_ in ready if found[id_].entity == current]
        if not same:
            current = found[ready[0]].entity
            continue
        for id_ in same:
            order.append(id_)
            del waiting[id_]
        for needs in waiting.values():
            needs.difference_update(same)
    return order


def compile_rules(library: Library, ruleset: Ruleset) -> Program:
    """Both functions of a ruleset. Cycle if rules need one another."""
    found = sources(library, ruleset)
    order = ordered(found)
    tested = {test for programme in ruleset.programmes.values() for test in programme.version.tests}
    fast = _FastWriter(library, ruleset, found, order, tested)
    fast.write()  # finds out which results are read beyond the loop that computes them
    fast = _FastWriter(library, ruleset, found, order, tested, fast.escaping)
    bounded = _BoundedWriter(library, ruleset, found, order, tested)
    fast_source, bounded_source = fast.write(), bounded.write()
    return Program(
        bounded.compiled,
        order,
        _function(fast_source, fast.environment()),
        _function(bounded_source, bounded.environment()),
        fast_source,
        bounded_source,
    )


def _function(source: str, environment: dict[str, Any]) -> Callable[..., Any]:
    exec(compile(source, "<ruleset>", "exec"), environment)  # noqa: S102  text made above, from checked trees only
    function: Callable[..., Any] = environment["run"]
    return function


class _Writer:
    """What both paths share: the order of the rules, the loops over entities, the scales of expressions."""

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
        self.asked = {*_conditions(library, ruleset), *ALWAYS_ASKED}
        self.parameter_places = {id_: place for place, id_ in enumerate(sorted(library.parameters))}

    def environment(self) -> dict[str, Any]:
        raise NotImplementedError

    # the whole function

    def write(self) -> str:
        lines = ["def run(household, p, published, today, space, algebra):", "    links = household.links", "    members = household.members"]
        lines += [f"    {line}" for line in self.preamble()]
        current = ""
        for id_ in self.order:
            source = self.found[id_]
            if source.node is None:
                lines += [f"    {line}" for line in self.closure()]
                current = ""
                continue
            if source.entity != current:
                current = source.entity
                lines += [f"    {line}" for line in self.loop(current)]
            indent = "    " if current == "household" else "        "
            lines += [indent + line for line in self.rule(source)]
        lines += [f"    {line}" for line in self.ending()]
        return "\n".join(lines) + "\n"

    def preamble(self) -> list[str]:
        return []

    def loop(self, entity: str) -> list[str]:
        return {
            "household": [],
            "member": ["for person in members:"],
            "obligor": ["for obligor in household.obligors:"],
        }[entity]

    def rule(self, source: Source) -> list[str]:
        node = source.node
        target = self.target(source)
        if isinstance(node, lang.Comparison) and source.id in self.tested and node.left.type.countable:
            return self.test(source, node, target)
        expression = self.expression(node)  # type: ignore[arg-type]
        self.compiled[source.id] = self.entry(source, expression)
        if isinstance(node, lang.Literal):
            self.constants[source.id] = expression
        return self.guarded(source, [self.assigned(source, target, self.finished(source, expression))])

    def test(self, source: Source, node: lang.Comparison, target: str) -> list[str]:
        left, right = self.expression(node.left), self.expression(node.right)
        (left_text, right_text), scale = self.aligned([left, right])
        sides = [Expression(f"{target}_l", scale, left.plain), Expression(f"{target}_r", scale, right.plain)]
        result = self.compare(node.operator, sides[0], sides[1], node.left.type)
        self.compiled[source.id] = CompiledRule(
            source.id, source.entity, variable(source.id), 1, t.BOOL, result.plain, (scale, node.operator, _side_type(node))
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
        return f"{self.holder(lang.SUBJECTS[source.entity])}.{variable(source.id)}"

    def holder(self, variable_: str) -> str:
        return variable_ or "household"

    def derived(self, parameter: str) -> str:
        return f"household.{variable(derived_name(parameter))}"

    def closure(self) -> list[str]:
        raise NotImplementedError

    # expressions

    def expression(self, node: lang.Node) -> Expression:
        method: Callable[[Any], Expression] = getattr(self, f"on_{type(node).__name__.lower()}")
        return method(node)

    def on_literal(self, node: lang.Literal) -> Expression:
        if isinstance(node.value, Fraction):
            value = node.value * 100 if node.type.kind == "money" else node.value
            return Expression(str(value.numerator), value.denominator)
        return Expression(repr(node.value))

    def on_fact(self, node: lang.Fact) -> Expression:
        spec = self.library.names.facts[node.entity][node.path]
        return Expression(f"{self.holder(node.variable)}.{spec.attribute}", native_scale(spec.type), not spec.optional)

    def on_rulereference(self, node: lang.RuleReference) -> Expression:
        rule = self.compiled.get(node.id)
        if rule is None:  # the closure, written by hand
            return Expression(f"{self.holder(node.variable)}.{variable(node.id)}", 1, False)
        return Expression(f"{self.holder(node.variable)}.{rule.name}", rule.scale, rule.plain)

    def on_parameter(self, node: lang.Parameter) -> Expression:
        if self.ruleset.parameters[node.id].formula is not None:
            rule = self.compiled[derived_name(node.id)]
            return Expression(self.derived(node.id), rule.scale, rule.plain)
        spec = self.library.names.parameters[node.id]
        scale = native_scale(spec.type) if spec.type.kind == "money" else RATIO_SCALE
        place = f"p[{self.parameter_places[node.id]}]"
        if node.index is None:
            return Expression(place, 1 if spec.type == t.BOOL else scale, False)
        return self.indexed(place, self.expression(node.index), self.library.parameters[node.id].by == "age", scale)

    def indexed(self, place: str, index: Expression, bands: bool, scale: int) -> Expression:
        return Expression(f"banded({place}, {index.text})" if bands else f"{place}[{index.text}]", scale, False)

    def on_published(self, node: lang.Published) -> Expression:
        keys = f"published[{self.parameter_places[node.id]}]"
        if node.index is None:
            return Expression(f"({keys} != ())")
        index = self.expression(node.index).text
        if self.library.parameters[node.id].by == "age":
            return Expression(f"({keys} != () and {index} >= {keys}[0])")
        return Expression(f"({index} in {keys})")

    def on_oneof(self, node: lang.OneOf) -> Expression:
        term = self.expression(node.term)
        if term.plain:
            return Expression(f"({term.text} in {node.values!r})")
        return self.one_of(term, node.values)

    def on_pick(self, node: lang.Pick) -> Expression:
        values = [self.expression(value) for _, value in node.table]
        texts, scale = self.aligned(values)
        table = ", ".join(f"{name!r}: {text}" for (name, _), text in zip(node.table, texts, strict=True))
        key = self.expression(node.key)
        return Expression(f"{{{table}}}[{key.text}]", scale, all(value.plain for value in values))

    def on_arithmetic(self, node: lang.Arithmetic) -> Expression:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.operator in "+-" and right.text == "0":
            return left
        if node.operator in "+-":
            texts, scale = self.aligned([left, right])
            sides = [Expression(text, scale, part.plain) for text, part in zip(texts, (left, right), strict=True)]
            return self.plus_minus(node.operator, sides[0], sides[1])
        if node.operator == "*":
            return self.times(left, right)
        if isinstance(node.right, lang.Literal) and isinstance(node.right.value, Fraction):
            divisor = node.right.value
            scaled = Expression(str(divisor.denominator), divisor.numerator)
            return self.times(left, scaled)
        return self.divided(left, right)

    def on_comparison(self, node: lang.Comparison) -> Expression:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.left.type.countable:
            texts, scale = self.aligned([left, right])
            left, right = Expression(texts[0], scale, left.plain), Expression(texts[1], scale, right.plain)
        return self.compare(node.operator, left, right, node.left.type)

    def on_logic(self, node: lang.Logic) -> Expression:
        terms = [self.expression(term) for term in node.terms]
        if all(term.plain for term in terms):
            return Expression("(" + f" {node.operator} ".join(term.text for term in terms) + ")")
        return self.logic(node.operator, terms)

    def on_not(self, node: lang.Not) -> Expression:
        term = self.expression(node.term)
        return Expression(f"(not {term.text})") if term.plain else self.negated(term)

    def on_choice(self, node: lang.Choice) -> Expression:
        condition = self.expression(node.condition)
        branches = [self.expression(node.then), self.expression(node.otherwise)]
        texts, scale = self.aligned(branches)
        plain = all(branch.plain for branch in branches)
        if condition.plain:
            return Expression(f"({texts[0]} if {condition.text} else {texts[1]})", scale, plain)
        return Expression(self.chosen(condition.text, texts[0], texts[1]), scale, False)

    def on_extreme(self, node: lang.Extreme) -> Expression:
        terms = [self.expression(term) for term in node.terms]
        texts, scale = self.aligned(terms)
        if all(term.plain for term in terms):
            return Expression(f"{node.function}({', '.join(texts)})", scale)
        return Expression(f"{self.extreme_name(node.function)}({', '.join(texts)})", scale, False)

    def extreme_name(self, function: str) -> str:
        return function

    def on_rounded(self, node: lang.Rounded) -> Expression:
        term = self.expression(node.term)
        return self.rounded(node.function, term, node.step_fen)

    def on_monthsbetween(self, node: lang.MonthsBetween) -> Expression:
        since = self.expression(node.since)
        return Expression(f"months_between({since.text}, today)", 1, since.plain)

    def on_unpublished(self, node: lang.Unpublished) -> Expression:
        bounds = [self.expression(b) for b in (node.low, node.high) if b is not None]
        texts, scale = self.aligned(bounds) if bounds else ([], 1)
        declared = self.library.parameters.get(node.parameter)
        above = bool(node.low is None or isinstance(node.low, lang.Literal)) and bool(declared and declared.above == 0)
        return Expression(self.unpublished(node.parameter, texts, above), scale, False)

    def aligned(self, parts: list[Expression]) -> tuple[list[str], int]:
        """The texts of some amounts at one common scale."""
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

    def on_aggregate(self, node: lang.Aggregate) -> Expression:
        raise NotImplementedError

    def collection(self, node: lang.Aggregate) -> str:
        spec = self.library.names.collections
        for specs in spec.values():
            found = specs.get(node.source.path)
            if found is not None and found.entity == node.source.entity:
                return "members" if not node.source.variable else f"{node.source.variable}.{found.attribute}"
        raise KeyError(node.source.path)


def _side_type(node: lang.Comparison) -> t.Type:
    return t.unify(node.left.type, node.right.type) or node.left.type


ROUNDINGS: Final[dict[str, Callable[[int, int], int]]] = {
    "round_up": lambda value, step: -(-value // step),
    "round_down": lambda value, step: value // step,
    "round_half_up": lambda value, step: (2 * value + step) // (2 * step),
}
_ROUND_TEXTS: Final = {
    "round_up": "(-(-{value} // {unit}) * {step})",
    "round_down": "({value} // {unit} * {step})",
    "round_half_up": "((2 * {value} + {unit}) // (2 * {unit}) * {step})",
}


class _FastWriter(_Writer):
    """Plain Python on whole numbers; what is unknown refuses to be used.

    Results live in local variables as far as one loop reaches, on the entities beyond it; the outcomes are written out.
    """

    def environment(self) -> dict[str, Any]:
        return {
            "months_between": months_between,
            "counted": counted,
            "unpublished": _only_if_settled,
            "banded": _banded,
            "new": tuple.__new__,
            "Outcome": Outcome,
            "Test": Test,
            **{f"held_{n}": Test(rule, True) for n, rule in enumerate(sorted(self.tested))},
            **{f"failed_{n}": Test(rule, False) for n, rule in enumerate(sorted(self.tested))},
        }

    def __init__(
        self,
        library: Library,
        ruleset: Ruleset,
        found: dict[str, Source],
        order: list[str],
        tested: set[str],
        kept: set[str] | None = None,
    ) -> None:
        super().__init__(library, ruleset, found, order, tested)
        self.kept_results = kept
        self.escaping: set[str] = {*self.asked, *CLOSURE_INPUTS}
        self.local: set[str] = set()
        self.inlined = self._used_once()

    def _used_once(self) -> set[str]:
        """Rules that one formula alone refers to, and nothing else reads: written out where they are used."""
        uses = Counter(
            (part.id, part.variable)
            for source in self.found.values()
            for part in walk(source.node)
            if isinstance(part, lang.RuleReference)
        )
        read = {*self.asked, *CLOSURE_INPUTS, *(s.guard for s in self.found.values() if s.guard), *self._paid()}
        total = Counter(id_ for (id_, _), count in uses.items() for _ in range(count))
        return {
            id_
            for (id_, who) in uses
            if total[id_] == 1
            and id_ not in read
            and id_ not in self.tested
            and self.found[id_].node is not None
            and who == lang.SUBJECTS[self.found[id_].entity]
        }

    def _paid(self) -> Iterator[str]:
        for id_, linked in self.ruleset.programmes.items():
            yield f"{id_}.eligible"
            yield from linked.version.lines
            if linked.version.amount:
                yield linked.version.amount

    def rule(self, source: Source) -> list[str]:
        if source.id in self.inlined:
            return []
        return super().rule(source)

    def preamble(self) -> list[str]:
        return ["outcomes = []", "found = outcomes.append"]

    def loop(self, entity: str) -> list[str]:
        self.local = set()
        return super().loop(entity)

    def target(self, source: Source) -> str:
        if source.entity != "household":
            self.local.add(source.id)
        return variable(source.id)

    def kept(self, source: Source) -> str:
        """Where else a result goes: on the entity, for other loops and for what is read afterwards."""
        if source.entity == "household":
            return f"household.{variable(source.id)} = " if source.id in self.asked else ""
        if self.kept_results is not None and source.id not in self.kept_results:
            return ""
        return f"{lang.SUBJECTS[source.entity]}.{variable(source.id)} = "

    def on_rulereference(self, node: lang.RuleReference) -> Expression:
        if node.id in self.constants:
            return self.constants[node.id]
        if node.id in self.inlined:
            return self.expression(self.found[node.id].node)  # type: ignore[arg-type]
        rule = self.compiled.get(node.id)
        scale, plain = (rule.scale, rule.plain) if rule else (1, False)
        if not node.variable:
            return Expression(variable(node.id), scale, plain)
        local = node.id in self.local and node.variable in lang.SUBJECTS.values()
        if not local:
            self.escaping.add(node.id)
        return Expression(variable(node.id) if local else f"{node.variable}.{variable(node.id)}", scale, plain)

    def holder(self, variable_: str) -> str:
        return variable_ or "household"

    def derived(self, parameter: str) -> str:
        return variable(derived_name(parameter))

    def assigned(self, source: Source, target: str, text: str) -> str:
        return f"{self.kept(source)}{target} = {text}"

    def assigned_side(self, source: Source, target: str, text: str) -> str:
        unread = self.kept_results is not None and source.id not in self.kept_results
        if source.entity == "household" or unread:
            return f"{target} = {text}"
        return f"{lang.SUBJECTS[source.entity]}.{target} = {target} = {text}"

    def guarded(self, source: Source, lines: list[str]) -> list[str]:
        if source.guard is None:
            return lines
        subject = lang.SUBJECTS[source.entity]
        guard = self.on_rulereference(lang.RuleReference(t.BOOL, source.guard, subject)).text
        return [f"if {guard}:", *(f"    {line}" for line in lines)]

    def closure(self) -> list[str]:
        rows = ", ".join(f"[person.{variable(id_)} for person in members]" for id_ in CLOSURE_INPUTS)
        return [
            f"flags = counted(links.start, links.spouses, links.parents, links.children, ({rows}))",
            "for person, flag in zip(members, flags):",
            f"    person.{variable(CLOSURE)} = flag",
        ]

    def ending(self) -> list[str]:
        self.local = set()
        lines = [line for id_ in PROGRAMMES if id_ in self.ruleset.programmes for line in self.judged(id_)]
        subjects = f"subjects = [person for person in members if not person.{variable('family.no_result')}]"
        return [subjects, *lines, "return outcomes"]

    def judged(self, id_: str) -> list[str]:
        """The outcomes of one programme."""
        version = self.ruleset.programmes[id_].version
        personal = self.library.programmes[id_].entity == "member"  # type: ignore[index]
        who = "person" if personal else ""
        group = self.ready(version.group, who) if version.group else "True"
        body = [f"if {self.ready(f'{id_}.eligible', who)}:"]
        body += [f"    {line}" for line in self.granted(id_, version, who)]
        if version.tests:
            otherwise = "else:" if group == "True" else f"elif {group}:"
            body += [otherwise, *(f"    {line}" for line in self.refused(id_, version, who))]
        if not personal:
            return body
        return ["for person in subjects:", *(f"    {line}" for line in body)]

    def ready(self, rule: str, who: str) -> str:
        subject = who if self.found[rule].entity == "member" else ""
        return self.on_rulereference(lang.RuleReference(t.BOOL, rule, subject)).text

    def granted(self, id_: str, version: ProgrammeVersion, who: str) -> list[str]:
        place = "person.place" if who else "None"
        tests = "(" + "".join(f"{self.tested_text(rule, True, who)}, " for rule in version.tests) + ")"
        if version.amount is None:
            return [f"found(new(Outcome, ({id_!r}, {place}, 'eligible', None, (), {tests}, (), (), False)))"]
        amount = self.compiled[version.amount]
        value = self.ready(version.amount, who)
        lines = [f"amount = {value if amount.scale == 1 else f'-(-{value} // {amount.scale})'}"]
        names = []
        for number, rule in enumerate(version.lines):
            names.append(f"line_{number}")
            lines.append(f"line_{number} = {_whole_fen(self.ready(rule, who), self.compiled[rule].scale)}")
        shown = "(" + "".join(f"({rule!r}, {name}), " for rule, name in zip(version.lines, names, strict=True)) + ")"
        lines.append(f"difference = amount - {' - '.join(names)}")
        lines.append(f"lines = {shown} if difference == 0 else (*{shown}, ({id_ + '.rounding'!r}, difference))")
        rounded = "False" if amount.scale == 1 else f"{self.ready(version.amount, who)} % {amount.scale} != 0"
        lines.append(
            f"found(new(Outcome, ({id_!r}, {place}, 'eligible', amount, lines, {tests}, (), (), {rounded})))"
        )
        return lines

    def refused(self, id_: str, version: ProgrammeVersion, who: str) -> list[str]:
        place = "person.place" if who else "None"
        lines = ["tests = ()"]
        for rule in version.tests:
            lines.append(f"if not {self.ready(rule, who)}:")
            lines.append(f"    tests += ({self.tested_text(rule, False, who)},)")
        lines.append(f"found(new(Outcome, ({id_!r}, {place}, 'ineligible', None, (), tests, (), (), False)))")
        return lines

    def tested_text(self, rule: str, holds: bool, who: str) -> str:
        if self.compiled[rule].sides is None:
            return f"{'held' if holds else 'failed'}_{sorted(self.tested).index(rule)}"
        name = self.ready(rule, who)
        return f"new(Test, ({rule!r}, {holds}, {name}_l, {name}_r))"

    def plus_minus(self, operator: str, left: Expression, right: Expression) -> Expression:
        return Expression(f"({left.text} {operator} {right.text})", left.scale, left.plain and right.plain)

    def times(self, left: Expression, right: Expression) -> Expression:
        plain = left.plain and right.plain
        if right.text == "1":
            return Expression(left.text, left.scale * right.scale, plain)
        return Expression(f"({left.text} * {right.text})", left.scale * right.scale, plain)

    def divided(self, left: Expression, right: Expression) -> Expression:
        return Expression(f"({left.text} * {COUNT_SCALE} // {right.text})", left.scale * COUNT_SCALE, left.plain and right.plain)

    def compare(self, operator: str, left: Expression, right: Expression, type_: t.Type) -> Expression:
        return Expression(f"({left.text} {operator} {right.text})", 1, left.plain and right.plain)

    def logic(self, operator: str, terms: list[Expression]) -> Expression:
        return Expression("(" + f" {operator} ".join(term.text for term in terms) + ")", 1, False)

    def negated(self, term: Expression) -> Expression:
        return Expression(f"(not {term.text})", 1, False)

    def one_of(self, term: Expression, values: tuple[str, ...]) -> Expression:
        return Expression(f"({term.text} in {values!r})", 1, False)

    def chosen(self, condition: str, then: str, otherwise: str) -> str:
        return f"({then} if {condition} else {otherwise})"

    def rounded(self, function: str, term: Expression, step: int) -> Expression:
        text = _ROUND_TEXTS[function].format(value=term.text, unit=step * term.scale, step=step)
        return Expression(text, 1, term.plain)

    def unpublished(self, parameter: str, bounds: list[str], above: bool) -> str:
        return f"unpublished({', '.join(bounds)})"

    def on_aggregate(self, node: lang.Aggregate) -> Expression:
        where = f" if {self.expression(node.condition).text}" if node.condition is not None else ""
        loop = f"for {node.variable} in {self.collection(node)}{where}"
        if node.function == "count":
            return Expression(self.unless_empty(node, f"sum([1 {loop}])", "0"), 1, False)
        element = self.expression(node.element)
        if node.function in ("any", "all", "sum"):
            text = f"{node.function}([{element.text} {loop}])"
            empty = {"any": "False", "all": "True", "sum": "0"}[node.function]
            return Expression(self.unless_empty(node, text, empty), element.scale, False)
        return Expression(f"{node.function}([{element.text} {loop}], default=0)", element.scale, False)

    def unless_empty(self, node: lang.Aggregate, text: str, empty: str) -> str:
        """Most people have no disability, no claim and no obligor: their collections need no loop."""
        return f"({text} if {self.collection(node)} else {empty})" if node.source.variable else text


def _whole_fen(text: str, scale: int) -> str:
    return text if scale == 1 else f"{text} // {scale}"


def _only_if_settled(*bounds: Any) -> Any:
    """An unpublished figure is usable only where its bounds leave nothing open."""
    if len(bounds) == 2 and bounds[0] == bounds[1]:
        return bounds[0]
    raise NeedsBounds


def _banded(bands: Any, age: int) -> Any:
    result: Any = 0
    for start, figure in bands:
        if age < start:
            break
        result = figure
    return result


class _BoundedWriter(_Writer):
    """The same formulas through the algebra of open values."""

    def environment(self) -> dict[str, Any]:
        return {
            "months_between": _open_months_between,
            "close_family": close_family,
            "banded": _banded,
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
        ]

    def closure(self) -> list[str]:
        return [f"close_family(space, members, links, {variable(CLOSURE)!r})"]

    def finished(self, source: Source, expression: Expression) -> str:
        """An open eligibility, and whatever the packs mark as `cases`, becomes a case of its own."""
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
        return Expression(f"divide({left.text}, {right.text}, {COUNT_SCALE})", left.scale * COUNT_SCALE, False)

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
            return Expression(_ROUND_TEXTS[function].format(value=term.text, unit=step * term.scale, step=step))
        text = f"round_to({term.text}, {step * term.scale}, {function})"
        return Expression(f"scale({text}, {step})", 1, False)

    def unpublished(self, parameter: str, bounds: list[str], above: bool) -> str:
        if not bounds:
            return f"maybe(cause({parameter!r}))"
        high = bounds[1] if len(bounds) > 1 else "None"
        return f"unpublished({bounds[0]}, {high}, cause({parameter!r}), {above})"

    def on_aggregate(self, node: lang.Aggregate) -> Expression:
        condition = self.expression(node.condition).text if node.condition is not None else "True"
        loop = f"for {node.variable} in {self.collection(node)}"
        if node.function == "count":
            return Expression(f"number_of([{condition} {loop}])", 1, False)
        element = self.expression(node.element)
        pair = f"({condition}, {element.text})"
        if node.function == "any":
            return Expression(f"some([both{pair} {loop}] + {self.tail(node)})", 1, False)
        if node.function == "all":
            return Expression(f"every([either(negate({condition}), {element.text}) {loop}] + {self.tail(node)})", 1, False)
        if node.function == "sum":
            return Expression(f"total([{pair} {loop}])", element.scale, False)
        name = self.extreme_name(node.function)
        return Expression(f"extreme([{pair} {loop}], 0, {name})", element.scale, False)

    def tail(self, node: lang.Aggregate) -> str:
        """The members of a collection that nobody has told of."""
        if not node.source.optional:
            return "[]"
        return f"{node.source.variable}.{node.source.path}_tail"


def _open_months_between(since: Any, today: Any) -> Any:
    return Range(0, None, since.causes) if type(since) is AnyOf else months_between(since, today)


def close_family(space: Space, members: list[Any], links: Links, name: str) -> None:
    """The closure in every case of what is open about leaving and joining the family."""
    count = len(members)
    flags = [getattr(person, variable(id_)) for id_ in CLOSURE_INPUTS for person in members]

    def close(*flat: Any) -> Any:
        if any(type(flag) is not bool for flag in flat):
            return tuple(Algebra.maybe(_causes(flat)) for _ in members)
        rows = [flat[place : place + count] for place in range(0, len(flat), count)]
        return tuple(counted(links.start, links.spouses, links.parents, links.children, rows))

    result = space.lift(close, *flags)
    for place, person in enumerate(members):
        setattr(person, name, space.split(space.settle(space.lift(lambda row, place=place: row[place], result))))


def _causes(flags: tuple[Any, ...]) -> int:
    causes = 0
    for flag in flags:
        causes |= getattr(flag, "causes", 0)
    return causes
