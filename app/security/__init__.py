"""Tokens, permissions and areas; keys; sealed identities and the guards of personal data."""
