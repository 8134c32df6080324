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

# The quickest tests first: the first failure ends a run.
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "money": ("tests/rules/test_survivors_money.py", "tests/rules/test_money.py", CASES),
    "family": ("tests/rules/test_family.py", CASES),
    "bounds": ("tests/rules/test_survivors_bounds.py", "tests/rules/test_bounds.py", CASES),
    "household": ("tests/rules/test_survivors_household.py", CASES, REFERENCE),
    "figures": ("tests/rules/test_survivors_figures.py", CASES, "tests/rules/test_packs.py"),
    "ruleset": ("tests/rules/test_packs.py", CASES, "tests/rules/test_money.py"),
    "assessment": ("tests/rules/test_survivors_assessment.py", "tests/rules/test_survivors_household.py", CASES),
    "python_writer": ("tests/rules/test_survivors_bounds.py", CASES),
    "fast_path": (CASES,),
    "bounded_path": (CASES,),
    "faults": ("tests/routers/test_bad_input.py", CASES),
    "ranges": ("tests/rules/test_survivors_household.py", CASES),
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
KILLED, SURVIVED, TIMED_OUT, NOT_APPLIED = "killed", "survived", "timed out", "not applied"
UNCHANGED: Final = 99
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

    def apply(self, tree: ast.Module) -> ast.Module:
        """Changes the tree itself: it is the forked process's own."""
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


def _tests(names: Sequence[str]) -> int:
    """pytest in this process, without what makes its start and its end slow."""
    without = [
        part for name in ("cacheprovider", "unraisableexception", "threadexception") for part in ("-p", f"no:{name}")
    ]
    quiet = [
        "-x",
        "-q",
        "--tb=no",
        "--no-summary",
        "-o",
        "addopts=",
        *without,
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    return int(pytest.main([*quiet, *names]))


def _functions(path: Path) -> list[types.FunctionType]:
    """What has been imported from a file."""
    every = (thing for thing in gc.get_objects() if type(thing) is types.FunctionType)
    return [function for function in every if function.__code__.co_filename == str(path)]


def _caches() -> list[_lru_cache_wrapper[object]]:
    return [thing for thing in gc.get_objects() if type(thing) is _lru_cache_wrapper]


def _exchange(functions: list[types.FunctionType], code: types.CodeType) -> bool:
    """Gives imported functions their code out of another compilation of their file."""
    codes = {(inner.co_qualname, inner.co_firstlineno): inner for inner in _codes(code)}
    exchanged = False
    for function in functions:
        other = codes.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if other is not None:
            if len(other.co_freevars) != len(function.__code__.co_freevars):
                return False  # the change took away the last use of an outer name
            function.__code__, exchanged = other, True
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


@dataclass
class Subject:
    """A module under test. Without functions, constants are tried: nothing of the application is imported yet."""

    name: str
    path: Path
    tree: ast.Module
    functions: list[types.FunctionType]
    caches: list[_lru_cache_wrapper[object]]
    limit: float = 60.0

    def outcome(self, mutant: Mutant) -> str:
        """What the tests say of a mutant, in a forked process."""
        child = os.fork()
        if child == 0:
            status = 1
            with contextlib.suppress(BaseException):
                _silent()
                status = self._tested(compile(mutant.apply(self.tree), str(self.path), "exec"))
            os._exit(status)
        end = time.monotonic() + self.limit
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                return SURVIVED if code == 0 else NOT_APPLIED if code == UNCHANGED else KILLED
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return TIMED_OUT

    def _tested(self, code: types.CodeType) -> int:
        if not self.functions:
            sys.meta_path.insert(0, _Changed(f"app.rules.{self.name}", self.path, code))
        elif not _exchange(self.functions, code):
            return UNCHANGED
        for cache in self.caches:
            cache.cache_clear()
        return _tests(TESTS[self.name])

    def run(self, mutants: list[Mutant], budget: float) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        start = time.monotonic()
        counts = dict.fromkeys((KILLED, TIMED_OUT, SURVIVED, NOT_APPLIED), 0)
        for mutant in mutants:
            if time.monotonic() > start + budget:
                break
            outcome = self.outcome(mutant)
            counts[outcome] += 1
            if outcome != KILLED:
                where = f"{self.name}.py:{mutant.line}"
                _say(f"{outcome}: {where}: {mutant.before} -> {mutant.after} | {lines[mutant.line - 1].strip()}")
        said = {"module": self.name, "kind": "functions" if self.functions else "constants", "mutants": len(mutants)}
        _say(json.dumps(said | {"run": sum(counts.values()), "seconds": round(time.monotonic() - start)} | counts))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _module(module: str, options: argparse.Namespace) -> None:
    """The mutants of one module, in a process of its own."""
    path = ROOT / "app" / "rules" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    mutants = [m for m in mutants_of(tree) if m.in_function is not options.constants]
    if options.line:
        mutants = [m for m in mutants if m.line in options.line]
    random.Random(options.seed).shuffle(mutants)
    subject = Subject(module, path, tree, [], [])
    if not options.constants:
        with _nothing_said():
            start = time.monotonic()
            failed = _tests(TESTS[module])
        if failed:
            _say(f"{module}: its tests fail as it is")
            return
        subject.limit = 4 + 1.5 * (time.monotonic() - start)
        subject.functions = _functions(path)
        subject.caches = _caches() if module in LOADED_ONCE else []
        gc.collect()
        gc.freeze()
        gc.disable()
    if subject.outcome(Mutant(0, 0, "", "", tree, not options.constants)) != SURVIVED:
        _say(f"{module}: its tests fail on code exchanged without a change")
        return
    subject.run(mutants[: options.sample] if options.sample else mutants, options.budget)


@contextlib.contextmanager
def _nothing_said() -> Iterator[None]:
    sys.stdout.flush()
    output, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    yield
    sys.stdout.flush()
    os.dup2(output, 1)


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
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    settings.register_profile(
        "mutation",
        max_examples=25,
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
