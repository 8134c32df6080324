"""Mutation testing of app/rules: one small change at a time, and whether a test notices it.

    python -m tests.mutation.run values/money facts/family --results found.jsonl

The tests run once, to see which lines each of them reaches and how long it takes. Then each change is made in a forked
process that has everything imported already, and is given to the tests that reach its line, the likeliest first. What a
module does when it is imported is changed in a process that imports the application anew. The tree itself is never
written to.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import importlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

import coverage
import pytest
from hypothesis import Phase, settings

from tests.mutation.exchange import Changed, Imported
from tests.mutation.mutants import Mutant, mutants_of

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "app" / "rules"
MODULES: Final = tuple(
    sorted(str(path.relative_to(RULES).with_suffix("")) for path in RULES.rglob("*.py") if path.stem != "__init__")
)
TESTS: Final = (
    "tests/rules",
    "tests/routers",
    "tests/cli/test_main.py",
    "tests/test_documents.py",
)
# The same tests with more random numbers, and what asks the whole service at random: long, and seldom of more use.
LEFT_OUT: Final = (
    *(f"tests/rules/engine/test_against_reference.py::{name}" for name in (
        *(f"test_both_computations_agree_to_the_fen[{first}]" for first in range(200, 1500, 100)),
        *(f"test_both_computations_count_the_same_people_and_the_same_income[{first}]" for first in range(100, 500, 100)),
    )),
    *(f"tests/rules/engine/test_unknown_facts.py::test_an_answer_with_fewer_facts_holds_the_full_answer[{first}]" for first in range(100, 400, 50)),
    "tests/routers/test_attack.py",
    "tests/routers/test_openapi.py::test_assessments_answer_as_documented",
)  # fmt: skip
STORAGE: Final = "pytest.mark.anyio"  # in every file of tests that needs a database, which forks could not share
CASES: Final = "tests/rules/test_cases.py"
# What these do on loading they do for each household as well: first tried on packs that are loaded already.
ON_EACH_REQUEST: Final = frozenset(
    [
        "engine/evaluate",
        "engine/household",
        "engine/outcomes",
        "explain/answer",
        "explain/result",
        "explain/sentences",
        "facts/family",
        "facts/household",
        "facts/request",
        "validation",
        "values/algebra",
        "values/money",
        "values/open_values",
        "values/space",
        "values/unknown",
    ]
)
# Functions that only run when a module is imported: tried with what else it does then.
ON_IMPORT: Final = frozenset({("facts/household", "_titled"), ("facts/household", "_kind")})
# For what is done on import: the tests that ought to notice, before the cases.
IMPORTED: Final[dict[str, tuple[str, ...]]] = {
    "catalogue/catalogue": ("tests/rules/catalogue/test_api.py",),
    "catalogue/rule_pages": ("tests/rules/catalogue/test_rule_pages.py",),
    "catalogue/standards": (
        "tests/rules/catalogue/test_standards.py",
        "tests/rules/catalogue/test_api.py",
    ),
    "checks/citations": ("tests/rules/checks",),
    "checks/constant_formulas": ("tests/rules/checks/test_constant_formulas.py",),
    "checks/run": ("tests/rules/checks/test_run.py",),
    "checks/warnings": (
        "tests/rules/checks/test_unusual_figures.py",
        "tests/rules/checks/test_warnings.py",
    ),
    "engine/compiler/writer": (
        "tests/rules/engine/test_compiled_formulas.py",
        "tests/rules/engine/test_unknown_facts.py",
    ),
    "engine/evaluate": (
        "tests/rules/test_service.py",
        "tests/rules/engine/test_evaluate.py",
        "tests/rules/rulesets/test_ruleset.py",
    ),
    "engine/figures": (
        "tests/rules/engine/test_figures.py",
        "tests/rules/rulesets/test_ruleset.py",
    ),
    "engine/household": (
        "tests/rules/engine/test_household.py",
        "tests/rules/facts/test_household.py",
    ),
    "engine/outcomes": (
        "tests/rules/engine/test_statuses.py",
        "tests/rules/test_service.py",
        "tests/rules/engine/test_evaluate.py",
    ),
    "explain/assumptions": ("tests/rules/explain/test_assumptions.py",),
    "explain/codes": ("tests/rules/explain/test_codes.py",),
    "facts/examples": (
        "tests/routers/test_docs.py",
        "tests/routers/test_openapi.py",
    ),
    "facts/household": (
        "tests/rules/facts/test_household.py",
        "tests/rules/facts/test_json_schema.py",
        "tests/rules/catalogue/test_api.py",
        "tests/routers/test_bad_input.py",
    ),
    "facts/json_schema": ("tests/rules/facts/test_json_schema.py",),
    "facts/request": (
        "tests/routers/test_bad_input.py",
        "tests/rules/facts/test_json_schema.py",
    ),
    "history": ("tests/rules/test_history.py",),
    "language/calls": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
        "tests/rules/language/test_limits.py",
    ),
    "language/names": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
        "tests/rules/language/test_limits.py",
    ),
    "language/operations": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
        "tests/rules/language/test_limits.py",
    ),
    "language/parser": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
        "tests/rules/language/test_limits.py",
    ),
    "language/tree": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
    ),
    "language/types": (
        "tests/rules/language/test_parser.py",
        "tests/rules/language/test_types.py",
        "tests/rules/language/test_random_formulas.py",
        "tests/rules/engine/test_compiled_formulas.py",
    ),
    "language/vocabulary": (
        "tests/rules/engine/test_compiled_formulas.py",
        "tests/rules/catalogue/test_standards.py",
        "tests/rules/engine/test_unknown_facts.py",
        "tests/rules/engine/test_household.py",
    ),
    "messages": ("tests/routers/test_bad_input.py",),
    "packs/entries": (
        "tests/rules/packs/test_entries.py",
        "tests/rules/checks",
        "tests/rules/checks/test_warnings.py",
    ),
    "packs/library": (
        "tests/rules/packs/test_pack.py",
        "tests/rules/packs/test_library_links.py",
        "tests/rules/packs/test_strict_yaml.py",
        "tests/rules/packs/test_library.py",
    ),
    "packs/pack": (
        "tests/rules/packs/test_pack.py",
        "tests/rules/packs/test_library_links.py",
        "tests/rules/packs/test_strict_yaml.py",
        "tests/rules/packs/test_library.py",
        "tests/rules/checks",
    ),
    "packs/periods": (
        "tests/rules/packs/test_periods.py",
        "tests/rules/catalogue/test_api.py",
    ),
    "packs/schema": (
        "tests/rules/packs/test_pack.py",
        "tests/rules/packs/test_library_links.py",
        "tests/rules/packs/test_strict_yaml.py",
        "tests/rules/packs/test_library.py",
        "tests/rules/checks",
    ),
    "packs/strict_yaml": (
        "tests/rules/packs/test_pack.py",
        "tests/rules/packs/test_library_links.py",
        "tests/rules/packs/test_strict_yaml.py",
    ),
    "rulesets/dependencies": (
        "tests/rules/rulesets/test_dependencies.py",
        "tests/rules/rulesets/test_sources_used.py",
    ),
    "rulesets/ruleset": (
        "tests/rules/rulesets/test_ruleset.py",
        "tests/rules/engine/test_days.py",
    ),
    "rulesets/without_figures": ("tests/rules/rulesets/test_without_figures.py",),
    "service": ("tests/rules/test_service.py",),
    "validation": (
        "tests/rules/test_validation.py",
        "tests/routers/test_bad_input.py",
        "tests/rules/engine/test_unknown_facts.py",
    ),
    "values/algebra": (
        "tests/rules/values/test_algebra_soundness.py",
        "tests/rules/values/test_algebra_causes.py",
        "tests/rules/values/test_algebra.py",
        "tests/rules/values/test_space.py",
    ),
    "values/money": (
        "tests/rules/values/test_money.py",
        "tests/rules/facts/test_household.py",
    ),
    "values/open_values": (
        "tests/rules/values/test_algebra_soundness.py",
        "tests/rules/values/test_algebra_causes.py",
        "tests/rules/values/test_algebra.py",
        "tests/rules/values/test_space.py",
    ),
    "values/space": (
        "tests/rules/values/test_algebra_soundness.py",
        "tests/rules/values/test_algebra_causes.py",
        "tests/rules/values/test_algebra.py",
        "tests/rules/values/test_space.py",
    ),
    "values/unknown": (
        "tests/rules/values/test_unknown.py",
        "tests/rules/engine/test_compiled_formulas.py",
    ),
}
SERVICE: Final = 0.25  # seconds to make the service, which only the first test of the endpoints is seen to take
SLOWEST: Final = 5  # seconds that a test may take at least, if it is the first that needs the service
MEMORY: Final = 2 << 30
SURVIVED, UNREACHED, NOT_APPLIED, KILLED, TIMED_OUT = "survived", "unreached", "not applied", "killed", "timed out"
OUTCOMES: Final = (KILLED, TIMED_OUT, SURVIVED, UNREACHED, NOT_APPLIED)
IMPORT, FIRST, AGAIN = "import", "first", "again"


def _silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


@dataclass
class Reached:
    """Which tests reach each line of each module, and how long they take."""

    tests: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Reached:
        kept = json.loads(path.read_text(encoding="utf-8"))
        tests = {m: {int(n): set(names) for n, names in lines.items()} for m, lines in kept["tests"].items()}
        return cls(tests, kept["seconds"])

    def write(self, path: Path) -> None:
        tests = {m: {n: sorted(names) for n, names in lines.items()} for m, lines in self.tests.items()}
        path.write_text(json.dumps({"tests": tests, "seconds": self.seconds}), encoding="utf-8")

    def by(self, module: str, mutant: Mutant) -> set[str]:
        lines = self.tests.get(module, {})
        return {name for line in (mutant.line, *mutant.lines) for name in lines.get(line, ())}


class Tests:
    """The collected tests. A plugin: the loop over them is ours."""

    def __init__(self, run: Run, seen: coverage.Coverage) -> None:
        self.run = run
        self.seen = seen
        self.failed = False
        self.items: dict[str, pytest.Item] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise pytest.UsageError("the tests could not be collected")
        self.items = {item.nodeid: item for item in session.items}
        kept = self.run.options.reached
        reached = Reached.read(kept) if kept and kept.exists() else Reached()
        self._reach(reached, [item for item in session.items if item.nodeid not in reached.seconds])
        if kept:
            reached.write(kept)
        self.run.modules(self, reached)
        return True

    def _reach(self, reached: Reached, items: list[pytest.Item]) -> None:
        """Runs tests once, to see what they reach."""
        from tests.support.rules import ask, cases, rules

        rules.cache_clear()
        for context in (FIRST, AGAIN):
            self.seen.switch_context(context)
            for case in cases():
                ask(case["request"], explain="full")
                ask(case["request"])
        for item, following in zip(items, [*items, None][1:], strict=True):
            self.seen.switch_context(item.nodeid)
            start = time.process_time()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            reached.seconds[item.nodeid] = time.process_time() - start
            if self.failed:
                self.run.say(f"fails as it is, and is left out: {item.nodeid}")
                self.items.pop(item.nodeid)
                reached.seconds.pop(item.nodeid)
                self.failed = False
        self.seen.stop()
        data = self.seen.get_data()
        for file in data.measured_files():
            module = str(Path(file).relative_to(RULES).with_suffix(""))
            lines = reached.tests.setdefault(module, {})
            for line, contexts in data.contexts_by_lineno(file).items():
                lines.setdefault(line, set()).update(contexts)

    def failing(self, names: Sequence[str], seconds: dict[str, float]) -> int | None:
        """The number of the first test that fails; one that takes far too long ends the process."""
        items = [self.items[name] for name in names]
        self.failed = False
        for number, (item, following) in enumerate(zip(items, [*items, None][1:], strict=True)):
            signal.setitimer(signal.ITIMER_PROF, SLOWEST + 5 * seconds[item.nodeid])
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return number
        return None


def _in_child(work: Any, limit: float) -> tuple[str, int]:
    """The outcome of work in a forked process, and the number of the test that failed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        said = NOT_APPLIED.encode()  # unless a test is heard of
        with contextlib.suppress(BaseException):
            _silent()
            resource.setrlimit(resource.RLIMIT_AS, (_size() + MEMORY, _size() + MEMORY))
            said = work()
        os.write(writer, said)
        os._exit(0)
    os.close(writer)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.002)
    else:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGKILL):
        return TIMED_OUT, 0
    if said in (b"survived", b"not applied"):
        return said.decode(), 0
    return KILLED, int(said) if said.isdigit() else 0


