"""Changed copies of the shipped packs, and the faults that the checks find in them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.rules.checks.run import PackFault, faults_in
from app.rules.packs.pack import load_packs

MODEL = "999900/pack.yaml"
HULUNBUIR = "150700/pack.yaml"
CHONGQING = "500000/pack.yaml"
KAIZHOU = "500154/pack.yaml"


class Case(NamedTuple):
    """A change of one file, and the one fault it makes: on the first line of the file that holds `at`."""

    file: str
    old: str
    new: str
    at: str
    message: str


def change(content: Path, file: str, old: str, new: str) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(content: Path, file: str, at: str) -> int:
    lines = (content / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if at in line)


def found_in(content: Path) -> list[PackFault]:
    return faults_in(load_packs(content))


def check(content: Path, case: Case) -> None:
    change(content, case.file, case.old, case.new)
    (fault,) = found_in(content)
    assert (fault.file, fault.line) == (case.file, line_of(content, case.file, case.at))
    assert case.message in fault.message
    assert fault.column >= 1
