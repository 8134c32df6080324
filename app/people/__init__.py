"""Persons: found, opened and erased; their statuses for other departments; the log of who read what and why."""
