"""The shipped packs have no fault, and all faults of changed packs are found at once."""

from __future__ import annotations

from pathlib import Path

from app.rules.checks.run import PackFault, faults, faults_in
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from tests.rules.checks.changed_packs import HULUNBUIR, MODEL, change, found_in


def test_shipped_packs_have_no_faults() -> None:
    packs = load_packs()
    assert faults_in(packs) == []
    assert faults(Library(packs)) == []


def test_fault_reads_as_file_line_column_message() -> None:
    assert str(PackFault("CN/dibao.yaml", 3, 7, "no")) == "CN/dibao.yaml:3:7: no"


def test_every_fault_is_found_at_once_in_the_order_of_the_files(content: Path) -> None:
    change(content, MODEL, "value: 1.5,", "value: 1.4,")
    change(content, HULUNBUIR, "until: 2020-12-31, value: 660,", "until: 2019-12-31, value: 660,")
    change(content, "CN/edge.yaml", 'article: "8"', 'article: "99"')
    assert [fault.file for fault in found_in(content)] == [HULUNBUIR, MODEL, "CN/edge.yaml"]
