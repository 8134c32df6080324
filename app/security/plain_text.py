"""A text as it reads, however wide it is written and whatever stands in it that nobody sees."""

from __future__ import annotations

import unicodedata


def as_it_reads(text: str) -> str:
    """Wide and other compatible forms as the plain ones, without marks that take no room (zero-width spaces, joiners)."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
