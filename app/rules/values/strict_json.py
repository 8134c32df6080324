"""JSON text as plain values: numbers stay as they were written, duplicate keys are refused."""

from typing import Any

import jiter

from app.rules.errors import CodedError

Json = dict[str, Any]  # one JSON object as plain values


class NotJson(CodedError, ValueError):
    """The text is not JSON, or says a key twice."""

    code = "not_json"


def parse_json(text: bytes) -> Any:
    """Reads the values of a JSON text. Raises NotJson if it is none."""
    try:
        return jiter.from_json(
            text, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="lossless-float", cache_mode="keys"
        )
    except ValueError:
        raise NotJson from None