def _size() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


@dataclass
class Run:
    """What was asked for, and where the results go."""

    options: argparse.Namespace
    report: TextIO
    left: dict[str, list[Mutant]] = field(default_factory=dict)

    def say(self, text: str) -> None:
        self.report.write(text + "\n")
        self.report.flush()

    def record(self, module: str, mutant: Mutant, outcome: str) -> None:
        if outcome not in (KILLED, TIMED_OUT):
            self.say(f"{outcome}: {module}.py {mutant}")
        if self.options.results:
            found = {"module": module, "function": mutant.function, "line": mutant.line, "outcome": outcome}
            with self.options.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found | {"before": mutant.before, "after": mutant.after}) + "\n")

    def chosen(self, module: str, *, functions: bool) -> list[Mutant]:
        mutants = mutants_of(_tree(module))
        found = [m for m in mutants if (bool(m.function) and (module, m.function) not in ON_IMPORT) is functions]
        if self.options.again:
            alive = {
                (row["function"], row["before"], row["after"])
                for row in map(json.loads, self.options.again.read_text(encoding="utf-8").splitlines())
                if row["module"] == module and row["outcome"] in (SURVIVED, UNREACHED, NOT_APPLIED)
            }
            found = [m for m in found if (m.function, m.before, m.after) in alive]
        random.Random(1).shuffle(found)
        return found[: self.options.sample] if self.options.sample else found

    def modules(self, tests: Tests, reached: Reached) -> None:
        total = sum(reached.seconds.values())
        self.say(f"{len(reached.seconds)} tests, {total:.0f} seconds")
        for module in self.options.modules:
            start = time.monotonic()
            subject = Subject(self, module, tests, reached)
            gc.collect()
            gc.freeze()  # else each fork looks through, and so copies, everything there is
            gc.disable()
            mutants = self.chosen(module, functions=True)
            if mutants and not subject.imported.functions:
                self.say(f"{module}: no function of it was found")
                continue
            counts = Counter(subject.outcome(mutant) for mutant in mutants)
            self.count(module, "functions", counts, start)

    def count(self, module: str, kind: str, counts: Counter[str], start: float) -> None:
        said: dict[str, object] = {"module": module, "kind": kind, "mutants": sum(counts.values())}
        said |= {outcome: counts[outcome] for outcome in OUTCOMES}
        self.say(json.dumps(said | {"seconds": round(time.monotonic() - start)}))


