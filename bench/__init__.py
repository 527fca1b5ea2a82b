"""Benchmarks that compare the cost of the bot with servers that do the same work."""
