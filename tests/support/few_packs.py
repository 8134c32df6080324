"""A copy of some shipped packs, for tests that read a whole folder again and again: the nation's and a few with figures."""

import shutil
from pathlib import Path
from typing import Final

from app.rules.packs.pack import CONTENT

FEW: Final = ("CN", "150700", "430500", "442000", "500000", "500154", "610900", "999900")


def copy_few(folder: Path) -> Path:
    """Copies the packs to a new folder and returns it."""
    for code in FEW:
        shutil.copytree(CONTENT / code, folder / code)
    return folder
