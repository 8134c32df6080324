"""Recorded decisions computed again, one or many, and what came of it."""
