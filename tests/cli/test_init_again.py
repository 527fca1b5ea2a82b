"""`visjob init` asks again: for odd answers, and after a refusal with what was answered before."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from tests.cli.dialogue import Answers, Hidden, answered
from tests.cli.outside import BOT_TOKEN, SIGNING_SECRET, Outside
from tests.program import ROOT, call

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where `.env` is written."""
    made = tmp_path / "here"
    made.mkdir()
    return made


def cloud(outside: Outside, **changed: str) -> Answers:
    """The four answers of the cloud's part; the secrets are hidden."""
    env = {**outside.env, **changed}
    return [
        ("MODELARTS_ENDPOINT (", env["MODELARTS_ENDPOINT"]),
        ("MODELARTS_PROJECT_ID (", env["MODELARTS_PROJECT_ID"]),
        ("MODELARTS_ACCESS_KEY (", Hidden(env["MODELARTS_ACCESS_KEY"])),
        ("MODELARTS_SECRET_KEY (", Hidden(env["MODELARTS_SECRET_KEY"])),
    ]


def whole(outside: Outside, *secret: tuple[str, str], cloud: Answers) -> Answers:
    return [
        ("Public address", "https://bot.example.com"),
        ("SLACK_BOT_TOKEN (", Hidden(BOT_TOKEN)),
        *(secret or [("SLACK_SIGNING_SECRET (", Hidden(SIGNING_SECRET))]),
        *cloud,
        ("DATABASE_URL (", Hidden(outside.env["DATABASE_URL"])),
    ]


async def test_an_odd_signing_secret_is_asked_for_again_or_kept_by_whoever_insists(
    outside: Outside, folder: Path
) -> None:
    secret = [
        ("SLACK_SIGNING_SECRET (", Hidden("canary")),
        ("Keep it all the same?", ""),
        ("SLACK_SIGNING_SECRET (", Hidden("other")),
        ("Keep it all the same?", "y"),
    ]
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}

    code, screen = await answered(
        "init", folder=folder, env=env, answers=whole(outside, *secret, cloud=cloud(outside))
    )

    assert code == 0, screen
    assert "one of Slack's has 32 digits and letters a-f" in screen
    assert "Basic Information" in screen
    assert "canary" not in screen
    assert dotenv_values(folder / ".env")["SLACK_SIGNING_SECRET"] == "other"


async def test_an_odd_project_id_is_doubted_also_while_the_cloud_is_away(
    outside: Outside, folder: Path
) -> None:
    endpoint, _, access_key, secret_key = cloud(outside, MODELARTS_ENDPOINT=NOBODY)
    answers = [
        endpoint,
        ("MODELARTS_PROJECT_ID (", "eu-de"),
        ("Keep it all the same?", "n"),
        ("MODELARTS_PROJECT_ID (", outside.env["MODELARTS_PROJECT_ID"]),
        access_key,
        secret_key,
    ]
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}

    code, screen = await answered(
        "init", folder=folder, env=env, answers=whole(outside, cloud=answers)
    )

    written = dotenv_values(folder / ".env")
    assert code == 0, screen
    assert "a project's id has 32 digits and letters a-f" in screen
    assert "My Credentials" in screen
    assert written["MODELARTS_PROJECT_ID"] == outside.env["MODELARTS_PROJECT_ID"]


async def test_after_a_refused_login_enter_keeps_what_is_no_secret(
    outside: Outside, folder: Path
) -> None:
    wrong = cloud(outside, MODELARTS_SECRET_KEY="not-the-key")
    _, _, *keys = cloud(outside)
    again = [("MODELARTS_ENDPOINT (", ""), ("MODELARTS_PROJECT_ID (", ""), *keys]
    env = {"SLACK_API_URL": outside.env["SLACK_API_URL"]}

    code, screen = await answered(
        "init", folder=folder, env=env, answers=whole(outside, cloud=[*wrong, *again])
    )

    written = dotenv_values(folder / ".env")
    assert code == 0, screen
    assert "APIG.0301" in screen
    assert written == {name: outside.env[name] for name in written}
    assert "not-the-key" not in screen
    assert outside.env["MODELARTS_SECRET_KEY"] not in screen


async def test_the_next_steps_come_in_the_order_of_the_docs(
    outside: Outside, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    ended = await call("init", "--yes", "--url", "https://bot.example.com", env=outside.env)

    _, _, after = ended.out.partition("Next:")
    said = [line.partition("`")[2].partition("`")[0] for line in after.strip().splitlines()]
    _, _, part = (ROOT / "docs/installing.md").read_text().partition("## 4. Check and start")
    typed = [line for line in part.splitlines() if line.startswith("visjob ")]
    assert said[:3] == ["visjob doctor", "visjob serve", typed[3].replace("visjob.e", "bot.e")]
    assert typed[1:3] == said[:2]
