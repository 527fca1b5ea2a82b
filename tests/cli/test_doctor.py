"""`visjob doctor`: what it looks at, and that each row that is not ok ends with its cure."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.serve.clock import utc_now
from bot.store import open_store
from tests.cli.outside import APP_TOKEN, Outside, opened
from tests.program import call
from tests.store.world import P1, a_subscription, job


async def test_doctor_finds_all_well(outside: Outside) -> None:
    ended = await call("doctor", env=outside.env)

    assert (ended.code, ended.err) == (0, "")
    for name in ("settings", "database", "Slack token", "cloud", "clock"):
        assert name in ended.out


async def test_doctor_draws_the_words_of_the_cloud_as_words(outside: Outside) -> None:
    hostile = "The API [/v1/x] [red]is \x1b[31mgone"
    outside.cloud.faults.add("fail", code="APIG.0101", text=hostile, http_status=404, count=None)

    ended = await call("doctor", env=outside.env)

    assert ended.code == 1
    assert "[/v1/x] [red]is" in " ".join(ended.out.split())
    assert "\x1b[31m" not in ended.out
    assert "Traceback" not in ended.err


async def test_doctor_counts_the_dead_letters(outside: Outside) -> None:
    store = open_store(outside.env["DATABASE_URL"], clock=utc_now)
    await store.prepare()
    await store.subscriptions.subscribe(a_subscription(), baseline=job(205))
    [card] = await store.outbox.claim(P1, limit=1)
    await store.outbox.record_dead(card, reason="invalid_blocks")
    await store.close()

    ended = await call("doctor", "--json", env=outside.env)

    [row] = [row for row in json.loads(ended.out) if row["check"] == "outbox"]
    assert (ended.code, row["verdict"]) == (0, "warning")
    assert row["found"].startswith("1 dead letter:")
    assert "status letters" in row["cure"]


async def test_doctor_ends_each_bad_row_with_its_cure(outside: Outside) -> None:
    env = {**outside.env, "MODELARTS_SECRET_KEY": "not-the-key-at-all"}
    env |= {"SLACK_BOT_TOKEN": "xoxb-9-9-unknown"}

    ended = await call("doctor", "--json", env=env)

    bad = {row["check"]: row for row in json.loads(ended.out) if row["verdict"] == "failed"}
    assert ended.code == 1
    assert set(bad) == {"slack_token", "cloud"}
    assert "APIG.0301" in bad["cloud"]["found"]
    assert "invalid_auth" in bad["slack_token"]["found"]
    assert all(row["cure"] for row in bad.values())


async def test_doctor_doubts_a_signing_secret_of_another_shape_and_fails_nothing(
    outside: Outside,
) -> None:
    ended = await call("doctor", "--json", env={**outside.env, "SLACK_SIGNING_SECRET": "zz"})

    [doubt] = [row for row in json.loads(ended.out) if row["verdict"] != "ok"]
    assert (ended.code, doubt["check"], doubt["verdict"]) == (0, "slack_signing_secret", "warning")
    assert doubt["found"].startswith("SLACK_SIGNING_SECRET holds a value of 2 characters")
    assert "Basic Information" in doubt["cure"]


async def test_doctor_without_settings_is_a_list_of_what_to_set() -> None:
    ended = await call("doctor", "--json", env={"DATABASE_URL": "sqlite:////nowhere/at/all.db"})

    rows = json.loads(ended.out)
    assert ended.code == 1
    assert {"slack_bot_token", "modelarts_endpoint", "database"} <= {row["check"] for row in rows}
    assert {row["verdict"] for row in rows} == {"failed"}
    assert all(row["cure"] for row in rows)


async def test_doctor_begins_with_a_heading_and_ends_with_a_sum(outside: Outside) -> None:
    well = await call("doctor", env=outside.env)
    ill = await call("doctor", env={**outside.env, "PORT": "x", "SLACK_BOT_TOKEN": "xoxb-9"})

    assert well.out.splitlines()[0].startswith("VisJob ")
    assert well.out.splitlines()[-1] == "All 5 are well."
    assert ill.out.splitlines()[-1] == "2 of 5 need fixing."
    assert "PORT is 'x': not a whole number\n   → Expected a whole number" in ill.out


async def test_no_two_rows_have_one_name(outside: Outside) -> None:
    env = {**outside.env, "PORT": "x", "VISJOB_COMMAND": "?", "SLACK_SIGNING_SECRET": "zz,y"}

    rows = await _rows(env)

    names = [row["check"] for row in rows]
    assert len(names) == len(set(names))
    assert {"port", "visjob_command", "slack_signing_secret"} <= set(names)
    assert all(row["cure"] for row in rows if row["verdict"] != "ok")


REFUSALS = [
    ({}, "ok", "accepts"),
    ({"SLACK_APP_TOKEN": "xapp-1-wrong"}, "failed", "generate a token with connections:write"),
    ("missing_scope", "failed", "generate a token with connections:write"),
    ("not_allowed_token_type", "failed", "generate a token with connections:write"),
    ("forbidden_team", "failed", "turn Socket Mode on"),
    ("socket_mode_disabled", "failed", "turn Socket Mode on"),
    ("internal_error", "failed", "status.slack.com"),
]


@pytest.mark.parametrize(("trouble", "verdict", "said"), REFUSALS)
async def test_in_socket_mode_slack_is_asked_for_a_connection(
    outside: Outside, trouble: str | dict[str, str], verdict: str, said: str
) -> None:
    env = {**outside.env, "SLACK_APP_TOKEN": APP_TOKEN}
    del env["SLACK_SIGNING_SECRET"]
    if isinstance(trouble, str):
        outside.workspace.faults.add("error", method="apps.connections.open", error=trouble)
    else:
        env |= trouble

    rows = await _rows(env)

    [row] = [row for row in rows if row["check"] == "socket_mode"]
    assert row["verdict"] == verdict
    assert said in (row["found"] if verdict == "ok" else row["cure"])


async def test_over_http_no_connection_is_asked_for(outside: Outside) -> None:
    assert "socket_mode" not in {row["check"] for row in await _rows(outside.env)}


@pytest.mark.parametrize(
    ("minutes", "verdict", "said"),
    [
        (6, "failed", "6 min behind that of the cloud"),
        (-6, "failed", "ahead of that of the cloud"),
        (2, "warning", "2 min behind that of the cloud"),
        (0, "ok", "agrees with Slack and the cloud"),
    ],
)
async def test_a_clock_that_is_off_is_a_row_of_its_own(
    tmp_path: Path, minutes: int, verdict: str, said: str
) -> None:
    async with opened(
        tmp_path, clock=lambda: utc_now() + timedelta(minutes=minutes, seconds=minutes)
    ) as outside:
        rows = await _rows(outside.env)

    [row] = [row for row in rows if row["check"] == "clock"]
    assert row["verdict"] == verdict
    assert said in row["found"]
    assert verdict == "ok" or "NTP" in row["cure"]


@pytest.mark.parametrize("command", ["doctor", "list", "serve"])
async def test_a_password_in_an_address_is_printed_by_no_command(
    outside: Outside, command: str
) -> None:
    env = {**outside.env, "MODELARTS_ENDPOINT": "https://user:PASSWORD@cloud.example.com"}

    ended = await call(command, env=env)

    assert ended.code == (1 if command == "doctor" else 2)
    assert "MODELARTS_ENDPOINT" in ended.out + ended.err
    assert "PASSWORD" not in ended.out + ended.err


async def _rows(env: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((await call("doctor", "--json", env=env)).out)
    return rows
