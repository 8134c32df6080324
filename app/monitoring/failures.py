"""Why something about alerts cannot be done."""


class UnknownAlert(LookupError):
    """There is no such alert in the caller's areas."""
