"""Notices over HTTP: of what was decided, of drafts, and refused where there is none."""

from __future__ import annotations

import pytest

from app.notices import pdf
from app.notices.pdf import NoGlyph, NoPdf
from tests.support.client import NAME
from tests.support.service import DECISIONS, Service, outcome, proposal

pytestmark = pytest.mark.anyio


async def test_the_notice_of_a_decision_is_a_page_in_the_language_asked_for(service: Service) -> None:
    id_ = await service.decide()
    for language, said, lang in (
        ("zh", "决定：给予，每月2374.00元。", "zh-CN"),
        ("en", "Decision: granted, 2374.00 yuan", "en"),
    ):
        page = await service.call("GET", f"{DECISIONS}/{id_}/notice", accept_language=language)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-language"] == lang
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert said in page.text
        assert NAME not in page.text


async def test_a_proposal_has_no_notice_but_a_draft_if_one_is_wanted(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.refused(409, "not_decided", "GET", f"{DECISIONS}/{id_}/notice")
    await service.refused(409, "not_decided", "GET", f"{DECISIONS}/{id_}/notice?draft=false")
    draft = await service.call("GET", f"{DECISIONS}/{id_}/notice?draft=true")
    assert "这是草稿" in draft.text
    assert await service.faults("GET", f"{DECISIONS}/{id_}/notice?draft=yes") == {("/query/draft", "not_allowed")}
    await service.confirm(id_)
    decided = await service.call("GET", f"{DECISIONS}/{id_}/notice?draft=true")
    assert "草稿" not in decided.text


async def test_what_was_given_up_has_no_notice(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.post(f"{DECISIONS}/{id_}/withdrawals", {"reason": "家庭撤回申请"})
    await service.refused(409, "already_withdrawn", "GET", f"{DECISIONS}/{id_}/notice?draft=true")


async def test_there_is_no_notice_of_nothing(service: Service) -> None:
    unknown = "01a1f6ae-9900-780f-8b3c-5369bc707be7"
    for path in (f"{DECISIONS}/{unknown}/notice", f"{DECISIONS}/x/notice.pdf"):
        await service.refused(404, "unknown_decision", "GET", path)


async def test_a_corrected_decision_says_so_on_top(service: Service) -> None:
    id_ = await service.decide()
    later = (await service.follow(id_, "corrections"))["id"]
    assert later not in (await service.call("GET", f"{DECISIONS}/{id_}/notice")).text
    await service.confirm(later)
    page = (await service.call("GET", f"{DECISIONS}/{id_}/notice")).text
    assert f"这一决定已被更正，由决定{later}代替。" in page
    assert f"这一决定更正先前的决定{id_}。" in (await service.call("GET", f"{DECISIONS}/{later}/notice")).text


async def test_a_reduction_says_when_the_family_was_heard(service: Service) -> None:
    id_ = (await service.propose())["id"]
    await service.post(f"{DECISIONS}/{id_}/events", {"kind": "hearing", "on": "2026-08-20"})
    await service.confirm(id_, outcome("reduced", amount="500.00", reason="收入增加"))
    page = (await service.call("GET", f"{DECISIONS}/{id_}/notice")).text
    assert "已于2026年8月20日听取家庭的意见。" in page


async def test_a_decision_whose_rules_do_not_come_to_it_any_more_has_no_words(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await service.decide(proposal(case="C-1"))
    monkeypatch.setattr("app.decisions.stored_rules.rule_store.ENGINE_VERSION", "2")
    await service.refused(409, "cannot_recompute", "GET", f"{DECISIONS}/{id_}/notice")


async def test_the_pdf_is_the_same_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = await service.decide()
    drawn: list[str] = []

    def kept(html: str) -> bytes:
        drawn.append(html)
        return b"%PDF-"

    monkeypatch.setattr("app.notices.service.pdf_of", kept)
    answer = await service.call("GET", f"{DECISIONS}/{id_}/notice.pdf")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "application/pdf", b"%PDF-")
    assert drawn == [(await service.call("GET", f"{DECISIONS}/{id_}/notice")).text]


async def test_where_no_pdf_can_be_made_the_answer_says_so(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NoPdf

    id_ = await service.decide()
    monkeypatch.setattr(pdf, "_weasyprint", missing)
    await service.refused(501, "no_pdf", "GET", f"{DECISIONS}/{id_}/notice.pdf")


async def test_where_a_character_has_no_font_the_answer_names_its_kind_and_the_page_is_there(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(_: str) -> bytes:
        raise NoGlyph(["han_2"])

    id_ = await service.decide()
    monkeypatch.setattr("app.notices.service.pdf_of", lacking)
    problem = await service.refused(501, "no_glyph", "GET", f"{DECISIONS}/{id_}/notice.pdf", accept_language="en")
    assert problem["detail"] == "Han, plane 2 (extensions B to F)"
    assert (await service.call("GET", f"{DECISIONS}/{id_}/notice")).status_code == 200
