"""Why something about alerts cannot be done."""

from app.rules.errors import CodedError


class UnknownAlert(CodedError, LookupError):
    """There is no such alert in the caller's areas."""

    code = "unknown_alert"
