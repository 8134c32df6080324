"""Errors that several domains raise. Each carries its problem code; app/http/problems.py has the words."""

from app.rules.errors import CodedError


class Conflict(CodedError):
    """A request does not fit what is stored. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownDecision(CodedError, LookupError):
    """No decision has this id, or none in the caller's areas."""

    code = "unknown_decision"


class UnknownPerson(CodedError, LookupError):
    """No person has this reference."""

    code = "unknown_person_ref"


class UnknownAlert(CodedError, LookupError):
    """There is no such alert in the caller's areas."""

    code = "unknown_alert"


class RulesChanged(Exception):
    """Other packs came into force while a decision was computed: it has to be computed again."""


class UnknownRuleset(CodedError, LookupError):
    """No decision used a ruleset of this hash."""

    code = "unknown_ruleset"


class UnknownJob(CodedError, LookupError):
    """No background job has this id, or none in the caller's areas."""

    code = "unknown_job"


class NoSuchEntry(CodedError, LookupError):
    """The log has no entry at this index, or no tree of this size."""

    code = "unknown_entry"


class ForeignCursor(ValueError):
    """The cursor belongs to another filter, or is no cursor."""


class CannotRecompute(CodedError):
    """The stored rules do not hash to the recorded ruleset, or this release lacks the engine they need."""

    code = "cannot_recompute"


class StorageUnavailable(CodedError):
    """Nothing was stored; the same request with the same key may be sent again."""

    code = "storage_unavailable"


class LogBroken(CodedError):
    """The stored tree is not the one that was signed. Nothing more is appended until a person has looked."""

    code = "log_broken"


class Overloaded(CodedError):
    """More is asked of the service at once than it takes on. Nothing was done."""

    code = "overloaded"


class TooManyRequests(CodedError):
    """One caller asks for more at once than its share. Nothing was done."""

    code = "too_many_requests"


class TookTooLong(CodedError):
    """A request was given up. Whether something was recorded is not known: its key tells."""

    code = "took_too_long"


class DatabaseAway(CodedError):
    """The database cannot be reached now; the same work may succeed once it is back."""

    code = "storage_unavailable"
