"""`visjob doctor`: what it looks at, and that each row that is not ok ends with its cure."""

import json
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import web

from bot.core.subscription import Place
from bot.demo.workspace.cast import EXPERIMENTS, ME, ML_ADMINS
from bot.serve.clock import utc_now
from bot.store import migrate, open_store
from bot.store.open import sqlite_path
from tests.cli.outside import APP_TOKEN, Outside, opened
from tests.make import TEAM
from tests.program import call, run
from tests.store.world import P1, a_subscription, job
from tests.world import open_world


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


async def test_doctor_finds_damage_in_the_file(outside: Outside) -> None:
    url = outside.env["DATABASE_URL"]
    await migrate(url)
    with closing(sqlite3.connect(sqlite_path(url))) as connection, connection:
        connection.execute("CREATE TABLE filler (words TEXT)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("x" * 4000,)] * 50)
    with sqlite_path(url).open("r+b") as file:
        file.seek(-5 * 4096, os.SEEK_END)
        file.write(bytes(4096))

    ended = await call("doctor", "--json", env=outside.env)

    [row] = [row for row in json.loads(ended.out) if row["check"] == "database_file"]
    assert (ended.code, row["verdict"]) == (1, "failed")
    assert row["found"].startswith("damaged: ")
    assert "restore a backup" in row["cure"]


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
    assert row["found"].startswith("1 undelivered message:")
    assert "status letters" in row["cure"]


async def test_doctor_finds_out_that_a_message_is_late(outside: Outside) -> None:
    store = open_store(outside.env["DATABASE_URL"], clock=lambda: utc_now() - timedelta(minutes=6))
    await store.prepare()
    await store.subscriptions.subscribe(a_subscription(), baseline=job(205))
    await store.close()

    ended = await call("doctor", "--json", env=outside.env)

    [row] = [row for row in json.loads(ended.out) if row["check"] == "outbox"]
    assert (ended.code, row["verdict"]) == (1, "failed")
    assert row["found"].endswith("has waited for more than 5 min")
    assert "`visjob serve`" in row["cure"]


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
    assert well.out.splitlines()[-1] == "All 6 are well."
    assert ill.out.splitlines()[-1] == "2 of 6 need fixing."
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


async def test_missing_optional_scopes_are_a_warning_with_what_is_lost(outside: Outside) -> None:
    outside.workspace.state.installation.scopes -= {"users:read", "channels:history"}

    [row] = [row for row in await _rows(outside.env) if row["check"] == "optional_scopes"]

    assert row["verdict"] == "warning"
    assert "without users:read: the time zone" in row["found"]
    assert "visjob manifest" in row["cure"]


async def _following(outside: Outside, *channels: str) -> None:
    store = open_store(outside.env["DATABASE_URL"], clock=utc_now)
    await store.prepare()
    for channel_id in channels:
        place = Place(team_id=TEAM, channel_id=channel_id)
        await store.subscriptions.subscribe(a_subscription(place=place), baseline=job(205))
    await store.close()


@pytest.mark.parametrize(
    ("operators", "verdict", "found"),
    [
        (ML_ADMINS, "ok", f"the members of {ML_ADMINS} can be read"),
        (f"{ML_ADMINS},S0NONE", "warning", "user group S0NONE cannot be read"),
        (ME, None, ""),
    ],
)
async def test_each_user_group_of_operators_is_asked_for(
    outside: Outside, operators: str, verdict: str | None, found: str
) -> None:
    ended = await call("doctor", "--json", env={**outside.env, "VISJOB_OPERATORS": operators})

    rows = [row for row in json.loads(ended.out) if row["check"] == "operators"]
    assert [row["verdict"] for row in rows] == ([verdict] if verdict else [])
    assert all(found in row["found"] for row in rows)


@pytest.mark.parametrize(
    ("channels", "verdict", "said"),
    [
        ((), "ok", "0 that follow"),
        ((EXPERIMENTS,), "ok", "1 that follow"),
        ((EXPERIMENTS, "D0DIRECT01"), "ok", "1 that follow"),
        ((EXPERIMENTS, "C0NOWHERE1"), "warning", "not in C0NOWHERE1"),
    ],
)
async def test_each_channel_that_follows_something_is_asked_for(
    outside: Outside, channels: tuple[str, ...], verdict: str, said: str
) -> None:
    await _following(outside, *channels)

    [row] = [row for row in await _rows(outside.env) if row["check"] == "channels"]

    assert row["verdict"] == verdict
    assert said in row["found"]
    assert verdict == "ok" or "/invite" in row["cure"]


#: What answers at the public address, and what doctor makes of it.
ANSWERS = [
    pytest.param(401, "failed", "SLACK_SIGNING_SECRET", marks=pytest.mark.slow),
    (404, "failed", "/slack/events"),
    pytest.param(302, "failed", "redirect", marks=pytest.mark.slow),
    pytest.param(502, "failed", "does not reach", marks=pytest.mark.slow),
    pytest.param(200, "failed", "not this bot", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("status", "verdict", "said"), ANSWERS)
@pytest.mark.slow
async def test_a_public_address_where_something_else_answers_is_told(
    outside: Outside, status: int, verdict: str, said: str
) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, headers={"Location": "/"}, text="hello")

    async with _site(answer) as url:
        [row] = await _public(outside.env, url)

    assert row["verdict"] == verdict
    assert said in row["found"] + row["cure"]


@pytest.mark.slow
async def test_at_its_public_address_the_running_bot_proves_its_signature(
    tmp_path: Path, outside: Outside
) -> None:
    (tmp_path / "served").mkdir()
    async with open_world(tmp_path / "served") as world:
        secret = {"SLACK_SIGNING_SECRET": world.settings["SLACK_SIGNING_SECRET"]}
        [good] = await _public({**outside.env, **secret}, world.origin)
        [other] = await _public(outside.env, world.origin)
    [gone] = await _public(outside.env, "http://127.0.0.1:9")

    assert (good["verdict"], other["verdict"], gone["verdict"]) == ("ok", "failed", "failed")
    assert "SLACK_SIGNING_SECRET" in other["cure"]
    assert "cannot be reached" in gone["found"]


async def _public(env: dict[str, str], url: str) -> list[dict[str, Any]]:
    # In a process of its own: the log of a bot that runs in ours is no JSON.
    rows = json.loads((await run("doctor", "--json", "--url", url, env=env)).out)
    return [row for row in rows if row["check"] == "public_address"]


@asynccontextmanager
async def _site(
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_the_dead_mans_service_is_reached_and_not_told_that_all_is_well(
    outside: Outside,
) -> None:
    paths: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        paths.append(request.path)
        return web.Response(status=404)

    async with _site(answer) as url:
        env = {**outside.env, "VISJOB_DEADMAN_URL": f"{url}/5e55a1e"}
        [there] = [row for row in await _rows(env) if row["check"] == "deadman_url"]
    [away] = [row for row in await _rows(env) if row["check"] == "deadman_url"]

    assert (there["verdict"], away["verdict"]) == ("ok", "failed")
    assert paths == ["/"]
    assert "5e55a1e" not in json.dumps([there, away])


async def test_where_both_logins_are_set_both_are_tried(outside: Outside) -> None:
    known = outside.cloud.credentials
    env = {
        **outside.env,
        "MODELARTS_IAM_ENDPOINT": outside.cloud.url,
        "MODELARTS_USERNAME": known.username,
        "MODELARTS_PASSWORD": known.password,
        "MODELARTS_DOMAIN": known.domain,
    }

    good = {row["check"]: row["verdict"] for row in await _rows(env)}
    bad = await _rows({**env, "MODELARTS_PASSWORD": "not-the-password"})

    assert (good["cloud"], good["cloud_by_password"]) == ("ok", "ok")
    assert {row["check"] for row in bad if row["verdict"] == "failed"} == {"cloud_by_password"}


@pytest.mark.slow
async def test_a_role_without_rights_is_told_what_to_grant(
    outside: Outside, postgresql_url: str
) -> None:
    await migrate(postgresql_url)
    env = {**outside.env, "DATABASE_URL": postgresql_url}
    owner = {row["check"]: row for row in await _rows(env)}
    with psycopg.connect(postgresql_url, autocommit=True) as admin:
        role = f"reader_{admin.info.dbname}"
        admin.execute(f"CREATE ROLE {role} LOGIN".encode())
        admin.execute(
            f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {role}".encode()
        )
        url = postgresql_url.replace("//postgres:", f"//{role}:")
        reader = {row["check"]: row for row in await _rows({**env, "DATABASE_URL": url})}
        admin.execute(f"DROP OWNED BY {role}".encode())
        admin.execute(f"DROP ROLE {role}".encode())

    assert owner["database_rights"]["verdict"] == "ok"
    assert reader["database_rights"]["verdict"] == "failed"
    assert "GRANT SELECT, INSERT, UPDATE, DELETE" in reader["database_rights"]["cure"]


async def test_doctor_tells_slack_from_a_proxy_that_is_not_there(outside: Outside) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        ended = await call("doctor", "--json", env={**outside.env, "VISJOB_PROXY_URL": proxy_url})

    rows = {row["check"]: row for row in json.loads(ended.out)}
    assert rows["slack_token"]["found"] == "The proxy does not connect to Slack."
    assert "VISJOB_PROXY_URL" in rows["slack_token"]["cure"]
    assert "VISJOB_PROXY_URL" in rows["cloud"]["cure"]
