"""Compiles a ruleset to two Python functions: one for known facts, one for facts that are not fully known.

Both come from the same trees. The generated text holds only names and numbers made by the writers from trees that
language.py has let through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.rules.engine.compiler.bounded import BoundedWriter
from app.rules.engine.compiler.exact import ExactWriter
from app.rules.engine.compiler.writer import CompiledRule
from app.rules.packs.library import Library
from app.rules.rulesets.dependencies import ordered, sources
from app.rules.rulesets.ruleset import Ruleset


@dataclass
class Program:
    """A ruleset's rules, compiled. Both functions set each rule's result on the entity it is for."""

    rules: dict[str, CompiledRule]
    order: list[str]
    fast: Callable[..., Any]
    bounded: Callable[..., Any]
    fast_source: str
    bounded_source: str


def compile_rules(library: Library, ruleset: Ruleset) -> Program:
    """Compiles both functions of a ruleset. Raises Cycle if rules need one another."""
    found = sources(library, ruleset)
    order = ordered(found)
    tested = {test for programme in ruleset.programmes.values() for test in programme.version.tests}
    fast = ExactWriter(library, ruleset, found, order, tested)
    fast.write()  # finds out which results are read beyond the loop that computes them
    fast = ExactWriter(library, ruleset, found, order, tested, fast.escaping)
    bounded = BoundedWriter(library, ruleset, found, order, tested)
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
