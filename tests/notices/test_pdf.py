"""Notices as PDF, where this machine can make one, and what is answered where it cannot."""

from __future__ import annotations

import io
import shutil
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from app.notices import pdf
from app.notices.html import html_of
from app.notices.pdf import NoPdf, pdf_of
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from tests.support.notices.factories import confirmed, noticed, proposed


@pytest.fixture(autouse=True)
def looked_at_afresh() -> Iterator[None]:
    """What the machine has is found out once a process; here once a test."""
    yield
    pdf._weasyprint.cache_clear()
    pdf._has_chinese_font.cache_clear()


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
