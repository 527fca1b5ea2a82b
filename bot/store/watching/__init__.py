"""Watched jobs in SQL: leased, compared, recorded."""
