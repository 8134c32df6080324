"""Brings a text to the form it is read in, whatever width its characters have and whatever is invisible in it."""

from __future__ import annotations

import unicodedata


def as_it_reads(text: str) -> str:
    """Replace wide and other compatible forms by plain ones, and drop zero-width spaces and joiners."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
