"""Notices as PDF, where this machine can make one, and what is answered where it cannot."""

from __future__ import annotations

import io
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from app.http.problems import problem_body
from app.notices import pdf
from app.notices.html import html_of
from app.notices.pdf import NoGlyph, NoPdf, must_have_glyphs, pdf_of
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.messages import Language
from tests.support.notices.factories import confirmed, noticed, proposed


@pytest.fixture(autouse=True)
def looked_at_afresh() -> Iterator[None]:
    """What the machine has is found out once a process; here once a test."""
    yield
    pdf._weasyprint.cache_clear()
    pdf._has_chinese_font.cache_clear()
    pdf._drawn.cache_clear()


def page() -> str:
    return html_of(noticed(confirmed(proposed(EXAMPLE)))[0])


def made() -> bytes:
    try:
        return pdf_of(page())
    except NoPdf:
        pytest.skip("Pango or a Chinese font is not on this machine")


@pytest.mark.slow
def test_a_pdf_holds_the_text_and_embeds_a_font_that_has_chinese() -> None:
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(made()))
    text = "".join(one.extract_text() for one in reader.pages).replace("\n", "")
    for said in ("最低生活保障", "决定：给予，每月2374.00元。", "1030.00元，低于2760.00元", "申请行政复议"):
        assert said in text, said
    fonts = [font.get_object() for one in reader.pages for font in one["/Resources"]["/Font"].values()]
    descriptors = [f["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & one.keys() for one in descriptors), "every font is in the file"


def test_nothing_is_fetched_for_a_pdf(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    made()

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", opened)
    spiked = (
        '<main><img alt="" src="file:///etc/hostname"><img alt="" src="http://x.invalid/"><img alt="" src="data:,x">'
    )
    assert pdf_of(page().replace("<main>", spiked)).startswith(b"%PDF-")
    refused = [record.getMessage() for record in caplog.records if "disallowed protocol" in record.getMessage()]
    assert len(refused) == 3


def test_without_the_extra_no_pdf_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf._weasyprint.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(NoPdf):
        pdf_of(page())


def test_without_a_chinese_font_no_pdf_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    pdf._has_chinese_font.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NoPdf):
        pdf_of(page())


PLANES = {
    "basic": "鿍",
    "han_a": "㛃",
    "han_2": "𠮷",
    "han_3": "\U00030eda",
    "private": "\ue000",
    "other": "\U0001f600",
}


def font_of(characters: str, folder: Path) -> Path:
    """A font that draws these characters, as squares, and the settings by which fontconfig knows it alone."""
    names = {ord(sign): f"u{ord(sign):x}" for sign in characters}
    pen = TTGlyphPen(None)
    for move, *to in ((pen.moveTo, (0, 0)), (pen.lineTo, (0, 700)), (pen.lineTo, (700, 700)), (pen.lineTo, (700, 0))):
        move(*to)
    pen.closePath()
    square = pen.glyph()
    order = [".notdef", *dict.fromkeys(names.values())]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap(names)
    made.setupGlyf(dict.fromkeys(order, square))
    made.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    folder.mkdir(exist_ok=True)
    made.save(folder / "squares.ttf")
    settings = folder / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>")
    return settings


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="fontconfig is not on this machine")
@pytest.mark.parametrize("kind", PLANES)
def test_a_character_of_any_plane_is_drawn_or_said_to_be_of_its_kind(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = "".join(sign for name, sign in PLANES.items() if name != kind)
    monkeypatch.setenv("FONTCONFIG_FILE", str(font_of(others, tmp_path / "without")))
    with pytest.raises(NoGlyph) as refused:
        must_have_glyphs(f"{others} {PLANES[kind]}\n\u200b\ufe0f")
    assert refused.value.kinds == [kind]
    for language in get_args(Language):
        problem = problem_body(refused.value, language)
        assert (problem["status"], problem["code"], problem["detail"]) == (501, "no_glyph", pdf.KINDS[kind][language])
        assert PLANES[kind] not in str(problem)
    pdf._drawn.cache_clear()
    monkeypatch.setenv("FONTCONFIG_FILE", str(font_of("".join(PLANES.values()), tmp_path / "with")))
    must_have_glyphs("".join(PLANES.values()))


def test_no_box_stands_for_a_character_of_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    monkeypatch.setattr(pdf, "_drawn", lambda: frozenset(page()))
    with pytest.raises(NoGlyph):
        pdf_of(page().replace("<main>", "<main>𠮷"))
