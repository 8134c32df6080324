"""What can stand in the way of storing, finding, computing again and proving. app/http/problems.py has the words."""

from app.rules.errors import CodedError


class Conflict(CodedError):
    """What is asked does not fit what stands. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownDecision(CodedError, LookupError):
    """There is no such decision."""

    code = "unknown_decision"


class UnknownPerson(CodedError, LookupError):
    """No person has this reference."""

    code = "unknown_person_ref"


class RulesChanged(Exception):
    """Other packs stand since this was computed: it has to be computed again."""


class UnknownRuleset(CodedError, LookupError):
    """No decision used a ruleset of this hash."""

    code = "unknown_ruleset"


class UnknownJob(CodedError, LookupError):
    """There is no such replay."""

    code = "unknown_job"


class NoSuchEntry(CodedError, LookupError):
    """The log has no entry there, or no tree of that size."""

    code = "unknown_entry"


class ForeignCursor(ValueError):
    """The cursor is not of this filter, or is none."""


class CannotRecompute(CodedError):
    """The stored rules do not come to the recorded hash, or the engine they need is not here. Never a guess."""

    code = "cannot_recompute"


class StorageUnavailable(CodedError):
    """Nothing could be stored; the same request with the same key may be sent again."""

    code = "storage_unavailable"


class LogBroken(CodedError):
    """The stored tree is not the one that was signed: nothing more is appended until a person has looked."""

    code = "log_broken"


class DatabaseAway(CodedError):
    """The database cannot be reached now; the same may succeed once it is back."""

    code = "storage_unavailable"
