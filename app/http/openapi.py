"""The OpenAPI document: FastAPI's own, with titles in Chinese, summaries, and amounts without binary steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.http.problems import Problem
from app.rules.facts.examples import REQUEST
from app.rules.facts.json_schema import add_examples, without_binary_steps

_DESCRIPTION: Final = "Which social assistance a household in China is entitled to, on any day, to the fen."


def titled(zh: str, answer: str, **extra: Any) -> dict[str, Any]:
    """Makes the arguments of a route's decorator: the endpoint's title in Chinese, its answer in English."""
    return {"openapi_extra": {"x-title-zh": zh, **extra}, "response_description": answer}


def example_body(example: Any) -> dict[str, Any]:
    """A whole body as the example of an endpoint, for `titled`."""
    return {"requestBody": {"content": {"application/json": {"example": example}}}}


def install(app: FastAPI) -> None:
    """Makes the document when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document_of(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document of a service with all its routes."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=_DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    words = _words_of_parameters(app)
    for operation in _operations(document):
        operation["summary"] = operation["description"].partition(". ")[0].rstrip(".")
        if "application/json" in operation["responses"].get("422", {}).get("content", ()):
            del operation["responses"]["422"]  # FastAPI's own, for parameters that cannot be faulty
        for parameter in operation.get("parameters", ()):
            _plain(parameter)
            zh = words.get((operation["operationId"], parameter["name"]))
            if zh is not None:
                parameter["x-description-zh"] = zh
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    without_binary_steps(schemas)
    for schema in schemas.values():
        household = schema.get("properties", {}).get("household", {})
        if household.get("$ref", "").endswith("/Household"):
            add_examples(schema, schemas, REQUEST)
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _words_of_parameters(app: FastAPI) -> dict[tuple[str, str], str]:
    """Chinese descriptions by operation and name: a schema given in full (WithJsonSchema) does not carry them."""
    found = {}
    for route in app.routes:
        if isinstance(route, APIRoute):
            for field in get_flat_params(route.dependant):
                extra = field.field_info.json_schema_extra
                words = extra.get("x-description-zh", extra.get("title_zh")) if isinstance(extra, dict) else None
                if words is not None:
                    found[route.unique_id, field.alias] = str(words)
    return found


def _plain(parameter: dict[str, Any]) -> None:
    """A parameter with the schema of a value that is sent: never null, described beside the schema."""
    schema = parameter["schema"]
    for name in ("x-description-zh", "title", "title_zh", "description"):
        schema.pop(name, None)
    values = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(values) == 1 and len(schema["anyOf"]) == 2:
        schema.pop("anyOf")
        parameter["schema"] = values[0] | schema
