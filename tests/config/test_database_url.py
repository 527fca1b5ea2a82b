"""DATABASE_URL: odd passwords and the parameters of other programs are named, before anything
connects."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from bot.config import NOTHING, load_settings
from bot.config.database_url import PARAMETERS
from tests.config.environment import Environment, problems_of

WRONG = [
    # a password with …
    ("postgres://u:p[w@h/d", "%5B"),
    ("postgres://u:p]w@h/d", "%5D"),
    ("postgres://u:p@w@h/d", "%40"),
    ("postgres://u:p/w@h/d", "%2F"),
    ("postgres://u:p%w@h/d", "%25"),
    ("postgres://u:p%zz@h/d", "%25"),
    ("postgres://u:p w@h/d", "%20"),
    ("postgres://u:p%00w@h/d", "%25"),
    # an address that is none
    ("postgres://u:p@h:port/d", "port"),
    ("postgres://u:p@h:70000/d", "port"),
    ("postgres://u:p@h:0/d", "port"),
    ("postgres://u:p@h1:5432,h2:x/d", "port"),
    ("postgres://u:p@[::1/d", "%5B"),
    ("postgres://", "no host"),
    # parameters of Prisma, JDBC, Django, SQLAlchemy, node-postgres
    ("postgres://u:p@h/d?pgbouncer=true", "'pgbouncer'"),
    ("postgres://u:p@h/d?schema=public&connection_limit=1", "'schema' and 'connection_limit'"),
    ("postgres://u:p@h/d?schema=public", "options=-csearch_path%3DNAME"),
    ("postgres://u:p@h/d?currentSchema=x&sslmode=require", "'currentSchema'"),
    ("postgres://u:p@h/d?pool_size=5", "'pool_size'"),
    ("postgres://u:p@h/d?ssl=no-verify", "'ssl'"),
    ("postgres://u:p@h/d?sslmode=no-verify", "its sslmode is none of disable"),
    ("postgres://u:p@h/d?connect_timeout=soon", "its connect_timeout is not a whole number"),
    ("postgres://u:p@h/d?target_session_attrs=rw", "read-write"),
    ("postgres://u:p@h/d?sslmode", "has no value"),
    ("postgres://u:p@h/d?sslmode=require&", "knows no parameter"),
    # other databases, drivers and spellings
    ("postgresql+asyncpg://u:p@h/d", "begin it with postgresql://"),
    ("postgresql+psycopg2://u:p@h/d", "begin it with postgresql://"),
    ("jdbc:postgresql://h/d", "neither SQLite nor PostgreSQL"),
    ("host=h dbname=d", "neither SQLite nor PostgreSQL"),
    ("visjob.db", "neither SQLite nor PostgreSQL"),
    ("sqlite+aiosqlite:///visjob.db", "begin it with sqlite://"),
    ("sqlite:///visjob.db?connection_limit=1", "takes no parameters"),
    ("sqlite:///:memory:?cache=shared", "memory"),
]


@pytest.mark.parametrize(("url", "said"), WRONG)
def test_a_url_that_would_fail_later_is_named_with_every_other_bad_setting(
    environment: Environment, url: str, said: str
) -> None:
    environment.set(DATABASE_URL=url, PORT="x")

    problems = problems_of()

    assert set(problems) == {"DATABASE_URL", "PORT"}
    assert said in str(problems["DATABASE_URL"].found)
    assert "u:p" not in str(problems["DATABASE_URL"])


GOOD = [
    "postgres://u:p@h/d",
    "postgres://u:p%5Bw%40%2F%25@h/d",
    "postgres://u:p#w?x&y=z@h:5432/d",
    "postgresql+psycopg://u:p@h/d?sslmode=require&connect_timeout=3",
    "postgres://u:p@h1:5432,h2:5433/d?target_session_attrs=read-write",
    "postgres://u:p@[::1]:5432/d",
    "postgres://%2Fvar%2Frun%2Fpostgresql/d",
    "postgres:///d?host=/var/run/postgresql&user=u",
    "postgres://u:p@h/d?options=-csearch_path%3Dteam",
    "postgres://u:p@h/d?ssl=true",
    "postgres://h",
]


@pytest.mark.parametrize("url", GOOD)
def test_what_libpq_can_read_is_accepted(environment: Environment, url: str) -> None:
    environment.set(DATABASE_URL=url)

    read = load_settings(NOTHING).database_url.get_secret_value()

    assert read == url
    assert conninfo_to_dict(read.replace("postgresql+psycopg", "postgresql"))


def test_the_scheme_may_be_written_in_capitals(environment: Environment) -> None:
    environment.set(DATABASE_URL="POSTGRES://u:P@h/D")

    assert load_settings(NOTHING).database_url.get_secret_value() == "postgres://u:P@h/D"


def test_every_parameter_of_the_installed_libpq_is_known() -> None:
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}

    assert known - {"authtype", "tty", "requiressl"} <= PARAMETERS
