"""Mutation testing of app/rules: one small change at a time, and whether a test notices it.

    python -m tests.mutation.run money family --sample 50 --seed 1

Functions are changed in a forked process that has everything imported already, by exchanging their code; constants of
a module (`--constants`) in one that imports the application anew. The tree itself is never written to.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import signal
import sys
import time
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings

ROOT: Final = Path(__file__).parents[2]
MEMORY: Final = 6 << 30
CASES: Final = "tests/rules/test_cases.py"
AGAINST: Final = "tests/rules/test_against_reference.py"
REFERENCE: Final = f"{AGAINST}::test_both_computations_agree_to_the_fen[0]"
COUNTED: Final = f"{AGAINST}::test_both_computations_count_the_same_people_and_the_same_income[0]"

# The quickest tests first: the first failure ends a run.
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "money": ("tests/rules/test_money.py", CASES),
    "family": ("tests/rules/test_family.py", CASES),
    "bounds": ("tests/rules/test_bounds.py", CASES, REFERENCE),
    "household": (CASES, "tests/rules/test_family.py", REFERENCE, COUNTED),
    "figures": (CASES, "tests/rules/test_packs.py", REFERENCE),
    "ruleset": ("tests/rules/test_packs.py", CASES, "tests/rules/test_money.py"),
    "assessment": (CASES, REFERENCE, COUNTED),
    "python_writer": (CASES, "tests/rules/test_bounds.py", REFERENCE),
    "fast_path": (CASES, REFERENCE),
    "bounded_path": (CASES, REFERENCE),
    "faults": ("tests/routers/test_bad_input.py", CASES),
    "ranges": (CASES, REFERENCE),
    "reservations": (CASES, "tests/rules/test_packs.py"),
}
# What these do is done once and kept: the packs are loaded and compiled again for each of their mutants.
LOADED_ONCE: Final = frozenset({"figures", "ruleset", "python_writer", "fast_path", "bounded_path"})

COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
KILLED, SURVIVED, TIMED_OUT, UNREACHED = "killed", "survived", "timed out", "not applied"
NOT_APPLIED: Final = 99
NONE: Final = ast.Constant(None)


@dataclass(frozen=True)
class Mutant:
    """A node, by its place in the walk over the module, and what takes its place."""

    place: int
    line: int
    before: str
    after: str
    replacement: ast.AST
    in_function: bool

    def applied(self, tree: ast.Module) -> ast.Module:
        changed = copy.deepcopy(tree)
        target = list(ast.walk(changed))[self.place]
        for parent in ast.walk(changed):
            for field, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, field, self._located(target))
                elif isinstance(value, list) and any(item is target for item in value):
                    value[next(i for i, item in enumerate(value) if item is target)] = self._located(target)
        return changed

    def _located(self, target: ast.AST) -> ast.AST:
        return ast.fix_missing_locations(ast.copy_location(copy.deepcopy(self.replacement), target))


def mutants_of(tree: ast.Module) -> list[Mutant]:
    """Every mutant of a module; annotations, decorators, texts and code for the type checker are left alone."""
    inside = _inside_functions(tree)
    skipped = _skipped(tree)
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if id(node) not in skipped:
            for replacement in _replacements(node):
                before, after = ast.unparse(node).split("\n")[0], ast.unparse(replacement).split("\n")[0]
                line = getattr(node, "lineno", 0)
                found.append(Mutant(place, line, before, after, replacement, id(node) in inside))
    return found


def _inside_functions(tree: ast.Module) -> set[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {id(node) for function in functions for statement in function.body for node in ast.walk(statement)}


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
    for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return for_types or isinstance(node, ast.Assert | ast.JoinedStr)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [COMPARED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            yield ast.Compare(
                node.left, [*node.ops[:place], COMPARED[type(op)](), *node.ops[place + 1 :]], node.comparators
            )
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
    elif isinstance(node, ast.Return):
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(NONE)
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Raise | ast.Assign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.Pass()


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


# running the tests


def _tests(names: Sequence[str], module: str, again: bool) -> int:
    """pytest in this process."""
    if again and module in LOADED_ONCE:
        for thing in gc.get_objects():
            if type(thing) is _lru_cache_wrapper:
                thing.cache_clear()
    quiet = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*quiet, *names]))


def _exchange(path: Path, code: types.CodeType) -> bool:
    """Gives the imported functions of a file their code out of another compilation of it."""
    codes = {(inner.co_qualname, inner.co_firstlineno): inner for inner in _codes(code)}
    exchanged = False
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType and thing.__code__.co_filename == str(path):
            other = codes.get((thing.__code__.co_qualname, thing.__code__.co_firstlineno))
            if other is not None and len(other.co_freevars) == len(thing.__code__.co_freevars):
                thing.__code__, exchanged = other, True
    return exchanged


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from code that is given."""

    def __init__(self, name: str, path: Path, code: types.CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102  the module's own code, changed in one place


def _silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _outcome(module: str, mutant: Mutant, tree: ast.Module, limit: float) -> str:
    """What the tests say of a mutant, in a forked process."""
    path = ROOT / "app" / "rules" / f"{module}.py"
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException):
            _silent()
            code = compile(mutant.applied(tree), str(path), "exec")
            if mutant.in_function:
                status = _tests(TESTS[module], module, again=True) if _exchange(path, code) else NOT_APPLIED
            else:
                sys.meta_path.insert(0, _Changed(f"app.rules.{module}", path, code))
                status = _tests(TESTS[module], module, again=False)
        os._exit(status)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            exit_code = os.waitstatus_to_exitcode(status)
            return SURVIVED if exit_code == 0 else UNREACHED if exit_code == NOT_APPLIED else KILLED
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def _run_all(module: str, mutants: list[Mutant], tree: ast.Module, budget: float, limit: float | None) -> None:
    path = ROOT / "app" / "rules" / f"{module}.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    end = time.monotonic() + budget
    counts = dict.fromkeys((KILLED, TIMED_OUT, SURVIVED, UNREACHED), 0)
    for mutant in mutants:
        if time.monotonic() > end:
            break
        outcome = _outcome(module, mutant, tree, limit or 60)
        counts[outcome] += 1
        if outcome != KILLED:
            _say(
                f"{outcome}: {module}.py:{mutant.line}: {mutant.before} -> {mutant.after} | {lines[mutant.line - 1].strip()}"
            )
    kind = "functions" if limit else "constants"
    _say(json.dumps({"module": module, "kind": kind, "mutants": len(mutants), "run": sum(counts.values())} | counts))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _module(module: str, options: argparse.Namespace) -> None:
    """The mutants of one module, in a process of its own."""
    tree = ast.parse((ROOT / "app" / "rules" / f"{module}.py").read_text(encoding="utf-8"))
    nothing = Mutant(0, 0, "", "", tree, not options.constants)
    mutants = [m for m in mutants_of(tree) if m.in_function is not options.constants]
    if options.line:
        mutants = [m for m in mutants if m.line in options.line]
    random.Random(options.seed).shuffle(mutants)
    chosen = mutants[: options.sample] if options.sample else mutants
    limit: float | None = None
    if not options.constants:
        output = os.dup(1)
        _quiet_fd()
        failed = _tests(TESTS[module], module, again=False)
        start = time.monotonic()
        failed = failed or _tests(TESTS[module], module, again=True)
        limit = 3 + 2.5 * (time.monotonic() - start)
        os.dup2(output, 1)
        if failed:
            _say(f"{module}: its tests fail as it is")
            return
        _say(f"{module}: tests take {(limit - 3) / 2.5:.1f} s")
    if _outcome(module, nothing, tree, limit or 60) != SURVIVED:
        _say(f"{module}: its tests fail on code exchanged without a change")
        return
    _run_all(module, chosen, tree, options.budget, limit)


def _quiet_fd() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    os.dup2(nowhere, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=0, help="this many mutants of each module at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=float("inf"), help="seconds for each module")
    parser.add_argument("--constants", action="store_true", help="constants of the module, not its functions")
    parser.add_argument("--line", type=int, action="append", help="only the mutants of this line")
    options = parser.parse_args()
    os.chdir(ROOT)
    settings.register_profile(
        "mutation",
        max_examples=50,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("mutation")
    for library in ("pydantic", "orjson", "yaml", "rfc8785", "fastapi", "hypothesis.strategies"):
        importlib.import_module(library)
    for module in options.modules:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _module(module, options)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
