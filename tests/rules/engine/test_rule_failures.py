"""A rule that cannot be computed is named, on both paths."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from app.rules.engine.evaluate import Engine, RuleFailure
from app.rules.engine.household import EngineHousehold
from app.rules.facts.household import Household
from tests.support.rules import NOW, rules

DAY = dt.date(2026, 8, 15)


RULE, NAME = "household.size", "household.r_household__size"


def _broken(function: Callable[..., Any], source: str) -> tuple[Callable[..., Any], str]:
    """The compiled function with one line that cannot be computed."""
    lines = source.splitlines()
    place = next(n for n, line in enumerate(lines) if f"{NAME} = " in line)
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    lines[place] = f"{indent}{NAME} = 1 // 0"
    text = "\n".join(lines) + "\n"
    environment = dict(function.__globals__)
    exec(compile(text, "<ruleset>", "exec"), environment)  # noqa: S102  the service's own text, changed in one line
    return environment["run"], text


@pytest.mark.parametrize("bounded", [False, True], ids=["fast", "bounded"])
def test_the_rule_whose_line_failed_is_named(bounded: bool) -> None:
    whole = rules().engines.at("999900", DAY, NOW.date())
    program = whole.program
    if bounded:
        function, source = _broken(program.bounded, program.bounded_source)
        program = dataclasses.replace(program, bounded=function, bounded_source=source)
    else:
        function, source = _broken(program.fast, program.fast_source)
        program = dataclasses.replace(program, fast=function, fast_source=source)
    engine = Engine(whole.library, whole.ruleset, program)
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}, "self_care_failed": 0}
    known = {"residence": "urban", "members": [member], "assets": {}, "spending": {}, "obligors": []}
    household = Household.model_validate(known)
    with pytest.raises(RuleFailure) as caught:
        engine.assess(EngineHousehold(household, DAY, "999900"), DAY, always_bounded=bounded)
    assert caught.value.rule == RULE
