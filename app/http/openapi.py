"""The OpenAPI document, made when it is first asked for: its shapes are not read while the service starts."""

from typing import Any

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    def document() -> dict[str, Any]:
        from app.http.openapi_document import document_of

        if app.openapi_schema is None:
            app.openapi_schema = document_of(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
