"""docs/verification.md is true: every register and fact, every failure, every format stands in it, and its script runs."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from pathlib import Path
from typing import Final, get_args

from app.verification.exchange import errors
from app.verification.exchange.mapping.formats import DateForm, MoneyUnit
from app.verification.exchange.mapping.mapping import DISPENSABLE, load_mapping, shipped_platforms
from app.verification.exchange.protocol import Quality, Status
from app.verification.exchange.signing import REPORT, SIGNATURE, TIMESTAMP, TOLERANCE
from app.verification.registers.sources import shipped
from app.verification.simulator.behaviour import Behaviour
from app.verification.simulator.registers import Registers
from app.verification.simulator.script import read_script

PAGE: Final = (Path(__file__).parents[2] / "docs" / "verification.md").read_text(encoding="utf-8")
NAMED: Final = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_register_stands_there_with_its_facts() -> None:
    rows = {
        row[0]: tuple(row[1:])
        for row in (re.findall(r"`(\w+)`", line) for line in PAGE.splitlines() if line.startswith("| `"))
        if row and row[0] in shipped().sources
    }
    assert rows == {id_: source.facts for id_, source in shipped().sources.items()}


def test_every_failure_stands_there() -> None:
    raised = {name for name, one in vars(errors).items() if inspect.isclass(one) and one.__module__ == errors.__name__}
    assert raised <= NAMED


def test_statuses_formats_headers_and_mappings_stand_there() -> None:
    assert {*get_args(Status), *get_args(DateForm), *get_args(MoneyUnit), *shipped_platforms()} <= NAMED
    assert {header.title() for header in (TIMESTAMP, REPORT, SIGNATURE)} <= NAMED
    assert all(f"**{quality}**" in PAGE for quality in get_args(Quality))
    assert f"{TOLERANCE.seconds // 60} minutes" in PAGE
    assert {field.split(".")[1] for field in DISPENSABLE} - {"person", "id_number"} <= NAMED


def test_the_script_shown_can_be_read(tmp_path: Path) -> None:
    *_, shown = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "script.yaml").write_text(shown, encoding="utf-8")
    registers = Registers(dt.date(2026, 8, 15))
    behaviour = read_script(tmp_path / "script.yaml", load_mapping("simulator"), registers)
    assert behaviour == Behaviour(latency=0.5, partial=0.1)
    (one,) = registers.residents.values()
    assert one.entries["tax"][0].value == 9_600_00
