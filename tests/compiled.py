"""Statements that are compiled once for all tests: to compile them is a quarter of a store's test.

An engine has a cache of its own, and each test an engine: here all engines of a kind share one.
"""

from typing import Any

from sqlalchemy import URL, Dialect, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class _Cache(dict[Any, Any]):
    """Of a key all but its beginning counts: that is the engine's own object for its dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


class Sqlite:
    """What SQLAlchemy asks for the dialect of `sqlite:` and tells of each new engine."""

    dialect_class: type[Dialect] = SQLiteDialect_pysqlite
    cache = _Cache()

    @classmethod
    def get_dialect_cls(cls, _: URL) -> type[Dialect]:
        return cls.dialect_class

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=cls.cache)


class Postgresql(Sqlite):
    """The same for `postgresql+psycopg:`."""

    dialect_class = PGDialect_psycopg
    cache = _Cache()


def share_compiled_statements() -> None:
    """All engines of this process share what they compile."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)
