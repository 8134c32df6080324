"""The private PostgreSQL server of a deployment that names no database."""
