"""The page that shows the API: it loads nothing from anywhere, in both languages, and escapes what it shows."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi import FastAPI

from app.http import docs_page
from app.main import create_app
from app.rules.values.strict_json import Json
from tests.support.client import Client

HOSTILE = "<script>alert(1)</script>\"&'"


class _Tags(HTMLParser):
    """Every element of a page, and what its attributes refer to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids |= {value for name, value in attrs if name == "id" and value}
        self.links |= {value for name, value in attrs if name in ("href", "src", "action") and value}


@pytest.fixture(scope="module")
def page(app: FastAPI) -> Iterator[Client]:
    service = create_app(app.state.generations.newest.rules)
    if "/docs" not in {getattr(route, "path", "") for route in service.routes}:
        service.include_router(docs_page.router)
    client = Client(service)
    yield client
    client.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_loads_nothing_and_its_links_lead_somewhere(page: Client, language: str) -> None:
    response = page.get("/docs", language=language)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == language
    assert "default-src 'none'" in response.headers["content-security-policy"]
    found = _Tags(response.text)
    assert found.tags.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    assert "url(" not in response.text
    assert "@import" not in response.text
    assert {link[1:] for link in found.links if link.startswith("#")} <= found.ids
    assert {link for link in found.links if not link.startswith("#")} == {"openapi.json"}
    assert page.get("/openapi.json").status_code == 200


def test_the_page_shows_every_endpoint_and_every_shape(page: Client) -> None:
    text = page.get("/docs", language="en").text
    document = page.get("/openapi.json").json()
    for path, item in document["paths"].items():
        assert all(f"{method.upper()} {path}" in text for method in item)
    found = _Tags(text)
    assert {f"shape-{name}" for name in document["components"]["schemas"]} <= found.ids


def test_the_page_follows_the_language(page: Client) -> None:
    zh, en = (page.get("/docs", language=language).text for language in ("zh", "en"))
    assert "出生日期" in zh
    assert "Date of birth" in en
    assert "出生日期" not in en


def test_whatever_the_document_says_is_escaped() -> None:
    text: Any = HOSTILE
    schema: Json = {"type": text, "description": text, "examples": [text], "unit": text, "law": text, "format": text}
    schemas = {text: {"properties": {text: schema, "e": {"enum": [text]}, "c": {"const": text}}, "description": text}}
    operation = {
        "operationId": text,
        "description": text,
        "parameters": [{"name": text, "description": text, "schema": schema}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": f"#/{text}"}, "example": {text: text}}}},
        "responses": {text: {"description": text, "content": {text: {"schema": schema}}}},
    }
    document = {
        "info": {"title": text, "description": text},
        "paths": {text: {"get": operation}},
        "components": {"schemas": schemas},
    }
    for language in ("zh", "en"):
        html = docs_page.render(document, language)
        assert "<script" not in html
        assert HOSTILE not in html
