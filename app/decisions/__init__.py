"""Decisions: records that are only ever added, the tree over them, and how anybody can check both."""
