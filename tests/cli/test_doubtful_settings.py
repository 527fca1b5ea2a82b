"""What does not stop the bot and is hardly meant: `serve` and `doctor` say so, and go on."""

import json

import pytest

from tests.cli.outside import Outside
from tests.program import call, end, start, until_answers

ODD = {
    "VISJOB_OPERATOR": "U0CANARY01",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/canary",
    "SLACK_SIGNING_SECRET": "canary",
}


async def test_doctor_has_a_warning_for_each_and_fails_nothing(outside: Outside) -> None:
    ended = await call("doctor", "--json", env={**outside.env, **ODD})

    rows = {row["check"]: row for row in json.loads(ended.out)}
    assert ended.code == 0
    for name in ("visjob_operator", "slack_webhook_url"):
        assert rows[name]["verdict"] == "warning"
        assert "none of my settings" in rows[name]["found"]
        assert rows[name]["cure"]
    assert "VISJOB_OPERATORS" in rows["visjob_operator"]["found"]
    assert "anary" not in ended.out.lower()


async def test_a_project_id_that_is_a_name_is_told_beside_what_the_cloud_says(
    outside: Outside,
) -> None:
    ended = await call("doctor", env={**outside.env, "MODELARTS_PROJECT_ID": "eu-de"})

    assert ended.code == 1
    assert "MODELARTS_PROJECT_ID is 'eu-de'; a project's id has 32 digits" in ended.out


@pytest.mark.slow
async def test_serve_has_one_line_for_the_names_and_one_for_each_doubt(outside: Outside) -> None:
    env = {**outside.env, **ODD, "VISJOB_POLL_SECOND": "5"}
    process = await start("serve", env=env)
    await until_answers(env, 200)
    process.terminate()
    ended = await end(process)

    lines = [json.loads(line) for line in ended.err.splitlines()]
    [names] = [line for line in lines if line["event"] == "settings_unknown"]
    [doubt] = [line for line in lines if line["event"] == "setting_doubted"]
    assert ended.code == 0
    assert all(line["level"] == "warning" and line["cure"] for line in (names, doubt))
    for name in ("VISJOB_OPERATORS", "VISJOB_POLL_SECONDS", "SLACK_WEBHOOK_URL"):
        assert name in names["what"]
    assert "SLACK_SIGNING_SECRET" in doubt["what"]
    assert "anary" not in ended.err.lower()
