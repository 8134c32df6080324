"""The page of a notice: whole, safe, tied to the record, and as it was approved.

After a change of the words or of the packs, `UPDATE_PAGES=1 uv run pytest tests/notices/test_html.py` writes the pages in
docs/notices anew; the difference is for a person to read and approve.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from app.notices.html import html_of
from app.notices.sentences import Sentence, value_at
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.messages import Language
from tests.support.notices.factories import confirmed, noticed, proposed

DOCS: Final = Path(__file__).parent.parent.parent / "docs" / "notices"
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


class Page(HTMLParser):
    """The texts of a page by the fields they carry, and every tag with what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[tuple[str, tuple[str, ...]]] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.lang = ""
        self._open: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.loads += [name for name in given if name in ("src", "href", "onclick", "style")]
        if tag == "html":
            self.lang = given["lang"] or ""
        if tag not in ("meta", "br"):
            self._open.append((tag, tuple((given.get("data-fields") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.said.append((data.strip(), self._open[-1][1]))


@BOTH
def test_every_sentence_stands_on_the_page_with_the_pointers_of_what_it_says(language: Language) -> None:
    notice, material = noticed(confirmed(proposed(EXAMPLE | {"accepted_on": "2026-08-10"})), language)
    page = Page(html_of(notice))
    for sentence in notice.sentences():
        assert (sentence.text, sentence.fields) in page.said, sentence.text
    for _, fields in page.said:
        assert all(value_at(material, field) is not None for field in fields)
    assert page.lang == {"zh": "zh-CN", "en": "en"}[language]


def test_what_an_officer_wrote_is_text_and_never_markup() -> None:
    given = {"programme": "dibao", "outcome": "refused", "reason": '<script>alert(1)</script> & "x"'}
    notice, _ = noticed(confirmed(proposed(EXAMPLE), given))
    page = Page(html_of(notice))
    assert "script" not in page.tags
    assert any('<script>alert(1)</script> & "x"' in text for text, _ in page.said)
    spiked = replace(notice, head=(Sentence("head.id", "x", ('/a" onclick="b',)),))
    assert "onclick" not in Page(html_of(spiked)).loads


@BOTH
def test_the_page_loads_nothing_and_runs_nothing(language: Language) -> None:
    html = html_of(noticed(confirmed(proposed(EXAMPLE)), language)[0])
    assert Page(html).loads == []
    assert not re.search(r"url\(|@import|<script|<link|<img|http", html)


def test_the_name_is_left_for_a_hand_to_fill_in() -> None:
    identities = [{"person": "p1", "name": "张某", "id_number": "11999919840302018X"}]
    html = html_of(noticed(confirmed(proposed(EXAMPLE | {"identities": identities})))[0])
    assert "张某" not in html
    assert "11999919840302018X" not in html
    assert "姓名由机关填写" in html


@BOTH
def test_the_page_is_approved(language: Language) -> None:
    example = json.loads((DOCS.parent / "examples" / "family-of-three.json").read_text(encoding="utf-8"))
    state = proposed(example | {"accepted_on": "2026-08-10", "case": "C-2026-17"})
    state.decision["id"] = "01a1f6ae-9900-780f-8b3c-5369bc707be7"  # the one thing that differs each time
    page = html_of(noticed(confirmed(state), language)[0])
    path = DOCS / f"family-of-three.{language}.html"
    if os.environ.get("UPDATE_PAGES"):
        path.write_text(page, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page
