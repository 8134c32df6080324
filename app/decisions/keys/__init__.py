"""The keys a database was written with: whether the folder has them, and new ones in their place."""
