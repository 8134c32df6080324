"""The facts of a request as a record keeps them: as they were sent, in values that have one canonical text."""

from __future__ import annotations

from typing import Any, Final

from jiter import LosslessFloat

_LARGEST: Final = 2**53 - 1


def kept(value: Any) -> Any:
    """A validated body's values: a decimal number becomes the text it was written as, which means the same here."""
    if isinstance(value, dict):
        return {key: kept(item) for key, item in value.items()}
    if isinstance(value, list):
        return [kept(item) for item in value]
    if type(value) is LosslessFloat or type(value) is float:
        return str(value)
    if type(value) is int and abs(value) > _LARGEST:
        return str(value)
    return value
