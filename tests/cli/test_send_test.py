"""`visjob send-test CHANNEL`: one card, and what Slack said to it."""

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.cli.outside import Outside
from tests.program import call


@pytest.mark.parametrize("typed", [EXPERIMENTS, f"<#{EXPERIMENTS}|experiments>", f"#{EXPERIMENTS}"])
async def test_a_card_stands_in_the_channel_and_its_ts_is_told(
    outside: Outside, typed: str
) -> None:
    ended = await call("send-test", typed, env=outside.env)

    shown = outside.workspace.messages(EXPERIMENTS)[-1]
    assert (ended.code, ended.err) == (0, "")
    assert "test" in shown["text"]
    assert shown["blocks"]
    assert shown["ts"] in ended.out
    assert EXPERIMENTS in ended.out


@pytest.mark.parametrize("typed", [ME, f"<@{ME}>"])
async def test_a_person_gets_a_direct_message(outside: Outside, typed: str) -> None:
    ended = await call("send-test", typed, env=outside.env)

    assert ended.code == 0
    assert "message " in ended.out


#: What Slack says, and a word of the cure.
REFUSALS = [
    ("channel_not_found", "/invite"),
    ("not_in_channel", "/invite"),
    ("is_archived", "Unarchive"),
    ("missing_scope", "scope"),
    ("restricted_action", "admin"),
    ("token_revoked", "Reinstall"),
    ("msg_blocks_too_long", "docs.slack.dev"),
    ("something_new", "not known"),
]


@pytest.mark.parametrize(("code", "cure"), REFUSALS)
async def test_a_no_is_told_with_its_code_and_the_cure(
    outside: Outside, code: str, cure: str
) -> None:
    outside.workspace.faults.add("error", method="chat.postMessage", error=code)

    ended = await call("send-test", EXPERIMENTS, env=outside.env)

    assert (ended.code, ended.out) == (1, "")
    assert code in ended.err
    assert cure in ended.err
    assert "Traceback" not in ended.err


async def test_a_wrong_token_is_told_with_the_cure(outside: Outside) -> None:
    env = {**outside.env, "SLACK_BOT_TOKEN": "xoxb-9-9-unknown"}

    ended = await call("send-test", EXPERIMENTS, env=env)

    assert ended.code == 1
    assert "invalid_auth" in ended.err
    assert "SLACK_BOT_TOKEN" in ended.err
    assert "xoxb-9-9" not in ended.err


async def test_without_slack_it_says_so(outside: Outside) -> None:
    env = {**outside.env, "SLACK_API_URL": "http://127.0.0.1:9/api/"}

    ended = await call("send-test", EXPERIMENTS, env=env)

    assert ended.code == 1
    assert "cannot be reached" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument"),
        (["general"], "the id of a channel"),
        (["#general"], "the id of a channel"),
        (["c0general1"], "the id of a channel"),
        ([""], "the id of a channel"),
        (["C1\x1b[31m"], "the id of a channel"),
        ([EXPERIMENTS, ME], "unexpected extra argument"),
    ],
)
async def test_wrong_use_exits_with_2(outside: Outside, arguments: list[str], said: str) -> None:
    ended = await call("send-test", *arguments, env=outside.env)

    assert ended.code == 2
    assert said in ended.err
    assert "\x1b" not in ended.err


async def test_without_a_token_the_setting_is_named() -> None:
    ended = await call("send-test", EXPERIMENTS, env={})

    assert ended.code == 2
    assert "SLACK_BOT_TOKEN" in ended.err
