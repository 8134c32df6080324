"""The README's first command, from a clean copy of the project."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.test_documents import READMES, ROOT, commands

TIMEOUT: Final = 60
LEFT_BEHIND: Final = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "data", "mutants")


def _uv() -> str:
    """The uv that is there: the one that runs these tests, one on the path, or the project's own."""
    places = (os.environ.get("UV"), shutil.which("uv"), str(ROOT / ".uv" / "bin" / "uv"))
    return next(place for place in places if place and Path(place).is_file())


@pytest.mark.slow
def test_the_first_command_of_the_readme_works_in_a_clean_copy(tmp_path: Path) -> None:
    """Without its first half, which installs uv; what uv installs comes from its cache as far as it is there."""
    install, run = commands(READMES["en"])[0].split(" && ")
    words = shlex.split(run)
    assert install.endswith(" uv")
    assert words[0] == ".uv/bin/uv"
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=LEFT_BEHIND)
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "UV_", "PYTEST"))
    }
    done = subprocess.run(  # noqa: S603  the README's own command
        [_uv(), *words[1:]],
        cwd=copy,
        env=environment | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    assert "2374.00" in done.stdout