def _tree(module: str) -> ast.Module:
    return ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))


class Subject:
    """The functions of a module under test."""

    def __init__(self, run: Run, module: str, tests: Tests, reached: Reached) -> None:
        self.run, self.module, self.tests, self.reached = run, module, tests, reached
        self.path = RULES / f"{module}.py"
        self.imported = Imported(self.path, compile(_tree(module), str(self.path), "exec"))
        self.kills: Counter[str] = Counter()

    def outcome(self, mutant: Mutant) -> str:
        reached = self.reached.by(self.module, mutant)
        names = self._order(reached & set(self.tests.items))
        found, changed = UNREACHED, compile(mutant.apply(_tree(self.module)), str(self.path), "exec")
        loaded = FIRST in reached
        if names and not (loaded and self.module not in ON_EACH_REQUEST):
            found = self._tried(changed, names, cold=False)
        if loaded and (found == UNREACHED or (found == SURVIVED and self.run.options.again)):
            again = self._order({*names, *(name for name in self.tests.items if name.startswith(CASES))})
            found = self._tried(changed, again, cold=True)
        self.run.record(self.module, mutant, found)
        return found

    def _order(self, names: set[str]) -> list[str]:
        """Those that killed most in the time they take come first, then one set of parameters of each test, the quickest,
        then another; no more than there is time for."""
        seconds, turns = self.reached.seconds, Counter[str]()
        turn = {}
        cost = {name: seconds[name] + 0.02 + (SERVICE if "/routers/" in name else 0) for name in names}
        for name in sorted(names, key=lambda name: (cost[name], name)):
            test = name.partition("[")[0]
            turn[name] = turns[test]
            turns[test] += 1
        by_use = sorted(turn, key=lambda name: (-self.kills[name] / cost[name], turn[name], cost[name]))
        chosen: list[str] = []
        spent = 0.0
        for name in by_use:
            if not chosen or spent + seconds[name] <= self.run.options.patience:
                chosen.append(name)
                spent += seconds[name]
        return chosen

    def _tried(self, changed: Any, names: list[str], *, cold: bool) -> str:
        seconds = self.reached.seconds

        def work() -> bytes:
            if not self.imported.exchange(changed):
                return b"not applied"
            _forget(cold=cold)
            number = self.tests.failing(names, seconds)
            return b"survived" if number is None else str(number).encode()

        found, number = _in_child(work, 20 + 10 * sum(seconds[name] for name in names))
        if found == KILLED:
            self.kills[names[number]] += 1
        return found


