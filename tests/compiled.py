"""Compile SQL statements once for all tests: compilation takes a quarter of a store test's time.

Each test has an engine, and each engine a cache. Here all engines of one dialect share a cache.
"""

from typing import Any

from sqlalchemy import URL, Dialect, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class _Cache(dict[Any, Any]):
    """A cache that ignores the first part of each key, which is the engine's own dialect object."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


class Sqlite:
    """The entry point of the dialect `sqlite:`; gives each new engine the shared cache."""

    dialect_class: type[Dialect] = SQLiteDialect_pysqlite
    cache = _Cache()

    @classmethod
    def get_dialect_cls(cls, _: URL) -> type[Dialect]:
        return cls.dialect_class

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=cls.cache)


class Postgresql(Sqlite):
    """The same entry point for `postgresql+psycopg:`."""

    dialect_class = PGDialect_psycopg
    cache = _Cache()


def share_compiled_statements() -> None:
    """Make all engines of this process share their compiled statements."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)
