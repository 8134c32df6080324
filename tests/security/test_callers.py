"""Who is the same person, wherever a second one is needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from app.security.callers import Caller

APP: Final = Path(__file__).parents[2] / "app"
COMPARED: Final = re.compile(
    r"subject\)?\s*[!=]=|[!=]=\s*[\w.(]*\bsubject\b|submitted_by\)?\s*[!=]=|[!=]=\s*[\w.(]*\bsubmitted_by\b"
)


@pytest.mark.parametrize(
    ("issued", "same"),
    [
        ("alice", True),
        ("Alice", True),
        ("ALICE", True),
        (" alice ", True),
        ("ａlice", True),
        ("ali\u200bce", True),
        ("alice2", False),
        (None, False),
    ],
)
def test_capitals_alone_make_no_second_person(issued: str | None, same: bool) -> None:
    assert Caller("alice", frozenset(), ()).may_be(issued) is same


def test_no_other_part_of_the_service_compares_who_somebody_is() -> None:
    found = [path.name for path in APP.rglob("*.py") if COMPARED.search(path.read_text(encoding="utf-8"))]
    assert found == ["callers.py"]
