"""What the log keeps of publishing: that packs were submitted, approved or rejected, in canonical records like others."""

from __future__ import annotations

import datetime as dt

from app.decisions.records import Filing, instant_text
from app.rules.values.strict_json import Json


def publication_record(filing: Filing, form: str, packs: list[str], base: list[str], note: str | None) -> Json:
    """That a pack was submitted; packs and what they were compared with, by the digests of their texts."""
    return filing.head("publication") | {"form": form, "packs": packs, "base": base, "note": note}


def approval_record(filing: Filing, known_from: dt.datetime, note: str | None) -> Json:
    """That a second person approved, and from when it counts."""
    return filing.head("approval") | {"known_from": instant_text(known_from), "note": note}


def rejection_record(filing: Filing, reason: str) -> Json:
    """That a second person rejected, and why."""
    return filing.head("rejection") | {"reason": reason}
