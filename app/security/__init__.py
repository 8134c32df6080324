"""Who may see and do what, keys, and personal data."""
