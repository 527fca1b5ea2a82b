"""Connections, transactions, tables and their rows."""
