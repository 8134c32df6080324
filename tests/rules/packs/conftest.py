"""Fixtures of the tests in this folder."""

from pathlib import Path

import pytest

from tests.support.few_packs import copy_few


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_few(tmp_path_factory.mktemp("packs") / "content")
