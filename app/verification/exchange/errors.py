"""What can go wrong with a platform. Each says what is known after it; none holds anything that was sent or said."""

from __future__ import annotations

from pydantic import ValidationError

from app.rules.errors import CodedError
from app.rules.messages import FAULTS
from app.rules.request_faults import Fault, form_faults


class PlatformUnavailable(Exception):
    """It did not answer, or its circuit is open. Whether a query was taken is not known: send the same one again."""


class PlatformRefused(Exception):
    """It answered that it will not take this. Sending it again changes nothing."""


class NoPlatform(Exception):
    """There is no platform for this place: a person has to verify by other means."""


class Malformed(ValueError):
    """An answer that is not as agreed: every fault by place and code, and nothing of it is taken."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'} {fault.code}" for fault in faults))
        self.faults = faults

    @classmethod
    def of(cls, error: ValidationError, where: str = "") -> Malformed:
        """What validation found, by place and code; `where` is the place of what was validated."""
        items = error.errors(include_url=False, include_context=False, include_input=False)
        return cls(
            [
                Fault(where + formal.pointer, item["type"] if _is_own(item["type"], formal.code) else formal.code)
                for item, formal in zip(items, form_faults(error), strict=True)
            ]
        )


class Forged(CodedError, ValueError):
    """A signature that this platform's key did not make over this body: 401."""

    code = "report_forged"


class Stale(CodedError, ValueError):
    """A good signature whose time is too far from now: 410."""

    code = "report_stale"


class OtherQuery(CodedError, ValueError):
    """A good report that answers another query than the one it was sent to: 404."""

    code = "report_elsewhere"


def _is_own(kind: str, formal: str) -> bool:
    """Whether the kind of a fault is a code of this service's own, and none of validation's that was read already."""
    return formal == "wrong_type" and kind in FAULTS
