"""A database that is not there, empty, or another program's: refused by name, and not touched."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.store.database.schema import known_revisions
from bot.store.open import sqlite_path
from tests.cli.outside import Outside
from tests.databases import NewUrl
from tests.program import Ended, call, run

READING = [
    ("history", "205"),
    ("cost",),
    ("why", "205"),
    ("audit",),
    ("stop", "205", "--yes"),
    ("restart", "205", "--yes"),
    ("apply", "FILE", "--yes"),
    ("backup", "COPY"),
    ("move-database", "URL", "sqlite:///COPY"),
]
BRINGING_UP = [("migrate",), ("migrate", "--reconcile")]

_VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"
_USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)"
# Every revision of ours has this table.
_OLDEST = "CREATE TABLE last_asked (team_id TEXT)"
_NEWEST = known_revisions()[-1]


def at(*revisions: str) -> list[str]:
    """The statements of a program that is at these revisions."""
    return [
        _USERS,
        _VERSION,
        *(f"INSERT INTO alembic_version VALUES ('{revision}')" for revision in revisions),  # noqa: S608
    ]


#: What another program made, and a part of what is said of it.
STRANGE = [
    pytest.param(at("abc"), "revision abc of another program", id="a word for a revision"),
    pytest.param(at("1975ea83b712"), "1975ea83b712", id="a revision of Alembic's own kind"),
    pytest.param(at("0016", "ae1027a6acf"), "another program", id="ours and a stranger's"),
    pytest.param(at("00016"), "00016", id="a longer number"),
    pytest.param(at("１６００"), "another program", id="a number in other digits"),
    pytest.param([*at("0005"), _OLDEST], "revision 0005 of another program", id="a skipped number"),
    pytest.param([*at("0000"), _OLDEST], "revision 0000 of another program", id="below the first"),
    pytest.param(at(), "no revision of ours", id="no revision at all"),
    pytest.param(at(_NEWEST), "none of our tables", id="our revision without our tables"),
    pytest.param(at("0003"), "none of our tables", id="an older revision of ours"),
    pytest.param(at("0099"), "none of our tables", id="a later revision"),
    pytest.param(
        [
            _USERS,
            "CREATE TABLE alembic_version (v INTEGER)",
            "INSERT INTO alembic_version VALUES (7)",
        ],
        "another program",
        id="a version table of other columns",
    ),
]
WITHOUT_VERSION = pytest.param([_USERS], "has tables (users)", id="no version table")
NO_DATABASE = b"long enough to be taken for a database" * 99


def made(path: Path, statements: list[str]) -> str:
    """The URL of a SQLite file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return f"sqlite:///{path}"


def made_there(url: str, statements: list[str]) -> str:
    """The same in PostgreSQL."""
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    return url


async def told(outside: Outside, command: tuple[str, ...], url: str, tmp_path: Path) -> Ended:
    """What a command says of the database of this URL."""
    (tmp_path / "places.yaml").write_text("places: []\n")
    named = {"URL": url, "FILE": str(tmp_path / "places.yaml")}
    copy = str(tmp_path / "copy.db")
    words = [named.get(word, word).replace("COPY", copy) for word in command]
    ended = await call(*words, env={**outside.env, "DATABASE_URL": url})
    assert not Path(copy).exists()
    assert ".." not in said(ended), "one full stop is enough"
    return ended


def said(ended: Ended) -> str:
    """All that was printed, on one line."""
    return " ".join(f"{ended.out} {ended.err}".split())


