"""The engine alone, without the network: `uv run python benchmarks/engine.py [--json]`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import datetime as dt
import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.rules.engine.household import EngineHousehold
from app.rules.explain.answer import Answerer, Asked
from app.rules.facts.request import SHANGHAI
from app.rules.service import Rules
from app.rules.validation import read_request
from app.rules.values.strict_json import parse_json
from benchmarks.payloads import household_of_three, in_a_real_place

_WARM_UP: Final = 200
_ROUNDS: Final = 10  # each gives every stage its share of time in turn, so that noise falls on all alike
_SECONDS: Final = 18.0  # for everything, after the rules are loaded


def nothing() -> None:
    """What a stage needs that needs nothing."""


@dataclass
class Stage:
    """Something timed. `prepare` runs before each round, untimed, and `run` gets what it returns."""

    name: str
    run: Callable[[Any], Any]
    prepare: Callable[[], Any] = nothing
    times: list[int] = field(default_factory=list)

    def once(self) -> int:
        """One run, in nanoseconds."""
        prepared = self.prepare()
        started = time.perf_counter_ns()
        self.run(prepared)
        return time.perf_counter_ns() - started

    def go(self, seconds: float) -> None:
        """As many runs as there is time for."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self.times.append(self.once())

    def figures(self) -> dict[str, Any]:
        return {
            "stage": self.name,
            "median_us": round(statistics.median(self.times) / 1000, 2),
            "min_us": round(min(self.times) / 1000, 2),
            "runs": len(self.times),
        }


@dataclass
class Case:
    """A request and the stages it goes through."""

    name: str
    path: str
    answer_bytes: int
    stages: list[Stage]

    def figures(self) -> dict[str, Any]:
        return {
            "request": self.name,
            "path": self.path,
            "answer_bytes": self.answer_bytes,
            "stages": [stage.figures() for stage in self.stages],
        }


def case(name: str, rules: Rules, raw: dict[str, Any], now: dt.datetime) -> Case:
    """The stages of one request, each with what the stages before it give."""
    body = orjson.dumps(raw)
    request = read_request(raw, rules.library, now.date()).request
    date = request.date or now.date()
    division = rules.library.division(request.jurisdiction)
    engine = rules.engines.at(division, date, now.date())
    answerer = Answerer(engine, "zh", date)
    asked = Asked(division, date, now, None, "reasons")
    answer = rules.assess(raw, "zh", now)

    def household() -> EngineHousehold:
        return EngineHousehold(request.household, date, request.jurisdiction)

    def assessed() -> Any:
        return engine.assess(household(), date)

    path = "bounded" if assessed().bounded else "fast"
    stages = [
        Stage("parse the JSON", lambda _: parse_json(body)),
        Stage("validate the request", lambda _: read_request(raw, rules.library, now.date())),
        Stage("build the engine's household", lambda _: household()),
        Stage(f"engine: as asked ({path} path)", lambda h: engine.assess(h, date), household),
        Stage("engine: bounded path", lambda h: engine.assess(h, date, always_bounded=True), household),
        Stage("word the answer", lambda assessment: answerer.answer(assessment, asked), assessed),
        Stage("write the JSON", lambda _: orjson.dumps(answer)),
        Stage("request to answer, bytes to bytes", lambda _: orjson.dumps(rules.assess_json(body, "zh", now))),
    ]
    return Case(name, path, len(orjson.dumps(answer)), stages)


def measure(cases: list[Case]) -> None:
    """Warm everything up, then time all stages in turn."""
    stages = [stage for case in cases for stage in case.stages]
    for stage in stages:
        for _ in range(_WARM_UP):
            stage.once()
    share = _SECONDS / _ROUNDS / len(stages)
    for _ in track(range(_ROUNDS), "timing", console=Console(stderr=True), transient=True):
        for stage in stages:
            stage.go(share)


def table(case: dict[str, Any]) -> Table:
    title = f"{case['request']}: {case['path']} path, answer of {case['answer_bytes']} bytes"
    table = Table(title=title, title_justify="left")
    table.add_column("Stage")
    for name in ("Median µs", "Minimum µs", "Runs"):
        table.add_column(name, justify="right")
    for stage in case["stages"]:
        table.add_row(stage["stage"], f"{stage['median_us']:.1f}", f"{stage['min_us']:.1f}", str(stage["runs"]))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    as_json = parser.parse_args().json
    started = time.perf_counter()
    rules = Rules.shipped()
    loaded = time.perf_counter() - started
    now = dt.datetime.now(SHANGHAI).replace(microsecond=0)
    cases = [
        case("household of three, 999900", rules, household_of_three(), now),
        case("household of three, 430500", rules, in_a_real_place(), now),
    ]
    measure(cases)
    figures = {
        "python": platform.python_version(),
        "rules_loaded_ms": round(loaded * 1000, 1),
        "requests": [case.figures() for case in cases],
    }
    show(figures, as_json)


def show(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    console = Console()
    console.print(f"Python {figures['python']}, rules loaded in {figures['rules_loaded_ms']:.0f} ms")
    for case in figures["requests"]:
        console.print(table(case))


if __name__ == "__main__":
    main()
