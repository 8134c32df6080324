"""The outbox: queries sent to platforms, and the reports that answer them applied."""
