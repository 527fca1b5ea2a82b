"""The Alembic migrations from an empty database to today's tables; each runs once, in order."""
