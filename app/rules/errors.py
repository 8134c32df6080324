"""The base of failures that a caller is told of by a code."""


class CodedError(Exception):
    """A failure the API answers with the problem document of its `code` (app/http/problems.py has the words)."""

    code: str
