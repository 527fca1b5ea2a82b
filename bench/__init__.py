"""Side-by-side measurements: what the bot costs beside servers that do the same work."""
