"""Reading what is to be computed again, and against what."""

from __future__ import annotations

from typing import Any

from app.decisions.canonical import canonical_plain
from app.decisions.facts_kept import kept
from app.decisions.filters import Filter
from app.decisions.proposals import read_body
from app.decisions.requests import BulkReplay, ReplayParameters
from app.rules.faults import Fault, FaultyRequest

Json = dict[str, Any]
_MADE_UP = ("known_at", "date", "ruleset", "parameters")


def read_against(raw: Any) -> Json:
    """Against what, as plain values; its own record if nothing is said. FaultyRequest with every fault."""
    return _plain(read_body(raw, ReplayParameters), raw)


def read_bulk(raw: Any) -> tuple[Filter, Json]:
    """Which decisions and against what. FaultyRequest with every fault."""
    body = read_body(raw, BulkReplay)
    chosen = body.filter
    filter_ = Filter() if chosen is None else Filter(**dict(chosen))
    return filter_, _plain(body, raw)


def _plain(body: ReplayParameters, raw: Json) -> Json:
    said = [name for name in _MADE_UP if getattr(body, name) is not None]
    if body.against is not None and said:
        raise FaultyRequest([Fault("/against", "not_allowed")])
    if not said:
        return {"against": body.against or "record"}
    plain: Json = kept({name: raw[name] for name in said})
    if rb"\u0000" in canonical_plain(plain):  # no JSON of the database holds it
        raise FaultyRequest([Fault("/parameters", "wrong_form")])
    return plain
