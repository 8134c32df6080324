"""What can stand in the way of storing, finding, computing again and proving. app/http/problems.py has the words."""


class Conflict(Exception):
    """What is asked does not fit what stands. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownDecision(LookupError):
    """There is no such decision."""


class UnknownPerson(LookupError):
    """No person has this reference."""


class RulesChanged(Exception):
    """Other packs stand since this was computed: it has to be computed again."""


class UnknownRuleset(LookupError):
    """No decision used a ruleset of this hash."""


class UnknownJob(LookupError):
    """There is no such replay."""


class NoSuchEntry(LookupError):
    """The log has no entry there, or no tree of that size."""


class ForeignCursor(ValueError):
    """The cursor is not of this filter, or is none."""


class CannotRecompute(Exception):
    """The stored rules do not come to the recorded hash, or the engine they need is not here. Never a guess."""


class StorageUnavailable(Exception):
    """Nothing could be stored; the same request with the same key may be sent again."""


class LogBroken(Exception):
    """The stored tree is not the one that was signed: nothing more is appended until a person has looked."""
