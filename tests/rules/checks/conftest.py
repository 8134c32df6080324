"""Fixtures of the tests in this folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.rules.packs.pack import CONTENT


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped packs that may be changed."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))
