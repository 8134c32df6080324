"""Notices of decisions, for the family: as a page and as PDF."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from app.http.admission_old import caller_of, note_reading
from app.http.asking_stored import AskingStored
from app.http.direct_old import DirectRoute
from app.http.language import language_of
from app.http.storage_gate import storage_of
from app.notices.pdf import pdf_of
from app.notices.sentences import Notice
from app.routers import documentation_of_notices as documented

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=DirectRoute)

# A page about a family: nobody on the way keeps it, and it loads and runs nothing.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Vary": "Accept-Language",
}


@router.get("/decisions/{id_}/notice", response_class=Response, **documented.NOTICE)
async def notice(request: Request) -> Response:
    """What was decided and why, as the family reads it: result, amounts, articles, deadlines, how to seek review."""
    found = await _notice(request)
    return await _page(request, found, _html(found).encode(), documented.HTML)


@router.get("/decisions/{id_}/notice.pdf", response_class=Response, **documented.NOTICE_PDF)
async def notice_pdf(request: Request) -> Response:
    """The same as PDF, where the service can make one."""
    found = await _notice(request)
    return await _page(request, found, await asyncio.to_thread(pdf_of, _html(found)), documented.PDF)


async def _notice(request: Request) -> Notice:
    from app.notices.load import read_notice  # with the storage, which opens after the service answers

    asking = AskingStored(request)
    id_, draft = asking.id_in_path(), asking.one_of("draft", ("true", "false")) == "true"
    asking.settle()
    storage = await storage_of(request)
    return await read_notice(storage.database, storage.kept, caller_of(request), id_, language_of(request), draft=draft)


def _html(found: Notice) -> str:
    from app.notices.html import html_of  # templates are read when the first notice is

    return html_of(found)


async def _page(request: Request, found: Notice, body: bytes, kind: str) -> Response:
    """A page, once it is written down who reads it."""
    await note_reading(request, await storage_of(request), [AskingStored(request).id_in_path()])
    headers = _HEADERS | {"Content-Language": "zh-CN" if found.language == "zh" else "en"}
    return Response(body, media_type=kind, headers=headers)
