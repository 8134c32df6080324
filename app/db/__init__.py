"""The database: a private server if none is given, the tables, their migrations, and the way in."""
