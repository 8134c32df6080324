"""Verifications: begun and consented to by caseworkers, answered by platforms, resolved by persons."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.http.admission_old import PURPOSE, caller_of
from app.http.asking_stored import AskingStored
from app.http.body import json_body, raw_body
from app.http.direct_old import DirectRoute
from app.http.idempotency import key_of
from app.http.json import json_response
from app.http.storage_gate import storage_of
from app.routers import documentation_of_verifications as documented
from app.verification.exchange.protocol import Callback
from app.verification.refusals import UnknownFinding, UnknownVerification

router = APIRouter(prefix="/v1/verifications", tags=["verifications"], route_class=DirectRoute)

_ACCEPTED: Final = 202
_LONGEST: Final = 9  # digits of a finding's number


@router.post("", **documented.BEGIN)
async def begin(request: Request) -> Response:
    """Registers are to be asked about a household. Nobody is asked about without consent."""
    key, raw, storage = key_of(request), await json_body(request), await storage_of(request)
    return json_response(await storage.verifications.begin(caller_of(request), raw, key), _ACCEPTED)


@router.post("/{id_}/consents", **documented.CONSENT)
async def consent(request: Request) -> Response:
    """Consents that were given later: what they allow is asked now."""
    id_, raw, storage = _id_in_path(request), await json_body(request), await storage_of(request)
    return json_response(await storage.verifications.consent(caller_of(request), id_, raw), _ACCEPTED)


@router.get("/{id_}", **documented.READ)
async def read(request: Request) -> Response:
    """Where each question stands, the findings that matter first, and the household as it is settled so far."""
    id_, storage = _id_in_path(request), await storage_of(request)
    return json_response(
        await storage.verifications.read(caller_of(request), id_, request.headers.get(PURPOSE)),
    )


@router.post("/{id_}/reports", **documented.REPORT)
async def report(request: Request) -> Response:
    """What a platform found, signed with the key that is shared with it: that it needs no token is on purpose."""
    id_, body, storage = _id_in_path(request), await raw_body(request), await storage_of(request)
    applied = await storage.verifications.report(id_, Callback(dict(request.headers), body))
    return json_response({"verification": str(id_), "applied": applied})


@router.post("/{id_}/findings/{n}/resolution", **documented.RESOLVE)
async def resolve(request: Request) -> Response:
    """A person settles a finding. Only this changes what a decision will rest on."""
    id_, n, raw = _id_in_path(request), _number_in_path(request), await json_body(request)
    storage = await storage_of(request)
    purpose = request.headers.get(PURPOSE)
    return json_response(await storage.verifications.resolve(caller_of(request), id_, n, raw, purpose))


def _id_in_path(request: Request) -> UUID:
    id_ = AskingStored(request).identifier(request.path_params["id_"])
    if id_ is None:
        raise UnknownVerification
    return id_


def _number_in_path(request: Request) -> int:
    text: str = request.path_params["n"]
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        raise UnknownFinding
    return int(text)
