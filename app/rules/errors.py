"""Base class of failures that reach the caller as a problem code."""


class CodedError(Exception):
    """A failure the API answers with the problem document of its `code` (app/http/problems.py has the words)."""

    code: str
