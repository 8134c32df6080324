"""Fixtures of the tests in this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.few_packs import copy_few


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of a few shipped packs that may be changed."""
    return copy_few(tmp_path / "content")
