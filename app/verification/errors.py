"""Errors about verifications. app/http/problems.py has the words."""

from app.rules.errors import CodedError


class UnknownVerification(CodedError, LookupError):
    """There is no such verification, or it lies outside the caller's areas."""

    code = "unknown_verification"


class UnknownFinding(CodedError, LookupError):
    """The verification has no finding of this number."""

    code = "unknown_finding"
