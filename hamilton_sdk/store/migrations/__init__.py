"""The history of the tables, for Alembic. A version of the package that changes them adds a file to it."""
