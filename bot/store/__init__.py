"""What the bot remembers: one SQL database, SQLite or PostgreSQL, behind the `Store` port."""
