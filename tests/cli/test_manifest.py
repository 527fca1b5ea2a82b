"""`visjob manifest`: what Slack is told of the bot, and who may be refused."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.cli.screen import on_a_screen
from tests.program import call, run

BOT = "https://bot.example.com"

RIGHT = [
    (BOT, BOT),
    (f"{BOT}/", BOT),
    (f"{BOT}/slack/events", BOT),
    (f"{BOT}/slack/events/", BOT),
    ("HTTPS://bot.example.com", BOT),
    (f" {BOT} ", BOT),
    (f"{BOT}:", BOT),
    (f"{BOT}:8443", f"{BOT}:8443"),
]


@pytest.mark.parametrize(("typed", "meant"), RIGHT)
async def test_the_address_is_the_one_that_is_served(typed: str, meant: str) -> None:
    ended = await call("manifest", "--url", typed)

    made = yaml.safe_load(ended.out)
    assert ended.code == 0
    assert made["settings"]["event_subscriptions"]["request_url"] == f"{meant}/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == f"{meant}/slack/events"


WRONG = [
    ("https://", "no host"),
    ("https:///slack/events", "no host"),
    ("https://bot example.com", "a space"),
    ("https://user:pw@bot.example.com", "a password"),
    (f"{BOT}?x=1", "a query"),
    (f"{BOT}/slack/events?x=1", "a query"),
    (f"{BOT}#top", "a fragment"),
    (f"{BOT}/visjob", "a path"),
    (f"{BOT}:99999", "port"),
    ("http://bot.example.com", "loopback"),
    ("http://127.0.0.1", "https:// addresses only"),
    ("ftp://bot.example.com", "https://"),
    ("bot.example.com", "https://"),
    ("https://[::1", "IPv6"),
    ("https://a\\@b", "backslash"),
    ("https://a\x1b[31m", "control character"),
    ("", "https://"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
async def test_a_wrong_address_is_refused(typed: str, said: str) -> None:
    ended = await call("manifest", "--url", typed)

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "for example https://bot.example.com" in ended.err
    assert "pw@" not in ended.err


@pytest.mark.parametrize("arguments", [(), ("--socket-mode", "--url", BOT)])
async def test_it_must_be_said_how_slack_reaches_the_bot(arguments: tuple[str, ...]) -> None:
    ended = await call("manifest", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert "--socket-mode" in ended.err


@pytest.mark.parametrize("arguments", [("--socket-mode",), ("--url", BOT)])
async def test_it_is_yaml_that_begins_with_the_creating_link(arguments: tuple[str, ...]) -> None:
    ended = await call("manifest", *arguments)

    made = yaml.safe_load(ended.out)
    link = ended.out.splitlines()[0].removeprefix("# Creates the app: ")
    assert link.startswith("https://api.slack.com/apps?new_app=1&")
    assert yaml.safe_load(parse_qs(urlsplit(link).query)["manifest_yaml"][0]) == made
    assert len(link) < 2_083
    assert made["settings"]["socket_mode_enabled"] is ("--socket-mode" in arguments)


async def test_what_to_do_next_is_said_beside_the_manifest() -> None:
    over_http = await call("manifest", "--url", BOT)
    over_socket = await call("manifest", "--socket-mode")

    assert "SLACK_SIGNING_SECRET" in over_http.err
    assert "SLACK_APP_TOKEN" in over_socket.err
    assert "visjob serve --socket-mode" in over_socket.err
    assert "\x1b" not in over_http.out


async def test_a_second_install_has_names_of_its_own() -> None:
    first = yaml.safe_load((await call("manifest", "--socket-mode")).out)
    env = {"VISJOB_COMMAND": "/visjob-staging"}
    second = yaml.safe_load((await call("manifest", "--socket-mode", env=env)).out)

    assert first["display_information"]["name"] == "VisJob"
    assert second["display_information"]["name"] == "visjob-staging"
    assert second["features"]["bot_user"]["display_name"] == "visjob-staging"
    assert second["features"]["slash_commands"][0]["command"] == "/visjob-staging"


async def test_govslack_creates_its_apps_on_a_site_of_its_own() -> None:
    env = {"SLACK_API_URL": "https://slack-gov.com/api/"}

    ended = await call("manifest", "--socket-mode", env=env)

    assert ended.out.startswith("# Creates the app: https://api.slack-gov.com/apps?")


async def test_on_a_screen_the_link_can_be_clicked() -> None:
    shown = await on_a_screen("manifest", "--socket-mode")

    [link] = re.findall(
        r"\x1b]8;;(https://api\.slack\.com/apps[^\x1b]+)\x1b\\open this link", shown
    )
    assert "manifest_yaml=" in link


@pytest.mark.parametrize("opens", [True, False])
@pytest.mark.slow
async def test_the_link_is_opened_in_a_browser(tmp_path: Path, opens: bool) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}\nexit {0 if opens else 1}\n')
    browser.chmod(0o755)

    ended = await run("manifest", "--socket-mode", "--open", env={"BROWSER": f"{browser} %s"})

    assert ended.code == 0
    assert os.linesep not in seen.read_text()
    assert seen.read_text().startswith("https://api.slack.com/apps?new_app=1")
    assert ("No browser" in ended.err) is not opens
