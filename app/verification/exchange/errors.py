"""Errors of the exchange with a platform. Each says what is known after it; none holds anything that was exchanged."""

from __future__ import annotations

from pydantic import ValidationError

from app.rules.errors import CodedError
from app.rules.request_faults import Fault, form_faults


class PlatformUnavailable(Exception):
    """The platform did not answer, or its circuit is open. A query may or may not have been taken: send the same again."""


class PlatformRefused(Exception):
    """The platform will not take this. Sending it again changes nothing."""


class NoPlatform(Exception):
    """There is no platform for this place: a person has to verify by other means."""


class Malformed(ValueError):
    """An answer that is not as agreed: every fault by place and code, and nothing of it is taken."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'} {fault.code}" for fault in faults))
        self.faults = faults

    @classmethod
    def of(cls, error: ValidationError, where: str = "") -> Malformed:
        """The faults that validation found, by place and code; `where` is the place of what was validated."""
        return cls([Fault(where + fault.pointer, fault.code) for fault in form_faults(error)])


class Forged(CodedError, ValueError):
    """A signature that this platform's key did not make over this body: 401."""

    code = "report_forged"


class Stale(CodedError, ValueError):
    """A good signature whose time is too far from now: 410."""

    code = "report_stale"


class OtherQuery(CodedError, ValueError):
    """A good report that answers another query than the one it was sent to: 404."""

    code = "report_elsewhere"
