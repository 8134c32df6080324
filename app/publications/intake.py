"""Reads a submission: a whole pack, or what a notice adds to the one that stands."""

from __future__ import annotations

from typing import Any, Final

from app.decisions.intake import read_body
from app.publications.schemas import PublicationRequest
from app.rules.request_faults import Fault, FaultyRequest
from app.security.id_numbers import stands_whole_in

FORMS: Final = ("pack", "change", "documents", "values")


def read_publication(raw: Any) -> PublicationRequest:
    """Reads the typed request. FaultyRequest with every fault of form, and unless it says exactly one thing.

    Rules are public and kept for ever, and a fault quotes its line: an ID number in them is refused unread.
    """
    if isinstance(raw, dict) and (named := [name for name in FORMS if stands_whole_in(str(raw.get(name)))]):
        raise FaultyRequest([Fault(f"/{name}", "personal_data") for name in named])
    body = read_body(raw, PublicationRequest)
    said = [name for name in FORMS if getattr(body, name) is not None]
    if not said:
        raise FaultyRequest([Fault("/pack", "required")])
    if len(said) > 1 and said != ["documents", "values"]:
        raise FaultyRequest([Fault(f"/{name}", "not_allowed") for name in said[1:]])
    return body
