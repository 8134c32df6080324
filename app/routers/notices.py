"""Notices of decisions, for the family: as a page and as PDF."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.http.auth import Permission, ReadingDep
from app.http.doors import heavy
from app.http.language import LanguageDep
from app.http.openapi import titled
from app.http.params import decision_id, parameter
from app.http.problems import raises
from app.http.route import Route
from app.http.storage_gate import StorageDep
from app.rules.messages import Language
from app.security.callers import Caller

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=Route)

HTML: Final = "text/html"
PDF: Final = "application/pdf"
Reader = Annotated[Caller, Permission("decisions.read")]
DecisionId = Annotated[UUID, Depends(decision_id)]
Draft = Annotated[
    Literal["true", "false"] | None,
    Query(
        examples=["true"],
        **parameter(
            "未作出决定时是否给出草稿",
            "Of a proposal: `true` for a page that is marked as a draft; otherwise there is none before it is decided",
        ),
    ),
]
_NO_NOTICE: Final = ("not_decided", "already_withdrawn", "already_corrected", "cannot_recompute", "rule_failure")
# A page about a family: nobody on the way keeps it, and it loads and runs nothing.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Vary": "Accept-Language",
}


def _answered(kind: str, **schema: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string", **schema}}}}}


@router.get(
    "/decisions/{id_}/notice",
    response_class=Response,
    responses=_answered(HTML),
    **titled(
        "决定告知书（网页）",
        "The notice as a page that prints. `data-fields` of a sentence holds JSON Pointers to what it says",
    ),
)
@raises(*_NO_NOTICE)
async def notice(
    caller: Reader,
    id_: DecisionId,
    storage: StorageDep,
    language: LanguageDep,
    reading: ReadingDep,
    draft: Draft = None,
) -> Response:
    """What was decided and why, as the family reads it: result, amounts, articles, deadlines, how to seek review."""
    page = await storage.notices.html(caller, id_, language, draft=draft == "true")
    await reading.of([id_])
    return _response(page, HTML, language)


@router.get(
    "/decisions/{id_}/notice.pdf",
    response_class=Response,
    responses=_answered(PDF, contentMediaType=PDF),
    **titled("决定告知书（PDF）", "The same page as PDF, its fonts embedded"),
)
@raises(*_NO_NOTICE, "no_pdf", "no_glyph")
@heavy
async def notice_pdf(
    caller: Reader,
    id_: DecisionId,
    storage: StorageDep,
    language: LanguageDep,
    reading: ReadingDep,
    draft: Draft = None,
) -> Response:
    """The same as PDF, where the service can make one."""
    page = await storage.notices.pdf(caller, id_, language, draft=draft == "true")
    await reading.of([id_])
    return _response(page, PDF, language)


def _response(page: bytes, kind: str, language: Language) -> Response:
    headers = _HEADERS | {"Content-Language": "zh-CN" if language == "zh" else "en"}
    return Response(page, media_type=kind, headers=headers)
