"""Which of some citations are named on a day, and how a document that prints a figure is."""

import datetime as dt

from app.rules.explain.citations import Articles
from app.rules.messages import Language
from tests.support.rules import rules

OLD, NEW = "社会救助暂行办法", "社会救助法"


CHANGE = dt.date(2026, 7, 1)


def articles(date: dt.date, language: Language = "en") -> Articles:
    return Articles(rules().library, ["CN", "999900"], date, language)


def test_only_documents_in_force_on_the_day_are_named() -> None:
    citations = [(OLD, "9"), (NEW, "18"), ("no such document", "1")]
    before, after = articles(CHANGE - dt.timedelta(days=1)), articles(CHANGE)
    assert [entry["document"] for entry in before.basis(citations)] == [OLD]
    assert [(entry["document"], entry["article"], entry["from"]) for entry in after.basis(citations)][-1] == (
        NEW, "18", "2026-07-01",
    )  # fmt: skip
    assert "no such document" not in [entry["document"] for entry in after.basis(citations)]


def test_a_citation_without_an_article_has_none() -> None:
    assert articles(CHANGE).basis([(NEW, "")]) == [{"document": NEW, "article": None, "from": "2026-07-01"}]


def test_the_same_citations_are_looked_up_once() -> None:
    citations = [(NEW, "18")]
    found = articles(CHANGE)
    assert found.basis(citations) is found.basis(citations)


def test_a_document_that_prints_a_figure_is_named_by_its_title_and_one_that_is_not_there_by_its_name() -> None:
    title = rules().library.packs["CN"].content.documents[NEW].title
    assert articles(CHANGE).source(NEW, "18") == {"document": NEW, "title": title["en"], "article": "18"}
    assert articles(CHANGE, "zh").source(NEW, None) == {"document": NEW, "title": title["zh"], "article": None}
    assert articles(CHANGE).source("x", None) == {"document": "x", "title": "x", "article": None}
