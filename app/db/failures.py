"""What a failure of the database says: that it cannot be reached now, or that something is wrong with what was asked."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

# By SQLSTATE: connections, resources, a database that takes nobody, an operator who stops it, the system below it.
_AWAY: Final = ("08", "53", "55000", "57", "58")
FAILURES: Final = (DBAPIError, NoConnectionFree, OSError)


def is_away(error: Exception) -> bool:
    """Whether the same may be asked again once the database is there."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionFree | OSError)
    state = getattr(error.orig, "sqlstate", None)
    lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return lost if state is None else str(state).startswith(_AWAY)
