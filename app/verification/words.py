"""The words in which this side of verification speaks."""

from __future__ import annotations

from typing import Literal

State = Literal[
    "waiting_consent",
    "queued",
    "sent",
    "partial",
    "answered",
    "no_record",
    "unmatched",
    "error",
    "timed_out",
    "expired",
]
Applied = Literal["applied", "repeated"]
