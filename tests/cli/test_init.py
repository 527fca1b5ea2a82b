"""`visjob init`: what it writes, what it refuses, and that no secret is on the screen."""

import stat
from pathlib import Path
from urllib.parse import unquote

import pytest
from dotenv import dotenv_values

from tests.cli.dialogue import CTRL_C, CTRL_D, Hidden, answered
from tests.cli.outside import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Outside
from tests.program import call

HIDDEN = {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "MODELARTS_ACCESS_KEY",
          "MODELARTS_SECRET_KEY", "DATABASE_URL"}  # fmt: skip
URL = ("--url", "https://bot.example.com")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `.env` is written."""
    made = tmp_path / "here"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


async def test_with_yes_the_environment_becomes_a_file_for_its_owner_alone(
    outside: Outside, folder: Path
) -> None:
    ended = await call("init", "--yes", *URL, env=outside.env)

    assert ended.code == 0
    assert mode(folder / ".env") == 0o600
    assert dotenv_values(folder / ".env") == outside.env
    assert [one.name for one in folder.iterdir()] == [".env"]
    assert "manifest_yaml=" in ended.out
    assert "https://bot.example.com/slack/events" in unquote(ended.out)
    assert "unfurl_domains" in unquote(ended.out)
    assert "visjob serve" in ended.out
    assert "visjob doctor --url https://bot.example.com" in ended.out
    for secret in (BOT_TOKEN, SIGNING_SECRET, outside.env["MODELARTS_SECRET_KEY"]):
        assert secret not in ended.out + ended.err


async def test_what_it_wrote_is_what_the_program_reads(outside: Outside, folder: Path) -> None:
    await call("init", "--yes", *URL, env=outside.env)

    alone = await call("doctor", "--json", env={})

    assert (folder / ".env").exists()
    assert alone.code == 0


@pytest.mark.parametrize("given", [("--socket-mode",), ()])
async def test_for_socket_mode_it_wants_the_app_token(
    outside: Outside, folder: Path, given: tuple[str, ...]
) -> None:
    env = {**outside.env, "SLACK_APP_TOKEN": APP_TOKEN}
    del env["SLACK_SIGNING_SECRET"]

    ended = await call("init", "--yes", *given, env=env)

    assert ended.code == 0
    assert dotenv_values(folder / ".env") == env
    assert "serve --socket-mode" in ended.out
    assert "socket_mode_enabled: true" in unquote(ended.out)


async def test_without_an_address_the_link_says_where_to_put_it(outside: Outside) -> None:
    ended = await call("init", "--yes", env=outside.env)

    assert ended.code == 0
    assert "YOUR-HOST" in ended.out


#: Secrets that a careless writer would spoil.
ODD = [
    "with space",
    "ha#sh",
    "quo'te",
    'dou"ble',
    "back\\slash\\n",
    "dol$lar",
    "=eq=",
    "秘密",
    "秘密",
    "$(x)",
]


@pytest.mark.parametrize("secret", ODD)
async def test_odd_values_come_back_as_they_were(
    outside: Outside, folder: Path, secret: str
) -> None:
    del outside.env["MODELARTS_ENDPOINT"]
    env = {
        **outside.env,
        "MODELARTS_ENDPOINT": "http://127.0.0.1:9",
        "MODELARTS_PASSWORD": secret,
    }

    ended = await call("init", "--yes", *URL, env=env)

    assert ended.code == 0
    assert dotenv_values(folder / ".env")["MODELARTS_PASSWORD"] == secret
    assert "⚠️ ModelArts" in ended.err, "nobody answers there, which may pass"


async def test_a_value_that_no_env_file_can_hold_is_named(outside: Outside, folder: Path) -> None:
    env = {**outside.env, "MODELARTS_PASSWORD": "a${PATH}b"}
    env["MODELARTS_ENDPOINT"] = "http://127.0.0.1:9"

    ended = await call("init", "--yes", *URL, env=env)

    assert ended.code == 1
    assert "MODELARTS_PASSWORD cannot stand in .env" in ended.err
    assert not [*folder.iterdir()]


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
async def test_a_file_that_is_there_stays_as_it_is(
    outside: Outside, folder: Path, kind: str
) -> None:
    env_file = folder / ".env"
    if kind == "file":
        env_file.write_text("PORT=1\n")
        env_file.chmod(0o640)
    elif kind == "link":
        env_file.symlink_to("/nowhere/at/all")
    else:
        env_file.mkdir()

    ended = await call("init", "--yes", *URL, env=outside.env)

    assert ended.code == 1
    assert "there already" in ended.err
    assert [one.name for one in folder.iterdir()] == [".env"]
    if kind == "file":
        assert (env_file.read_text(), mode(env_file)) == ("PORT=1\n", 0o640)


async def test_all_that_is_missing_or_wrong_is_named_at_once(folder: Path) -> None:
    ended = await call("init", "--yes", *URL, env={"PORT": "x"})

    assert ended.code == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "MODELARTS_ENDPOINT", "PORT"):
        assert name in ended.err
    assert not [*folder.iterdir()]


async def test_a_secret_in_a_file_is_taken_from_there(
    outside: Outside, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{SIGNING_SECRET}\n")
    given = {**outside.env, "SLACK_SIGNING_SECRET_FILE": str(tmp_path / "secret")}
    del given["SLACK_SIGNING_SECRET"]

    lost = await call(
        "init", "--yes", *URL, env={**given, "SLACK_SIGNING_SECRET_FILE": str(tmp_path / "none")}
    )
    ended = await call("init", "--yes", *URL, env=given)

    assert (lost.code, ended.code) == (2, 0)
    assert "SLACK_SIGNING_SECRET_FILE is" in lost.err
    assert dotenv_values(folder / ".env")["SLACK_SIGNING_SECRET"] == SIGNING_SECRET


#: What is changed, and what is said of it.
REFUSED = [
    ({"SLACK_BOT_TOKEN": "xoxb-9-9-unknown"}, "invalid_auth"),
    ({"MODELARTS_SECRET_KEY": "not-the-key"}, "APIG.0301"),
    ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "cannot be made"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
async def test_an_answer_that_is_refused_is_not_written(
    outside: Outside, folder: Path, change: dict[str, str], said: str
) -> None:
    ended = await call("init", "--yes", *URL, env={**outside.env, **change})

    assert ended.code == 1
    assert said in ended.err
    assert "→" in ended.err
    assert not [*folder.iterdir()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--yes", "--socket-mode", *URL], "one way"),
        (["--yes", "--url", "http://bot.example.com"], "--url"),
        (["--yes", "--url", "bot.example.com"], "--url"),
        ([], "Nobody can be asked here"),
    ],
)
async def test_wrong_use_exits_with_2(
    outside: Outside, folder: Path, arguments: list[str], said: str
) -> None:
    ended = await call("init", *arguments, env=outside.env)

    assert ended.code == 2
    assert said in ended.err
    assert not [*folder.iterdir()]


def _talk(outside: Outside, **others: str) -> list[tuple[str, str]]:
    env = {**outside.env, **others}
    names = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "MODELARTS_ENDPOINT",
             "MODELARTS_PROJECT_ID", "MODELARTS_ACCESS_KEY", "MODELARTS_SECRET_KEY",
             "DATABASE_URL"]  # fmt: skip
    return [("Public address", "https://bot.example.com")] + [
        (f"{name} (", Hidden(env[name]) if name in HIDDEN else env[name]) for name in names
    ]


@pytest.mark.slow
async def test_whoever_answers_gets_the_same_file(outside: Outside, folder: Path) -> None:
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}

    code, screen = await answered("init", folder=folder, env=env, answers=_talk(outside))

    written = dotenv_values(folder / ".env")
    assert code == 0, screen
    assert written == {name: outside.env[name] for name in written}
    assert len(written) == 8
    assert mode(folder / ".env") == 0o600
    for secret in (BOT_TOKEN, SIGNING_SECRET, outside.env["MODELARTS_SECRET_KEY"]):
        assert secret not in screen
    assert "jobs of project" in screen


@pytest.mark.slow
async def test_a_wrong_answer_is_asked_for_again(outside: Outside, folder: Path) -> None:
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}
    answers = _talk(outside)
    answers[1:1] = [
        ("SLACK_BOT_TOKEN (", Hidden("xoxp-1-2-3")),
        ("SLACK_BOT_TOKEN (", Hidden("xoxb-9-9-unknown")),
    ]

    code, screen = await answered("init", folder=folder, env=env, answers=answers)

    assert code == 0, screen
    assert "user token" in screen
    assert "invalid_auth" in screen
    assert dotenv_values(folder / ".env")["SLACK_BOT_TOKEN"] == BOT_TOKEN


@pytest.mark.parametrize("stop", [CTRL_C, pytest.param(CTRL_D, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "after", [pytest.param(0, marks=pytest.mark.slow), 2, pytest.param(7, marks=pytest.mark.slow)]
)
@pytest.mark.slow
async def test_whoever_stops_in_the_middle_leaves_nothing_behind(
    outside: Outside, folder: Path, stop: str, after: int
) -> None:
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}
    answers = _talk(outside)
    words, typed = answers[after]
    answers[after] = (words, Hidden(stop) if isinstance(typed, Hidden) else stop)

    code, screen = await answered("init", folder=folder, env=env, answers=answers[: after + 1])

    assert code == 1, screen
    assert "Nothing was written" in screen
    assert "Traceback" not in screen
    assert not [*folder.iterdir()]


@pytest.mark.parametrize(
    ("answer", "is_replaced"),
    [("n", False), pytest.param("", False, marks=pytest.mark.slow), ("y", True)],
)
@pytest.mark.slow
async def test_over_a_file_it_asks(
    outside: Outside, folder: Path, answer: str, is_replaced: bool
) -> None:
    (folder / ".env").write_text("PORT=1\n")
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}

    code, screen = await answered(
        "init", folder=folder, env=env, answers=[("Replace it?", answer), *_talk(outside)]
    )

    assert code == (0 if is_replaced else 1), screen
    assert ("PORT" in dotenv_values(folder / ".env")) is not is_replaced
