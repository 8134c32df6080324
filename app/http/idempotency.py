"""The key by which a caller says that two requests are one."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request

from app.decisions.schemas import names_a_person
from app.rules.request_faults import (
    Fault,
    FaultyRequest,
)

HEADER: Final = "idempotency-key"
_KEY: Final = re.compile(r"[!-~]{1,200}", re.ASCII)


def key_of(request: Request) -> str | None:
    """The caller's key, if it sent one. FaultyRequest for one that is not 1 to 200 printable ASCII characters."""
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise FaultyRequest([Fault(f"/header/{HEADER}", "wrong_form")])
    if key is not None and names_a_person(key):  # it is kept
        raise FaultyRequest([Fault(f"/header/{HEADER}", "personal_data")])
    return key


def required_key(request: Request) -> str:
    key = key_of(request)
    if key is None:
        raise FaultyRequest([Fault(f"/header/{HEADER}", "required")])
    return key
