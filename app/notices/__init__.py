"""Notices of a decision, as a family reads them: each sentence tied to the fields it says."""