def traces(folder: Path) -> dict[str, bytes]:
    """Every file of a database's folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def rows_of(path: Path) -> list[str]:
    """The tables and rows of a SQLite file, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nothing but the database is."""
    made = tmp_path / "data"
    made.mkdir()
    return made


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
async def test_a_file_that_is_not_there_is_named_and_not_made(
    outside: Outside, command: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    ended = await told(outside, command, f"sqlite:///{folder / 'mistyped.db'}", tmp_path)

    assert ended.code == 1
    assert "mistyped.db" in said(ended)
    assert "There is no" in said(ended)
    assert traces(folder) == {}


@pytest.mark.parametrize("command", [("serve",), *BRINGING_UP], ids=" ".join)
@pytest.mark.slow
async def test_no_file_is_made_beside_the_log_of_one_that_was_moved(
    outside: Outside, command: tuple[str, ...], folder: Path
) -> None:
    (folder / "visjob.db-wal").write_bytes(b"changes that are nowhere else")
    before = traces(folder)

    env = outside.env | {"DATABASE_URL": f"sqlite:///{folder}/visjob.db"}
    ended = await run(*command, env=env)

    assert ended.code == 1
    assert "its log visjob.db-wal is there, with recent changes." in said(ended)
    assert "Put the file back beside its log" in said(ended)
    assert traces(folder) == before


@pytest.mark.parametrize("command", [*READING, *BRINGING_UP, ("doctor",)], ids=" ".join)
async def test_a_folder_that_was_removed_is_said_in_words(
    outside: Outside,
    command: tuple[str, ...],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    folder.rmdir()

    ended = await told(outside, command, "sqlite:///visjob.db", tmp_path)

    assert ended.code == 1
    assert "visjob.db" in said(ended)


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
async def test_an_empty_file_is_refused_and_stays_empty(
    outside: Outside, command: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    (folder / "empty.db").touch()

    ended = await told(outside, command, f"sqlite:///{folder / 'empty.db'}", tmp_path)

    assert ended.code == 1
    assert "tables of ours" in said(ended)
    assert traces(folder) == {"empty.db": b""}


@pytest.mark.parametrize("command", [*READING, *BRINGING_UP], ids=" ".join)
@pytest.mark.parametrize(("statements", "words"), [*STRANGE, WITHOUT_VERSION])
async def test_another_programs_file_is_refused_and_not_touched(
    outside: Outside,
    statements: list[str],
    words: str,
    command: tuple[str, ...],
    folder: Path,
    tmp_path: Path,
) -> None:
    url = made(folder / "theirs.db", statements)
    before, rows_before = traces(folder), rows_of(folder / "theirs.db")

    ended = await told(outside, command, url, tmp_path)

    assert ended.code == 1
    assert "This is not a database of VisJob" in said(ended)
    assert words in said(ended)
    assert rows_of(folder / "theirs.db") == rows_before
    assert "the database that visjob serve uses" in said(ended).replace("`", "") or (
        command[0] == "move-database"
    )
    assert traces(folder) == before


@pytest.mark.parametrize("command", [*READING, *BRINGING_UP], ids=" ".join)
async def test_a_file_of_another_kind_is_refused_and_not_touched(
    outside: Outside, command: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    (folder / "letter.db").write_bytes(NO_DATABASE)

    ended = await told(outside, command, f"sqlite:///{folder / 'letter.db'}", tmp_path)

    assert ended.code == 1
    assert "This is not a database of VisJob" in said(ended)
    assert "room" not in said(ended)
    assert traces(folder) == {"letter.db": NO_DATABASE}


@pytest.mark.parametrize("command", [READING[0], READING[4], *BRINGING_UP], ids=" ".join)
@pytest.mark.parametrize(("statements", "words"), STRANGE)
@pytest.mark.slow
async def test_another_programs_schema_is_refused_and_not_touched(
    outside: Outside,
    statements: list[str],
    words: str,
    command: tuple[str, ...],
    new_postgresql_url: NewUrl,
    tmp_path: Path,
) -> None:
    url = made_there(new_postgresql_url(), statements)
    before = tables_of(url)

    ended = await told(outside, command, url, tmp_path)

    assert ended.code == 1
    assert "This is not a database of VisJob" in said(ended)
    assert words in said(ended)
    assert tables_of(url) == before


def tables_of(url: str) -> set[str]:
    """The tables of the schema `public`."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        pytest.param([_USERS], 0, id="tables of others"),
        pytest.param([_VERSION], 0, id="what a downgrade leaves"),
        pytest.param([_USERS, "CREATE TABLE subscription (id INTEGER)"], 1, id="a name of ours"),
    ],
)
async def test_a_schema_may_be_shared_unless_something_is_in_the_way(
    statements: list[str], code: int, new_postgresql_url: NewUrl
) -> None:
    url = made_there(new_postgresql_url(), statements)
    before = tables_of(url)

    ended = await call("migrate", env={"DATABASE_URL": url})

    assert ended.code == code
    assert tables_of(url) >= before
    assert ("last_asked" in tables_of(url)) == (code == 0)
    assert code == 0 or "has tables (subscription), but no revision of ours" in said(ended)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([_VERSION], id="what a downgrade leaves"),
        pytest.param(["CREATE TABLE _litestream_seq (id INTEGER, seq INTEGER)"], id="Litestream"),
    ],
)
async def test_a_file_with_room_for_our_tables_is_brought_up(
    statements: list[str], folder: Path
) -> None:
    url = made(folder / "visjob.db", statements)

    assert (await call("migrate", env={"DATABASE_URL": url})).code == 0
    assert (await call("audit", env={"DATABASE_URL": url})).code == 0


def _lose(table: str) -> Callable[[Path], None]:
    def lose(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"DROP TABLE {table}")

    return lose


async def test_a_lost_table_is_named_and_a_later_revision_is_served(folder: Path) -> None:
    url = f"sqlite:///{folder / 'visjob.db'}"
    await call("migrate", env={"DATABASE_URL": url})
    with closing(sqlite3.connect(sqlite_path(url))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    later = await call("audit", env={"DATABASE_URL": url})
    with closing(sqlite3.connect(sqlite_path(url))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (_NEWEST,))
    _lose("inbox")(sqlite_path(url))
    damaged = await call("audit", env={"DATABASE_URL": url})

    assert later.code == 0
    assert damaged.code == 1
    assert "has lost the tables inbox" in said(damaged)


@pytest.mark.parametrize(("statements", "words"), [*STRANGE[:2], WITHOUT_VERSION])
async def test_doctor_says_whose_it_is(
    outside: Outside, statements: list[str], words: str, folder: Path
) -> None:
    url = made(folder / "theirs.db", statements)
    before = traces(folder)

    ended = await call("doctor", env={**outside.env, "DATABASE_URL": url})

    assert ended.code == 1
    assert "This is not a database of VisJob" in said(ended)
    assert words in said(ended)
    assert traces(folder) == before


@pytest.mark.parametrize(("statements", "words"), [*STRANGE[:2], WITHOUT_VERSION])
@pytest.mark.slow
async def test_serve_refuses_another_programs_file(
    outside: Outside, statements: list[str], words: str, folder: Path
) -> None:
    url = made(folder / "theirs.db", statements)
    before = traces(folder)

    ended = await run("serve", env={**outside.env, "DATABASE_URL": url})

    assert ended.code == 1
    assert "This is not a database of VisJob" in said(ended)
    assert words in said(ended)
    assert traces(folder) == before
