"""Where a request's time goes: `uv run python benchmarks/profile.py`. cProfile makes calls dearer than they are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cProfile
import datetime as dt
import pstats
from typing import Final

from app.rules.facts.request import SHANGHAI
from app.rules.service import Rules
from benchmarks.payloads import household_of_three

_WARM_UP: Final = 200
_RUNS: Final = 2000
_LINES: Final = 25


def main() -> None:
    rules, raw = Rules.shipped(), household_of_three()
    now = dt.datetime.now(SHANGHAI)
    for _ in range(_WARM_UP):
        rules.assess(raw, "zh", now)
    with cProfile.Profile() as profile:
        for _ in range(_RUNS):
            rules.assess(raw, "zh", now)
    statistics = pstats.Stats(profile)
    print(f"Rules.assess of the worked example, {_RUNS} times; µs = seconds / {_RUNS} * 1e6")
    statistics.strip_dirs().sort_stats("tottime").print_stats(_LINES)


if __name__ == "__main__":
    main()
