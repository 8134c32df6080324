"""That the database cannot be reached now. Raised by Database; nothing of the driver is imported here."""


class DatabaseAway(Exception):
    """The database cannot be reached now; the same may succeed once it is back."""
