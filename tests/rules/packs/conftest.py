"""Fixtures of the tests in this folder."""

import shutil
from pathlib import Path

import pytest

from app.rules.packs.pack import CONTENT


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "content"
    shutil.copytree(CONTENT, folder)
    return folder