def _forget(*, cold: bool) -> None:
    """Empties what is kept from before the change: the schema always, the loaded packs where a change reaches them."""
    from app.rules.facts.json_schema import facts_schema
    from tests.support.rules import rules

    facts_schema.cache_clear()
    if cold:
        rules.cache_clear()


def _arguments() -> list[str]:
    """For pytest, without what makes its start slow."""
    without = [
        part for name in ("cacheprovider", "unraisableexception", "threadexception") for part in ("-p", f"no:{name}")
    ]
    ignored = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return ["-x", "-q", "-s", "--tb=no", "--no-summary", "-o", "addopts=", *without, *ignored]


def _functions(run: Run) -> None:
    """The functions of all modules, in a process of its own."""
    seen = coverage.Coverage(data_file=None, include=[str(RULES / "**" / "*.py")], config_file=False)
    seen.start()
    seen.switch_context(IMPORT)
    deselected = [part for name in LEFT_OUT for part in ("--deselect", name)]
    ignored = [f"--ignore={path}" for path in Path("tests").rglob("*.py") if STORAGE in path.read_text("utf-8")]
    names = run.options.tests or TESTS
    _silent()
    code = pytest.main([*_arguments(), *deselected, *ignored, *names], plugins=[Tests(run, seen)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        run.say(f"the tests could not be run as they are: pytest ended with {code!r}")


def _constants(run: Run, module: str) -> None:
    """What a module does on import."""
    start = time.monotonic()
    counts: Counter[str] = Counter()
    mutants = run.chosen(module, functions=False)
    if mutants and _imported(module, _tree(module)) != SURVIVED:
        run.say(f"{module}: its tests fail as they are")
        return
    for mutant in mutants:
        found = _imported(module, mutant.apply(_tree(module)))
        run.record(module, mutant, found)
        counts[found] += 1
    run.count(module, "import", counts, start)


def _imported(module: str, tree: ast.Module) -> str:
    """What the tests of a module say of it, imported anew from a tree."""
    path = RULES / f"{module}.py"
    deselected = [part for name in LEFT_OUT for part in ("--deselect", name)]

    def work() -> bytes:
        sys.meta_path.insert(
            0, Changed("app.rules." + module.replace("/", "."), path, compile(tree, str(path), "exec"))
        )
        signal.setitimer(signal.ITIMER_PROF, 60)
        failed = pytest.main([*_arguments(), *deselected, *IMPORTED.get(module, ()), CASES])
        return b"1" if failed else b"survived"

    return _in_child(work, 200)[0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "modules", nargs="*", default=list(MODULES), help="as values/money; all of app/rules if none is named"
    )
    parser.add_argument("--patience", type=float, default=15, help="seconds of tests for each change")
    parser.add_argument("--sample", type=int, default=0, help="this many changes of each module at random")
    parser.add_argument("--constants", action="store_true", help="what modules do on import, not their functions")
    parser.add_argument("--results", type=Path, help="a file to which each outcome is added, a line of JSON each")
    parser.add_argument("--reached", type=Path, help="a file that keeps what the tests reach from one run to the next")
    parser.add_argument("--again", type=Path, help="only what survived in such a file")
    parser.add_argument("--tests", nargs="*", help="these tests instead of all")
    return parser.parse_args()


def _process(run: Run, work: Any, *arguments: Any) -> None:
    if (child := os.fork()) == 0:
        work(run, *arguments)
        os._exit(0)
    os.waitpid(child, 0)


def main() -> None:
    options = _options()
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    settings.register_profile(
        "mutation", max_examples=25, deadline=None, database=None, derandomize=True,
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    settings.load_profile("mutation")
    for library in ("pydantic", "orjson", "yaml", "rfc8785", "fastapi", "hypothesis.strategies"):
        importlib.import_module(library)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as report:
        run = Run(options, report)
        if not options.constants:
            _process(run, _functions)
        for module in options.modules if options.constants else ():
            _process(run, _constants, module)


if __name__ == "__main__":
    main()
