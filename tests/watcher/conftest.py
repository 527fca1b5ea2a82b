"""A database for those whose second takes a microsecond: thousands of polls follow each other."""

from pathlib import Path

import pytest

from tests.databases import sqlite_migrated


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """A SQLite file with our tables, and nothing in them."""
    file = tmp_path / "watched.db"
    file.write_bytes(sqlite_migrated())
    return file
