"""Back up a whole database, and restore it later, as an operator does."""

import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy import make_url


def take(url: str) -> str:
    """Copy the database, and return the name of the copy. A PostgreSQL database must have no other
    connection."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        copy = f"{path}.backup"
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        return copy
    name = _name(url)
    _run(url, f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    return f"{name}_copy"


def put_back(url: str, copy: str) -> None:
    """Restore the database from the copy; nobody may be connected to the database."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        path.write_bytes(Path(copy).read_bytes())
        return
    name = _name(url)
    _run(
        url,
        f"DROP DATABASE {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {copy}",
        f"DROP DATABASE {copy}",
    )


def _name(url: str) -> str:
    return make_url(url).database or ""


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace(f"/{_name(url)}?", "/postgres?"), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)
