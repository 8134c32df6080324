"""The ceiling: FastAPI with one route that reads the same body and returns a prepared answer of the same size.

BARE_ANSWER names a file with the answer's JSON. BARE_VARIANT is `response` (bytes serialised once, as they are) or
`dict` (FastAPI serialises the dict each time).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import Body, FastAPI, Response

_Body = Annotated[dict[str, Any], Body()]


def create_app() -> FastAPI:
    answer: dict[str, Any] = orjson.loads(Path(os.environ["BARE_ANSWER"]).read_bytes())
    app = FastAPI(docs_url=None, redoc_url=None)
    if os.environ.get("BARE_VARIANT", "response") == "response":
        _add_response(app, orjson.dumps(answer))
    else:
        _add_dict(app, answer)
    return app


def _add_response(app: FastAPI, answer: bytes) -> None:
    @app.post("/v1/assessments")
    async def assess(body: _Body) -> Response:
        return Response(answer, media_type="application/json")


def _add_dict(app: FastAPI, answer: dict[str, Any]) -> None:
    @app.post("/v1/assessments")
    async def assess(body: _Body) -> dict[str, Any]:
        return answer
