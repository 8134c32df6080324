"""Notices as PDF, where the extra `pdf`, Pango and a Chinese font are installed."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from app.rules.errors import CodedError
from app.rules.messages import Language

KINDS: Final[dict[str, dict[Language, str]]] = {
    "basic": {"zh": "常用文字和符号", "en": "common characters and signs"},
    "han_a": {"zh": "汉字扩展A区", "en": "Han, extension A"},
    "han_2": {"zh": "汉字第二平面（扩展B至F区）", "en": "Han, plane 2 (extensions B to F)"},
    "han_3": {"zh": "汉字第三平面（扩展G区起）", "en": "Han, plane 3 (extension G and later)"},
    "private": {"zh": "自造字", "en": "private characters"},
    "other": {"zh": "其他平面的符号", "en": "signs of other planes"},
}
_DRAWS_NOTHING: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


class NoPdf(CodedError):
    """PDF cannot be made here: the extra `pdf` is not installed, Pango is not there, or no font has Chinese."""

    code = "no_pdf"


class NoGlyph(CodedError):
    """No font here has some characters of a notice. It says of which kind (KINDS), never which: they may be of a name."""

    code = "no_glyph"

    def __init__(self, kinds: Iterable[str]) -> None:
        super().__init__()
        self.kinds = [kind for kind in KINDS if kind in set(kinds)]


def pdf_of(html: str) -> bytes:
    """Turn a page into PDF with its fonts embedded; nothing is fetched. Raises NoPdf where that cannot be done, and
    NoGlyph where boxes would stand for characters."""
    weasyprint = _weasyprint()
    if not _has_chinese_font():
        raise NoPdf
    must_have_glyphs(html)
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
    return bool(_listed(command, ":lang=zh", "family").strip())


def must_have_glyphs(text: str) -> None:
    """Raise NoGlyph if no font that fontconfig knows has a character; Pango takes any that has it."""
    lacking = {sign for sign in set(text) - _drawn() if unicodedata.category(sign) not in _DRAWS_NOTHING}
    kinds = {_kind(ord(sign)) for sign in lacking if not unicodedata.name(sign, "").startswith("VARIATION SELECTOR")}
    if kinds:
        raise NoGlyph(kinds)


def _kind(point: int) -> str:
    if unicodedata.category(chr(point)) == "Co":
        return "private"
    if point < 0x10000:
        return "han_a" if 0x3400 <= point < 0x4DC0 else "basic"
    return {2: "han_2", 3: "han_3"}.get(point >> 16, "other")


@lru_cache
def _drawn() -> frozenset[str]:
    """The characters that some font has, of those fonts that can be drawn in any size."""
    command = shutil.which("fc-list")
    words = _listed(command, "--format=%{charset} ", ":scalable=true").split() if command else []
    ends = [[int(end, 16) for end in word.split("-")] for word in set(words)]
    return frozenset(chr(point) for first, *last in ends for point in range(first, (last or [first])[0] + 1))


def _listed(command: str, *asked: str) -> str:
    found = subprocess.run([command, *asked], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603  no input of anybody's
    return found.stdout if found.returncode == 0 else ""
