"""OpenFisca's own virtual environment, created on first use and kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Final

from benchmarks.servers import ROOT

PACKAGE: Final = ROOT / "benchmarks" / "openfisca"
_VENV: Final = PACKAGE / ".venv"
_READY: Final = _VENV / "ready"


def openfisca_command(port: int) -> list[str]:
    """One worker that keeps its connections open: gunicorn's default worker closes them after each answer."""
    openfisca = str(_VENV / "bin" / "openfisca")
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", "1"]
    keep_alive = ["--worker-class", "gthread", "--threads", "1"]
    return [openfisca, "serve", "--country-package", "openfisca_doudi", *bind, *keep_alive]


def install_openfisca() -> None:
    """The package and what it pins, from the package index, unless it is there already."""
    if _READY.exists():
        return
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    _run(uv, "venv", "--clear", "--python", sys.executable, str(_VENV))
    _run(uv, "pip", "install", "--python", str(_VENV / "bin" / "python"), str(PACKAGE))
    _READY.touch()


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=True)
