"""The API as a document for machines, and as a page to read: drawn from it in this process, loading nothing from anywhere."""

from collections.abc import Iterator
from html import escape
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from app.http.language import language_of
from app.http.route import Route
from app.rules.messages import Language

router = APIRouter(include_in_schema=False, route_class=Route)

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_WORDS: Final[dict[str, dict[Language, str]]] = {
    "endpoints": {"zh": "接口", "en": "Endpoints"},
    "shapes": {"zh": "数据结构", "en": "Shapes"},
    "document": {"zh": "机器可读的 OpenAPI 文档", "en": "The OpenAPI document, for machines"},
    "parameters": {"zh": "参数", "en": "Parameters"},
    "body": {"zh": "请求体", "en": "Body"},
    "example": {"zh": "示例", "en": "Example"},
    "answers": {"zh": "应答", "en": "Answers"},
    "name": {"zh": "名称", "en": "Name"},
    "type": {"zh": "类型", "en": "Type"},
    "meaning": {"zh": "含义", "en": "Meaning"},
    "unit": {"zh": "单位", "en": "Unit"},
    "law": {"zh": "依据", "en": "Law"},
    "required": {"zh": "必填", "en": "required"},
    "null": {"zh": "空", "en": "null"},
    "list": {"zh": "列表：{}", "en": "list of {}"},
    "or": {"zh": " 或 ", "en": " or "},
}
_STYLE: Final = """
:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}
code,pre{font:14px/1.5 ui-monospace,monospace}
pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:4px}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
section{border-top:1px solid #8886;margin-top:1.5rem}
summary{cursor:pointer}
small{opacity:.8}
"""


