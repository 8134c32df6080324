"""Tells a database that cannot be reached now from a query that is wrong."""

from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

# What is raised when a database goes away, be it before or after a connection was there; and what else may be.
KINDS: Final = (DBAPIError, NoConnectionFree, OSError)
# SQLSTATE: connection, transaction undone, resources, a database that takes nobody, operator (down, starting), system.
_PASSING: Final = ("08", "40", "53", "55000", "57", "58")


def unreachable(error: Exception) -> bool:
    """Tell if the same query may succeed once the database is back."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, KINDS)
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # raised here, not by the server: a value that does not fit, or a connection that is gone
        return not isinstance(getattr(error.orig, "__cause__", None), ValueError)
    return str(state).startswith(_PASSING)
