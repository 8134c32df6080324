"""What a defect did to a decision, in one word."""

from __future__ import annotations

from typing import Final, Literal

Class = Literal["harmed", "benefited", "unchanged", "decided_otherwise", "unsettled"]
CLASSES: Final[tuple[Class, ...]] = ("harmed", "benefited", "unchanged", "decided_otherwise", "unsettled")
