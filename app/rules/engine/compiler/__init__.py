"""Compiles a ruleset to two Python functions: one for known facts, one for open facts."""
