"""Random decisions stored and all computed again: `uv run python benchmarks/replay_all.py --count 100000 [--json]`.

Each must come to the same bytes as its record, or the run fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import asyncio
import json
import time
from typing import Any

from rich.console import Console
from rich.progress import Progress

from app.core.paging import Filter
from app.storage import Storage
from benchmarks.decided import OFFICER, bodies, folder, opened, store


async def replayed(storage: Storage, progress: Progress, count: int) -> dict[str, Any]:
    """The counts of one job over everything."""
    job = await storage.jobs.create(Filter(), {"against": "record"})
    bar = progress.add_task("computing again", total=count)

    async def watch() -> None:
        while True:
            progress.update(bar, completed=(await storage.jobs.job(OFFICER, job.id)).done)
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    while await storage.jobs.work_once():
        pass
    watching.cancel()
    found = await storage.jobs.job(OFFICER, job.id)
    return {"state": found.state, "done": found.done, "counts": found.counts}


async def run(count: int, *, complete: bool) -> dict[str, Any]:
    with Progress(console=Console(stderr=True)) as progress:
        async with folder() as data, opened(data) as storage:
            bar = progress.add_task("storing", total=count)
            started = time.perf_counter()
            await store(storage, bodies(count, complete=complete), "all", lambda: progress.advance(bar))
            stored = time.perf_counter() - started
            started = time.perf_counter()
            found = await replayed(storage, progress, count)
            again = time.perf_counter() - started
    return {
        "decisions": count,
        "stored_s": round(stored, 1),
        "stored_per_s": round(count / stored, 1),
        "replayed_s": round(again, 1),
        "replayed_per_s": round(count / again, 1),
        **found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--complete", action="store_true", help="only Model City, with every fact")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    arguments = parser.parse_args()
    figures = asyncio.run(run(arguments.count, complete=arguments.complete))
    print(json.dumps(figures, indent=2 if arguments.json else None))
    if figures["state"] != "done" or figures["counts"] != {"same": arguments.count}:
        raise SystemExit("not every decision came to its own bytes")


if __name__ == "__main__":
    main()
