"""Watched jobs in SQL: lease the due ones, compare reads with their rows, record the changes."""
