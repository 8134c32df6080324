"""doudi, bare FastAPI and OpenFisca under the same load: `uv run python benchmarks/http.py [--json] [--openfisca]`.

Each server is a process with one worker on loopback; they take the load in turn, round by round.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.pop(0)  # here http.py and profile.py would hide the modules of the standard library
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import json
import signal
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.openfisca_venv import PACKAGE, install_openfisca, openfisca_command
from benchmarks.payloads import worked_example
from benchmarks.servers import ROOT, Server

_DIBAO: Final = 2374  # what the worked example comes to, by hand
_ROUTE: Final = "/v1/assessments"
_BUSY: Final = 0.9  # a generator busier than this may be what limits the figure
_Figures = dict[str, Any]


@dataclass
class Contender:
    """A server and what each round found."""

    server: Server
    rounds: list[dict[str, float]] = field(default_factory=list)
    memory_mib: float = 0.0

    def median(self, figure: str) -> float:
        return statistics.median(found[figure] for found in self.rounds)

    def figures(self) -> _Figures:
        return {
            "server": self.server.name,
            "per_second": round(self.median("per_second"), 1),
            "p50_ms": round(self.median("p50_ms"), 3),
            "p99_ms": round(self.median("p99_ms"), 3),
            "start_ms": round(self.server.start_seconds * 1000),
            "memory_mib": round(self.memory_mib, 1),
            "answer_bytes": len(self.server.first_answer),
            "generator_busy": round(self.median("generator_busy"), 2),
            "rounds": self.rounds,
        }


# the servers


def _uvicorn(application: str, port: int) -> list[str]:
    options = ["--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools"]
    quiet = ["--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", application, "--factory", *options, *quiet]


def _doudi_is_right(answer: bytes) -> bool:
    dibao = next(result for result in orjson.loads(answer)["results"] if result["programme"] == "dibao")
    return bool(dibao["amount"]["value"] == f"{_DIBAO}.00")


def _openfisca_is_right(answer: bytes) -> bool:
    dibao: float = orjson.loads(answer)["households"]["h1"]["dibao"]["2026-08"]
    return abs(dibao - _DIBAO) < 0.001


def doudi(scratch: Path) -> Server:
    payload = scratch / "request.json"
    payload.write_bytes(orjson.dumps(worked_example()))
    return Server(
        "doudi",
        lambda port: _uvicorn("app.main:create_app", port),
        _ROUTE,
        payload,
        scratch / "doudi.log",
        _doudi_is_right,
    )


def bare(scratch: Path, variant: str, answer: Path) -> Server:
    return Server(
        f"bare {variant}",
        lambda port: _uvicorn("benchmarks.bare:create_app", port),
        _ROUTE,
        scratch / "request.json",
        scratch / f"bare-{variant}.log",
        _doudi_is_right,
        {"BARE_VARIANT": variant, "BARE_ANSWER": str(answer)},
    )


def openfisca(scratch: Path) -> Server:
    example = PACKAGE / "example.json"
    log = scratch / "openfisca.log"
    return Server("OpenFisca", openfisca_command, "/calculate", example, log, _openfisca_is_right)


def start_all(contenders: list[Contender], scratch: Path, *, with_openfisca: bool) -> None:
    """Start one after the other; each joins the contenders before it starts, so that it is stopped in any case."""

    def start(server: Server) -> Server:
        contenders.append(Contender(server))
        server.start()
        return server

    answer = scratch / "answer.json"
    answer.write_bytes(start(doudi(scratch)).first_answer)
    start(bare(scratch, "response", answer))
    start(bare(scratch, "dict", answer))
    if with_openfisca:
        start(openfisca(scratch))


# the load


def load(server: Server, arguments: argparse.Namespace) -> dict[str, float]:
    """One round against one server, from a process of its own."""
    options = {
        "--port": server.port,
        "--path": server.path,
        "--payload": server.payload,
        "--connections": arguments.connections,
        "--requests": arguments.requests,
        "--seconds": arguments.seconds,
    }
    words = [str(word) for option in options.items() for word in option]
    command = [sys.executable, "-m", "benchmarks.load", *words]
    found = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=2 * arguments.seconds + 60)
    figures: dict[str, float] = json.loads(found.stdout)
    return figures


def take_turns(contenders: list[Contender], arguments: argparse.Namespace) -> None:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=arguments.rounds * len(contenders))
        for number in range(1, arguments.rounds + 1):
            for contender in contenders:
                progress.update(bar, description=f"round {number}: {contender.server.name}")
                contender.rounds.append(load(contender.server, arguments))
                contender.memory_mib = contender.server.memory_mib()
                progress.advance(bar)


def measure(arguments: argparse.Namespace) -> _Figures:
    """Start, load in turn, and stop whatever was started."""
    contenders: list[Contender] = []
    with tempfile.TemporaryDirectory() as scratch:
        try:
            start_all(contenders, Path(scratch), with_openfisca=arguments.openfisca)
            take_turns(contenders, arguments)
        finally:
            for contender in contenders:
                contender.server.stop()
    return {
        "connections": arguments.connections,
        "servers": [contender.figures() for contender in contenders],
        "ratios": ratios(contenders),
    }


def ratios(contenders: list[Contender]) -> dict[str, float]:
    """doudi's requests per second to each other's: the median over rounds, so that noise in a round falls on both."""
    first, *others = contenders
    return {f"doudi/{other.server.name}": round(_ratio(first, other), 3) for other in others}


def _ratio(one: Contender, other: Contender) -> float:
    pairs = zip(one.rounds, other.rounds, strict=True)
    return statistics.median(a["per_second"] / b["per_second"] for a, b in pairs)


# what is shown


def show(figures: _Figures) -> None:
    console = Console()
    console.print(_table(figures))
    for name, ratio in figures["ratios"].items():
        console.print(f"{name}: {ratio:.3f}")
    busy = [server["server"] for server in figures["servers"] if server["generator_busy"] > _BUSY]
    if busy:
        console.print(f"The generator was busy all the time, so these may be faster: {', '.join(busy)}")


def _table(figures: _Figures) -> Table:
    table = Table(title=f"One worker each, {figures['connections']} connections", title_justify="left")
    table.add_column("Server")
    for name in ("Req/s", "p50 ms", "p99 ms", "Start ms", "MiB", "Bytes"):
        table.add_column(name, justify="right", no_wrap=True)
    for server in figures["servers"]:
        speed = [f"{server['per_second']:.0f}", f"{server['p50_ms']:.2f}", f"{server['p99_ms']:.2f}"]
        rest = [str(server["start_ms"]), f"{server['memory_mib']:.0f}", str(server["answer_bytes"])]
        table.add_row(server["server"], *speed, *rest)
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--openfisca", action="store_true", help="OpenFisca's web API too (installed on first use)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--requests", type=int, default=3000, help="for each server in each round")
    parser.add_argument("--seconds", type=float, default=20, help="at most for each, half of it for the warm-up")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped then too
    if arguments.openfisca:
        install_openfisca()
    figures = measure(arguments)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main()
