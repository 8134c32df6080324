"""Proofs of the log and checks of what an auditor gets. No database, no network."""
