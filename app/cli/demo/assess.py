"""The first half of the demo: assesses sample households of the five places and of the fictional city."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from app.cli.tables import amount_text, status_text
from app.cli.terminal import console, print_json
from app.rules.engine.household import EngineHousehold
from app.rules.facts.household import Household
from app.rules.facts.request import SHANGHAI
from app.rules.messages import Language
from app.rules.service import Rules

SAMPLES: Final = Path(__file__).with_name("households.yaml")
_ROUNDS: Final = 300


def samples() -> list[dict[str, Any]]:
    """Read the samples: each has a name in both languages and a request."""
    samples: list[dict[str, Any]] = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    return samples


def run_demo(language: Language, *, as_json: bool) -> None:
    """Assess every sample, explain the first, time the engine; store, replay and prove them all."""
    from app.cli.demo.store import stored_demo, stored_tables  # what it needs takes a while to load

    started = time.perf_counter()
    rules = Rules.shipped()
    loaded = time.perf_counter() - started
    households = samples()
    now = dt.datetime.now(SHANGHAI)
    answers = [rules.assess(sample["request"], language, now) for sample in households]
    if as_json:
        print_json(answers)
        return
    console.print(_overview(households, answers, language))
    console.print(_explained(answers[0], language))
    console.print(_timings(rules, households, loaded, language))
    console.print(stored_tables(stored_demo(rules, [sample["request"] for sample in households], language), language))


def _overview(households: list[dict[str, Any]], answers: list[dict[str, Any]], language: Language) -> Table:
    zh = language == "zh"
    table = Table(title="示例家庭" if zh else "Sample households", title_justify="left", show_lines=True)
    for name in ("地区", "日期", "家庭", "结果") if zh else ("Place", "Date", "Household", "Gets"):
        table.add_column(name, overflow="fold")
    for sample, answer in zip(households, answers, strict=True):
        gets = [_line(result, language) for result in answer["results"] if result["status"] != "ineligible"]
        table.add_row(answer["jurisdiction"]["name"], answer["date"], sample["name"][language], Text("\n").join(gets))
    return table


def _line(result: dict[str, Any], language: Language) -> Text:
    person = f" {result['person']}" if result["person"] else ""
    rest = f" {result['title']}{person} {amount_text(result['amount'], language)}"
    return status_text(result["status"], language).append(rest, style="default")


def _explained(answer: dict[str, Any], language: Language) -> Table:
    """Draw the dibao result of an answer, test by test and line by line, with its articles."""
    zh = language == "zh"
    result = next(result for result in answer["results"] if result["programme"] == "dibao")
    title = f"{answer['jurisdiction']['name']} {answer['date']} — {result['title']}"
    table = Table(title=title, title_justify="left", caption="\n".join(result["summary"]), caption_justify="left")
    for name in ("步骤", "算式", "依据") if zh else ("Step", "Figures", "Article"):
        table.add_column(name, overflow="fold")
    for test in result["tests"]:
        figures = ""
        if test["left"] is not None:
            figures = f"{test['left']['value']} {test['relation']} {test['right']['value']}"
        table.add_row(f"{'✓' if test['holds'] else '✗'} {test['title']}", figures, _articles(test["basis"]))
    for line in result["lines"]:
        table.add_row(line["title"], line["amount"]["value"], _articles(line["basis"]))
    table.add_row(result["title"], amount_text(result["amount"], language), result["amount"]["from_month"] or "")
    return table


def _articles(basis: list[dict[str, Any]]) -> str:
    return "；".join(f"{b['document']} {b['article'] or ''}".strip() for b in basis)


def _timings(rules: Rules, households: list[dict[str, Any]], loaded: float, language: Language) -> Table:
    zh = language == "zh"
    request = households[0]["request"]
    date = dt.date.fromisoformat(request["date"])
    now = dt.datetime.now(SHANGHAI)
    engine = rules.engines.at(request["jurisdiction"], date, now.date())
    facts = Household.model_validate(request["household"])
    household = EngineHousehold(facts, date, request["jurisdiction"])
    jobs: list[tuple[str, Callable[[], Any]]] = [
        (
            "引擎：全部项目（快速路径）" if zh else "Engine, every programme (fast path)",
            lambda: engine.assess(household, date),
        ),
        (
            "引擎：全部项目（区间求值）" if zh else "Engine, every programme (bounded)",
            lambda: engine.assess(household, date, always_bounded=True),
        ),
        (
            "请求到答复（不含网络）" if zh else "Request to answer, without the network",
            lambda: rules.assess(request, language, now),
        ),
    ]
    table = Table(title="用时" if zh else "Timings", title_justify="left")
    table.add_column("项目" if zh else "What")
    table.add_column("中位数" if zh else "Median", justify="right")
    table.add_row("加载规则" if zh else "Loading the rules", f"{loaded * 1000:.0f} ms")
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("计时" if zh else "Timing", total=len(jobs))
        for name, job in jobs:
            table.add_row(name, f"{_median(job) * 1e6:.0f} µs")
            progress.advance(bar)
    return table


def _median(job: Callable[[], Any]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