@router.get("/openapi.json")
async def openapi_document(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The page, in Chinese unless English is preferred."""
    language = language_of(request)
    headers = {"content-security-policy": _POLICY, "content-language": language, "vary": "accept-language"}
    return HTMLResponse(render(request.app.openapi(), language), headers=headers)


def render(document: dict[str, Any], language: Language) -> str:
    """Draws an OpenAPI document as a page of HTML."""
    return _Page(document, language).html()


class _Page:
    """An OpenAPI document as HTML. Every text of the document is escaped."""

    def __init__(self, document: dict[str, Any], language: Language) -> None:
        self.document = document
        self.language: Language = language

    def html(self) -> str:
        title = escape(self.document["info"]["title"])
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
            f"<p>{escape(self.document['info'].get('description', ''))}</p>"
            f'<p><a href="openapi.json">{self._word("document")}</a></p>'
            f'<nav><h2 id="endpoints">{self._word("endpoints")}</h2><ul>{"".join(self._contents())}</ul></nav>'
            f"<main>{''.join(self._operations())}"
            f'<h2 id="shapes">{self._word("shapes")}</h2>{"".join(self._shapes())}</main></body></html>'
        )

    def _word(self, name: str) -> str:
        return _WORDS[name][self.language]

    def _each(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method.upper(), operation

    def _contents(self) -> Iterator[str]:
        for path, method, operation in self._each():
            label = f"<code>{method} {escape(path)}</code>"
            yield f'<li><a href="#{_anchor(operation)}">{label}</a> {self._said(operation)}</li>'

    def _said(self, operation: dict[str, Any]) -> str:
        """Says, escaped, what an operation does."""
        zh = operation.get("x-title-zh") if self.language == "zh" else None
        return escape(zh or operation.get("description", ""))

    # endpoints

    def _operations(self) -> Iterator[str]:
        for path, method, operation in self._each():
            yield (
                f'<section id="{_anchor(operation)}"><h3><code>{method} {escape(path)}</code></h3>'
                f"<p>{self._said(operation)}</p>{self._parameters(operation)}{self._body(operation)}"
                f"<h4>{self._word('answers')}</h4><table>{''.join(self._answers(operation))}</table></section>"
            )

    def _parameters(self, operation: dict[str, Any]) -> str:
        parameters = operation.get("parameters", [])
        if not parameters:
            return ""
        rows = "".join(self._parameter(parameter) for parameter in parameters)
        return f"<h4>{self._word('parameters')}</h4><table>{self._heads()}{rows}</table>"

    def _parameter(self, parameter: dict[str, Any]) -> str:
        zh = parameter.get("x-description-zh") if self.language == "zh" else None
        meaning = escape(zh or parameter.get("description", "")) + self._example(parameter["schema"])
        return self._row(parameter["name"], parameter.get("required", False), self._type(parameter["schema"]), meaning)

    def _body(self, operation: dict[str, Any]) -> str:
        if "requestBody" not in operation:
            return ""
        content = operation["requestBody"]["content"]["application/json"]
        example = ""
        if "example" in content:
            text = orjson.dumps(content["example"], option=orjson.OPT_INDENT_2).decode()
            shown = f"<pre>{escape(text)}</pre>"
            example = f"<details><summary>{self._word('example')}</summary>{shown}</details>"
        return f"<h4>{self._word('body')}</h4><p>{self._type(content['schema'])}</p>{example}"

    def _answers(self, operation: dict[str, Any]) -> Iterator[str]:
        for status, answer in operation["responses"].items():
            types = [
                f"<code>{escape(media)}</code> {self._type(content['schema'])}"
                for media, content in answer.get("content", {}).items()
            ]
            said = escape(answer.get("description", ""))
            yield f"<tr><th>{escape(str(status))}</th><td>{said}</td><td>{'<br>'.join(types)}</td></tr>"

    # shapes

    def _shapes(self) -> Iterator[str]:
        for name, shape in sorted(self.document["components"]["schemas"].items()):
            required = set(shape.get("required", []))
            rows = "".join(
                self._row(field, field in required, self._type(schema), self._meaning(schema))
                for field, schema in shape.get("properties", {}).items()
            )
            table = f"<table>{self._heads()}{rows}</table>" if rows else f"<p>{self._type(shape)}</p>"
            said = escape(shape.get("description", ""))
            yield f'<section id="shape-{escape(name)}"><h3>{escape(name)}</h3><p>{said}</p>{table}</section>'

    def _heads(self) -> str:
        return "<tr>" + "".join(f"<th>{self._word(name)}</th>" for name in ("name", "type", "meaning")) + "</tr>"

    def _row(self, name: str, required: bool, type_: str, meaning: str) -> str:
        mark = f"<br><small>{self._word('required')}</small>" if required else ""
        return f"<tr><td><code>{escape(name)}</code>{mark}</td><td>{type_}</td><td>{meaning}</td></tr>"

    def _meaning(self, schema: dict[str, Any]) -> str:
        """Describes a field: its words, unit, source in law and an example."""
        said = schema.get("description") or schema.get("title", "")
        if self.language == "zh":
            said = schema.get("title_zh") or said
        facts = [f"{self._word(key)}: {escape(schema[key])}" for key in ("unit", "law") if key in schema]
        more = f"<br><small>{'; '.join(facts)}</small>" if facts else ""
        return escape(said) + more + self._example(schema)

    def _example(self, schema: dict[str, Any]) -> str:
        """Shows a short example; the long ones are those of the parts."""
        for example in schema.get("examples", []):
            text = orjson.dumps(example).decode()
            if len(text) <= 80:
                return f"<br><small>{self._word('example')}: <code>{escape(text)}</code></small>"
        return ""

    def _type(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            name = escape(schema["$ref"].rpartition("/")[2])
            return f'<a href="#shape-{name}">{name}</a>'
        if "enum" in schema:
            return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
        if "const" in schema:
            return f"<code>{escape(str(schema['const']))}</code>"
        if "anyOf" in schema and "type" not in schema:
            return self._word("or").join(self._type(part) for part in schema["anyOf"])
        if schema.get("type") == "array":
            return self._word("list").format(self._type(schema.get("items", {})))
        if schema.get("type") == "null":
            return self._word("null")
        form = schema.get("format") or schema.get("pattern")
        return escape(schema.get("type", "")) + (f" <small>{escape(form)}</small>" if form else "")


def _anchor(operation: dict[str, Any]) -> str:
    return escape(operation["operationId"])
