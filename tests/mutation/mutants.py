"""The small changes that mutation testing makes to a module, one at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
LEFT_OUT: Final = "left out"


@dataclass(frozen=True)
class Mutant:
    """A node, by its place in the walk over the module, and what takes its place."""

    place: int
    line: int
    lines: range  # those of the statement it stands in, without the statements within that one
    function: str  # with those around it; empty for what a module does when it is imported
    before: str
    after: str
    replacement: ast.AST

    def apply(self, tree: ast.Module) -> ast.Module:
        """Changes the tree itself."""
        target = list(ast.walk(tree))[self.place]
        for parent in ast.walk(tree):
            for field, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, field, self._located(target))
                elif isinstance(value, list) and any(item is target for item in value):
                    value[next(i for i, item in enumerate(value) if item is target)] = self._located(target)
        return tree

    def _located(self, target: ast.AST) -> ast.AST:
        return ast.fix_missing_locations(ast.copy_location(copy.deepcopy(self.replacement), target))

    def __str__(self) -> str:
        return f"{self.function or 'module'}:{self.line}: {self.before} -> {self.after}"


def mutants_of(tree: ast.Module) -> list[Mutant]:
    """Every mutant of a module; annotations, decorators, texts and code for the type checker are left alone."""
    skipped = _skipped(tree)
    functions, statements = _functions(tree), _statements(tree)
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if id(node) not in skipped:
            line = getattr(node, "lineno", 0)
            for replacement, after in _replacements(node):
                before = ast.unparse(node).split("\n")[0]
                text = after or ast.unparse(replacement).split("\n")[0]
                lines, function = statements.get(id(node), range(line, line + 1)), functions.get(id(node), "")
                found.append(Mutant(place, line, lines, function, before, text, replacement))
    return found


def _functions(tree: ast.Module) -> dict[int, str]:
    """The function in whose body each node stands."""
    found: dict[int, str] = {}

    def visit(node: ast.AST, name: str, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                visit(
                    child, f"{name}{child.name}.", f"{name}{child.name}" if isinstance(child, ast.FunctionDef) else ""
                )
            else:
                visit(child, name, inside)
        if inside and isinstance(node, ast.FunctionDef):
            for statement in node.body:
                for part in ast.walk(statement):
                    found.setdefault(id(part), inside)

    visit(tree, "", "")
    return found


def _statements(tree: ast.Module) -> dict[int, range]:
    found: dict[int, range] = {}
    for node in ast.walk(tree):  # inner statements come later and win
        if isinstance(node, ast.stmt):
            lines = _own_lines(node)
            found.update({id(part): lines for part in ast.walk(node)})
    return found


def _own_lines(statement: ast.stmt) -> range:
    """Which line of a statement of several lines is seen to run is up to the compiler."""
    body: list[ast.stmt] = getattr(statement, "body", [])
    end = body[0].lineno if body else (statement.end_lineno or statement.lineno) + 1
    return range(statement.lineno, max(end, statement.lineno + 1))


def _skipped(tree: ast.Module) -> set[int]:
    skipped: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            skipped += [*node.decorator_list, *([node.returns] if node.returns else [])]
        elif isinstance(node, ast.ClassDef):
            skipped += [*node.decorator_list, *node.bases]
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            skipped.append(node.annotation)
        elif _is_no_code(node):
            skipped.append(node)
    return {id(inner) for node in skipped for inner in ast.walk(node)}


def _is_no_code(node: ast.AST) -> bool:
    """What no test could or need notice: types, texts, and what only guards against mistakes of whoever programs."""
    for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    guard = isinstance(node, ast.keyword) and node.arg == "strict"  # of zip: the lengths are the same
    abstract = isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.unparse(node.exc)
    return for_types or guard or abstract or isinstance(node, ast.Assert | ast.JoinedStr)


def _replacements(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What may take a node's place, and how to say so where its own text does not."""
    if isinstance(node, ast.Return):
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            # the value stays, unreached: without it a function might lose a name of those around it
            yield ast.Return(ast.IfExp(ast.Constant(True), ast.Constant(None), node.value)), "return None"
    elif isinstance(node, ast.Raise | ast.Assign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.If(ast.Constant(False), [node], []), LEFT_OUT
    else:
        for replacement in _plain_replacements(node):
            yield replacement, ""


def _plain_replacements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            ops = [*node.ops[:place], COMPARED[type(op)](), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in COMPUTED:
        yield ast.AugAssign(node.target, COMPUTED[type(node.op)](), node.value)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield from _negated(node)
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Break):
        yield ast.Continue()


def _other_constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 0:
            yield ast.Constant(value - 1)


def _negated(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    if isinstance(node.test, ast.Compare) and len(node.test.ops) == 1 and type(node.test.ops[0]) not in (
        ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ):  # fmt: skip
        return  # the comparison's own mutant is the same
    negated = ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(negated, node.body, node.orelse)
    else:
        yield type(node)(negated, node.body, node.orelse)
