"""Notices as PDF, where the extra `pdf`, Pango and a Chinese font are installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from typing import Any

from app.rules.errors import CodedError


class NoPdf(CodedError):
    """PDF cannot be made here: the extra `pdf` is not installed, Pango is not there, or no font has Chinese."""

    code = "no_pdf"


def pdf_of(html: str) -> bytes:
    """Turn a page into PDF with its fonts embedded; nothing is fetched. Raises NoPdf where that cannot be done."""
    weasyprint = _weasyprint()
    if not _has_chinese_font():
        raise NoPdf
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())  # a notice holds all it shows
    made: bytes = weasyprint.HTML(string=html, url_fetcher=nothing).write_pdf()
    return made


@lru_cache
def _weasyprint() -> Any:
    try:
        import weasyprint.urls
    except (ImportError, OSError) as error:  # the package, or the libraries of the system it loads
        raise NoPdf from error
    return weasyprint


@lru_cache
def _has_chinese_font() -> bool:
    """Tell if fontconfig, by which Pango chooses, knows a font for Chinese."""
    command = shutil.which("fc-list")
    if command is None:
        return False
    found = subprocess.run([command, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)  # noqa: S603  no input of anybody's
    return found.returncode == 0 and bool(found.stdout.strip())
