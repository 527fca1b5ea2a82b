"""A `.env` that cannot be read as it stands: the file and the line are named, never its content."""

import os
from pathlib import Path

import pytest

from bot.config import SERVE, doubts, load_settings
from bot.config.load import NOTHING
from tests.config.environment import Environment, problems_of
from tests.program import call

#: What the file says, and the lines that say nothing.
BROKEN = [
    ("canary is no setting\n", "line 1", "words"),
    ("PORT=3000\ncanary canary\n", "line 2", "the second line"),
    ("PORT=3000\n\n# a comment\nVISJOB_HOST canary\n", "line 4", "no equals sign"),
    ("SLACK_BOT_TOKEN='canary\nPORT=3000\n", "line 1", "a quote that never ends"),
    ('MODELARTS_PASSWORD="canary"more\n', "line 1", "something behind the quotes"),
    ("=canary\n", "line 1", "no name"),
    ("xoxb-1-canary\n", "line 1", "a token alone"),
    ("a canary\nPORT=3000\nb canary\n", "lines 1, 3", "two lines"),
    ('$env:PORT="canary"\n', "line 1", "as PowerShell has it"),
    ("set PORT=canary\n", "line 1", "as Windows has it"),
    ("\u200bPORT=canary\n", "line 1", "an invisible letter"),
]


@pytest.mark.parametrize(("content", "line"), [pytest.param(*row[:2], id=row[2]) for row in BROKEN])
def test_a_line_that_says_nothing_is_named_by_its_number(
    environment: Environment, content: str, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    (environment.folder / ".env").write_text(content)

    problem = problems_of()[".env"]

    assert str(problem.found) == f".env is not NAME=value in {line}"
    assert "canary" not in f"{problem!r}{problem}{caplog.text}"
    assert caplog.text == "", "no words of a library's"


GOOD = [
    ("", "nothing"),
    ("# canary\n\n   \n", "comments and empty lines"),
    ("export PORT=3000\n", "as a shell has it"),
    ("PORT\n", "a name alone: Compose takes it from the environment"),
    ("A='two\nlines'\n", "a value of two lines"),
    ("PORT=3000 # the usual one\n", "a comment behind it"),
    ("spring.datasource.url=x\nmy-key=y\n3D=z\n", "names of other programs"),
]


@pytest.mark.parametrize("content", [pytest.param(row[0], id=row[1]) for row in GOOD])
def test_what_other_readers_take_is_no_problem(environment: Environment, content: str) -> None:
    (environment.folder / ".env").write_text(content)

    assert problems_of() == {}


async def test_a_command_says_so_and_names_all_else_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=x\nSLACK_BOT_TOKEN canary\n")

    ended = await call("serve")

    assert ended.code == 2
    assert ".env is not NAME=value in line 2. Expected lines of NAME=value" in ended.err
    assert "PORT is 'x'" in ended.err
    assert "SLACK_BOT_TOKEN is not set" in ended.err
    assert "canary" not in ended.err
    assert "dotenv" not in ended.err


#: What the file holds, and what is said of it.
UNUSABLE = [
    ("PORT=3000\n".encode("utf-16"), "it is not UTF-8 text", "UTF-16"),
    ("PORT=3000\n".encode("utf-16-le"), "it is not UTF-8 text", "UTF-16 without a mark"),
    ("A=Jörg\n".encode("latin-1"), "it is not UTF-8 text", "Latin-1"),
    (b"A=a\0b\n", "it is not UTF-8 text", "a zero byte"),
    (b"A=1\n" * 100_000, "it is larger than 256 KiB", "a large file"),
]


@pytest.mark.parametrize(
    ("content", "why"), [pytest.param(*row[:2], id=row[2]) for row in UNUSABLE]
)
def test_a_file_that_is_none_of_settings_is_refused_as_a_whole(
    environment: Environment, content: bytes, why: str
) -> None:
    (environment.folder / ".env").write_bytes(content)

    problem = problems_of(SERVE)[".env"]

    assert str(problem.found) == f".env is a file that cannot be read: {why}"


@pytest.mark.parametrize("end", ["nowhere", ".env"])
def test_a_link_that_leads_nowhere_is_told(environment: Environment, end: str) -> None:
    (environment.folder / ".env").symlink_to(end)

    assert str(problems_of()[".env"].found) == ".env is a link to a file that is not there"


def test_a_folder_is_told(environment: Environment) -> None:
    (environment.folder / ".env").mkdir()

    assert str(problems_of()[".env"].found) == ".env is a folder, not a file"


@pytest.mark.parametrize("kind", ["a pipe", "a device"])
def test_what_is_no_file_is_told_and_not_read(environment: Environment, kind: str) -> None:
    if kind == "a pipe":
        os.mkfifo(environment.folder / ".env")
    else:
        (environment.folder / ".env").symlink_to("/dev/zero")

    assert str(problems_of()[".env"].found) == ".env is a device or a pipe, not a file"


def test_the_null_device_hides_a_file(environment: Environment) -> None:
    (environment.folder / ".env").symlink_to(os.devnull)

    assert problems_of() == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(environment: Environment) -> None:
    (environment.folder / ".env").write_text("PORT=3000\n")
    (environment.folder / ".env").chmod(0)

    assert "Permission denied" in str(problems_of()[".env"].found)


#: A path that somebody gave for a secret, and whether it is shown.
PATHS = [
    ("/nope", True),
    ("/run/secrets/slack", True),
    ("./token", True),
    ("../secrets/token.txt", True),
    ("~/token", True),
    ("hunter2", False),
    ("/xoxb-1-canary", False),
    ("/b8CanaryAndMoreOfThat0123456789", False),
]


@pytest.mark.parametrize(("path", "is_shown"), PATHS)
@pytest.mark.parametrize(
    ("name", "setting"),
    [("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN"), ("OS_PASSWORD", "MODELARTS_PASSWORD")],
)
def test_the_variable_is_named_as_it_is_set_with_the_path(
    environment: Environment, path: str, is_shown: bool, name: str, setting: str
) -> None:
    environment.set({f"{name}_FILE": path})

    problem = problems_of()[setting]

    shown = repr(path) if is_shown else f"a value of {len(path)} characters"
    why = "No such file or directory"
    assert str(problem.found) == f"{name}_FILE is {shown}, a file that cannot be read: {why}"
    cure = "Expected the path of a file that holds the value alone, for example /run/secrets/"
    assert str(problem.cure) == f"{cure}{setting.lower()}"


#: A project id, and whether it looks like one.
IDS = [
    ("6ad6f0a1c2d34e5f8a7b9c0d1e2f3a4b", True),
    ("eu-de", False),
    ("my_project", False),
    ("6ad6f0a1c2d34e5f8a7b9c0d1e2f3a4", False),
    ("6AD6F0A1C2D34E5F8A7B9C0D1E2F3A4B", False),
    ("6ad6f0a1-c2d3-4e5f-8a7b-9c0d1e2f3a4b", False),
]


@pytest.mark.parametrize(("project_id", "is_usual"), IDS)
def test_a_project_id_of_another_shape_is_only_doubted(
    environment: Environment, project_id: str, is_usual: bool
) -> None:
    environment.set(MODELARTS_PROJECT_ID=project_id)

    found = doubts(load_settings(NOTHING))

    assert [str(one.name) for one in found] == ([] if is_usual else ["MODELARTS_PROJECT_ID"])
    assert all("32 digits and letters a-f" in str(one) for one in found)
    assert all("My Credentials" in str(one.cure) for one in found)
    assert "MODELARTS_PROJECT_ID" not in problems_of(SERVE)
