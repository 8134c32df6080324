"""What an auditor takes away, and how it is checked, with and without the database."""
