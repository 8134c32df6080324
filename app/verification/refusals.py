"""What can stand in the way of a verification on this side. app/http/problems.py has the words."""


class UnknownVerification(LookupError):
    """There is no such verification, or it lies outside the caller's areas."""


class UnknownFinding(LookupError):
    """The verification has no finding of this number."""
