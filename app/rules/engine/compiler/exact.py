"""Writes a ruleset as plain Python on whole numbers, for households of which no unknown fact is read (unknown.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.rules.engine.compiler.writer import ROUND_TEXTS, Expression, Writer, variable
from app.rules.engine.days import months_between
from app.rules.engine.outcomes import Outcome, Test
from app.rules.facts.family import CLOSURE_INPUTS, counted
from app.rules.language import tree
from app.rules.language import types as t
from app.rules.language.names import SUBJECTS
from app.rules.language.tree import walk
from app.rules.language.vocabulary import PROGRAMMES
from app.rules.packs.library import Library
from app.rules.packs.schema import ProgrammeVersion
from app.rules.rulesets.dependencies import CLOSURE, Source, derived_name
from app.rules.rulesets.ruleset import Ruleset
from app.rules.values.algebra import banded
from app.rules.values.money import COUNT_SCALE, exact_quotient
from app.rules.values.unknown import NeedsBounds


class ExactWriter(Writer):
    """Writes the formulas as plain Python on whole numbers; an unknown value raises NeedsBounds when it is used.

    Results live in local variables as far as one loop reaches, on the entities beyond it; the outcomes are written out.
    """

    def environment(self) -> dict[str, Any]:
        return {
            "months_between": months_between,
            "counted": counted,
            "unpublished": _only_if_settled,
            "banded": banded,
            "quotient": exact_quotient,
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
        """Returns rules that one formula alone refers to and nothing else reads: they are written out there."""
        uses = Counter(
            (part.id, part.variable)
            for source in self.found.values()
            for part in walk(source.node)
            if isinstance(part, tree.RuleReference)
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
            and who == SUBJECTS[self.found[id_].entity]
        }

    def _paid(self) -> Iterator[str]:
        for id_, linked in self.ruleset.programmes.items():
            yield f"{id_}.eligible"
            yield from linked.version.lines
            if linked.version.amount:
                yield linked.version.amount

    def of_others(self, source: Source) -> Iterator[str]:
        """Yields also what the rules read that are written out in this one."""
        yield from super().of_others(source)
        for part in walk(source.node):
            if isinstance(part, tree.RuleReference) and part.id in self.inlined:
                yield from self.of_others(self.found[part.id])

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
        """Writes the assignment that keeps a result on the entity, for other loops and for reading afterwards."""
        if source.entity == "household":
            return f"household.{variable(source.id)} = " if source.id in self.asked else ""
        if self.kept_results is not None and source.id not in self.kept_results:
            return ""
        return f"{SUBJECTS[source.entity]}.{variable(source.id)} = "

    def on_rulereference(self, node: tree.RuleReference) -> Expression:
        if node.id in self.constants:
            return self.constants[node.id]
        if node.id in self.inlined:
            return self.expression(self.found[node.id].node)  # type: ignore[arg-type]
        rule = self.compiled.get(node.id)
        scale, plain = (rule.scale, rule.plain) if rule else (1, False)
        if not node.variable:
            return Expression(variable(node.id), scale, plain)
        local = node.id in self.local and node.variable in SUBJECTS.values()
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
        return f"{SUBJECTS[source.entity]}.{target} = {target} = {text}"

    def guarded(self, source: Source, lines: list[str]) -> list[str]:
        if source.guard is None:
            return lines
        subject = SUBJECTS[self.found[source.guard].entity]  # a person's rule may wait for one of the household
        guard = self.on_rulereference(tree.RuleReference(t.BOOL, source.guard, subject)).text
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
        """Writes the code that makes the outcomes of one programme."""
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
        return self.on_rulereference(tree.RuleReference(t.BOOL, rule, subject)).text

    def granted(self, id_: str, version: ProgrammeVersion, who: str) -> list[str]:
        index = "person.index" if who else "None"
        tests = "(" + "".join(f"{self.tested_text(rule, True, who)}, " for rule in version.tests) + ")"
        if version.amount is None:
            return [f"found(new(Outcome, ({id_!r}, {index}, 'eligible', None, (), {tests}, (), (), False)))"]
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
        lines.append(f"found(new(Outcome, ({id_!r}, {index}, 'eligible', amount, lines, {tests}, (), (), {rounded})))")
        return lines

    def refused(self, id_: str, version: ProgrammeVersion, who: str) -> list[str]:
        index = "person.index" if who else "None"
        lines = ["tests = ()"]
        for rule in version.tests:
            lines.append(f"if not {self.ready(rule, who)}:")
            lines.append(f"    tests += ({self.tested_text(rule, False, who)},)")
        lines.append(f"found(new(Outcome, ({id_!r}, {index}, 'ineligible', None, (), tests, (), (), False)))")
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
        return Expression(f"quotient({left.text}, {right.text})", left.scale * COUNT_SCALE, left.plain and right.plain)

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
        text = ROUND_TEXTS[function].format(value=term.text, unit=step * term.scale, step=step)
        return Expression(text, 1, term.plain)

    def unpublished(self, parameter: str, bounds: list[str], above: bool) -> str:
        return f"unpublished({', '.join(bounds)})"

    def on_aggregate(self, node: tree.Aggregate) -> Expression:
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

    def unless_empty(self, node: tree.Aggregate, text: str, empty: str) -> str:
        """Skips the loop over an empty collection: most people have no disability, no claim and no obligor."""
        return f"({text} if {self.collection(node)} else {empty})" if node.source.variable else text


def _whole_fen(text: str, scale: int) -> str:
    return text if scale == 1 else f"{text} // {scale}"


def _only_if_settled(*bounds: Any) -> Any:
    """Returns the figure where both bounds are the same; raises NeedsBounds otherwise."""
    if len(bounds) == 2 and bounds[0] == bounds[1]:
        return bounds[0]
    raise NeedsBounds
