"""Which characters a text may have: one rule for every text that is sent, whichever body it stands in.

Refused are control characters, marks that reverse the order of reading, lone surrogates and code points that are none:
nobody types them, a register or a database refuses them, and a reader does not see them. Everything else is kept as it
was written, rare characters and those of private use too, which older systems write in names.
"""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = (  # as JSON Schema and every dialect of patterns write it
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
)
_BREAKS: Final = r"\t\n\r"
LINES_PATTERN: Final = f"^[^{_HIDDEN}]*$"
LINE_PATTERN: Final = f"^[^{_HIDDEN}{_BREAKS}]*$"
WORD_PATTERN: Final = rf"^[^{_HIDDEN}\s]*$"

# What no pattern of a document can say: surrogates cannot be written there, and not every dialect has the higher planes.
_ELSEWHERE: Final = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
HIDDEN: Final = re.compile(f"[{_HIDDEN}\ud800-\udfff{_ELSEWHERE}]")
_FORBIDDEN: Final = {
    LINES_PATTERN: HIDDEN,
    LINE_PATTERN: re.compile(f"{HIDDEN.pattern}|[{_BREAKS}]"),
    WORD_PATTERN: re.compile(rf"{HIDDEN.pattern}|\s"),
}


def is_readable(text: str, pattern: str = LINES_PATTERN) -> bool:
    """Tell if a text holds nothing that one of the patterns above forbids."""
    return _FORBIDDEN[pattern].search(text) is None
