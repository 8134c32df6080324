"""Reads requests to compute decisions again: which decisions, and against what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from app.core.canonical_json import canonical_plain, with_exact_numbers
from app.core.paging import Filter
from app.decisions.intake import read_body
from app.decisions.replay.schemas import BulkReplay, ReplayParameters
from app.rules.facts.request import china_day
from app.rules.packs.library import Library
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.validation import date_faults, read_supplied
from app.rules.values.strict_json import Json

_MADE_UP = ("known_at", "date", "ruleset", "parameters")


def read_against(raw: Any, library: Library, now: dt.datetime) -> Json:
    """Reads what to compute against, as plain values; the own record by default. FaultyRequest with every fault."""
    return _plain(read_body(raw, ReplayParameters), raw, library, now)


def read_bulk(raw: Any, library: Library, now: dt.datetime) -> tuple[Filter, Json]:
    """Reads the filter of a job and what to compute against. FaultyRequest with every fault."""
    body = read_body(raw, BulkReplay)
    chosen = body.filter
    filter_ = Filter() if chosen is None else Filter(**dict(chosen))
    return filter_, _plain(body, raw, library, now)


def _plain(body: ReplayParameters, raw: Json, library: Library, now: dt.datetime) -> Json:
    faults = list(_faults_of_sense(raw, library, now))
    if faults:
        raise FaultyRequest(faults)
    said = [name for name in _MADE_UP if getattr(body, name) is not None]
    if body.against is not None and said:
        raise FaultyRequest([Fault("/against", "not_allowed")])
    if not said:
        return {"against": body.against or "record"}
    plain: Json = with_exact_numbers({name: raw[name] for name in said})
    if rb"\u0000" in canonical_plain(plain):  # no JSON of the database holds it
        raise FaultyRequest([Fault("/parameters", "wrong_form")])
    return plain


def _faults_of_sense(raw: Json, library: Library, now: dt.datetime) -> Iterator[Fault]:
    """Checks the day and the figures, with pointers into this body."""
    yield from date_faults(raw, library, china_day(now))
    faults: list[Fault] = []
    read_supplied({"options": {"parameters": raw.get("parameters")}}, library, faults)
    for fault in faults:
        yield Fault(fault.pointer.removeprefix("/options"), fault.code)
