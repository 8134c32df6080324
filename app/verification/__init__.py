"""Verification: what a household declared, compared with what registers hold."""
